"""The task publish: one Architect flow or action of the plan, by the protocol that its target asks for."""

from typing import Any

from prefect import task
from prefect.client.schemas.objects import State

from genesys import about, of_target
from publishing.architect.lock import ShownLocks
from publishing.order import DraftMarks, Order, Timing
from publishing.publish import Writer
from publishing.publish import publish as publish_order
from tasks.running.endings import ended_as
from tasks.running.names import after_the_target
from tasks.running.retries import OURS


@task(name="publish", task_run_name=after_the_target, **OURS)
def publish(writer: Writer, order: Order, pace: Timing, marks: DraftMarks, shown: ShownLocks) -> State[Any]:
    """Make one planned change. The state holds the `Publication`; it is red when that is.

    Prefect never repeats this by itself: run again, the protocol reads what is true there and goes on
    from there.
    """
    with about(of_target(order.target)):
        publication = publish_order(writer, order, pace, marks, shown)
        return ended_as(publication.outcome, publication)
