"""Whether a document is what an order makes of another one: how our own work is told from a person's."""

from collections.abc import Collection

from publishing.order import ArchitectFlowOrder
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.definitions.proof import compare_published
from timeouts.model.step_edits import Restore

HIDDEN_IN_DRAFTS = frozenset({"$.versionMetaData"})
"""What a draft may lack that every published version shows (docs/platform.md#open-save)."""


def fingerprint_of(body: bytes) -> str:
    """Return the fingerprint of `body`, '' where it is not understood."""
    try:
        return read_definition(body).fingerprint
    except UnreadableDefinition:
        return ""


def body_after(body: bytes, order: ArchitectFlowOrder) -> bytes:
    """`body` with the order applied to it, b'' where it cannot be applied."""
    try:
        return read_definition(body).with_edits(order.edits)
    except (UnreadableDefinition, ValueError):
        return b""


def is_same_content(expected: bytes, found: bytes, hidden: Collection[str] = ()) -> bool:
    """Return whether `found` is `expected`, but for what the server's own normalisation may have made of it.

    `hidden`: the paths of keys that it may lack, as a draft may.
    """
    if not expected:
        return False
    fingerprint = fingerprint_of(expected)
    if fingerprint and fingerprint == fingerprint_of(found):
        return True
    try:
        return not compare_published(expected, found, hidden.__contains__).foreign
    except UnreadableDefinition:
        return False


def is_made_by_this_tool(published: bytes, draft: bytes) -> bool:
    """Return whether the draft is the published content, or that with other step timeouts and nothing else.

    Holds for everything that an interrupted run of ours can have left behind, a roll back included.
    """
    try:
        before, after = read_definition(published), read_definition(draft)
        raw_timeout = {step.id: step.raw_timeout for step in before.steps}
        edits = {
            step.id: Restore(original=step.raw_timeout)
            for step in after.steps
            if step.raw_timeout is not None and raw_timeout.get(step.id) != step.raw_timeout
        }
        edited = before.with_edits(edits) if edits else published
    except (UnreadableDefinition, ValueError):
        return False
    return is_same_content(edited, draft, HIDDEN_IN_DRAFTS)
