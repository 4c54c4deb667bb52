"""Reading an action by what the plan knows of it: what is older is shown by a replica that lags behind."""

from genesys import ReadClient
from publishing.order import ActionOrder, Timing
from publishing.settling import caught_up
from timeouts.model.action_content import ActionContent


def content_now(client: ReadClient, order: ActionOrder, pace: Timing) -> ActionContent:
    """Return what is live, older than the plan only where that is to be believed. Raises GenesysError.

    A function carries no version: one with another limit than the plan's, under the plan's version, is older, too.
    """

    def is_behind(now: ActionContent) -> bool:
        if now.version == order.version:
            return not now.has_limit(order.before_ms)
        return now.version < order.version

    return caught_up(lambda: client.action_content(order.target.id), is_behind, pace)


def version_now(client: ReadClient, order: ActionOrder, pace: Timing) -> int:
    """Return the version of what is live, in the same way. Raises GenesysError."""
    return caught_up(lambda: client.action_version(order.target.id), lambda now: now < order.version, pace)
