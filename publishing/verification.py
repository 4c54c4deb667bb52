"""Verifying from a fresh read that exactly the planned timeouts changed.

Source: docs/design.md#the-publishing-protocol, step 5.
"""

from genesys import GenesysError, Gone, NotFound, ReadClient
from publishing.drafts import fingerprint_of
from publishing.labels import is_next
from publishing.order import Order, Publication
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.differences import Difference
from timeouts.outcomes import Failed, Outcome, Published, Skipped, Unknown
from timeouts.proof import compare_published

_NAMED_DIFFERENCES = 10


def verify(client: ReadClient, order: Order, publication: Publication) -> Outcome:
    """Read back what was published and compare it in full with what was expected.

    Only a `Published` outcome is looked at; every other is returned as it is. It stays `Published` when the new
    version is the next one and holds the expected content, becomes `Failed` when anything differs that is not the
    server's own normalisation, and `Unknown` when it cannot be read.
    """
    outcome = publication.outcome
    if not isinstance(outcome, Published):
        return outcome
    try:
        body, notes = _read_back(client, order, outcome)
        if fingerprint_of(body) == publication.expected_fingerprint:
            return outcome.model_copy(update={"notes": (*outcome.notes, *notes)})
        return _judge(_expected_body(client, order, outcome), body, outcome, notes)
    except (NotFound, Gone):
        return _turn(outcome, Skipped, "it was published, and deleted since")
    except GenesysError as problem:
        return _turn(outcome, Unknown, f"it was published, but could not be read back: {problem}")


def _read_back(client: ReadClient, order: Order, outcome: Published) -> tuple[bytes, tuple[str, ...]]:
    """The live content that we made, and what else people should know of its version."""
    if outcome.version_after is None:
        return client.architect_flow_document(order.architect_flow_id), ()
    now = client.architect_flow(order.architect_flow_id)
    notes = []
    if now.published_version != outcome.version_after:
        by = f" by {now.published_by}" if now.published_by else ""
        notes.append(f"version {now.published_version} was published{by} after ours")
    if not is_next(outcome.version_before, outcome.version_after):
        notes.append(f"the version went from {outcome.version_before} to {outcome.version_after}, not to the next one")
    return client.configuration(order.architect_flow_id, outcome.version_after), tuple(notes)


def _expected_body(client: ReadClient, order: Order, outcome: Published) -> bytes | None:
    """What should be live, made again from the version before; None where that is gone (flowData keeps none)."""
    if outcome.version_before is None:
        return None
    try:
        before = client.configuration(order.architect_flow_id, outcome.version_before)
        return read_definition(before).with_edits(order.edits)
    except (UnreadableDefinition, ValueError):
        return None


def _judge(expected: bytes | None, body: bytes, outcome: Published, notes: tuple[str, ...]) -> Outcome:
    if expected is None:
        return _turn(outcome, Failed, "what is live is not what was published; it cannot be compared in detail")
    comparison = compare_published(expected, body)
    if comparison.foreign:
        reason = f"published as {outcome.version_after}, but not as planned: {_named(comparison.foreign)}"
        return _turn(outcome, Failed, f"{reason}; version {outcome.version_before} holds the content from before")
    normalised = f"the server added on its own: {_named(comparison.normalised)}"
    return outcome.model_copy(update={"notes": (*outcome.notes, *notes, normalised)})


def _named(differences: tuple[Difference, ...]) -> str:
    """The first differences by name, and how many more there are."""
    named = "; ".join(str(difference) for difference in differences[:_NAMED_DIFFERENCES])
    more = len(differences) - _NAMED_DIFFERENCES
    return f"{named}; and {more} more" if more > 0 else named


def _turn(outcome: Published, into: type[Failed | Skipped | Unknown], reason: str) -> Outcome:
    return into(**outcome.model_dump(exclude={"outcome", "reason"}), reason=reason)
