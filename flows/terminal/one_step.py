"""The founding tutorial's promise: set the timeout of one step, publish, and confirm it from a fresh read.

Works on both kinds of definition, without a Prefect server: one step needs no artifacts.
"""

import typing
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from flows.pace import PACE
from flows.terminal.demo_org import DemoOrgError
from flows.terminal.exits import Exit
from flows.terminal.runs import UsageError, org_of, out, problems
from genesys import AuthenticationFailed, ConfigurationProblem, GenesysError, WriteClient
from publishing.order import Order
from publishing.publish import publish
from publishing.verification import verify
from tasks.one_reading import read_one
from timeouts.durations import DurationError, format_duration, parse_duration
from timeouts.org import ArchitectFlow
from timeouts.outcomes import Published, Unchanged
from timeouts.plan import Plan, compute_plan
from timeouts.policy import Policy
from timeouts.settings import Expression, Literal, Suggested, TimeoutSetting, Unreadable
from timeouts.steps import Reading, Step


class NotDoneError(Exception):
    """The step was not changed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """The one step that is meant, and the Architect flow it is in."""

    architect_flow: ArchitectFlow
    reading: Reading
    step: Step


def set_timeout(org: str | None, architect_flow_id: str, name: str, timeout: str, *, allow_lowering: bool) -> Exit:
    """Set one step's timeout; prints old and new. Nothing is changed unless everything is clear."""
    try:
        policy = _policy(_milliseconds(timeout), allow_lowering=allow_lowering)
        _check_named(architect_flow_id, name)
        with org_of(org) as block:
            from flows.connections import credentials_for, write_client

            with write_client(credentials_for(block)) as client:
                _set(client, architect_flow_id.strip(), name, policy)
    except (UsageError, DurationError, DemoOrgError, ConfigurationProblem, AuthenticationFailed) as problem:
        problems.print(f"Error: {problem}", style="red", markup=False)
        return Exit.USAGE
    except (NotDoneError, GenesysError) as problem:
        problems.print(f"Error: {problem}", style="red", markup=False)
        return Exit.FAILED
    return Exit.DONE


def _check_named(architect_flow_id: str, name: str) -> None:
    if not architect_flow_id.strip():
        raise UsageError("say which Architect flow: TARGET_FLOW_ID in the environment, or --architect-flow ID")
    if not name.strip():
        raise UsageError("say which step: TARGET_ACTION_NAME in the environment, or --step NAME")


def _milliseconds(text: str) -> int:
    """The tutorial's NEW_TIMEOUT_MS is a bare number of milliseconds; everywhere else people type `10s`."""
    return int(text) if text.strip().isascii() and text.strip().isdigit() else parse_duration(text)


def _policy(timeout_ms: int, *, allow_lowering: bool) -> Policy:
    wanted = format_duration(timeout_ms)
    rule = {"name": f"set to {wanted}", "exactly": wanted}
    try:
        return Policy.model_validate({"rules": [rule], "allow_lowering": allow_lowering})
    except ValidationError as problem:
        reasons = "; ".join(error["msg"].removeprefix("Value error, ") for error in problem.errors())
        raise UsageError(f"{wanted} cannot be set: {reasons}") from None


def _set(client: WriteClient, architect_flow_id: str, name: str, policy: Policy) -> None:
    target = _find(client, architect_flow_id, name)
    out.print(f"Architect flow: {target.architect_flow.name} ({target.architect_flow.id})", markup=False)
    out.print(f"Step:           {_shown(target.step)}", markup=False)
    out.print(f"Old timeout:    {described(target.step.setting, target.step.default_ms)}", markup=False)
    plan = _plan(client, target, policy)
    if not plan.changes:
        if plan.left_alone:
            raise NotDoneError(f"the step was left as it is: {plan.left_alone[0].reason}")
        out.print("Nothing to do: the step says so already.", style="green")
        return
    out.print(f"New timeout:    {format_duration(plan.changes[0].after_ms)}", markup=False)
    _publish(client, target, plan.changes[0].after_ms)
    confirmed = _find(client, architect_flow_id, name, step_id=target.step.id)
    out.print(
        f"Confirmed from a fresh read: {described(confirmed.step.setting, confirmed.step.default_ms)}",
        style="green",
        markup=False,
    )


def _find(client: WriteClient, architect_flow_id: str, name: str, step_id: str | None = None) -> Target:
    architect_flow = client.architect_flow(architect_flow_id)
    reading = read_one(client, architect_flow)
    if reading.coverage != "read":
        raise NotDoneError(
            f"the steps of {architect_flow.name} could not be read ({reading.coverage}): {reading.reason}"
        )
    named = [
        step for step in reading.steps if name in (step.name, step.action_name, step.id) and step_id in (None, step.id)
    ]
    if not named:
        raise NotDoneError(
            f"{architect_flow.name} has no Call Data Action step named '{name}' and none that calls an action of that "
            f"name. It has:\n{_listed(reading.steps)}"
        )
    if len(named) > 1:
        raise NotDoneError(
            f"'{name}' is not clear: {len(named)} steps of {architect_flow.name} match. Nothing was changed. "
            f"Name one by its id:\n{_listed(named)}"
        )
    return Target(architect_flow, reading, named[0])


def _plan(client: WriteClient, target: Target, policy: Policy) -> Plan:
    """The plan for this step alone: the same rules and safety as for a whole org."""
    alone = target.reading.model_copy(update={"steps": (target.step,)})
    actions = client.actions() if target.reading.kind == "architect" else ()
    return compute_plan(client.organization(), (target.architect_flow,), (alone,), actions, policy)


def _publish(client: WriteClient, target: Target, timeout_ms: int) -> None:
    order = Order(
        architect_flow_id=target.architect_flow.id,
        name=target.architect_flow.name,
        kind=target.reading.kind,
        version=target.reading.version,
        fingerprint=target.reading.fingerprint,
        timeouts_ms={target.step.id: timeout_ms},
    )
    outcome = verify(client, order, publish(client, order, PACE))
    for note in outcome.notes:
        out.print(f"Note: {note}", style="yellow", markup=False)
    if not isinstance(outcome, (Published, Unchanged)):
        raise NotDoneError(f"{outcome.name} was not changed ({outcome.outcome}): {outcome.reason}")


def described(setting: TimeoutSetting, default_ms: int | None) -> str:
    """A timeout setting in a person's words."""
    match setting:
        case Suggested():
            return f"default ({format_duration(default_ms)})" if default_ms is not None else "default (suggested)"
        case Literal(timeout_ms=timeout_ms):
            return format_duration(timeout_ms)
        case Expression(text=text):
            return f"expression {text}"
        case Unreadable(reason=reason):
            return f"unreadable: {reason}"
        case never:
            typing.assert_never(never)


def _shown(step: Step) -> str:
    number = f" (number {step.tracking_id})" if step.tracking_id is not None else ""
    place = f" in {step.container}" if step.container else ""
    action = f", calls {step.action_name}" if step.action_name else ""
    return f"{step.name}{number}{place}{action}, id {step.id}"


def _listed(steps: Sequence[Step]) -> str:
    if not steps:
        return "  no Call Data Action step at all"
    return "\n".join(f"  - {_shown(step)}: {described(step.setting, step.default_ms)}" for step in steps)
