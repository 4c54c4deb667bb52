"""Publishing by the tutorial's contract: read, replace with PUT, no versions.

Source: docs/design.md#kinds-of-definition.
"""

from genesys import AmbiguousWrite, Conflict, GenesysError, Gone, NotFound, Stopped, WriteClient, is_refusal
from publishing.architect.drafts import body_after, fingerprint_of
from publishing.edit import EditRefused, StaleBasis, edited_by
from publishing.order import ArchitectFlowOrder, Publication, Timing
from publishing.settling import how_long, settle
from publishing.verification import DEFINITION
from timeouts.planning.outcomes import INTERRUPTED_BEFORE, Outcome

_INTERRUPTED = f"{INTERRUPTED_BEFORE}published"


def replace_flow_data(client: WriteClient, order: ArchitectFlowOrder, pace: Timing) -> Publication:
    """Write the planned timeouts into the `flowData` of one Architect flow.

    The document is read first: a lock or a content that is not the plan's is skipped. A PUT whose answer was lost is
    resolved by reading the document again until it is there or the settle period is over; it is not sent twice.
    """
    try:
        before = client.architect_flow_document(order.target.id)
        holder = client.architect_flow(order.target.id).locked_by
    except (NotFound, Gone):
        return _ended(order.outcome("skipped", "it does not exist any more"))
    except Stopped:
        return _ended(order.outcome("skipped", _INTERRUPTED))
    except GenesysError as problem:
        return _ended(order.outcome("failed", f"it could not be read, nothing was changed: {problem}"))
    if holder is not None:
        return _ended(order.outcome("skipped", f"locked by {holder.label}"))
    return _edit(client, order, before, pace)


def _edit(client: WriteClient, order: ArchitectFlowOrder, before: bytes, pace: Timing) -> Publication:
    expected = fingerprint_of(body_after(before, order))
    found = fingerprint_of(before)
    if found and found == expected:
        return _ended(order.outcome("unchanged", "the timeouts are there already"), expected)
    if found != order.fingerprint:
        return _ended(order.outcome("skipped", "stale: its flowData changed after the plan was made"))
    try:
        after = edited_by(order, before)
    except StaleBasis as moved:
        return _ended(order.outcome("skipped", str(moved)))
    except EditRefused as refused:
        return _ended(order.outcome("failed", str(refused)))
    return _put(client, order, after, expected, pace)


def _put(client: WriteClient, order: ArchitectFlowOrder, after: bytes, expected: str, pace: Timing) -> Publication:
    if pace.stopped():
        return _ended(order.outcome("skipped", _INTERRUPTED))
    try:
        client.replace_architect_flow(order.target.id, after)
    except AmbiguousWrite as lost:
        return _resolve(client, order, expected, lost, pace)
    except Stopped:
        return _ended(order.outcome("skipped", _INTERRUPTED))
    except Conflict as refusal:
        return _ended(order.outcome("skipped", f"the platform refused the change: {refusal}"))
    except GenesysError as problem:
        failed = order.outcome("failed", f"the platform refused the change: {problem}")
        return _ended(failed.refused() if is_refusal(problem) else failed)
    return _ended(order.outcome("published"), expected)


def _resolve(
    client: WriteClient, order: ArchitectFlowOrder, expected: str, lost: AmbiguousWrite, pace: Timing
) -> Publication:
    """Wait for what may still come. What stays away may come even later: only a read that shows it says what is so."""

    def is_there() -> bool | None:
        return fingerprint_of(client.architect_flow_document(order.target.id)) == expected or None

    try:
        if settle(is_there, pace):
            return _ended(order.outcome("published"), expected)
        why = f"nothing came of it {how_long(pace)}"
    except GenesysError as problem:
        why = f"the flowData could not be read ({problem})"
    reason = f"the answer to the change was lost ({lost}), and {why}; run again to resolve it"
    return _ended(order.outcome("unknown", reason), expected)


def _ended(outcome: Outcome, expected: str = "") -> Publication:
    return Publication(outcome=outcome, expected={DEFINITION: expected} if expected else {})
