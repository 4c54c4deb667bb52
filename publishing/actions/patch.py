"""Changing the limit of an action by PATCH: one request that is all or nothing, under the platform's own lock.

| step    | reads                                | writes | then                                                     |
|---------|--------------------------------------|--------|----------------------------------------------------------|
| look    | action, templates, draft; older than | -      | PATCH; skipped: a draft, another version or limit, a     |
|         | the plan's: again, for 25 s          |        | lower one; a function data action; gone                  |
| PATCH   | lost: the action, until it moves or  | PATCH  | published; skipped: another version, a draft; failed:    |
|         | the settle period is over; refused:  |        | refused; unknown: lost, and nothing came of it; refused  |
|         | action, templates and draft          |        | and just that is live: published, with a note            |

The whole configuration is sent back, both templates included, for what is not sent is lost
(docs/platform.md#changing-an-action). Its `version` is the lock: a PATCH on top of a colleague's is refused.
"""

from genesys import (
    AmbiguousWrite,
    Conflict,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    ReadClient,
    WriteClient,
    is_refusal,
)
from publishing.actions.current import content_now
from publishing.actions.ending import GONE, INTERRUPTED, Ending
from publishing.order import ActionOrder, Publication, Timing
from publishing.settling import settle
from timeouts.model.action_content import ActionContent

_DRAFTED = "somebody has a draft of it, which a change could take away"
_IS_FUNCTION = "it is a function data action, whose limit is its function's; the plan took it for another: plan anew"


def patch_limit(client: WriteClient, order: ActionOrder, pace: Timing) -> Publication:
    """Make the planned limit live, or leave the action as it was and say why. Raises nothing that the gateway does."""
    ending = Ending(order)
    try:
        content = content_now(client, order, pace)
        has_draft = client.action_draft(order.target.id) is not None
    except GenesysError as problem:
        return ending.not_begun(problem)
    stands = ending.already(content) if content.function is None else ending.skipped(_IS_FUNCTION)
    if stands is None and has_draft:
        stands = ending.skipped(_DRAFTED)
    if stands is None and pace.stopped():
        stands = ending.skipped(INTERRUPTED)
    return stands or _patch(client, ending, content, pace)


def _patch(client: WriteClient, ending: Ending, content: ActionContent, pace: Timing) -> Publication:
    ending.hide(content)
    wanted = content.with_limit(ending.order.after_ms)
    try:
        version = client.patch_action(ending.order.target.id, wanted.patch())
    except AmbiguousWrite as lost:
        return _waited_for(client, wanted, ending, pace, f"the answer to the change was lost ({lost})")
    except (Conflict, InvalidRequest, NotFound) as refusal:
        return _refused(client, wanted, ending, pace, refusal)
    except GenesysError as problem:
        return ending.not_begun(problem)
    if version <= ending.order.version:
        return _waited_for(client, wanted, ending, pace, f"the change was answered with version {version}")
    return ending.published(version, wanted)


def _waited_for(client: WriteClient, wanted: ActionContent, ending: Ending, pace: Timing, what: str) -> Publication:
    try:
        has_moved(client, ending.order, pace)
        return settled(client, wanted, ending, ending.nothing_came(what, pace), pace)
    except (NotFound, Gone):
        return ending.skipped(GONE)
    except GenesysError as problem:
        return ending.unreadable(problem)


def _refused(
    client: WriteClient, wanted: ActionContent, ending: Ending, pace: Timing, refusal: GenesysError
) -> Publication:
    """Say what stood in the way: another version, a draft, or the change itself. A refusal is an answer: not done.

    Unless what was asked for is the next version: then the request may have come twice, and the second was refused.
    """
    action_id = ending.order.target.id
    try:
        now = content_now(client, ending.order, pace)
        stands = ending.made_all_the_same(now, wanted, refusal) or ending.already(now)
        if stands is None and client.action_draft(action_id) is not None:
            stands = ending.skipped(_DRAFTED)
    except (NotFound, Gone):
        return ending.skipped(GONE)
    except GenesysError as problem:
        said = f"the platform refused the change ({refusal}), and what is live could not be read: {problem}"
        return ending.unknown(said)
    return stands or ending.failed(f"the platform refused the change ({refusal})", is_refused=is_refusal(refusal))


def has_moved(client: ReadClient, order: ActionOrder, pace: Timing) -> bool:
    """Wait for what a write without an answer may still bring: tell whether a newer version is live than the plan's.

    Raises what the gateway does where the action cannot be read at the end.
    """

    def moved() -> bool | None:
        return client.action_version(order.target.id) > order.version or None

    return settle(moved, pace) is not None


def settled(
    client: ReadClient, wanted: ActionContent, ending: Ending, not_done: Publication, pace: Timing
) -> Publication:
    """Decide by reading what became of a write: ours is live, a colleague's is, or nothing happened: `not_done`.

    Raises what the gateway does where the action cannot be read.
    """
    now = content_now(client, ending.order, pace)
    if now.version <= ending.order.version:
        return not_done
    return ending.after_somebody(now, wanted)
