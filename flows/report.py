"""The report of a run: what was found, planned and done, as one JSON document in `--json`."""

import typing
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prefect import runtime
from pydantic import SerializerFunctionWrapHandler, field_serializer, field_validator

from genesys import RequestCounts
from tasks.inventory import Inventory
from timeouts.action_use import ActionUse, uses_of
from timeouts.changes import Violation
from timeouts.drift import Drift
from timeouts.effective import effective_timeout, limit_of
from timeouts.evidence import Evidence
from timeouts.org import Organization
from timeouts.outcomes import Outcome
from timeouts.plan import Plan
from timeouts.settings import TimeoutSetting
from timeouts.values import MANY, Value

SCHEMA_VERSION: typing.Literal[4] = 4

Kind = typing.Literal["audit", "raise", "apply", "roll back"]
WriteMode = typing.Literal["dry run", "apply"]
"""What a run that may write is asked for."""

Mode = typing.Literal["read only", "dry run", "apply"]


class Run(Value):
    """Which Prefect flow run it was and what it was asked to do."""

    id: str
    name: str
    kind: Kind
    mode: Mode


class NotCovered(Value):
    """An Architect flow whose steps are not known, and why."""

    architect_flow_id: str
    name: str
    coverage: str
    reason: str


class Coverage(Value):
    """How much of the org was seen; `listed` is the sum of the other four counts.

    `complete`: nothing is missing, neither of the Architect flows nor of what a report's `notes` tell.
    """

    listed: int
    read: int
    unreadable: int
    not_published: int
    not_read: int
    complete: bool
    problems: tuple[NotCovered, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One Call Data Action step as it was found. Times in milliseconds; None where there is none or it is unknown.

    Of all parts of a report there are most of these, and they are made of what was checked before: one that is read
    from JSON is checked, one that is made here is not.
    """

    __pydantic_config__: typing.ClassVar = MANY

    architect_flow_id: str
    architect_flow: str
    type: str
    version: str | None
    container: str
    step_id: str
    step: str
    tracking_id: int | None
    action_id: str
    action: str
    setting: TimeoutSetting
    action_limit_ms: int | None
    effective_ms: int | None


class Report(Value):
    """A whole run.

    `actions`: every integration action with its limit and who uses it, none where not the whole org was looked at.
    `evidence` is None where a run did not ask for the org's figures. `drift`: what moved since the last audit, None for
    runs that are no audit. `notes`: what could not be read beside the Architect flows, and what it counts as.
    `left_by_us`: what our own runs hold there or have left. `plan` is None for an audit without a policy. `refusals`:
    the limits that stand against it and were not waived; as long as there is one, nothing is applied. `outcomes`: what
    became of each Architect flow and action (`target.kind`), in the order in which it was known; empty unless
    something was applied.
    """

    schema_version: typing.Literal[4] = SCHEMA_VERSION
    run: Run
    org: Organization
    coverage: Coverage
    steps: tuple[StepRecord, ...]
    actions: tuple[ActionUse, ...] = ()
    evidence: Evidence | None = None
    drift: Drift | None = None
    notes: tuple[str, ...] = ()
    left_by_us: tuple[str, ...] = ()
    plan: Plan | None = None
    refusals: tuple[Violation, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
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
            raise ValueError(f"the plan's content does not fit its checksum {given['checksum']}: it was changed")
        return plan

    def with_outcomes(self, outcomes: Sequence[Outcome], requests: RequestCounts) -> "Report":
        """Return the report with these outcomes, and the requests made so far."""
        return self.model_copy(update={"outcomes": tuple(outcomes), "requests": requests})

    def with_drift(self, drift: Drift) -> "Report":
        """Give the report with what has moved since the last audit."""
        return self.model_copy(update={"drift": drift})

    def with_refusals(self, refusals: tuple[Violation, ...]) -> "Report":
        """Give the report with what stands against applying its plan."""
        return self.model_copy(update={"refusals": refusals})

    def without_steps(self) -> "Report":
        """Give the report for what comes after it is stored: 20,000 steps take 30 MB, which the tables can use."""
        return self.model_copy(update={"steps": ()})

    @property
    def may_have_written(self) -> bool:
        """Whether the run was asked to publish a plan, and nothing stood against it."""
        return self.plan is not None and self.run.mode == "apply" and not self.refusals

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The outcomes that make a run fail."""
        return tuple(outcome for outcome in self.outcomes if outcome.is_bad)


def this_run(kind: Kind, mode: Mode) -> Run:
    """Name the current Prefect flow run."""
    return Run(id=str(runtime.flow_run.id), name=str(runtime.flow_run.name), kind=kind, mode=mode)


def first_report(
    run: Run,
    inventory: Inventory,
    plan: Plan | None,
    suggested_default_ms: int,
    requests: RequestCounts,
    *,
    uses: tuple[ActionUse, ...] | None = None,
) -> Report:
    """Give the report of a run before anything was applied. `uses`: who uses the actions, where that is known already.

    It is left out where not the whole org was looked at: it would pass for all the uses that there are.
    """
    if uses is None:
        uses = uses_of(inventory.listing.actions, inventory.readings, suggested_default_ms=suggested_default_ms)
    return Report(
        run=run,
        org=inventory.listing.organization,
        coverage=coverage_of(inventory),
        steps=steps_of(inventory, suggested_default_ms),
        actions=uses if inventory.listing.is_whole else (),
        evidence=inventory.evidence,
        notes=inventory.gaps,
        left_by_us=inventory.listing.left_by_us,
        plan=plan,
        requests=requests,
    )


def coverage_of(inventory: Inventory) -> Coverage:
    """Count what was seen. Every listed Architect flow is counted exactly once."""
    counts = Counter(reading.coverage for reading in inventory.readings)
    names = {each.id: each.name for each in inventory.listing.architect_flows}
    problems = tuple(
        NotCovered(
            architect_flow_id=reading.architect_flow_id,
            name=names[reading.architect_flow_id],
            coverage=reading.coverage,
            reason=reading.reason,
        )
        for reading in inventory.readings
        if reading.coverage in ("unreadable", "not_read")
    )
    return Coverage(
        listed=len(inventory.listing.architect_flows),
        read=counts["read"],
        unreadable=counts["unreadable"],
        not_published=counts["not_published"],
        not_read=counts["not_read"],
        complete=inventory.is_complete,
        problems=problems,
    )


def steps_of(inventory: Inventory, suggested_default_ms: int) -> tuple[StepRecord, ...]:
    """Every step that was read, with the limit of its action and what a caller really waits."""
    actions = {action.id: action for action in inventory.listing.actions}
    readings = {reading.architect_flow_id: reading for reading in inventory.readings}
    return tuple(
        StepRecord(
            architect_flow_id=architect_flow.id,
            architect_flow=architect_flow.name,
            type=architect_flow.type,
            version=readings[architect_flow.id].version,
            container=step.container,
            step_id=step.id,
            step=step.name,
            tracking_id=step.tracking_id,
            action_id=step.action_id,
            action=step.action_name,
            setting=step.setting,
            action_limit_ms=limit_of(actions.get(step.action_id)),
            effective_ms=effective_timeout(
                step, actions.get(step.action_id), suggested_default_ms=suggested_default_ms
            ),
        )
        for architect_flow in inventory.listing.architect_flows
        for step in readings[architect_flow.id].steps
    )
