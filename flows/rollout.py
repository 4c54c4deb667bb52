"""Publishing a plan: the limits of actions before the steps that need them, each kind with a canary first."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from prefect import get_run_logger
from prefect.futures import PrefectFuture, as_completed

from genesys import WriteClient
from publishing.action_order import ActionOrder, Marks
from publishing.order import Order, Timing
from tasks.progress import Stage
from tasks.publish import publication_of, publish
from tasks.publish_action import action_publication_of, publish_action
from tasks.verify import outcome_of, verify
from tasks.verify_action import action_outcome_of, verify_action
from timeouts.action_outcomes import ActionOutcome, ActionOutcomeKind
from timeouts.outcomes import Failed, Outcome, Published, Skipped, Unknown
from timeouts.plan import Plan
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
            originals=plan.originals_of(pin.architect_flow_id),
            may_lower=plan.may_lower,
        )
        for pin in plan.publish_order()
    ]


def action_orders_of(plan: Plan) -> list[ActionOrder]:
    """One order for each action whose limit changes."""
    return [
        ActionOrder(
            action_id=change.action_id,
            name=change.name,
            kind=change.kind,
            version=change.version,
            before_ms=change.before_ms,
            after_ms=change.after_ms,
            may_lower=plan.may_lower,
        )
        for change in plan.action_changes
    ]


def outcomes_of_held(plan: Plan) -> list[Outcome]:
    """One outcome for each Architect flow that a person holds: nothing is sent for it."""
    return [
        Skipped(architect_flow_id=pin.architect_flow_id, name=pin.name, version_before=pin.version, reason=pin.obstacle)
        for pin in plan.held
    ]


class Rollout:
    """One plan on its way. The failures of both kinds count together, against the policy's failure budget.

    Of each kind the first one that is published is the canary: when it fails, when the budget is used up, or when the
    run is asked to stop, the rest is not started, and its outcomes say so.
    """

    def __init__(self, client: WriteClient, plan: Plan, pace: Timing, begin: Callable[[str], str]) -> None:
        """`begin` is told the id of each target right before it is started; says why it must not be, or gives ''."""
        self._client = client
        self._plan = plan
        self._pace = pace
        self._begin = begin
        self._not_recorded = ""
        self._failures = 0
        self._dead_canary = ""

    def publish_actions(self, orders: Sequence[ActionOrder], marks: Marks) -> Iterator[ActionOutcome]:
        """Publish and verify each order, one at a time; yields one outcome an order."""
        has_canary = False
        with Stage("Changing action limits", len(orders)) as stage:
            for order in orders:
                why_not = self._why_not_on()
                outcome = _action(order, "skipped", f"not started: {why_not}") if why_not else self._one(order, marks)
                if outcome.is_bad and not has_canary:
                    self._dead_canary = "the first action (the canary) failed"
                has_canary = has_canary or outcome.outcome == "published"
                self._failures += outcome.is_bad
                stage.advance()
                yield outcome

    def publish_architect_flows(self, orders: Sequence[Order], masked: Sequence[Outcome]) -> Iterator[Outcome]:
        """Publish and verify each order, a few at a time after the canary; yields one outcome an order.

        `masked`: the outcomes of those that are not started, for an action that they need was not changed.
        """
        yield from masked
        left_out = {outcome.architect_flow_id for outcome in masked}
        waiting = [order for order in orders if order.architect_flow_id not in left_out]
        has_canary = False
        with Stage("Publishing Architect flows", len(waiting)) as stage:
            under_way = _UnderWay(self._client, self._pace)
            while waiting or under_way:
                why_not = self._why_not_on()
                if why_not and not under_way:
                    yield from _not_started(waiting, why_not)
                    return
                at_a_time = self._plan.policy.at_a_time if has_canary else 1
                while waiting and not why_not and len(under_way) < at_a_time:
                    order = waiting.pop(0)
                    if why_not := self._why_not_begun(order.architect_flow_id):
                        yield Failed(**_naming(order), reason=f"not started: {why_not}")
                        self._failures += 1
                    else:
                        under_way.start(order)
                if not under_way:
                    continue
                outcome = under_way.next_outcome()
                if outcome.is_bad and not has_canary:
                    self._dead_canary = "the first one (the canary) failed"
                has_canary = has_canary or isinstance(outcome, Published)
                self._failures += outcome.is_bad
                stage.advance()
                yield outcome

    def _why_not_on(self) -> str:
        """Say why nothing more is started, or give ''."""
        if self._pace.stopped():
            return "the run was interrupted"
        if self._not_recorded or self._dead_canary:
            return self._not_recorded or self._dead_canary
        if self._failures >= self._plan.policy.failure_budget:
            return f"{self._failures} others failed before it, which is the failure budget"
        return ""

    def _why_not_begun(self, target: str) -> str:
        """Say why a target must not be started after all, or give '': then it is recorded as begun."""
        self._not_recorded = self._begin(target)
        return self._not_recorded

    def _one(self, order: ActionOrder, marks: Marks) -> ActionOutcome:
        if why_not := self._why_not_begun(order.action_id):
            return _action(order, "failed", f"not started: {why_not}")
        try:
            published = publish_action(self._client, order, self._pace, marks, return_state=True)
            verified = verify_action(
                self._client, order, action_publication_of(published), self._pace, return_state=True
            )
            return action_outcome_of(verified)
        except Exception as problem:  # noqa: BLE001 - it was begun, and the outcomes of the others must be told
            return _action(order, "unknown", _unknown_because(problem))


class _UnderWay:
    """The orders that are being published or verified: the next one starts as soon as one of them is through.

    Whatever stops one of these tasks leaves its order unknown: it was begun, and the others have outcomes to be told.
    """

    def __init__(self, client: WriteClient, pace: Timing) -> None:
        self._client = client
        self._pace = pace
        self._publishing: dict[PrefectFuture[Any], Order] = {}
        self._verifying: dict[PrefectFuture[Any], Order] = {}

    def __len__(self) -> int:
        return len(self._publishing) + len(self._verifying)

    def start(self, order: Order) -> None:
        """Begin to publish one."""
        self._publishing[publish.submit(self._client, order, self._pace)] = order

    def next_outcome(self) -> Outcome:
        """Wait until one of them is verified; what has been published meanwhile goes on to its verification."""
        while True:
            ended = next(as_completed([*self._publishing, *self._verifying]))
            ended.wait()  # its state is known to the server before it is known to the future
            try:
                if ended in self._verifying:
                    order = self._verifying.pop(ended)
                    return outcome_of(ended.state)
                order = self._publishing.pop(ended)
                self._verifying[verify.submit(self._client, order, publication_of(ended.state))] = order
            except Exception as problem:  # noqa: BLE001 - see above
                return Unknown(**_naming(order), reason=_unknown_because(problem))


def masked_outcomes(plan: Plan, orders: Sequence[Order], became: Sequence[ActionOutcome]) -> list[Outcome]:
    """Give one outcome for each Architect flow whose change would be masked, for its action was not changed."""
    done = {outcome.action_id for outcome in became if outcome.is_done}
    found: list[Outcome] = []
    for order in orders:
        missing = [change for change in plan.actions_needed_by(order.architect_flow_id) if change.action_id not in done]
        if missing:
            names = ", ".join(change.name for change in missing)
            why = f"not started: it needs a longer limit of {names}, which was not changed; its own would be masked"
            found.append(Skipped(**_naming(order), reason=why))
    return found


def none_started(plan: Plan, readings: Sequence[Reading], why: str) -> list[Outcome | ActionOutcome]:
    """One outcome for each Architect flow and action of a plan that was not even begun."""
    actions = [_action(order, "skipped", f"not started: {why}") for order in action_orders_of(plan)]
    return [*actions, *_not_started(orders_of(plan, readings), why)]


def _not_started(orders: Sequence[Order], why: str) -> Iterator[Outcome]:
    for order in orders:
        yield Skipped(**_naming(order), reason=f"not started: {why}")


def _naming(order: Order) -> dict[str, Any]:
    return {"architect_flow_id": order.architect_flow_id, "name": order.name, "version_before": order.version}


def _unknown_because(problem: Exception) -> str:
    get_run_logger().error("an order was not carried to its end", exc_info=problem)
    return f"it was begun, and something unexpected stopped it: {problem!r}; run again to resolve it"


def _action(order: ActionOrder, outcome: ActionOutcomeKind, reason: str) -> ActionOutcome:
    return ActionOutcome(
        action_id=order.action_id,
        name=order.name,
        outcome=outcome,
        reason=reason,
        limit_before_ms=order.before_ms,
        limit_after_ms=order.after_ms,
        version_before=order.version,
    )
