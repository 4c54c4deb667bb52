"""What a run did in all its attempts, as one plan and its outcomes."""

from collections.abc import Sequence
from typing import NamedTuple

from flows.report import Report
from timeouts.action_outcomes import ActionOutcome
from timeouts.changes import ActionChange, Change, Pin
from timeouts.outcomes import Outcome, Published, Unknown
from timeouts.plan import Plan


class Did(NamedTuple):
    """The plan of a run and what became of it."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    action_outcomes: tuple[ActionOutcome, ...]


def what_it_did(attempts: Sequence[Report]) -> Did:
    """Give the plan of a run and what became of it; a run that was retried has a plan for each attempt.

    A step or an action that several attempts planned counts with the earliest one, which knows what stood there before
    the run. Raises ValueError for a run that planned nothing.
    """
    plans = [attempt.plan for attempt in attempts if attempt.plan is not None]
    if not plans:
        raise ValueError("that run was an audit: it changed nothing, so there is nothing to put back")
    changes: dict[tuple[str, str], Change] = {}
    limits: dict[str, ActionChange] = {}
    pins: dict[str, Pin] = {}
    for plan in plans:
        for change in plan.changes:
            changes.setdefault((change.architect_flow_id, change.step_id), change)
        for limit in plan.action_changes:
            limits.setdefault(limit.action_id, limit)
        for pin in plan.pins:
            pins.setdefault(pin.architect_flow_id, pin)
    whole = plans[0].model_copy(
        update={
            "changes": tuple(changes.values()),
            "action_changes": tuple(limits.values()),
            "pins": tuple(pins.values()),
        }
    )
    return Did(plans[0] if len(plans) == 1 else whole, _outcomes(attempts), _action_outcomes(attempts))


def _outcomes(attempts: Sequence[Report]) -> tuple[Outcome, ...]:
    """Give one outcome for each Architect flow: what was published stays published, whatever a later attempt met.

    An Architect flow of an attempt that wrote has none when the run was killed; that must not look like one that was
    never touched.
    """
    became: dict[str, Outcome] = {}
    for attempt in attempts:
        for outcome in attempt.outcomes:
            before = became.get(outcome.architect_flow_id)
            if not isinstance(before, (Published, Unknown)) or isinstance(outcome, Published):
                became[outcome.architect_flow_id] = outcome
    return tuple(became.values())


def _action_outcomes(attempts: Sequence[Report]) -> tuple[ActionOutcome, ...]:
    """Give one outcome for each action, by the same rule."""
    became: dict[str, ActionOutcome] = {}
    for attempt in attempts:
        for outcome in attempt.action_outcomes:
            before = became.get(outcome.action_id)
            if before is None or not before.may_be_live or outcome.outcome == "published":
                became[outcome.action_id] = outcome
    return tuple(became.values())
