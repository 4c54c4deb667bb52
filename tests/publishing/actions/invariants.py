"""What must hold of an action whatever happened to the run that changed its limit (issue C)."""

from collections.abc import Iterator, Mapping
from typing import Any

from timeouts.planning.outcomes import Outcome

State = Mapping[str, Any]


def same(one: State, other: State) -> bool:
    """Whether two states agree in every value, to the byte of their texts; drafts aside."""
    return {**one, "draft": None} == {**other, "draft": None}


def broken_truths(outcome: Outcome, state: State, *, before: State, after: State) -> Iterator[str]:
    """Name what an outcome says that is not so. `before` and `after` are the two states that may be live."""
    if outcome.outcome == "published" and not (same(state, after) and outcome.version_after == str(after["version"])):
        yield f"told published as {outcome.version_after}, and that is not so"
    if outcome.outcome in ("failed", "skipped") and not same(state, before):
        yield f"told {outcome.outcome}, but it changed: {outcome.reason}"
    if outcome.outcome == "unchanged" and not same(state, after):
        yield f"told unchanged, and the limit is not there: {outcome.reason}"
    if state["draft"] is not None and outcome.outcome != "unknown" and not tells_of_draft(outcome):
        yield f"a draft stays and is not told: {outcome.outcome}, {outcome.reason}, {outcome.notes}"


def broken_invariants(state: State, *, before: State, after: State) -> Iterator[str]:
    """Name what is left behind that must not be. `state`: the action as the simulator holds it."""
    if not same(state, before) and not same(state, after):
        yield f"what is live is neither as before nor as planned: version {state['version']}"
    if state["draft"] is not None:
        yield "a draft of ours stays"


def tells_of_draft(outcome: Outcome) -> bool:
    """Whether people are told that a draft of ours is left."""
    return any("our draft" in note for note in outcome.notes)
