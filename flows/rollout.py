"""Publishing a plan: the canary first, then a few at a time, each verified, until done or until too many failed."""

from collections.abc import Iterator, Sequence

from prefect import unmapped

from genesys import WriteClient
from publishing.order import Order, Pace
from tasks.progress import Stage
from tasks.publish import publication_of, publish
from tasks.verify import outcome_of, verify
from timeouts.outcomes import Failed, Outcome, Published, Skipped, Unknown
from timeouts.plan import Plan
from timeouts.policy import Policy
from timeouts.steps import Reading


def orders_of(plan: Plan, readings: Sequence[Reading]) -> list[Order]:
    """One order for each Architect flow that changes, common modules before their users."""
    kinds = {reading.architect_flow_id: reading.kind for reading in readings}
    return [
        Order(
            architect_flow_id=pin.architect_flow_id,
            name=pin.name,
            kind=kinds.get(pin.architect_flow_id, "architect"),
            version=pin.version,
            fingerprint=pin.fingerprint,
            edits=plan.edits_of(pin.architect_flow_id),
        )
        for pin in plan.publish_order()
    ]


def outcomes_of_held(plan: Plan) -> list[Outcome]:
    """One outcome for each Architect flow that a person holds: nothing is sent for it."""
    return [
        Skipped(architect_flow_id=pin.architect_flow_id, name=pin.name, version_before=pin.version, reason=pin.obstacle)
        for pin in plan.held
    ]


def roll_out(client: WriteClient, orders: Sequence[Order], policy: Policy, pace: Pace) -> Iterator[Outcome]:
    """Publish and verify each order; yields one outcome an order. Call it in the body of a Prefect flow.

    One at a time until the first one is published: it is the canary. When the canary fails, when the policy's failure
    budget is used up, or when the run is asked to stop, the rest is not started and its outcomes say so.
    """
    waiting = list(orders)
    has_canary = False
    failures = 0
    with Stage("Publishing Architect flows", len(orders)) as stage:
        while waiting:
            why_not = _why_not_on(failures, policy, pace, has_canary=has_canary)
            if why_not:
                yield from _not_started(waiting, why_not)
                return
            size = policy.at_a_time if has_canary else 1
            batch, waiting = waiting[:size], waiting[size:]
            for outcome in _publish_and_verify(client, batch, pace):
                has_canary = has_canary or isinstance(outcome, Published)
                failures += isinstance(outcome, (Failed, Unknown))
                stage.advance()
                yield outcome


def _why_not_on(failures: int, policy: Policy, pace: Pace, *, has_canary: bool) -> str:
    """Say why nothing more is started, or give ''."""
    if pace.stopped():
        return "the run was interrupted"
    if failures and not has_canary:
        return "the first one (the canary) failed"
    if failures >= policy.failure_budget:
        return f"{failures} others failed before it, which is the failure budget"
    return ""


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
