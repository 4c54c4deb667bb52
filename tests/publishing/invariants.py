"""What must hold of an Architect flow whatever happened to the run that changed it (issue B)."""

from collections.abc import Iterator, Mapping
from typing import Any

from timeouts.planning.outcomes import Outcome

BEFORE, NEXT = "4.0", "5.0"
"""The version that is live in the scenes, and the only other one that may come to be."""


def broken_truths(
    outcome: Outcome, state: Mapping[str, Any], *, live: bytes, before: bytes, after: bytes
) -> Iterator[str]:
    """Name what an outcome says that is not so. `before` and `after` are the two contents that may be live."""
    if outcome.outcome == "published" and (live != after or outcome.version_after != state["published"]):
        yield f"told published as {outcome.version_after}, but {state['published']} is live"
    if outcome.outcome in ("failed", "skipped") and live != before:
        yield f"told {outcome.outcome}, but it changed: {outcome.reason}"
    if outcome.outcome == "unchanged" and live != after:
        yield f"told unchanged, and it is not live: {outcome.reason}"


def untold(outcome: Outcome, state: Mapping[str, Any]) -> Iterator[str]:
    """Name a lock of ours that stays without a word."""
    is_ours = (state["lock"] or {}).get("kind") == "client"
    if is_ours and not any("lock" in said for said in (outcome.reason, *outcome.notes)):
        yield f"a lock of ours stays, and is not told: {outcome.outcome}, {outcome.reason}, {outcome.notes}"


def broken_invariants(state: Mapping[str, Any], *, live: bytes, before: bytes, after: bytes) -> Iterator[str]:
    """Name what is left behind that must not be. `state`: the Architect flow as the simulator holds it."""
    published = state["published"]
    if published not in (BEFORE, NEXT):
        yield f"the version went from {BEFORE} to {published}"
    if live != (after if published == NEXT else before):
        yield "what is live is neither as before nor as expected"
    if state["lock"] is not None:
        yield f"a lock stays: {state['lock']['name']}"
    if state["saved"] is not None:
        yield "a draft stays saved"
    if state["versions"][-1]["id"] != published:
        yield f"{state['versions'][-1]['id']} is checked in and not published"
    if any(version["publications"] > 1 for version in state["versions"]):
        yield "a version was published twice"
