"""The task verify: that exactly the planned change is live, from a fresh read."""

from typing import Any

from prefect import task
from prefect.client.schemas.objects import State

from genesys import about, of_target
from publishing.order import Order, Publication, Timing
from publishing.publish import verify as verify_publication
from tasks.running.endings import ended_as
from tasks.running.names import after_the_target
from tasks.running.reader import Reader
from tasks.running.retries import OURS


@task(name="verify", task_run_name=after_the_target, **OURS)
def verify(reader: Reader, order: Order, publication: Publication, pace: Timing) -> State[Any]:
    """Read back one published target and compare it in full. The state holds the final outcome."""
    with about(of_target(order.target)):
        outcome = verify_publication(reader, order, publication, pace)
        return ended_as(outcome, outcome)
