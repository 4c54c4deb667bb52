"""How tasks that write end: in a state that is red where the outcome is, and that holds what came of it."""

from typing import Any, TypeVar

from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

Held = TypeVar("Held")


def ended_as(outcome: str, reason: str, held: object, *, is_bad: bool) -> State[Any]:
    """Give the state of a task that came to an outcome, such as Published or Failed, with its reason."""
    if is_bad:
        return Failed(name=outcome.capitalize(), message=reason, data=held)
    return Completed(name=outcome.capitalize(), message=reason or None, data=held)


def found_in(state: State[Any], *kinds: type[Held]) -> Held:
    """Give what the state of a finished task holds, of one of these kinds; raises what stopped it where it has none."""
    found = state.result(raise_on_failure=False)
    if isinstance(found, kinds):
        return found
    if isinstance(found, BaseException):
        raise found
    raise TypeError(f"a task ended without its {kinds[0].__name__}: {state}")
