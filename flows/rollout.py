"""Publishing a plan: the canary first, then a few at a time, each verified, until done or until too many failed."""

from collections.abc import Iterator, Sequence

from prefect import unmapped

from flows.pace import PACE
from genesys import WriteClient
from publishing.order import Order, Pace
from tasks.progress import Stage
from tasks.publish import publication_of, publish
from tasks.verify import outcome_of, verify
from timeouts.outcomes import Failed, Outcome, Published, Skipped, Unknown
from timeouts.plan import Plan
from timeouts.steps import Reading

AT_A_TIME = 4
FAILURE_BUDGET = 3
"""So many failed or unknown outcomes end the run: then it is not one Architect flow that something is wrong with."""


def orders_of(plan: Plan, readings: Sequence[Reading]) -> list[Order]:
    """One order for each Architect flow that changes, common modules before their users."""
    kinds = {reading.architect_flow_id: reading.kind for reading in readings}
    return [
        Order(
            architect_flow_id=pin.architect_flow_id,
            name=pin.name,
            kind=kinds[pin.architect_flow_id],
            version=pin.version,
            fingerprint=pin.fingerprint,
            timeouts_ms=plan.timeouts_of(pin.architect_flow_id),
        )
        for pin in plan.publish_order()
    ]


def roll_out(client: WriteClient, orders: Sequence[Order], pace: Pace = PACE) -> Iterator[Outcome]:
    """Publish and verify each order; yields one outcome an order. Call it in the body of a Prefect flow.

    One at a time until the first one is published: it is the canary. When the canary fails, or the failure budget is
    used up, the rest is not started and its outcomes say so.
    """
    waiting = list(orders)
    has_canary = False
    failures = 0
    with Stage("Publishing Architect flows", len(orders)) as stage:
        while waiting:
            size = AT_A_TIME if has_canary else 1
            batch, waiting = waiting[:size], waiting[size:]
            for outcome in _publish_and_verify(client, batch, pace):
                has_canary = has_canary or isinstance(outcome, Published)
                failures += isinstance(outcome, (Failed, Unknown))
                stage.advance()
                yield outcome
            if failures and not has_canary:
                yield from _not_started(waiting, "the first one (the canary) failed")
                return
            if failures >= FAILURE_BUDGET:
                yield from _not_started(waiting, f"{failures} others failed before it")
                return


def _publish_and_verify(client: WriteClient, batch: Sequence[Order], pace: Pace) -> list[Outcome]:
    published = publish.map(unmapped(client), list(batch), unmapped(pace))
    published.wait()
    publications = [publication_of(future.state) for future in published]
    verified = verify.map(unmapped(client), list(batch), publications)
    verified.wait()
    return [outcome_of(future.state) for future in verified]


def _not_started(orders: Sequence[Order], why: str) -> Iterator[Outcome]:
    for order in orders:
        yield Skipped(
            architect_flow_id=order.architect_flow_id,
            name=order.name,
            version_before=order.version,
            reason=f"not started: {why}",
        )
