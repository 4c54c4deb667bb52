"""The report of a run: what was found, planned and done, as one JSON document in `--json`."""

import typing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, field_serializer, field_validator

from reports.frames.snapshots import SnapshotRecord, snapshots_of
from reports.frames.step_facts import step_facts
from reports.frames.uses import ActionUse, uses_of
from timeouts.as_code.as_code import AsCode
from timeouts.as_code.undone import Undone, undone_by_deploy
from timeouts.drift.drift import Drift
from timeouts.effect.effect import RunEffect
from timeouts.inventory import Coverage, Inventory
from timeouts.model.effective import SUGGESTED_DEFAULT_MS
from timeouts.model.evidence import Evidence
from timeouts.model.org import Organization
from timeouts.model.request_figures import RequestCounts
from timeouts.model.settings import TimeoutSetting
from timeouts.model.steps import StepKind
from timeouts.model.values import MANY, Value
from timeouts.planning.changes import Violation
from timeouts.planning.outcomes import Outcome
from timeouts.planning.plan import Plan
from timeouts.planning.unmatched import Unmatched, unmatched_in
from timeouts.text.visible import cut

SCHEMA_VERSION: typing.Literal[6] = 6
READ_VERSIONS = (5, SCHEMA_VERSION)
"""Schema 5 is the same without the time at which a run began."""


Kind = typing.Literal["audit", "raise", "apply", "roll back", "effect", "set"]
WriteMode = typing.Literal["dry run", "apply"]
"""What a run that may write is asked for."""

Mode = typing.Literal["read only", "dry run", "apply"]


class Run(Value):
    """Which Prefect flow run it was, what it was asked to do, and when it began.

    `org_option`: how `--org` names its org on a command line, '' where the environment decides. `files_options`: the
    words that name its folders there (`--files` and so on), none for a run in an org; `compared_options`: those of the
    folders that its org is compared with. `undoes`: the name of
    the run that a roll back puts back, or its id where it has no name that a shell takes; '' for all other runs.
    `policy_option`: the file that a command line named with `--policy`, '' where there was none. `protected`: the names
    or ids of the protected Architect flows that its plan may change, as `--protected` named them. `waived`: the
    limits that the run may exceed, as `--waive` named them.
    `began_ms`: milliseconds since 1970, None for a run of an earlier version; `began` says it in words, in UTC.
    """

    id: str
    name: str
    kind: Kind
    mode: Mode
    org_option: str = ""
    files_options: tuple[str, ...] = ()
    compared_options: tuple[str, ...] = ()
    undoes: str = ""
    policy_option: str = ""
    protected: tuple[str, ...] = ()
    waived: tuple[str, ...] = Field(default=(), exclude_if=lambda names: not names)
    began_ms: int | None = None
    began: str = ""

    @property
    def what(self) -> str:
        """Kind and mode in words; some kinds have no other mode than to apply."""
        says_it = self.mode == "apply" and self.kind in {"apply", "set"}
        return self.kind if says_it else f"{self.kind}, {self.mode}"


class OtherRun(Value):
    """Another run that published parts of the same plan: how many of them may be live. Both 0: that is not known."""

    id: str
    name: str
    action_limits: int = 0
    architect_flows: int = 0


class NextStep(Value):
    """What can be typed after a run: what for, and the whole command, to be copied as it is."""

    text: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One step as it was found. Times in milliseconds; None where there is none or it is unknown.

    Of all parts of a report there are most of these, and they are made of what was checked before: one that is read
    from JSON is checked, one that is made here is not. `default_ms`: what the definition itself makes it wait where it
    names no timeout. `is_limit_known`: False where its action is not listed, or sets what is not
    understood, so that no limit is not the same as none. `published_by`: who published its Architect flow, in words, ''
    where the platform does not say.
    """

    __pydantic_config__: typing.ClassVar = MANY

    architect_flow_id: str
    architect_flow: str
    type: str
    version: str | None
    container: str
    step_id: str
    step: str
    kind: StepKind = "data"
    tracking_id: int | None
    action_id: str
    action: str
    setting: TimeoutSetting
    default_ms: int | None = None
    action_limit_ms: int | None
    is_limit_known: bool = True
    effective_ms: int | None
    published_by: str = ""


class Report(Value):
    """A whole run.

    `snapshots`: the common modules that Architect flows embed; the copies of steps in them are none of `steps`.
    `actions`: every integration action with its limit and who uses it, none where not the whole org was looked at.
    `evidence` is None where a run did not ask for the org's figures. `drift`: what moved since the last audit, None for
    runs that are no audit. `effects`: of an audit, whether what our runs published lately helped. `notes`: what could
    not be read beside the Architect flows, and what it counts as. `left_by_us`: what our own runs hold there or have
    left. `remarks`: what else is worth a look. `is_whole`: no Architect flow was left out. `plan` is None for an audit
    without a policy. `refusals`: the limits that stand against it and were not waived; as long as there is one, nothing
    is applied. `unmatched`: what of the policy, and of the names that the run was given, matches nothing in the org.
    `outcomes`: what became of each Architect flow and action (`target.kind`), in the order in which it was known; empty
    unless something was applied. `plan_until_ms`: until when the plan may be applied (milliseconds since 1970), None
    where it was not saved. `other_runs`: the other runs that published parts of the plan that was published or, of a
    roll back, is undone. `next`: what can be typed next, in the documents that are written for people.
    `as_code`: what files say beside the org, None where a run was given none; `undone`: what of the plan the next
    deploy of these files would undo.
    """

    schema_version: typing.Literal[5, 6] = SCHEMA_VERSION
    run: Run
    org: Organization
    coverage: Coverage
    steps: tuple[StepRecord, ...]
    snapshots: tuple[SnapshotRecord, ...] = ()
    actions: tuple[ActionUse, ...] = ()
    evidence: Evidence | None = None
    drift: Drift | None = None
    as_code: AsCode | None = None
    undone: tuple[Undone, ...] = ()
    effects: tuple[RunEffect, ...] = ()
    notes: tuple[str, ...] = ()
    left_by_us: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    is_whole: bool = True
    plan: Plan | None = None
    refusals: tuple[Violation, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    plan_until_ms: int | None = None
    other_runs: tuple[OtherRun, ...] = Field(default=(), exclude_if=lambda others: not others)
    next: tuple[NextStep, ...] = ()
    requests: RequestCounts

    @field_serializer("plan", mode="wrap")
    def _with_checksum(self, plan: Plan | None, dump: SerializerFunctionWrapHandler) -> Any:
        return None if plan is None else {"checksum": plan.checksum, **dump(plan)}

    @field_validator("plan", mode="before")
    @classmethod
    def _fits_its_checksum(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "checksum" not in given:
            return given
        plan = Plan.model_validate({key: value for key, value in given.items() if key != "checksum"})
        if plan.checksum != given["checksum"]:
            raise ValueError(
                f"the plan's content does not fit its checksum {cut(str(given['checksum']))}: it was changed"
            )
        return plan

    def with_outcomes(self, outcomes: Sequence[Outcome], requests: RequestCounts) -> "Report":
        """Return the report with these outcomes, and the requests made so far."""
        return self.model_copy(update={"outcomes": tuple(outcomes), "requests": requests})

    @property
    def is_applied(self) -> bool:
        """Whether the run was asked to publish."""
        return self.run.mode == "apply"

    @property
    def suggested_default_ms(self) -> int:
        """What a suggested timeout is worth where neither the definition nor the action says so."""
        return SUGGESTED_DEFAULT_MS if self.plan is None else self.plan.policy.suggested_default

    @property
    def has_work(self) -> bool:
        """Whether it has a plan that changes something."""
        return self.plan is not None and not self.plan.changes_nothing

    @property
    def may_have_written(self) -> bool:
        """Whether the run was asked to publish a plan, and nothing stood against it."""
        return self.plan is not None and self.is_applied and not self.refusals

    @property
    def matched_nothing(self) -> bool:
        """Whether none of the rules that ask for a wait matches a step: nothing of what was asked is done."""
        if self.plan is None or not self.unmatched:
            return False
        asking = {rule.name for rule in self.plan.policy.rules if not rule.leave}
        return bool(asking) and asking <= {each.rule for each in self.unmatched}

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The outcomes that make a run fail."""
        return tuple(outcome for outcome in self.outcomes if outcome.is_bad)


def first_report(
    run: Run,
    inventory: Inventory,
    plan: Plan | None,
    requests: RequestCounts,
    *,
    released: Sequence[str] = (),
    refusals: tuple[Violation, ...] = (),
    plan_until_ms: int | None = None,
    drift: Drift | None = None,
    effects: Sequence[RunEffect] = (),
    as_code: AsCode | None = None,
) -> Report:
    """Return the report of a run before anything was applied. `released`: the protected ones that it may change.

    All others as of `Report`. Who uses the actions is left out where not the whole org was looked at: it would pass for
    all the uses there are. So is what of a policy matches nothing.
    """
    return Report(
        run=run,
        org=inventory.organization,
        coverage=inventory.coverage,
        steps=steps_of(inventory),
        snapshots=snapshots_of(inventory),
        actions=uses_of(inventory) if inventory.is_whole else (),
        evidence=inventory.evidence,
        drift=drift,
        as_code=as_code,
        undone=() if plan is None or as_code is None else undone_by_deploy(plan, as_code),
        effects=tuple(effects),
        notes=inventory.gaps,
        left_by_us=inventory.left_by_us,
        remarks=inventory.remarks,
        is_whole=inventory.is_whole,
        unmatched=()
        if plan is None or not inventory.is_whole
        else unmatched_in(inventory, plan.policy, released=released),
        plan=plan,
        refusals=refusals,
        plan_until_ms=plan_until_ms,
        requests=requests,
    )


def steps_of(inventory: Inventory) -> tuple[StepRecord, ...]:
    """Return every step that was read, with the limit of its action and what a caller really waits."""
    return tuple(
        StepRecord(
            architect_flow_id=architect_flow.id,
            architect_flow=architect_flow.label,
            type=architect_flow.type,
            version=reading.version,
            default_ms=step.default_ms,
            **step_facts(inventory, step, action),
            published_by=architect_flow.publisher,
        )
        for architect_flow, reading, step, action in inventory.steps
    )
