"""The task publish: one Architect flow of the plan, by the publishing protocol."""

from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from genesys import WriteClient, about, fields, of_architect_flow
from publishing.order import Order, Publication, Timing
from publishing.publish import publish as publish_order
from tasks.finished import ended_as, found_in


@task(
    name="publish",
    task_run_name="publish {order.name}",
    cache_policy=NO_CACHE,  # what the platform shows decides what is left to do, never a file of ours
    persist_result=False,
)
def publish(client: WriteClient, order: Order, pace: Timing) -> State[Any]:
    """Make one Architect flow's planned timeouts live. The state holds the `Publication`; it is red when that is.

    Prefect never repeats this by itself: run again, the protocol reads what is true on the platform and goes on
    from there.
    """
    with about(of_architect_flow(order.architect_flow_id, order.name)):
        publication = publish_order(client, order, pace)
        outcome = publication.outcome
        get_run_logger().info(
            "%s: %s %s", outcome.name, outcome.outcome, outcome.reason, extra=fields({"outcome": outcome.outcome})
        )
    return ended_as(outcome.outcome, outcome.reason, publication, is_bad=outcome.is_bad)


def publication_of(state: State[Any]) -> Publication:
    """Give the publication in the state of a finished publish task."""
    return found_in(state, Publication)
