"""The task verify: that exactly the planned timeouts changed, from a fresh read."""

from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.states import Failed as FailedState

from genesys import ReadClient
from publishing.order import Order, Publication
from publishing.verification import verify as verify_publication
from timeouts.outcomes import Failed, Outcome, Unknown


@task(name="verify", task_run_name="verify {order.name}", cache_policy=NO_CACHE, persist_result=False)
def verify(client: ReadClient, order: Order, publication: Publication) -> State[Any]:
    """Read back one published Architect flow and compare it in full. The state holds the final outcome."""
    outcome = verify_publication(client, order, publication)
    get_run_logger().info("%s: %s %s", outcome.name, outcome.outcome, outcome.reason)
    if isinstance(outcome, (Failed, Unknown)):
        return FailedState(name=outcome.outcome.capitalize(), message=outcome.reason, data=outcome)
    return Completed(data=outcome)


def outcome_of(state: State[Any]) -> Outcome:
    """Give the outcome in the state of a finished verify task; raises what stopped it when there is none."""
    found = state.result(raise_on_failure=False)
    if isinstance(found, BaseException):
        raise found
    outcome: Outcome = found
    return outcome
