"""Verifying from a fresh read that exactly the planned change is live.

Source: docs/design.md#the-publishing-protocol, step 5.
"""

from collections.abc import Sequence

from genesys import ReadClient
from publishing.architect.drafts import fingerprint_of
from publishing.architect.snapshots import left_behind, not_shown, snapshots_in, taken_in, taken_in_untold
from publishing.order import ActionOrder, ArchitectFlowOrder, Publication, Timing
from publishing.settling import believed, settle
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.definitions.proof import compare_published
from timeouts.model.action_content import ActionContent, compare_contents
from timeouts.model.org import ArchitectFlow
from timeouts.model.wording import duration_or
from timeouts.planning.outcomes import Outcome, OutcomeKind
from timeouts.text.labels import is_before, is_next

DEFINITION = "definition"
"""The part of an Architect flow whose fingerprint a publication expects."""


def verify_architect_flow(
    client: ReadClient, order: ArchitectFlowOrder, publication: Publication, pace: Timing
) -> Outcome:
    """Compare the version that we made, or the `flowData`. Raises GenesysError where it cannot be read.

    A read that still shows the version from before ours, or an older one, is repeated for the settle period of `pace`,
    and one of `flowData` that shows other content for its lag.
    """
    outcome, version = publication.outcome, publication.outcome.version_after
    if version is None:
        body = _settled_document(client, order, publication, pace)
    else:
        now = settle(lambda: _newer(client.architect_flow(order.target.id), order), pace)
        now = now or client.architect_flow(order.target.id)
        if now.published_version is None or now.is_deactivated:
            outcome = outcome.noted(f"it was {'deactivated' if now.is_deactivated else 'unpublished'} after ours")
        if now.published_version != version and _newer(now, order) is not None:
            by = f" by {now.publisher}" if now.publisher else ""
            outcome = outcome.noted(f"version {now.published_version} was published{by} after ours")
        if not is_next(order.version, version):
            outcome = _noted_gap(outcome, "not to the next one")
        body = client.configuration(order.target.id, version)
    if fingerprint_of(body) == publication.expected.get(DEFINITION):
        return _with_modules(outcome, body, order)
    expected = _expected_body(client, order)
    if expected is None:
        kind: OutcomeKind = "unknown" if version is None else "failed"
        return outcome.turned(kind, "what is live is not what was published; it cannot be compared in detail")
    comparison = compare_published(expected, body)
    judged = _compared(outcome, list(map(str, comparison.foreign)), list(map(str, comparison.normalised)))
    if judged.outcome == "failed":
        return judged.turned("failed", f"{judged.reason}; version {order.version} holds the content from before")
    return _with_modules(judged, body, order)


def verify_action(client: ReadClient, order: ActionOrder, publication: Publication, pace: Timing) -> Outcome:
    """Compare all of an action, templates and function included. Raises GenesysError where it cannot be read.

    A version older than ours, and parts of it that are not as expected, may come from a replica that lags behind: they
    are read again for the settle period of `pace`, and for its lag.
    """
    outcome = publication.outcome
    version = int(outcome.version_after or 0)

    def is_ours_or_newer(now: ActionContent) -> bool:
        return now.version > version or not compare_contents(publication.expected, now.fingerprints()).foreign

    look = believed(lambda: client.action_content(order.target.id), is_ours_or_newer, pace)

    def ours() -> ActionContent | None:
        now = look()
        return now if now is not None and now.version >= version else None

    now = settle(ours, pace) or client.action_content(order.target.id)
    if version != order.version + 1:
        outcome = _noted_gap(outcome, "what lay between may be lost")
    limit = duration_or("not set", now.limit_ms)
    if now.version < version:
        return outcome.turned("unknown", f"it was published as {version}, but version {now.version} is shown")
    if now.version > version:
        return outcome.noted(f"version {now.version} was published after ours, its limit is {limit}")
    comparison = compare_contents(publication.expected, now.fingerprints())
    if not comparison.foreign and not now.has_limit(order.after_ms):
        return outcome.turned("failed", f"published as {version}, but its limit is {limit} all the same")
    return _compared(outcome, comparison.foreign, comparison.added)


def _settled_document(client: ReadClient, order: ArchitectFlowOrder, publication: Publication, pace: Timing) -> bytes:
    def read() -> bytes:
        return client.architect_flow_document(order.target.id)

    def is_ours(body: bytes) -> bool:
        return fingerprint_of(body) == publication.expected.get(DEFINITION)

    look = believed(read, is_ours, pace)
    return settle(look, pace) or read()


def _newer(seen: ArchitectFlow, order: ArchitectFlowOrder) -> ArchitectFlow | None:
    shown = seen.published_version
    return None if shown == order.version or is_before(shown, order.version) else seen


def _noted_gap(outcome: Outcome, meaning: str) -> Outcome:
    return outcome.noted(f"the version went from {outcome.version_before} to {outcome.version_after}: {meaning}")


def _with_modules(outcome: Outcome, body: bytes, order: ArchitectFlowOrder) -> Outcome:
    """Judge what was taken in from modules, now that all else is as planned."""
    if not order.copies and not order.embedded:
        return outcome
    snapshots = snapshots_in(body)
    if problem := left_behind(snapshots, order.copies):
        return outcome.turned("failed", f"published as {outcome.version_after}, but {problem}; publish it by hand")
    notes = taken_in(snapshots, order.copies), taken_in_untold(snapshots, order), not_shown(snapshots, order.copies)
    return outcome.noted(*notes)


def _expected_body(client: ReadClient, order: ArchitectFlowOrder) -> bytes | None:
    """Make again what should be live from the version before; None where that is gone (flowData keeps none)."""
    if order.version is None:
        return None
    try:
        before = client.configuration(order.target.id, order.version)
        return read_definition(before).with_edits(order.edits)
    except (UnreadableDefinition, ValueError):
        return None


def _compared(outcome: Outcome, foreign: Sequence[str], added: Sequence[str]) -> Outcome:
    """Judge by what differs (`foreign`) and what the server made of it on its own (`added`), each named by its path."""
    if foreign:
        differs = f"published as {outcome.version_after}, but not as planned: {name_differences(foreign)}"
        return outcome.turned("failed", differs)
    return outcome.noted(f"the server added on its own: {name_differences(added)}") if added else outcome


def name_differences(differences: Sequence[str], most: int = 10) -> str:
    """Name the first differences, `most` at most, and how many more there are."""
    more = len(differences) - most
    return "; ".join((*differences[:most], *((f"and {more} more",) if more > 0 else ())))
