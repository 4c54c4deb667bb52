"""The task verify: that exactly the planned timeouts changed, from a fresh read."""

from typing import Any, cast

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from genesys import ReadClient, about, fields, of_architect_flow
from publishing.order import Order, Publication
from publishing.verification import verify as verify_publication
from tasks.finished import ended_as, found_in
from timeouts.outcomes import Failed, Outcome, Published, Skipped, Unchanged, Unknown


@task(name="verify", task_run_name="verify {order.name}", cache_policy=NO_CACHE, persist_result=False)
def verify(client: ReadClient, order: Order, publication: Publication) -> State[Any]:
    """Read back one published Architect flow and compare it in full. The state holds the final outcome."""
    with about(of_architect_flow(order.architect_flow_id, order.name)):
        outcome = verify_publication(client, order, publication)
        get_run_logger().info(
            "%s: %s %s", outcome.name, outcome.outcome, outcome.reason, extra=fields({"outcome": outcome.outcome})
        )
    return ended_as(outcome.outcome, outcome.reason, outcome, is_bad=outcome.is_bad)


def outcome_of(state: State[Any]) -> Outcome:
    """Give the outcome in the state of a finished verify task."""
    return cast("Outcome", found_in(state, Published, Unchanged, Skipped, Failed, Unknown))
