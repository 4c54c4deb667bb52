"""Changing the limit of an action by PATCH: one request that is all or nothing, under the platform's own lock.

| step    | reads                                | writes | then                                                     |
|---------|--------------------------------------|--------|----------------------------------------------------------|
| look    | action, templates, draft             | -      | PATCH; skipped: a draft, another version or limit; gone  |
| PATCH   | lost: action, templates; refused:    | PATCH  | published; skipped: another version, a draft; failed:    |
|         | the same and the draft               |        | not done                                                 |

The whole configuration is sent back, both templates included, for what is not sent is lost (genesys-cloud.md 5). Its
`version` is the lock: a PATCH on top of a colleague's is refused.
"""

from genesys import AmbiguousWrite, Conflict, GenesysError, Gone, InvalidRequest, NotFound, WriteClient
from publishing.action_ending import GONE, INTERRUPTED, Ending
from publishing.action_order import ActionOrder, ActionPublication
from publishing.order import Pace
from timeouts.action_content import ActionContent

_DRAFTED = "somebody has a draft of it, which a change could take away"


def patch_limit(client: WriteClient, order: ActionOrder, pace: Pace) -> ActionPublication:
    """Make the planned limit live, or leave the action as it was and say why. Raises nothing that the gateway does."""
    ending = Ending(order)
    try:
        content = client.action_content(order.action_id)
        has_draft = client.action_draft(order.action_id) is not None
    except GenesysError as problem:
        return ending.not_begun(problem)
    stands = ending.already(content)
    if stands is None and has_draft:
        stands = ending.skipped(_DRAFTED)
    if stands is None and pace.stopped():
        stands = ending.skipped(INTERRUPTED)
    return stands or _patch(client, order, content, ending)


def _patch(client: WriteClient, order: ActionOrder, content: ActionContent, ending: Ending) -> ActionPublication:
    ending.hide(content)
    wanted = content.with_limit(order.after_ms)
    try:
        version = client.patch_action(order.action_id, wanted.patch())
    except AmbiguousWrite as lost:
        not_done = ending.failed(f"the change was lost on the way and did not happen ({lost})")
        return settled(client, wanted, ending, not_done)
    except (Conflict, InvalidRequest) as refusal:
        return _refused(client, ending, refusal)
    except GenesysError as problem:
        return ending.not_begun(problem)
    return ending.published(version, wanted)


def _refused(client: WriteClient, ending: Ending, refusal: GenesysError) -> ActionPublication:
    """Say what stood in the way: another version, a draft, or the change itself. A refusal is an answer: not done."""
    action_id = ending.order.action_id
    try:
        stands = ending.already(client.action_content(action_id))
        if stands is None and client.action_draft(action_id) is not None:
            stands = ending.skipped(_DRAFTED)
    except (NotFound, Gone):
        return ending.skipped(GONE)
    except GenesysError as problem:
        return ending.failed(f"the platform refused the change ({refusal}), and why could not be read: {problem}")
    return stands or ending.failed(f"the platform refused the change ({refusal})")


def settled(
    client: WriteClient, wanted: ActionContent, ending: Ending, not_done: ActionPublication
) -> ActionPublication:
    """Decide by reading what became of a write: ours is live, a colleague's is, or nothing happened: `not_done`."""
    try:
        now = client.action_content(ending.order.action_id)
    except (NotFound, Gone):
        return ending.skipped(GONE)
    except GenesysError as problem:
        return ending.unknown(f"what became of the change could not be read: {problem}")
    if now.version == ending.order.version:
        return not_done
    return ending.after_somebody(now, wanted)
