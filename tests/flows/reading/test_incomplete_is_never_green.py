"""Whoever reads "Completed" may believe that everything was seen.

Each of these ended green, and said what was missing in a note at most.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from prefect.client.schemas.objects import State

from cli.exits import Exit
from cli.running.executing import exit_of
from flows.apply_plan import apply_plan
from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from reports.page.page import html_report
from reports.report import Report
from simulator.clients import WRITING, OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.server import Running
from tests.environment import point_at
from tests.flows.artifacts import summary_of
from tests.flows.conftest import live_contents, report_of
from tests.flows.gateway import Gateway, gateway_to
from tests.publishing.scenes import org_seed
from timeouts.policy.policy import Policy

TEN_SECONDS = Policy.raise_to(10_000)
BY_FIGURES = Policy.model_validate({"rules": [{"name": "by figures", "at_least": "evidence"}], "levers": ["action"]})
FUNCTIONS = (
    "The functions behind Language detection, Address check, Price calculation could not be read, "
    "so they count with 15s at most"
)
LEFT_AS_IT_WAS = "what it says now is not known"


def incomplete(state: State[Any]) -> Report:
    """Return the report of a run that has to be incomplete, wherever somebody looks."""
    assert (state.is_failed(), state.name, exit_of(state)) == (True, "Incomplete", Exit.INCOMPLETE), state.message
    report = report_of(state)
    assert not report.coverage.complete
    assert ", incomplete" in html_report(report)
    return report


def act_as(served: Running, monkeypatch: pytest.MonkeyPatch, **given: Any) -> None:
    """Use an OAuth client whose role is narrower from now on."""
    client = OAuthClient("narrow", "narrow-secret", "Narrow", **{"permissions": WRITING, **given})
    served.org.add_client(client)
    monkeypatch.setenv("GENESYS_CLIENT_ID", client.id)
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", client.secret)


@pytest.fixture
def several(small_org: Running) -> Running:
    """The small org, with four Architect flows, where nothing more of an org is needed."""
    small_org.org.reseed(org_seed(4))
    return small_org


def home_of(demo: Running) -> frozenset[str]:
    """Return the division in which most Architect flows are."""
    return frozenset(division.id for division in demo.org.seed.divisions if division.name == "Home")


def test_an_audit_by_a_client_that_may_not_read_functions(demo: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    act_as(demo, monkeypatch, permissions=WRITING - {"integrations:actionFunction:view"})

    state = audit(return_state=True)
    report = incomplete(state)

    assert FUNCTIONS in str(state.message)
    assert "integrations:actionFunction:view" in str(state.message)
    assert FUNCTIONS in report.notes[0]
    assert "**Incomplete: not everything could be read.**" in summary_of(report.run.id)
    assert FUNCTIONS in summary_of(report.run.id)
    assert FUNCTIONS in html_report(report)


def test_an_audit_of_an_org_one_of_whose_functions_is_not_there(demo: Running) -> None:
    function = next(seed for seed in demo.org.seed.actions if seed.name == "Price calculation")
    path = f"/api/v2/integrations/actions/{function.id}/function"
    demo.org.add_fault(Fault(kind="status", status=404, match=Match(path=path, times=None)))

    state = audit(return_state=True)

    incomplete(state)
    assert "The functions behind Price calculation could not be read" in str(state.message)


def test_a_raise_that_published_all_of_its_plan_without_having_read_the_functions(
    demo: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    act_as(demo, monkeypatch, permissions=WRITING - {"integrations:actionFunction:view"})

    state = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    report = incomplete(state)

    assert {outcome.outcome for outcome in report.outcomes} == {"published", "skipped"}
    assert "18 Architect flows published, 6 skipped; The functions behind" in str(state.message)


def test_what_failed_says_more_than_what_is_missing(demo: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    act_as(demo, monkeypatch, permissions=WRITING - {"integrations:actionFunction:view"})
    publish = Match(method="POST", path="/api/v2/flows/actions/publish", times=1)
    demo.org.add_fault(Fault(kind="status", status=400, match=publish))

    state = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)

    assert (state.name, exit_of(state)) == ("Failed", Exit.FAILED)


def test_a_raise_by_a_rule_that_goes_by_figures_where_the_platform_gives_none(demo: Running) -> None:
    demo.org.add_fault(Fault(kind="status", status=403, match=Match(path="/api/v2/analytics/**", times=None)))

    state = raise_timeouts(policy=BY_FIGURES, return_state=True)
    report = incomplete(state)

    assert report.plan is not None
    assert report.plan.changes_nothing
    assert "The figures of the last 14 days could not be read" in str(state.message)
    assert "rules that go by them change nothing" in summary_of(report.run.id)


@pytest.mark.usefixtures("demo")
def test_a_raise_that_matches_nothing_is_no_success() -> None:
    state = raise_timeouts(
        policy=Policy.raise_to(10_000, ["CRMM*"]), mode="apply", protected=("Main lines",), return_state=True
    )
    report = report_of(state)

    assert (state.is_failed(), state.name, exit_of(state)) == (True, "NothingMatched", Exit.USAGE)
    assert "no step calls an action CRMM*; did you mean CRM*?" in str(state.message)
    assert "--protected names no Architect flow of this org: Main lines" in summary_of(report.run.id)
    assert (report.outcomes, report.coverage.complete) == ((), True)


def test_an_audit_by_a_client_whose_role_covers_no_division(
    small_org: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit(return_state=True)
    act_as(small_org, monkeypatch, divisions=frozenset())

    state = audit(return_state=True)
    report = incomplete(state)

    assert report.coverage.listed == 0
    assert "The org lists no Architect flow at all" in str(state.message)
    assert "holds architect:flow:view in none of their divisions; `genesys-timeouts doctor` shows" in str(state.message)


def test_an_audit_that_saw_nothing_does_not_make_the_next_one_tell_of_a_new_org(
    small_org: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit(return_state=True)
    with monkeypatch.context() as narrow:
        act_as(small_org, narrow, divisions=frozenset())
        nothing = incomplete(audit(return_state=True))

    again = report_of(audit(return_state=True))

    assert nothing.drift is not None
    assert again.drift is not None
    assert (nothing.drift.is_found, again.drift.is_found) == (False, False)


def test_a_roll_back_by_a_client_that_does_not_see_all_that_the_run_changed(
    demo: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = report_of(raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True))
    act_as(demo, monkeypatch, divisions=home_of(demo))

    state = roll_back(done.run.id, mode="apply", return_state=True)
    report = incomplete(state)

    published = {outcome.target.id for outcome in done.outcomes if outcome.outcome == "published"}
    back = {outcome.target.id for outcome in report.outcomes if outcome.outcome == "published"}
    hidden = {problem.architect_flow_id: problem.name for problem in report.coverage.problems}
    assert report.plan is not None
    assert hidden
    assert back | (set(hidden) & published) == published
    assert all(hidden.values())
    reasons = {line.architect_flow_id: (line.why, line.reason) for line in report.plan.left_alone}
    for architect_flow_id in set(hidden) & published:
        why, reason = reasons[architect_flow_id]
        assert (why, LEFT_AS_IT_WAS in reason, "does not exist" in reason) == ("not_read", True, False)
    assert f"{len(hidden)} of {report.coverage.listed} Architect flows could not be read" in str(state.message)


def test_a_plan_applied_by_a_client_that_does_not_see_all_of_it(demo: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    dry = report_of(raise_timeouts(policy=TEN_SECONDS, return_state=True))
    act_as(demo, monkeypatch, divisions=home_of(demo))

    state = apply_plan(dry.run.id, return_state=True)
    report = report_of(state)

    assert dry.plan is not None
    assert not state.is_completed()
    assert report.coverage.listed == len({*dry.plan.pins, *dry.plan.held})
    assert not report.coverage.complete


def test_a_roll_back_after_a_person_has_deleted_an_architect_flow_names_it_and_is_done(several: Running) -> None:
    done = report_of(raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True))
    deleted = next(outcome for outcome in done.outcomes if outcome.outcome == "published")
    several.org.records.find(deleted.target.id).deleted = True

    state = roll_back(done.run.id, mode="apply", return_state=True)
    report = report_of(state)

    assert state.is_completed(), state.message
    assert report.plan is not None
    assert {line.architect_flow_name: line.why for line in report.plan.left_alone} == {deleted.target.name: "gone"}


@pytest.fixture
def gateway(several: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with gateway_to(several.url) as found:
        point_at(found.url, monkeypatch)
        monkeypatch.setenv("GENESYS_READ_TIMEOUT", "30s")
        yield found


def test_an_audit_through_a_gateway_that_shows_no_action_although_steps_call_some(gateway: Gateway) -> None:
    gateway.hidden = {"/api/v2/integrations/actions": None}

    state = audit(return_state=True)

    incomplete(state)
    assert "so how long these steps wait counts as unknown" in str(state.message)


def test_a_roll_back_through_a_gateway_that_cuts_the_listing_puts_everything_back(
    several: Running, gateway: Gateway
) -> None:
    before = live_contents(several.org)
    done = report_of(raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True))
    published = {outcome.target.id for outcome in done.outcomes if outcome.outcome == "published"}
    gateway.hidden = {"/api/v2/flows": published}

    state = roll_back(done.run.id, mode="apply", return_state=True)

    assert state.is_completed(), state.message
    assert live_contents(several.org) == before


def test_a_plan_applied_through_a_gateway_that_cuts_the_listing_is_applied_whole(gateway: Gateway) -> None:
    dry = report_of(raise_timeouts(policy=TEN_SECONDS, return_state=True))
    assert dry.plan is not None
    gateway.hidden = {"/api/v2/flows": {pin.architect_flow_id for pin in dry.plan.pins[:3]}}

    state = apply_plan(dry.run.id, return_state=True)
    report = report_of(state)

    assert state.is_completed(), state.message
    assert report.coverage.listed == len({*dry.plan.pins, *dry.plan.held})
    assert sum(outcome.outcome == "published" for outcome in report.outcomes) == len(dry.plan.pins)
