"""The task verify-action: that of an action exactly the planned limit changed, from a fresh read."""

from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from genesys import ReadClient, about, fields, of_action
from publishing.action_order import ActionOrder, ActionPublication
from publishing.order import Timing
from publishing.publish_action import verify_action as verify_publication
from tasks.finished import ended_as, found_in
from timeouts.action_outcomes import ActionOutcome


@task(name="verify-action", task_run_name="verify-action {order.name}", cache_policy=NO_CACHE, persist_result=False)
def verify_action(client: ReadClient, order: ActionOrder, publication: ActionPublication, pace: Timing) -> State[Any]:
    """Read back one changed action and compare it in full. The state holds the final outcome."""
    with about(of_action(order.action_id, order.name)):
        outcome = verify_publication(client, order, publication, pace)
        get_run_logger().info(
            "%s: %s %s", outcome.name, outcome.outcome, outcome.reason, extra=fields({"outcome": outcome.outcome})
        )
    return ended_as(outcome.outcome, outcome.reason, outcome, is_bad=outcome.is_bad)


def action_outcome_of(state: State[Any]) -> ActionOutcome:
    """Give the outcome in the state of a finished verify-action task."""
    return found_in(state, ActionOutcome)
