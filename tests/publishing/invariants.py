"""What must hold of an Architect flow or an action whatever happened to the run that changed it (issues B and C)."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol

from simulator.org.org import Org
from timeouts.planning.outcomes import Outcome

BEFORE, NEXT = "4.0", "5.0"
"""The version that is live in the scenes, and the only other one that may come to be."""


class Target(Protocol):
    """What one run changes: an Architect flow or an action of an org. `live`: its content, comparable to the byte."""

    @property
    def org(self) -> Org: ...

    def live(self) -> Any: ...

    def live_version(self) -> str: ...

    def untold(self, outcome: Outcome) -> Iterator[str]:
        """Name what stays of ours without a word."""

    def harm(self, before: Any, after: Any) -> Iterator[str]:
        """Name what is left behind that must not be. `before` and `after` are the two contents that may be live."""

    def calm(self) -> None:
        """Let nothing go wrong from here on."""

    def rerun_ends(self, outcome: Outcome, after: Any) -> Collection[str]:
        """Return what the next run may tell after one that ended so; nothing where it has nothing to do."""

    def fresh_order(self) -> Any:
        """Return what a plan made now would order."""

    def publish_and_verify(self, order: Any = None) -> Outcome: ...


def broken_truths(outcome: Outcome, target: Target, *, before: Any, after: Any) -> Iterator[str]:
    """Name what an outcome says that is not so. `before` and `after` are the two contents that may be live."""
    live, version = target.live(), target.live_version()
    if outcome.outcome == "published" and (live != after or outcome.version_after != version):
        yield f"told published as {outcome.version_after}, but {version} is live"
    if outcome.outcome in ("failed", "skipped") and live != before:
        yield f"told {outcome.outcome}, but it changed: {outcome.reason}"
    if outcome.outcome == "unchanged" and live != after:
        yield f"told unchanged, and it is not live: {outcome.reason}"
    yield from target.untold(outcome)


def broken_invariants(state: Mapping[str, Any], *, live: bytes, before: bytes, after: bytes) -> Iterator[str]:
    """Name what is left of an Architect flow that must not be. `state`: as the simulator holds it."""
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
