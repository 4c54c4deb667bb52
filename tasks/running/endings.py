"""How tasks that write end: in a state that is red where the outcome is, and that holds what came of it."""

from typing import Any, TypeVar

from prefect import get_run_logger
from prefect.client.schemas.objects import State

from genesys import fields
from tasks.running.states import completed, failed
from timeouts.planning.outcomes import Outcome

Held = TypeVar("Held")


def ended_as(outcome: Outcome, held: object) -> State[Any]:
    """Log an outcome, and return the state of its task: named after it, with its reason, holding `held`."""
    get_run_logger().info(
        "%s: %s %s", outcome.target.name, outcome.outcome, outcome.reason, extra=fields({"outcome": outcome.outcome})
    )
    end = failed if outcome.is_bad else completed
    return end(outcome.reason, name=outcome.outcome.capitalize(), data=held)


def found_in(state: State[Any], kind: type[Held]) -> Held:
    """Return what the state of a finished task holds; raises what stopped the task where it holds no such thing."""
    found = state.result(raise_on_failure=False)
    if isinstance(found, kind):
        return found
    if isinstance(found, BaseException):
        raise found
    raise TypeError(f"a task ended without its {kind.__name__}: {state}")
