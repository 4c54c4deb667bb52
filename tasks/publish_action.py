"""The task publish-action: the limit of one action of the plan, by the route that loses nothing."""

from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from genesys import WriteClient, about, fields, of_action
from publishing.action_order import ActionOrder, ActionPublication, Marks
from publishing.order import Timing
from publishing.publish_action import publish_action as publish_order
from tasks.finished import ended_as, found_in


@task(
    name="publish-action",
    task_run_name="publish-action {order.name}",
    cache_policy=NO_CACHE,  # what the platform shows decides what is left to do, never a file of ours
    persist_result=False,
)
def publish_action(client: WriteClient, order: ActionOrder, pace: Timing, marks: Marks) -> State[Any]:
    """Make one action's planned limit live. The state holds the `ActionPublication`; it is red when that is.

    Prefect never repeats this by itself: run again, the protocol reads what is true on the platform.
    """
    with about(of_action(order.action_id, order.name)):
        publication = publish_order(client, order, pace, marks)
        outcome = publication.outcome
        get_run_logger().info(
            "%s: %s %s", outcome.name, outcome.outcome, outcome.reason, extra=fields({"outcome": outcome.outcome})
        )
    return ended_as(outcome.outcome, outcome.reason, publication, is_bad=outcome.is_bad)


def action_publication_of(state: State[Any]) -> ActionPublication:
    """Give the publication in the state of a finished publish-action task."""
    return found_in(state, ActionPublication)
