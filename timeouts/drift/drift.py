"""What has moved in an org between two audits: steps, limits of actions, Architect flows, and who published them."""

import typing
from collections import Counter

from timeouts.drift.modules import TakenIn
from timeouts.drift.snapshot import AuditStamp
from timeouts.model.settings import TimeoutSetting
from timeouts.model.values import Value
from timeouts.planning.changes import StepIdentity

StepMove = typing.Literal["lowered", "raised", "changed", "new", "gone"]
"""`lowered` and `raised` are about what a caller waits; `changed`: the setting is another one, and the wait is the same
or not known."""

ArchitectFlowMove = typing.Literal["new", "gone", "published"]


class StepDrift(StepIdentity):
    """One step that moved. Times in milliseconds, None where unknown or where there is no step.

    `by_action`: the step says what it said, and waits otherwise because the limit of its action is another one.
    """

    move: StepMove
    type: str = ""
    before: TimeoutSetting | None = None
    after: TimeoutSetting | None = None
    before_effective_ms: int | None = None
    after_effective_ms: int | None = None
    by_action: bool = False


class ActionDrift(Value):
    """An action whose limit is another one, in milliseconds, None where it sets none; it affects `affected` steps."""

    action_id: str
    name: str
    before_ms: int | None
    after_ms: int | None
    affected: int


class ArchitectFlowDrift(Value):
    """An Architect flow that is new, gone, or live in another version.

    `steps`: how many of its steps moved with that. `published_by`: who published the version that is live now, in
    words; `ours`: that was one of our own runs. `took_in`: the common modules of which its callers get another version.
    """

    architect_flow_id: str
    name: str
    type: str = ""
    move: ArchitectFlowMove
    version_before: str | None = None
    version_after: str | None = None
    published_by: str = ""
    ours: bool = False
    steps: int = 0
    took_in: tuple[TakenIn, ...] = ()

    @property
    def has_other_copies(self) -> bool:
        """Whether what callers wait in a module that it embeds may be another now."""
        return any(module.steps for module in self.took_in)


class NotCompared(Value):
    """What one of the two audits could not read, and why: an Architect flow, or an action, which has no id here."""

    architect_flow_id: str = ""
    name: str
    reason: str


class Drift(Value):
    """What has moved since an earlier audit. `since` is None where there is none to compare with: `note` says why."""

    since: AuditStamp | None = None
    note: str = ""
    actions: tuple[ActionDrift, ...] = ()
    steps: tuple[StepDrift, ...] = ()
    architect_flows: tuple[ArchitectFlowDrift, ...] = ()
    unknown: tuple[NotCompared, ...] = ()

    @property
    def is_found(self) -> bool:
        """Whether anything moved that is about timeouts; a version that left them as they were does not count."""
        lines = self.architect_flows
        return bool(
            self.actions or self.steps or any(each.move != "published" or each.has_other_copies for each in lines)
        )

    @property
    def counts(self) -> dict[str, int]:
        """How much moved, by kind.

        `republished`: Architect flows that are live in another version; `other_copies`: those of them that carry other
        copies of a module's steps with that.
        """
        steps, architect_flows = _counted(self.steps), _counted(self.architect_flows)
        return {
            "lowered": steps["lowered"],
            "raised": steps["raised"],
            "changed": steps["changed"],
            "new_steps": steps["new"],
            "gone_steps": steps["gone"],
            "by_their_action": sum(step.by_action for step in self.steps),
            "action_limits": len(self.actions),
            "new_architect_flows": architect_flows["new"],
            "gone_architect_flows": architect_flows["gone"],
            "republished": architect_flows["published"],
            "other_copies": sum(each.has_other_copies for each in self.architect_flows),
            "unknown": len(self.unknown),
        }

    @property
    def by_whom(self) -> dict[str, int]:
        """In how many Architect flows each publisher moved steps, most first; an action's limit has no known author."""
        return dict(
            Counter(
                each.published_by for each in self.architect_flows if each.steps and each.published_by
            ).most_common()
        )


def _counted(lines: tuple[StepDrift, ...] | tuple[ArchitectFlowDrift, ...]) -> Counter[str]:
    return Counter(line.move for line in lines)
