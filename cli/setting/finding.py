"""Finding the one step that is meant, and what stands in its way, in words for the person who asked."""

from cli.exits import NotDoneError, UsageError
from cli.setting.wording import listed, listed_as
from genesys import Gone, InvalidRequest, NotFound, PermissionDenied, ReadClient
from genesys.reading.one_reading import read_one
from genesys.reading.one_step import OneStep, with_its_surroundings
from reports.reasons import BOTH_LEVERS, REASONS
from timeouts.model.durations import format_duration
from timeouts.model.org import ArchitectFlow
from timeouts.model.steps import Reading
from timeouts.planning.changes import LeftAlone

UNTOUCHED = "Nothing was changed."
AGAIN = "Run the same command again: it reads first what is true there."


class NotSetError(NotDoneError):
    """The step does not say what was asked for: what happened, what to do next, what is there now; a line each."""

    def __init__(self, what: str, to_do: str, there_now: str = UNTOUCHED) -> None:
        super().__init__(f"{what}\n{to_do}\n{there_now}")


def find_step(client: ReadClient, architect_flow_id: str, name: str) -> OneStep:
    """Return the only step of that name, id or action, or listed so. Raises NotSetError, UsageError, GenesysError."""
    architect_flow, reading = read_steps(client, architect_flow_id)
    named = [step for step in reading.steps if name in (step.name, step.action_name, step.id, listed_as(step))]
    if not named:
        raise NotSetError(
            f"{architect_flow.name} has no Call Data Action step named '{name}' and none that calls an action of that"
            f" name. It has:\n{listed(reading.steps)}",
            "Name one of these, in TARGET_ACTION_NAME or with --step.",
        )
    if len(named) > 1:
        raise NotSetError(
            f"'{name}' is not clear: {len(named)} steps of {architect_flow.name} match:\n{listed(named)}",
            "Name one by its id, in TARGET_ACTION_NAME or with --step.",
        )
    try:
        return with_its_surroundings(client, architect_flow, reading, named[0])
    except (NotFound, PermissionDenied, InvalidRequest) as problem:
        raise NotSetError(
            f"how long the action {named[0].action_name} may take could not be read, so the change might be masked:"
            f" {problem}",
            "Check that the action exists and that the OAuth client may see it (integrations:action:view, and"
            " integrations:actionFunction:view for a function).",
        ) from None


def read_steps(client: ReadClient, architect_flow_id: str) -> tuple[ArchitectFlow, Reading]:
    """Read the Architect flow and its steps. Raises as `find_step` does."""
    architect_flow = _architect_flow(client, architect_flow_id)
    reading = read_one(client, architect_flow)
    if reading.coverage != "read":
        raise NotSetError(
            f"the steps of {architect_flow.name} could not be read: {reading.reason}",
            AGAIN if reading.coverage == "not_read" else "Open it in Architect and publish it there once.",
        )
    return architect_flow, reading


def _architect_flow(client: ReadClient, architect_flow_id: str) -> ArchitectFlow:
    try:
        return client.architect_flow(architect_flow_id, is_known=False)
    except NotFound as problem:
        raise NotSetError(
            f"there is no Architect flow {architect_flow_id}, or this OAuth client may not see it: {problem}",
            "Check TARGET_FLOW_ID (or --architect-flow), the region, and the divisions of the client's roles.",
        ) from None
    except Gone as problem:
        raise NotSetError(
            f"the Architect flow {architect_flow_id} was deleted: {problem}",
            "Check TARGET_FLOW_ID (or --architect-flow).",
        ) from None
    except InvalidRequest as problem:
        if problem.exchange is None:
            raise UsageError(f"TARGET_FLOW_ID (or --architect-flow): {problem}") from None
        raise


def refused(meant: OneStep, line: LeftAlone, wanted_ms: int) -> NotSetError:
    """Say why the step is not set, and what to do."""
    return NotSetError(
        f"'{meant.step.name}' in {meant.architect_flow.name} was not set to {format_duration(wanted_ms)}:"
        f" {line.reason}",
        REASONS[line.why].to_do.replace(BOTH_LEVERS, "`genesys-timeouts raise` with --levers step,action"),
    )
