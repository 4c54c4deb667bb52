"""The door for actions: change one limit by the route that loses nothing, and verify it from a fresh read."""

import typing

from genesys import GenesysError, Gone, NotFound, ReadClient, WriteClient
from publishing.action_order import ActionOrder, ActionPublication, Marks
from publishing.action_patch import patch_limit
from publishing.function_draft import FunctionDraft
from publishing.order import Timing
from publishing.settling import settle
from timeouts.action_content import ActionContent, compare_contents
from timeouts.action_outcomes import ActionOutcome
from timeouts.wording import duration_or

_NAMED = 10


def publish_action(client: WriteClient, order: ActionOrder, pace: Timing, marks: Marks) -> ActionPublication:
    """Make the planned limit of one action live, or leave it as it was and say why."""
    match order.kind:
        case "custom":
            return patch_limit(client, order, pace)
        case "function":
            return FunctionDraft(client, order, pace, marks).run()
        case never:
            typing.assert_never(never)


def verify_action(
    client: ReadClient, order: ActionOrder, publication: ActionPublication, pace: Timing
) -> ActionOutcome:
    """Read back what was published and compare it in full, templates and function included.

    Only a `published` outcome is looked at. It becomes `failed` when anything but the limit differs from what was
    live before, or the limit itself is another one, and `unknown` when it cannot be read. A version older than ours is
    read again for the settle period of `pace`.
    """
    outcome = publication.outcome
    if outcome.outcome != "published":
        return outcome

    def ours() -> ActionContent | None:
        now = client.action_content(order.action_id)
        return now if now.version >= (outcome.version_after or now.version) else None

    try:
        now = settle(ours, pace) or client.action_content(order.action_id)
    except (NotFound, Gone):
        return _turned(outcome, "skipped", "it was changed, and deleted since")
    except GenesysError as problem:
        return _turned(outcome, "unknown", f"it was changed, but could not be read back: {problem}")
    return _compared(order, publication, now)


def _compared(order: ActionOrder, publication: ActionPublication, now: ActionContent) -> ActionOutcome:
    outcome = publication.outcome
    version = outcome.version_after or now.version
    if version != order.version + 1:
        outcome = _noted(outcome, f"the version went from {order.version} to {version}: what lay between may be lost")
    limit = duration_or("not set", now.limit_ms)
    if now.version < version:
        return _turned(outcome, "unknown", f"it was changed as version {version}, but version {now.version} is shown")
    if now.version > version:
        return _noted(outcome, f"version {now.version} was published after ours, its limit is {limit}")
    comparison = compare_contents(publication.expected, now.fingerprints())
    if comparison.foreign:
        differs = f"changed as version {version}, but not as planned: {_named(comparison.foreign)}"
        return _turned(outcome, "failed", differs)
    if not now.has_limit(order.after_ms):
        return _turned(outcome, "failed", f"changed as version {version}, but its limit is {limit} all the same")
    if comparison.added:
        return _noted(outcome, f"the server added on its own: {_named(comparison.added)}")
    return outcome


def _named(paths: tuple[str, ...]) -> str:
    """The first paths, and how many more there are; never a value, for headers may hold secrets."""
    more = len(paths) - _NAMED
    return f"{', '.join(paths[:_NAMED])}{f' and {more} more' if more > 0 else ''}"


def _noted(outcome: ActionOutcome, note: str) -> ActionOutcome:
    return outcome.model_copy(update={"notes": (*outcome.notes, note)})


def _turned(outcome: ActionOutcome, into: typing.Literal["failed", "skipped", "unknown"], reason: str) -> ActionOutcome:
    return outcome.model_copy(update={"outcome": into, "reason": reason})
