"""A roll back beside the run that it undoes: what that publishes later is never missed in silence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from threading import Event, Thread
from typing import Any

import pytest
from prefect import runtime
from prefect.client.schemas.objects import State

from flows.apply_plan import apply_plan
from flows.raise_timeouts import raise_timeouts
from flows.record.listed import listed_runs
from flows.record.recording import Record
from flows.roll_back import roll_back
from flows.run.progress import listening
from reports.report import Run
from simulator.org.seeds import OrgSeed
from simulator.server import Running
from tasks.storage import default_storage
from tests.flows.conftest import live_contents, plan_of, report_of, run_id_of
from tests.flows.waiting import another_run_in
from tests.flows.writing.test_roll_back import TEN_SECONDS
from tests.flows.writing.undoing.test_undoing_the_right_run import MINE, publish_as_ada
from tests.publishing.scenes import FLOW, org_seed

WENT_ON = (
    "went on publishing after this roll back was planned, or its record could not be read as then: roll it back again"
)


@pytest.fixture(scope="module")
def seed() -> OrgSeed:
    return org_seed(count=3)


@contextmanager
def beside(other: Callable[[str], State[Any]], *, until: str = "") -> Iterator[list[State[Any]]]:
    """Start another run once a run has published its first Architect flow; gives how that other one ended.

    The first one goes on when the other one has ended, or is at the stage whose name begins with `until`.
    """
    outside, reached = copy_context(), Event()
    started: list[Thread] = []
    ended: list[State[Any]] = []

    def follow(stage: str, _done: int, _total: int) -> None:
        if until and stage.startswith(until):
            reached.set()

    def run(run_id: str) -> None:
        with listening(follow):
            ended.append(other(run_id))
        reached.set()

    def once_one_is_live(stage: str, done: int, _total: int) -> None:
        if stage == "Publishing Architect flows" and done == 1 and not started:
            started.append(Thread(target=outside.run, args=(run, str(runtime.flow_run.id))))
            started[0].start()
            assert reached.wait(60)

    with listening(once_one_is_live):
        yield ended
    started[0].join(60)


def test_a_roll_back_that_waited_for_the_run_that_it_undoes_misses_nothing_of_it(served: Running) -> None:
    """It put back what was live when it began, and ended green; the rest stayed raised."""
    before = live_contents(served.org)
    with beside(partial(roll_back, mode="apply", return_state=True), until="Waiting for") as ended:
        raised = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    after = live_contents(served.org)

    assert ended[0].is_failed()
    assert f"the run {report_of(raised).run.name} ({run_id_of(raised)}) {WENT_ON}" in (ended[0].message or "")
    assert report_of(ended[0]).outcomes == ()
    assert sum(after[each] != before[each] for each in before) == 3
    assert roll_back(run_id_of(raised), mode="apply", return_state=True).is_completed()
    assert live_contents(served.org) == before


def test_a_roll_back_that_was_planned_while_its_run_published_says_so_and_is_not_applied_later(
    served: Running,
) -> None:
    """What a terminal does: plan, ask, and apply by checksum."""
    with beside(partial(roll_back, return_state=True)) as ended:
        raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    after = live_contents(served.org)

    applied = apply_plan(plan_of(ended[0]).checksum, return_state=True)

    assert "was Running when this was planned: unless it was killed" in " ".join(report_of(ended[0]).remarks)
    assert applied.is_failed()
    assert WENT_ON in (applied.message or "")
    assert live_contents(served.org) == after


def test_a_plan_that_found_nothing_to_put_back_is_no_success_where_its_run_published_since(
    served: Running,
) -> None:
    """The publish was under way when it was planned: the Architect flow said still what it had said before."""
    dry = report_of(raise_timeouts(policy=TEN_SECONDS, return_state=True))
    run = Run(id="killed-run", name="brave-otter", kind="raise", mode="apply")
    record = Record(default_storage(), dry.model_copy(update={"run": run}))
    record.open()
    assert record.begin(FLOW) == ""
    plan = plan_of(roll_back("killed-run", return_state=True))
    assert plan.changes_nothing
    assert apply_plan(plan.checksum, return_state=True).is_completed()
    publish_as_ada(served, 10)
    record.add(MINE)

    assert WENT_ON in (apply_plan(plan.checksum, return_state=True).message or "")


def test_a_run_that_waits_for_its_turn_has_published_nothing_by_now_and_goes_on(served: Running) -> None:
    """It was said to have ended before its first write, and then it published everything."""
    said: list[str] = []

    def undo() -> None:
        run_id = next(run.id for run in listed_runs() if run.state == "Running")
        said.append(roll_back(run_id, mode="apply", return_state=True).message or "")

    with another_run_in(served.org.seed.id, partial(copy_context().run, undo)):
        raised = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)

    assert raised.is_completed()
    assert f"({run_id_of(raised)}) has published nothing by now, and goes on unless it was killed (Running)" in said[0]
    assert "end it first, then roll back what it has done" in said[0]


def test_of_a_run_that_the_server_does_not_know_it_is_not_known_whether_it_goes_on(dry_run: State[Any]) -> None:
    dry = report_of(dry_run)
    run = Run(id="run-of-another-server", name="brave-otter", kind="raise", mode="apply")
    Record(default_storage(), dry.model_copy(update={"run": run})).open()

    said = roll_back(run.id, mode="apply", return_state=True).message or ""

    assert "has published nothing by now, so there is nothing to put back" in said
    assert "whether it still goes on is not known" in said.lower()
