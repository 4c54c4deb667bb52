"""Whether a document is what an order makes of another one: how our own work is told from a person's."""

from publishing.order import Order
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.settings import Literal


def fingerprint_of(body: bytes) -> str:
    """The fingerprint of `body`, '' where it is not understood."""
    try:
        return read_definition(body).fingerprint
    except UnreadableDefinition:
        return ""


def fingerprint_after(body: bytes, order: Order) -> str:
    """The fingerprint of `body` once the order is applied to it, '' where it cannot be applied."""
    try:
        return read_definition(read_definition(body).with_timeouts(order.timeouts_ms)).fingerprint
    except (UnreadableDefinition, ValueError):
        return ""


def is_made_by_this_tool(published: bytes, draft: bytes) -> bool:
    """Whether the draft is the published content, or that with other step timeouts and nothing else.

    Holds for everything that an interrupted run of ours can have left behind.
    """
    try:
        before, after = read_definition(published), read_definition(draft)
        settings = {step.id: step.setting for step in before.steps}
        timeouts_ms = {
            step.id: step.setting.timeout_ms
            for step in after.steps
            if isinstance(step.setting, Literal) and settings.get(step.id) != step.setting
        }
        edited = before.with_timeouts(timeouts_ms) if timeouts_ms else published
        return read_definition(edited).fingerprint == after.fingerprint
    except (UnreadableDefinition, ValueError):
        return False
