"""Did it help? Raises on the demo org that helped, did nothing and hurt; verdicts recomputed by hand."""

import math
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prefect.client.schemas.objects import State

from flows.audit import audit
from flows.effect import effect
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from reports.effect_report import EffectReport
from reports.report import Report
from simulator.demo.org import build_demo_org
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.org import Org
from simulator.server import Running
from simulator.traffic.periods import Period
from simulator.traffic.reactions import under_limit
from simulator.traffic.recorded_calls import RecordedCalls, recorded_calls
from simulator.traffic.traffic import ANSWERED, HOUR_MS, ActionTraffic
from tests.flows.artifacts import artifacts_of, summary_of
from tests.flows.clocks import DAY_MS, MachineClock
from tests.flows.conftest import org_of_a_module, report_of, run_id_of
from tests.flows.reading.test_evidence import traffic
from timeouts.effect.effect import ActionEffect
from timeouts.policy.policy import Policy

TO_MS = 10_000
BY_ACTIONS = Policy.raise_to(TO_MS, levers=("action",))
ANALYTICS = "POST /api/v2/analytics/actions/aggregates/query"


@dataclass(frozen=True)
class Raised:
    """A raise of action limits that was applied, the org, and where its record lies."""

    org: Org
    report: Report
    results: Path

    @property
    def id(self) -> str:
        return self.report.run.id


@pytest.fixture(scope="module")
def _raised(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raised]:
    results = tmp_path_factory.mktemp("results")
    with org_of_a_module(build_demo_org(), results) as simulator:
        report = report_of(raise_timeouts(policy=BY_ACTIONS, mode="apply", return_state=True))
        yield Raised(simulator.org, report, results)


@pytest.fixture
def raised(_raised: Raised, results: Path) -> Raised:
    """The raise, and its record where the runs of this test look for one."""
    shutil.copytree(_raised.results, results)
    _raised.org.clear_faults()
    _raised.org.clear_log()
    _raised.org.know_calls(Period())
    return _raised


@pytest.fixture
def later(clock: MachineClock) -> MachineClock:
    """Nine days on."""
    clock.move(9 * DAY_MS)
    return clock


def effect_of(run: str, **options: Any) -> EffectReport:
    state = effect(run=run, return_state=True, **options)
    assert state.is_completed(), state.message
    return held(state)


def held(state: State[Any]) -> EffectReport:
    found = state.result(raise_on_failure=False)
    assert isinstance(found, EffectReport), found
    return found


def verdicts(report: EffectReport) -> dict[str, str]:
    return {each.action.name: each.verdict for each in report.effect.actions}


def by_hand(before: RecordedCalls, lost_before: int, after: RecordedCalls, lost_after: int) -> str:
    """The rule of docs/effect.md, written anew."""
    n, m = before.count + 2, after.count + 2
    p, q = (lost_before + 1) / n, (lost_after + 1) / m
    margin = 3 * math.sqrt(p * (1 - p) / n + q * (1 - q) / m)
    if before.count < 100 or after.count < 100:
        return "too few calls to say"
    if q - p > margin:
        return "more lost"
    if p - q > margin:
        return "fewer lost"
    return "no change" if abs(q - p) + margin <= 0.01 else "too few calls to say"


def lost_in(traffic: ActionTraffic, span: tuple[int, int]) -> int:
    return recorded_calls(traffic, *span).count - recorded_calls(traffic, *span, ANSWERED).count


def span(effect: ActionEffect, which: str) -> tuple[int, int]:
    assert effect.stretches is not None
    stretch = getattr(effect.stretches, which)
    return stretch.from_ms, stretch.until_ms


@pytest.mark.usefixtures("later")
def test_every_figure_and_verdict_is_the_one_worked_out_from_the_traffic_by_hand(raised: Raised) -> None:
    found = effect_of(raised.id).effect.actions

    assert raised.report.plan is not None
    assert {each.action.action_id for each in found} == {each.action_id for each in raised.report.plan.action_changes}
    for each in found:
        old = traffic(raised.org, each.action.name)
        new = under_limit(old, TO_MS)
        before, after = span(each, "before"), span(each, "after")
        assert before[1] - before[0] == after[1] - after[0] == 7 * DAY_MS
        calls, calls_after = recorded_calls(old, *before), recorded_calls(new, *after)
        assert each.before is not None
        assert each.after is not None
        assert (each.before.calls, each.before.lost) == (calls.count, lost_in(old, before))
        assert (each.after.calls, each.after.lost) == (calls_after.count, lost_in(new, after))
        assert (each.before.at_limit, each.after.at_limit) == (calls.between(old.limit_ms), calls_after.between(TO_MS))
        assert (each.before.longest_ms, each.after.longest_ms) == (calls.longest_ms, calls_after.longest_ms)
        assert each.verdict == by_hand(calls, lost_in(old, before), calls_after, lost_in(new, after))


@pytest.mark.usefixtures("later")
def test_what_helped_did_nothing_and_hurt_are_told_apart_and_the_worst_is_named_first(raised: Raised) -> None:
    found = effect_of(raised.id)

    assert next(iter(verdicts(found).items())) == ("Order track parcel", "more lost")
    assert verdicts(found)["CRM open cases"] == "fewer lost"
    assert verdicts(found)["CRM customer value"] == "fewer lost"
    assert verdicts(found)["Payment account balance"] == "no change"


@pytest.mark.usefixtures("later")
def test_the_page_names_what_got_worse_before_all_else_and_the_way_back_before_the_figures(raised: Raised) -> None:
    state = effect(run=raised.id, return_state=True)
    artifacts = {str(each.key).rsplit("-", 1)[0]: str(each.data) for each in artifacts_of(run_id_of(state))}

    page = next(data for key, data in artifacts.items() if key.startswith("timeouts-effect-"))
    worse = page.index("More calls are lost at Order track parcel.")
    assert worse < page.index("fewer lost") < page.index("    genesys-timeouts roll-back ") < page.index("data:image")
    assert "data:image/png;base64" in page
    assert any(key.startswith("timeouts-effects-") for key in artifacts)


@pytest.mark.usefixtures("later")
def test_it_asks_twice_for_each_stretch_and_for_nothing_else(raised: Raised) -> None:
    found = effect_of(raised.id)

    assert dict(found.requests.requests) == {"GET /api/v2/organizations/me": 1, ANALYTICS: 4, "POST /oauth/token": 1}


def test_within_the_hour_there_is_nothing_to_compare_and_nothing_is_asked(raised: Raised) -> None:
    found = effect_of(raised.id)

    assert set(verdicts(found).values()) == {"too few calls to say"}
    assert {each.why for each in found.effect.actions} == {"less than one full hour has passed since the change"}
    assert ANALYTICS not in found.requests.requests


@pytest.mark.usefixtures("later")
def test_without_the_permission_it_says_so_and_judges_nothing(raised: Raised) -> None:
    raised.org.add_fault(Fault(kind="status", status=403, match=Match(path="/api/v2/analytics/**", times=None)))

    state = effect(run=raised.id, return_state=True)

    assert (state.is_failed(), state.name) == (True, "Incomplete")
    assert "integrations:action:view" in str(state.message)
    assert set(verdicts(held(state)).values()) == {"no verdict"}


@pytest.mark.usefixtures("later")
def test_without_calls_there_are_too_few_to_say(raised: Raised) -> None:
    raised.org.know_calls(Period(from_ms=0, until_ms=1))

    assert set(verdicts(effect_of(raised.id)).values()) == {"too few calls to say"}


@pytest.mark.usefixtures("later")
def test_the_days_can_be_chosen(raised: Raised) -> None:
    found = effect_of(raised.id, days="2d").effect.actions

    assert {span(each, "after")[1] - span(each, "after")[0] for each in found} == {2 * DAY_MS}


@pytest.mark.usefixtures("raised")
def test_a_run_that_published_nothing_is_refused() -> None:
    dry = raise_timeouts(policy=BY_ACTIONS, return_state=True)
    state = effect(run=run_id_of(dry), return_state=True)

    assert state.is_failed()
    assert "so there is nothing to compare" in str(state.message)
    assert effect(run="no-such-run", return_state=True).is_failed()
    assert "roll" not in str(state.message)


def test_a_second_change_of_the_same_action_ends_the_stretches_of_both(demo: Running, clock: MachineClock) -> None:
    first = report_of(raise_timeouts(policy=BY_ACTIONS, mode="apply", return_state=True)).run.id
    demo.org.advance_ms(3 * DAY_MS)
    clock.move(3 * DAY_MS)
    back = report_of(roll_back(first, mode="apply", return_state=True)).run
    clock.move(9 * DAY_MS)

    raise_effect, back_effect = effect_of(first), effect_of(back.id)

    for each in (*raise_effect.effect.actions, *back_effect.effect.actions):
        assert span(each, "after")[1] - span(each, "after")[0] in (3 * DAY_MS - HOUR_MS, 3 * DAY_MS)
        assert "shortened" in each.why
    assert f"({back.id}) changed it, too" in raise_effect.effect.actions[0].why
    assert verdicts(raise_effect)["CRM open cases"] == "fewer lost"
    assert verdicts(back_effect)["CRM open cases"] == "more lost"
    assert verdicts(back_effect)["Order track parcel"] == "fewer lost"


def test_two_changes_of_the_same_action_in_the_same_hour_have_no_verdict(demo: Running, clock: MachineClock) -> None:
    first = report_of(raise_timeouts(policy=BY_ACTIONS, mode="apply", return_state=True)).run.id
    roll_back(first, mode="apply", return_state=True)
    clock.move(9 * DAY_MS)
    demo.org.clear_log()

    found = effect_of(first)

    assert set(verdicts(found).values()) == {"no verdict"}
    assert not any("analytics" in call.path for call in demo.org.log)


@pytest.mark.usefixtures("later")
def test_a_nightly_audit_says_whether_what_we_published_lately_helped(raised: Raised) -> None:
    state = audit(return_state=True)
    report = report_of(state)

    assert state.is_completed(), state.message
    (found,) = report.effects
    assert found.changes.run_id == raised.id
    assert "Did our changes help?" in summary_of(run_id_of(state))
    assert report.requests.requests[ANALYTICS] == 4


@pytest.mark.parametrize("days", [0, 16])
def test_an_audit_asks_for_no_figures_right_after_a_run_and_two_weeks_later(
    raised: Raised, clock: MachineClock, days: int
) -> None:
    clock.move(days * DAY_MS)

    report = report_of(audit(return_state=True))

    assert report.effects == ()
    assert ANALYTICS not in report.requests.requests
    assert raised.id


@pytest.mark.usefixtures("later")
def test_an_audit_that_may_not_see_the_figures_says_so_and_is_whole_all_the_same(raised: Raised) -> None:
    raised.org.add_fault(Fault(kind="status", status=403, match=Match(path="/api/v2/analytics/**", times=None)))

    state = audit(return_state=True)

    assert state.is_completed(), state.message
    assert "whether it helped cannot be said" in summary_of(run_id_of(state))


@pytest.mark.usefixtures("demo")
def test_a_run_whose_record_is_gone_leaves_no_wrong_verdict_of_the_others(clock: MachineClock, results: Path) -> None:
    """What it touched is not known: it counts as having touched everything, at the time at which it began."""
    first = report_of(raise_timeouts(policy=BY_ACTIONS, mode="apply", return_state=True)).run.id
    clock.move(3 * DAY_MS)
    again = Policy.raise_to(12_000, levers=("action",))
    other = report_of(raise_timeouts(policy=again, mode="apply", return_state=True)).run.id
    for kept in results.glob(f"genesys-timeouts-run-{other}-*"):
        kept.unlink()
    clock.move(9 * DAY_MS)

    found = effect_of(first).effect.actions

    assert all(f"({other}), whose record cannot be read, may have changed it" in each.why for each in found)
