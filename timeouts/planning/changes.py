"""What a plan is made of: changes of steps and actions, what is left alone, pins, advice, warnings and counts."""

import typing

from pydantic import Field

from timeouts.model.org import ActionKind, Publisher
from timeouts.model.settings import TimeoutSetting, literal_ms
from timeouts.model.step_edits import RawTimeout, Restore, SetTimeout, StepEdit
from timeouts.model.steps import Step, StepKind
from timeouts.model.values import Value
from timeouts.planning.outcomes import Target


class StepIdentity(Value):
    """Which step of which Architect flow a line of the plan is about, as people and the definition name it."""

    architect_flow_id: str
    architect_flow_name: str
    step_id: str
    step_name: str
    kind: StepKind = "data"
    container: str = ""
    tracking_id: int | None = None
    action_id: str = ""
    action_name: str = ""


class Change(StepIdentity):
    """One step's timeout, before and after. `*_effective_ms` is None where it is not known.

    `original` is what the definition has written before, for the way back. `restores` is the text that a roll back
    puts back, None where the change sets a literal.
    """

    before: TimeoutSetting
    after: TimeoutSetting
    original: RawTimeout
    restores: RawTimeout | None = None
    action_limit_ms: int | None = None
    before_effective_ms: int | None
    after_effective_ms: int | None
    rule: str
    reason: str

    @property
    def after_ms(self) -> int | None:
        """The literal timeout that the step has afterwards, in milliseconds; None where it has none."""
        return literal_ms(self.after)

    @property
    def edit(self) -> StepEdit:
        """What has to be done to the step, for `Definition.with_edits`."""
        if self.restores is not None:
            return Restore(original=self.restores)
        assert self.after_ms is not None, "what is not restored is set to a literal"
        return SetTimeout(timeout_ms=self.after_ms)


Why = typing.Literal[
    "leave",
    "expression",
    "unreadable",
    "bridge",
    "masked",
    "action_limit",
    "suggested_default",
    "unknown_action",
    "unknown_limit",
    "no_evidence",
    "lever",
    "lowering",
    "rules_disagree",
    "protected",
    "held",
    "ships",
    "shortens",
    "changed_since",
    "gone",
    "not_read",
]
"""Why a step that a rule matched is left alone. What each means to people stands in `reports.reasons`; `changed_since`,
`gone` and `not_read` are those of a roll back."""


class LeftAlone(StepIdentity):
    """A step that a rule matched (or that a run changed) and that is not changed, and why.

    `before` is what it says now; of one that is not to be seen now, what the run had left.
    """

    before: TimeoutSetting
    rule: str
    why: Why
    reason: str


class ActionAdvice(Value):
    """An integration action whose limit is what would have to change; this plan does not change it.

    `wanted_ms` is the longest wait that a rule asks for. `steps` and `architect_flows` count what waits for it.
    `note` says what stands in the way of changing it, empty where nothing does.
    """

    action_id: str
    name: str
    category: str = ""
    kind: ActionKind
    limit_ms: int | None
    wanted_ms: int
    steps: int
    architect_flows: int
    note: str = ""


class AffectedStep(StepIdentity):
    """A step that a changed action limit affects. `*_effective_ms` is None where it is computed at run time.

    `asked`: a rule asks for it; the others are raised along with those. `copy_of`: the id of the module whose step it
    is a copy of, empty for a step of the Architect flow's own.
    """

    before_effective_ms: int | None
    after_effective_ms: int | None
    asked: bool
    copy_of: str = ""


class ActionChange(Value):
    """One action's limit, before and after, in milliseconds; None: it sets none.

    `version` is the platform's optimistic lock: where it shows another, nothing is changed. `obstacle`: what was in the
    way when the plan was made, empty where nothing was; publishing looks again. `spared_*`: what the other
    way, a change of each step, would have republished; 0 where there is no other way. `affected_steps` lists every
    step of the Architect flows that were read; scripts, agents and other callers are affected too.
    """

    action_id: str
    name: str
    category: str = ""
    kind: typing.Literal["custom", "function"]
    version: int
    before_ms: int | None
    after_ms: int | None
    rules: tuple[str, ...] = ()
    reason: str
    obstacle: str = Field(default="", exclude_if=lambda said: not said)  # plans without one keep their checksums
    spared_architect_flows: int = 0
    affected_steps: tuple[AffectedStep, ...] = ()

    @property
    def target(self) -> Target:
        """What is changed."""
        return Target(kind="action", id=self.action_id, name=self.name)

    @property
    def architect_flow_ids(self) -> frozenset[str]:
        """The Architect flows that it affects."""
        return frozenset(step.architect_flow_id for step in self.affected_steps)


WhyActionLeft = typing.Literal["changed_since", "gone", "not_read"]


class ActionLeft(Value):
    """An action that a run changed and that its roll back leaves as it is, and why."""

    action_id: str
    name: str
    why: WhyActionLeft
    reason: str


ShippedKind = typing.Literal["modules", "prompts", "others"]


class Shipped(Value):
    """What a republish brings live besides its changes. Versions are labels, empty where none are known.

    `module_id`: which module it is, empty for all else.
    """

    kind: ShippedKind
    name: str
    before: str = ""
    after: str = ""
    module_id: str = Field(default="", exclude_if=lambda named: not named)  # plans without one keep their checksums

    def __str__(self) -> str:
        """Name it as people do."""
        moved = f" ({self.before} to {self.after})" if self.before or self.after else ""
        what = {"modules": "module", "prompts": "prompt", "others": "resource"}[self.kind]
        return f"{what} {self.name}{moved}"


class Pin(Value):
    """An Architect flow that changes, held to the version and fingerprint that the plan was computed from.

    `obstacle` names a lock or a newer draft that was there when it was listed; publishing looks again. `embeds`: the
    ids of the modules of the same plan that it embeds, which have to be live before it is published. `ships`: what
    its publish brings live besides. `published_by`: who published that version, None where the
    platform does not say.
    """

    architect_flow_id: str
    name: str
    type: str
    version: str | None
    fingerprint: str
    obstacle: str = ""
    embeds: tuple[str, ...] = ()
    ships: tuple[Shipped, ...] = ()
    published_by: Publisher | None = None

    @property
    def may_be_overwritten(self) -> bool:
        """Whether it may come out of a repository: then the next deploy undoes what is changed here."""
        return self.published_by is not None and self.published_by.kind == "client"

    @property
    def target(self) -> Target:
        """What is changed."""
        return Target(kind="architect_flow", id=self.architect_flow_id, name=self.name)


class StepWarning(StepIdentity):
    """Something odd about a step that nobody asked to change."""

    text: str


class StepOnlyAlternative(Value):
    """What the steps alone would have done, had the policy not allowed the lever on the action.

    `unserved`: steps that would wait too short for a rule after all, since only limits of actions could help them.
    """

    changes: int
    architect_flows: int
    unserved: int


class Counts(Value):
    """What became of every step that was read: each is in exactly one of the five others.

    `by_action` are those that a changed action limit alone makes wait long enough. In a roll back `steps` are those
    that the run was to change, `fine` says already what it said before the run, and `not_matched` are those of
    Architect flows that the run did not publish.
    """

    steps: int
    changed: int
    by_action: int = 0
    left_alone: int
    fine: int
    not_matched: int


LimitName = typing.Literal["architect_flows", "changes", "share", "actions", "reach", "window"]
"""What a run may be kept from by, and what it can be waived by (`timeouts.planning.limits`)."""


class Violation(Value):
    """A limit of the policy that the plan exceeds; nothing of such a plan is applied unless it is waived by name."""

    limit: LimitName
    text: str


def identity_of(architect_flow_id: str, architect_flow_name: str, step: Step) -> dict[str, typing.Any]:
    """Return the fields of `StepIdentity` for a step."""
    return {
        "architect_flow_id": architect_flow_id,
        "architect_flow_name": architect_flow_name,
        "step_id": step.id,
        "step_name": step.name,
        "kind": step.kind,
        "container": step.container,
        "tracking_id": step.tracking_id,
        "action_id": step.action_id,
        "action_name": step.action_name,
    }


def by_step(line: StepIdentity) -> tuple[str, str, str, int, str]:
    """Return the key that sorts the lines of a plan."""
    named = line.architect_flow_name.casefold(), line.architect_flow_name, line.architect_flow_id
    return *named, line.tracking_id or 0, line.step_id
