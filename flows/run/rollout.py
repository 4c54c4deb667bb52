"""Publishing a plan: the limits of actions before the steps that need them, each kind with a canary first."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from prefect import get_run_logger
from prefect.futures import PrefectFuture, as_completed

from flows.run.progress import Stage
from publishing.architect.lock import ShownLocks
from publishing.order import (
    ActionOrder,
    ArchitectFlowOrder,
    DraftMarks,
    Order,
    Publication,
    Timing,
    orders_for_actions,
    orders_for_architect_flows,
)
from publishing.publish import Writer
from tasks.publish import publish
from tasks.running.endings import found_in
from tasks.verify import verify
from timeouts.inventory import Inventory
from timeouts.model.steps import Reading
from timeouts.planning.later.since_the_plan import stale_since
from timeouts.planning.outcomes import (
    FILE_REFUSED_AS_IT_IS,
    NOT_STARTED,
    REFUSED_AS_IT_IS,
    RUN_INTERRUPTED,
    WINDOW_CLOSED,
    Outcome,
)
from timeouts.planning.plan import Plan


class Rollout:
    """One plan on its way. The failures of both kinds of target count together, against the policy's failure budget.

    Files that are refused as they are do not count: a dry run has named them, and nothing was sent anywhere.
    Of each kind the first ones that are published are the canary, as many as the policy says, one after the other. One
    that the platform refuses for reasons of its own says nothing of the others, so the next one takes its place. When
    one fails in any other way, when the budget is used up, when the window closes, or when the run is asked to stop,
    the rest is not started, and its outcomes say so.
    """

    def __init__(
        self,
        writer: Writer,
        plan: Plan,
        now: Inventory,
        pace: Timing,
        marks: DraftMarks,
        *,
        begin: Callable[[str], str],
        closed: Callable[[], str],
    ) -> None:
        """`now`: the org as it was read last, which may be long after the plan was made.

        `begin` is told the id of each target right before it is started; returns why it must not be, or ''.
        `closed` says why nothing may be published at this time of day, or ''.
        """
        self._writer = writer
        self._plan = plan
        self._now = now
        self._pace = pace
        self._marks = marks
        self._begin = begin
        self._closed = closed
        self._not_recorded = ""
        self._failures = 0
        self._dead_canary = ""
        self._ended: dict[str, Outcome] = {}

    def publish(self) -> Iterator[Outcome]:
        """Publish and verify all that the plan changes; yields one outcome a target, as soon as it is known.

        Actions go before the steps that need them, and an Architect flow whose action was not changed is left; on the
        way back actions go last.
        """
        for outcome in self._outcomes():
            self._ended[outcome.target.id] = outcome
            yield outcome

    def _outcomes(self) -> Iterator[Outcome]:
        actions = orders_for_actions(self._plan)
        architect_flows = orders_for_architect_flows(self._plan, self._now.readings)
        if self._plan.undoes:
            yield from self._publish_architect_flows(architect_flows)
            yield from self._publish_actions(actions)
            return
        yield from self._publish_actions(actions)
        done = [target_id for target_id, outcome in self._ended.items() if outcome.is_done]
        masked = _masked(self._plan, architect_flows, done)
        yield from masked.values()
        yield from self._publish_architect_flows([each for each in architect_flows if each.target.id not in masked])

    def _publish_actions(self, orders: Sequence[Order]) -> Iterator[Outcome]:
        if orders:
            yield from self._publish_orders("Changing action limits", orders, at_a_time=1)

    def _publish_architect_flows(self, orders: Sequence[Order]) -> Iterator[Outcome]:
        verb = "Writing" if self._plan.organization.is_files else "Publishing"
        yield from self._publish_orders(f"{verb} Architect flows", orders, self._plan.policy.at_a_time)

    def _publish_orders(self, title: str, orders: Sequence[Order], at_a_time: int) -> Iterator[Outcome]:
        """Publish and verify orders of one kind: one by one at first, `at_a_time` after the canary."""
        waiting, missing = list(orders), self._plan.policy.canary
        under_way = _UnderWay(self._writer, self._pace, self._marks)
        with Stage(title, len(waiting)) as stage:
            while waiting or under_way:
                why_not = self._why_not_on()
                if why_not and not under_way:
                    yield from _not_started(waiting, why_not)
                    return
                while not why_not and len(under_way) < (1 if missing else at_a_time):
                    if (order := self._next_ready(waiting)) is None:
                        break
                    if isinstance(order, Outcome):
                        stage.advance()
                        yield order
                    elif why_not := self._why_not_begun(order):
                        yield order.outcome("failed", f"{NOT_STARTED}{why_not}")
                        self._failures += 1
                    else:
                        under_way.start(order)
                if not under_way:
                    continue
                outcome = under_way.next_outcome()
                if missing and outcome.is_doubtful:
                    self._dead_canary = f"the canary, {outcome.target.name}, failed"
                if missing and outcome.outcome == "published":
                    missing -= 1
                self._failures += self._counts(outcome)
                stage.advance()
                yield outcome.noted(self._as_it_is) if outcome.is_refused else outcome

    def _counts(self, outcome: Outcome) -> bool:
        """Return whether it counts as a failure: a file that cannot be changed as it is says nothing of the others."""
        return outcome.is_doubtful if self._plan.organization.is_files else outcome.is_bad

    @property
    def _as_it_is(self) -> str:
        """What to do about a target that is not taken as it is."""
        return FILE_REFUSED_AS_IT_IS if self._plan.organization.is_files else REFUSED_AS_IT_IS

    def _next_ready(self, waiting: list[Order]) -> Order | Outcome | None:
        """Take out the first order whose modules have ended; None where each has to wait for one."""
        for place, order in enumerate(waiting):
            embeds = order.embeds if isinstance(order, ArchitectFlowOrder) else ()
            if all(module_id in self._ended for module_id in embeds):
                del waiting[place]
                return self._as_it_may_go(order)
        return None

    def _as_it_may_go(self, order: Order) -> Order | Outcome:
        """Return what of an order may be published by now, or why it is left.

        Where a module did not go live, there is nothing to take in: what is left are the Architect flow's own changes,
        and without any it is left as it is.
        """
        if isinstance(order, ActionOrder):
            return order
        done = {target_id for target_id, outcome in self._ended.items() if outcome.is_done}
        if why := stale_since(self._plan, self._now, order.target.id, done):
            return order.outcome("skipped", why)
        dead = set(order.embeds) - done
        copies = tuple(copy for copy in order.copies if copy.module_id not in dead)
        if order.edits or copies or not dead:
            return order.model_copy(update={"copies": copies, "embeds": tuple(sorted(done.intersection(order.embeds)))})
        names = ", ".join(sorted(self._ended[each].target.name for each in dead))
        return order.outcome("skipped", f"{NOT_STARTED}it was to take in {names}, which was not published")

    def _why_not_on(self) -> str:
        """Say why nothing more is started, or give ''."""
        if self._pace.stopped():
            return RUN_INTERRUPTED
        if closed := self._closed():
            return f"{WINDOW_CLOSED}{closed}"
        if self._not_recorded or self._dead_canary:
            return self._not_recorded or self._dead_canary
        if self._failures >= self._plan.policy.failure_budget:
            return f"{self._failures} others failed before it, which is the failure budget"
        return ""

    def _why_not_begun(self, order: Order) -> str:
        """Say why a target must not be started after all, or give '': then it is recorded as begun."""
        self._not_recorded = self._begin(order.target.id)
        return self._not_recorded


class _UnderWay:
    """The orders that are being published or verified: the next one starts as soon as one of them is through.

    Whatever stops one of these tasks leaves its order unknown: it was begun, and the others have outcomes to be told.
    """

    def __init__(self, writer: Writer, pace: Timing, marks: DraftMarks) -> None:
        self._writer = writer
        self._pace = pace
        self._marks = marks
        self._shown = ShownLocks()
        self._publishing: dict[PrefectFuture[Any], Order] = {}
        self._verifying: dict[PrefectFuture[Any], Order] = {}

    def __len__(self) -> int:
        return len(self._publishing) + len(self._verifying)

    def start(self, order: Order) -> None:
        """Begin to publish one."""
        self._publishing[publish.submit(self._writer, order, self._pace, self._marks, self._shown)] = order

    def next_outcome(self) -> Outcome:
        """Wait until one of them is verified; what has been published meanwhile goes on to its verification."""
        while True:
            ended = next(as_completed([*self._publishing, *self._verifying]))
            ended.wait()  # its state is known to the server before it is known to the future
            try:
                if ended in self._verifying:
                    order = self._verifying.pop(ended)
                    return found_in(ended.state, Outcome)
                order = self._publishing.pop(ended)
                publication = found_in(ended.state, Publication)
                self._verifying[verify.submit(self._writer, order, publication, self._pace)] = order
            except Exception as problem:  # noqa: BLE001 - see above
                get_run_logger().error("an order was not carried to its end", exc_info=problem)
                why = f"it was begun, and something unexpected stopped it: {problem!r}; run again to resolve it"
                return order.outcome("unknown", why)


def outcomes_of_held(plan: Plan) -> list[Outcome]:
    """Return one outcome for each Architect flow that a person holds: nothing is sent for it."""
    return [
        Outcome(target=pin.target, outcome="skipped", version_before=pin.version, reason=pin.obstacle)
        for pin in plan.held
    ]


def none_started(plan: Plan, readings: Sequence[Reading]) -> list[Outcome]:
    """Return one outcome for each target of a plan that was not even begun, as the run was interrupted before."""
    return list(_not_started([*orders_for_actions(plan), *orders_for_architect_flows(plan, readings)], RUN_INTERRUPTED))


def _not_started(orders: Sequence[Order], why: str) -> Iterator[Outcome]:
    for order in orders:
        yield order.outcome("skipped", f"{NOT_STARTED}{why}")


def _masked(plan: Plan, orders: Sequence[ArchitectFlowOrder], done: Collection[str]) -> dict[str, Outcome]:
    """Return, by id, the outcomes of the Architect flows that are not started: an action that they need is not done."""
    masked: dict[str, Outcome] = {}
    for order in orders:
        needed = plan.actions_needed_by(order.target.id)
        if missing := [change.name for change in needed if change.action_id not in done]:
            why = f"it needs a longer limit of {', '.join(missing)}, which was not changed; its own would be masked"
            masked[order.target.id] = order.outcome("skipped", f"{NOT_STARTED}{why}")
    return masked
