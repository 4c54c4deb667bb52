"""The founding tutorial's promise: set the timeout of one step, publish, and confirm it from a fresh read.

Works on both kinds of definition, without a Prefect server: one step needs no artifacts.
"""

import threading
import typing
from dataclasses import dataclass

from cli import environment
from cli.exits import Exit, UsageError
from cli.runs import complain, org_of, say
from cli.wording import described, listed, shown
from flows.run.interruption import at_once, in_order
from flows.run.pace import pace_until
from genesys import (
    AuthenticationFailed,
    ConfigurationProblem,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    WriteClient,
)
from genesys.reading.one_reading import read_one
from publishing.order import orders_for_architect_flows
from publishing.publish import publish_architect_flow, verify
from reports.reasons import REASONS
from timeouts.inventory import Inventory
from timeouts.model.durations import DurationError, format_duration, parse_duration
from timeouts.model.effective import limit_of
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.settings import LiteralTimeout
from timeouts.model.steps import Reading, Step
from timeouts.planning.changes import LeftAlone
from timeouts.planning.computing import compute_plan
from timeouts.planning.outcomes import Outcome
from timeouts.planning.plan import Plan
from timeouts.policy.policy import DEFAULT_CEILING_MS, Policy

_LONGEST = 20  # digits: whatever is longer is over the ceiling anyway, and Python converts no thousands of them
UNTOUCHED = "Nothing was changed."
AGAIN = "Run the same command again: it reads first what is true there."
_LAST_WORDS = f"Ended at once: what was in flight may be live, or hold a lock of ours. {AGAIN}"

_AFTER: typing.Mapping[str, str] = {
    "skipped": "Once that is out of the way, run the same command again.",
    "failed": "See to what the platform names, then run the same command again.",
    "unknown": AGAIN,
}


class NotDoneError(Exception):
    """The step does not say what was asked for: what happened, what to do next, what is there now; a line each."""

    def __init__(self, what: str, to_do: str, there_now: str = UNTOUCHED) -> None:
        super().__init__(f"{what}\n{to_do}\n{there_now}")


@dataclass(frozen=True, slots=True)
class MeantStep:
    """The one step that is meant, the Architect flow it is in, and what the org says of its action."""

    architect_flow: ArchitectFlow
    reading: Reading
    step: Step
    actions: tuple[DataAction, ...] = ()

    @property
    def setting(self) -> str:
        """What the step says of its timeout, in a person's words."""
        action = next((action for action in self.actions if action.id == self.step.action_id), None)
        return described(self.step.setting, self.step.default_ms, limit_of(action))


def set_timeout(org: str | None, architect_flow_id: str, name: str, timeout: str, *, allow_lowering: bool) -> Exit:
    """Set one step's timeout; prints old and new. Nothing is changed unless everything is clear."""
    try:
        environment.prepare(verbose=False)
        wanted_ms = _milliseconds(timeout)
        _check_named(architect_flow_id, name)
        with org_of(org) as block:
            from flows.run.connections import block_named, credentials_for, write_client

            credentials = credentials_for(None if block is None else block_named(block))
            stop = threading.Event()
            with at_once(stop), write_client(credentials, stop) as client:
                _set(client, architect_flow_id.strip(), name, wanted_ms, stop, allow_lowering=allow_lowering)
    except (UsageError, DurationError, ConfigurationProblem, AuthenticationFailed) as problem:
        complain(f"{problem}\n{UNTOUCHED}")
        return Exit.USAGE
    except NotDoneError as problem:
        complain(str(problem))
        return Exit.FAILED
    except GenesysError as problem:  # before anything was written: later ones are told by _publish and _confirm
        complain(f"{problem}\n{_way_out(problem)}\n{UNTOUCHED}")
        return Exit.FAILED
    return Exit.DONE


def _way_out(problem: GenesysError) -> str:
    if isinstance(problem, PermissionDenied):
        return "Ask an admin to give the OAuth client's role that permission."
    return "Run the same command again later."


def _check_named(architect_flow_id: str, name: str) -> None:
    if not architect_flow_id.strip():
        raise UsageError("say which Architect flow: TARGET_FLOW_ID in the environment, or --architect-flow ID")
    if not name.strip():
        raise UsageError("say which step: TARGET_ACTION_NAME in the environment, or --step NAME")


def _milliseconds(text: str) -> int:
    """Read the tutorial's NEW_TIMEOUT_MS, a bare number of milliseconds, or a duration such as `10s`."""
    typed = text.strip()
    if typed.isascii() and typed.isdigit():
        typed = typed.lstrip("0")[:_LONGEST] or "0"
    try:
        wanted_ms = int(typed) if typed.isascii() and typed.isdigit() else parse_duration(typed)
    except DurationError as problem:
        raise UsageError(f"NEW_TIMEOUT_MS (or --timeout): {problem}, or 10000 for milliseconds") from None
    if wanted_ms < 1:
        raise UsageError(f"NEW_TIMEOUT_MS (or --timeout) is {typed}: a step waits 1ms or more")
    if wanted_ms > DEFAULT_CEILING_MS:
        ceiling = f"the ceiling of {format_duration(DEFAULT_CEILING_MS)} ({DEFAULT_CEILING_MS})"
        raise UsageError(
            f"NEW_TIMEOUT_MS (or --timeout) is {typed}, over {ceiling}: ask for less, or use `raise` with a policy file"
            " whose ceiling allows it"
        )
    return wanted_ms


def _set(
    client: WriteClient,
    architect_flow_id: str,
    name: str,
    wanted_ms: int,
    stop: threading.Event,
    *,
    allow_lowering: bool,
) -> None:
    target = _find(client, architect_flow_id, name)
    _say("Architect flow:", f"{target.architect_flow.name} ({target.architect_flow.id})")
    _say("Step:", shown(target.step))
    _say("Old timeout:", target.setting)
    plan = _plan(client, target, wanted_ms, allow_lowering=allow_lowering)
    if plan.left_alone:
        raise _refused(target, plan.left_alone[0], wanted_ms)
    if not plan.changes:
        _say("New timeout:", f"{format_duration(wanted_ms)}, which it is already: nothing to do", "green")
        return
    _say("Publishing", "...")
    outcome = _publish(client, target, plan, stop)
    confirmed = _confirm(client, target, wanted_ms)
    version = f", live as version {outcome.version_after}" if outcome.version_after else ""
    _say("New timeout:", f"{confirmed.setting} (confirmed from a fresh read{version})", "green")
    for note in outcome.notes:
        _say("Note:", note, "yellow")


def _find(client: WriteClient, architect_flow_id: str, name: str) -> MeantStep:
    architect_flow = _architect_flow(client, architect_flow_id)
    reading = read_one(client, architect_flow)
    if reading.coverage != "read":
        raise NotDoneError(
            f"the steps of {architect_flow.name} could not be read: {reading.reason}",
            AGAIN if reading.coverage == "not_read" else "Open it in Architect and publish it there once.",
        )
    named = [step for step in reading.steps if name in (step.name, step.action_name, step.id)]
    if not named:
        raise NotDoneError(
            f"{architect_flow.name} has no Call Data Action step named '{name}' and none that calls an action of that"
            f" name. It has:\n{listed(reading.steps)}",
            "Name one of these, in TARGET_ACTION_NAME or with --step.",
        )
    if len(named) > 1:
        raise NotDoneError(
            f"'{name}' is not clear: {len(named)} steps of {architect_flow.name} match:\n{listed(named)}",
            "Name one by its id, in TARGET_ACTION_NAME or with --step.",
        )
    actions = client.actions() if reading.kind == "architect" else ()
    return MeantStep(
        architect_flow, reading, named[0], tuple(_with_function(client, named[0], each) for each in actions)
    )


def _with_function(client: WriteClient, step: Step, action: DataAction) -> DataAction:
    """Return the action with the limit of its function, where the step calls it: that masks a longer wait, too."""
    if action.id != step.action_id or action.kind != "function":
        return action
    try:
        return action.model_copy(update={"function_ms": client.function_limit_ms(action.id)})
    except (NotFound, PermissionDenied, InvalidRequest) as problem:
        raise NotDoneError(
            f"how long the function behind {action.name} may take could not be read, so the change might be masked:"
            f" {problem}",
            "Check that the action exists and that the OAuth client may see it (integrations:actionFunction:view).",
        ) from None


def _architect_flow(client: WriteClient, architect_flow_id: str) -> ArchitectFlow:
    try:
        return client.architect_flow(architect_flow_id, is_known=False)
    except NotFound as problem:
        raise NotDoneError(
            f"there is no Architect flow {architect_flow_id}, or this OAuth client may not see it: {problem}",
            "Check TARGET_FLOW_ID (or --architect-flow), the region, and the divisions of the client's roles.",
        ) from None
    except Gone as problem:
        raise NotDoneError(
            f"the Architect flow {architect_flow_id} was deleted: {problem}",
            "Check TARGET_FLOW_ID (or --architect-flow).",
        ) from None
    except InvalidRequest as problem:
        if problem.exchange is None:
            raise UsageError(f"TARGET_FLOW_ID (or --architect-flow): {problem}") from None
        raise


def _plan(client: WriteClient, target: MeantStep, wanted_ms: int, *, allow_lowering: bool) -> Plan:
    """Compute the plan for this step alone: the same rules and safety as for a whole org."""
    alone = target.reading.model_copy(update={"steps": (target.step,)})
    rule = {"name": "set", "exactly": format_duration(wanted_ms)}
    policy = Policy.model_validate({"rules": [rule], "allow_lowering": allow_lowering})
    return compute_plan(Inventory(client.organization(), (target.architect_flow,), target.actions, (alone,)), policy)


def _refused(target: MeantStep, line: LeftAlone, wanted_ms: int) -> NotDoneError:
    return NotDoneError(
        f"'{target.step.name}' in {target.architect_flow.name} was not set to {format_duration(wanted_ms)}:"
        f" {line.reason}",
        REASONS[line.why].to_do,
    )


def _publish(client: WriteClient, target: MeantStep, plan: Plan, stop: threading.Event) -> Outcome:
    """Publish and verify; asked to end, it finishes what is in flight and lets go of the lock."""
    (order,) = orders_for_architect_flows(plan, (target.reading,))
    with in_order(_LAST_WORDS, stop):
        pace = pace_until(stop)
        outcome = verify(client, order, publish_architect_flow(client, order, pace), pace)
    if outcome.is_done:
        return outcome
    raise NotDoneError(
        "; ".join((f"{outcome.target.name}: {outcome.outcome}: {outcome.reason}", *outcome.notes)),
        _AFTER[outcome.outcome],
        _there_now(client, target, outcome),
    )


def _there_now(client: WriteClient, target: MeantStep, outcome: Outcome) -> str:
    """Say what the step says now, from a fresh read: what a failed publish left is not for us to guess."""
    try:
        now = _find(client, target.architect_flow.id, target.step.id)
    except (NotDoneError, GenesysError):
        return "What it says now could not be read."
    is_over = outcome.outcome != "unknown" and outcome.version_after is None
    untouched = is_over and now.step.setting == target.step.setting
    return f"{UNTOUCHED + ' ' if untouched else ''}A fresh read shows: {now.setting}."


def _confirm(client: WriteClient, target: MeantStep, wanted_ms: int) -> MeantStep:
    try:
        now = _find(client, target.architect_flow.id, target.step.id)
    except (NotDoneError, GenesysError) as problem:
        raise NotDoneError(
            f"{target.architect_flow.name} was published, but it could not be read again: {problem}", AGAIN, ""
        ) from None
    if now.step.setting != LiteralTimeout(timeout_ms=wanted_ms):
        raise NotDoneError(
            f"{target.architect_flow.name} was published, but a fresh read shows: {now.setting}",
            "Somebody may have published it after us: look at its versions in Architect.",
            "",
        )
    return now


def _say(label: str, text: str, style: str = "") -> None:
    say(f"{label:<15} {text}", style)
