"""The task publish: one Architect flow of the plan, by the publishing protocol."""

from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.states import Failed as FailedState

from genesys import WriteClient
from publishing.order import Order, Pace, Publication
from publishing.publish import publish as publish_order
from timeouts.outcomes import Failed, Unknown


@task(
    name="publish",
    task_run_name="publish {order.name}",
    cache_policy=NO_CACHE,  # what the platform shows decides what is left to do, never a file of ours
    persist_result=False,
)
def publish(client: WriteClient, order: Order, pace: Pace) -> State[Any]:
    """Make one Architect flow's planned timeouts live. The state holds the `Publication`; it is red when that is.

    Prefect never repeats this by itself: run again, the protocol reads what is true on the platform and goes on
    from there.
    """
    publication = publish_order(client, order, pace)
    outcome = publication.outcome
    get_run_logger().info("%s: %s %s", outcome.name, outcome.outcome, outcome.reason)
    if isinstance(outcome, (Failed, Unknown)):
        return FailedState(name=outcome.outcome.capitalize(), message=outcome.reason, data=publication)
    return Completed(name=outcome.outcome.capitalize(), message=outcome.reason or None, data=publication)


def publication_of(state: State[Any]) -> Publication:
    """The publication in the state of a finished publish task."""
    found = state.result(raise_on_failure=False)
    if isinstance(found, Publication):
        return found
    if isinstance(found, BaseException):
        raise found
    raise TypeError(f"a publish task ended without a publication: {state}")
