"""What the exporter makes of the runs that have ended: each end once, by month, by org."""

from datetime import UTC, datetime

import pytest

from deployments.metrics import tally as tallies
from deployments.metrics.server import EndedRun
from deployments.metrics.tally import KEPT_SECONDS, OVERLAP_SECONDS, Tally
from flows.record.figures import RunFigures

DAY = 86_400.0
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC).timestamp()
FIGURES = RunFigures(
    org_id="grunwald", org="Grunwald", read=30, published=2, actions=1, not_done=1, requests=41, rate_limited=3,
    waiting_ms=1500,
)  # fmt: skip


def ended(name: str, at: float, *, end: str = "Completed", kind: str = "audit", **given: object) -> EndedRun:
    values = {"is_deployed": True, "figures": FIGURES} | given
    return EndedRun(id=name, kind=kind, end=end, ended=at, **values)  # type: ignore[arg-type]


def test_an_end_that_is_read_twice_counts_once_and_a_retry_counts_again() -> None:
    tally = Tally()

    tally.add([ended("a", NOON - 60, end="Failed")], NOON)
    tally.add([ended("a", NOON - 60, end="Failed"), ended("a", NOON + 60)], NOON + 90)

    assert tally.ends == {("audit", "Failed"): 1, ("audit", "Completed"): 1}
    assert tally.orgs["grunwald"].figures["requests"] == 82


def test_the_first_reading_goes_back_35_days_and_each_later_one_to_a_little_before_the_last() -> None:
    tally = Tally()

    first = tally.since(NOON)
    tally.add([], NOON)

    assert (first, tally.since(NOON + 3600)) == (NOON - KEPT_SECONDS, NOON - OVERLAP_SECONDS)


def test_an_exporter_that_was_started_again_says_what_the_one_before_it_said() -> None:
    runs = [ended(str(day), NOON - day * DAY, end="Failed") for day in range(34)]
    one, other = Tally(), Tally()

    for run in reversed(runs):
        one.add([run], run.ended)
    one.add([], NOON)
    other.add(runs, NOON)

    assert one.ends == other.ends == {("audit", "Failed"): 20}
    assert one.last_ends == other.last_ends == {("audit", "Failed"): NOON}
    assert one.orgs["grunwald"].figures == other.orgs["grunwald"].figures


def test_a_new_month_begins_with_nothing_and_knows_the_last_good_audits() -> None:
    tally = Tally()
    tally.add([ended("a", NOON)], NOON)

    tally.add([], NOON + 20 * DAY)

    assert tally.ends == {("audit", "Completed"): 0}
    assert tally.orgs["grunwald"].figures["requests"] == 0
    assert tally.orgs["grunwald"].good_audit == NOON


def test_only_an_audit_that_ended_as_completed_is_a_good_one() -> None:
    tally = Tally()

    tally.add([ended("a", NOON, end="Incomplete"), ended("b", NOON, kind="raise")], NOON)

    assert (tally.orgs["grunwald"].good_audit, tally.orgs["grunwald"].is_watched) == (0.0, True)


def test_an_audit_in_a_terminal_makes_no_duty_of_an_org_and_counts_where_there_is_one() -> None:
    tally = Tally()

    tally.add([ended("a", NOON, is_deployed=False)], NOON)
    watched_before = tally.orgs["grunwald"].is_watched
    tally.add([ended("b", NOON - 60)], NOON + 60)

    assert (watched_before, tally.orgs["grunwald"].is_watched) == (False, True)
    assert tally.orgs["grunwald"].good_audit == NOON


def test_an_org_goes_by_the_name_that_it_had_last() -> None:
    tally = Tally()
    renamed = FIGURES.model_copy(update={"org": "Tannenberg"})

    tally.add([ended("b", NOON, figures=renamed), ended("a", NOON - 60)], NOON)

    assert [org.name for org in tally.orgs.values()] == ["Tannenberg"]


def test_an_org_without_a_run_in_35_days_is_told_of_no_more() -> None:
    tally = Tally()
    tally.add([ended("a", NOON)], NOON)

    tally.add([], NOON + KEPT_SECONDS + 1)

    assert tally.orgs == {}


def test_a_run_without_figures_is_counted_and_belongs_to_no_org() -> None:
    tally = Tally()

    tally.add([ended("a", NOON, end="Crashed", figures=None)], NOON)

    assert (tally.ends, tally.orgs) == ({("audit", "Crashed"): 1}, {})


def test_there_are_only_so_many_orgs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "MOST_ORGS", 2)
    tally = Tally()

    names = ("a", "b", "c")
    tally.add([ended(name, NOON, figures=FIGURES.model_copy(update={"org_id": name})) for name in names], NOON)

    assert (list(tally.orgs), tally.left_out) == (["a", "b"], 1)
