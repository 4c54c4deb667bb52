"""Callers of common modules in a run: after their modules, side by side with others, and without those that failed."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from flows.apply_plan import apply_plan
from flows.raise_timeouts import raise_timeouts
from reports.report import Report
from simulator.faults.matching import Match
from simulator.org.content.documents import to_bytes
from simulator.org.people import PersonAction
from simulator.org.seeds import ArchitectFlowSeed, OrgSeed
from simulator.org.versions import PublishPlan
from simulator.server import Running
from tests.flows.conftest import report_of
from tests.flows.waiting import another_run_in
from tests.publishing.colleagues import ADA
from tests.publishing.module_scenes import MODULE, caller, module
from tests.publishing.scenes import org_seed
from timeouts.definitions import read_definition
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.outcomes import Outcome
from timeouts.policy.policy import Policy

CHECK_OUT = "/api/v2/flows/actions/checkout"
OLD, NEW = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=10_000)
BY_REPUBLISHING = Policy.model_validate(
    {
        "rules": [{"name": "at least 10s", "at_least": "10s"}],
        "republish_callers": True,
        "limits": {"share": "100%", "reach": "100%"},
    }
)
"""Four at a time, after the first."""


@pytest.fixture(scope="module")
def seed() -> OrgSeed:
    """Two modules, and a caller of each with nothing to change of its own; another caller of the second one has."""

    def flow(name: str, kind: str, body: bytes) -> ArchitectFlowSeed:
        return ArchitectFlowSeed(name, name, kind, "home", lambda _: body, published_versions=("1.0",))

    def calling(name: str, module_name: str, own_seconds: int) -> ArchitectFlowSeed:
        body = caller(own_seconds=own_seconds).replace(MODULE.encode(), module_name.encode())
        return flow(name, "INBOUNDCALL", body)

    org = org_seed()
    return dataclasses.replace(
        org,
        architect_flows=(
            flow("module-1", "COMMONMODULE", to_bytes(module(3))),
            flow("module-2", "COMMONMODULE", to_bytes(module(3))),
            calling("caller-1", "module-1", 30),
            calling("caller-2", "module-2", 30),
            calling("caller-2-own", "module-2", 3),
        ),
    )


def raised() -> dict[str, Outcome]:
    """Raise the steps; returns the outcomes by name."""
    report: Report = report_of(raise_timeouts(policy=BY_REPUBLISHING, mode="apply", return_state=True))
    return {outcome.target.name: outcome for outcome in report.outcomes}


def kinds(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {name: outcome.outcome for name, outcome in outcomes.items()}


def copy_in(served: Running, name: str) -> Any:
    ((step,),) = [snapshot.steps for snapshot in read_definition(served.org.configuration(name)).snapshots]
    return step.setting


def test_a_caller_is_begun_only_after_its_module_was_verified_while_others_are_published(served: Running) -> None:
    served.org.plan_publish(PublishPlan(reads=1), "module-2")

    outcomes = raised()

    assert set(kinds(outcomes).values()) == {"published"}
    log = served.org.log
    begun = {call.query.partition("=")[2]: place for place, call in enumerate(log) if call.path == CHECK_OUT}
    verified = max(place for place, call in enumerate(log) if call.path.startswith("/api/v2/flows/module-2"))
    side_by_side, after_it = (begun["module-2"], begun["caller-1"]), (begun["caller-2"], begun["caller-2-own"])
    assert max(side_by_side) < verified < min(after_it)
    assert [copy_in(served, name) for name in ("caller-1", "caller-2", "caller-2-own")] == [NEW, NEW, NEW]


def fail(served: Running) -> None:
    served.org.plan_publish(PublishPlan(reads=0, ending="failure"), "module-2")


def lock(served: Running) -> None:
    theirs = PersonAction(kind="lock", architect_flow_id="module-2", person=ADA)
    served.org.schedule(theirs, "before", Match(method="POST", path=CHECK_OUT, query="flow=module-2"))


@pytest.mark.parametrize(("stand_in_the_way", "told"), [(fail, "failed"), (lock, "skipped")])
def test_where_a_module_did_not_go_live_its_callers_are_left_but_for_changes_of_their_own(
    served: Running, stand_in_the_way: Callable[[Running], None], told: str
) -> None:
    stand_in_the_way(served)

    outcomes = raised()

    assert kinds(outcomes) == {
        "module-1": "published",
        "module-2": told,
        "caller-1": "published",
        "caller-2": "skipped",
        "caller-2-own": "published",
    }
    why = "not started: it was to take in module-2, which was not published"
    assert (outcomes["caller-2"].reason, outcomes["caller-2"].version_after) == (why, None)
    assert [copy_in(served, name) for name in ("caller-1", "caller-2", "caller-2-own")] == [NEW, OLD, OLD]
    own = read_definition(served.org.configuration("caller-2-own")).steps
    assert [step.setting for step in own] == [NEW]


def test_a_canary_is_still_awaited_where_the_first_module_was_skipped(served: Running) -> None:
    theirs = PersonAction(kind="lock", architect_flow_id="module-1", person=ADA)
    served.org.schedule(theirs, "before", Match(method="POST", path=CHECK_OUT, query="flow=module-1"))

    outcomes = raised()

    assert kinds(outcomes) == {
        "module-1": "skipped",
        "module-2": "published",
        "caller-1": "skipped",
        "caller-2": "published",
        "caller-2-own": "published",
    }


OWN_ALONE = Policy.model_validate(
    {
        "rules": [{"name": "own", "match": {"architect_flow": "caller-2-own"}, "at_least": "10s"}],
        "limits": {"share": "100%"},
    }
)


def applied_after_somebody_published_module_2(served: Running, policy: Policy) -> Outcome:
    dry = report_of(raise_timeouts(policy=policy, return_state=True))
    served.org.play(PersonAction(kind="publish", architect_flow_id="module-2", person=ADA))
    (outcome,) = report_of(apply_plan(dry.run.id, return_state=True)).outcomes
    return outcome


def test_a_module_that_was_published_after_the_plan_and_went_live_with_it_is_told(served: Running) -> None:
    """The plan, and who approved it, know nothing of it."""
    outcome = applied_after_somebody_published_module_2(served, OWN_ALONE)

    assert outcome.outcome == "published"
    assert outcome.notes == ("took in module-2 2.0 instead of 1.0, which the plan does not name",)


def test_a_module_that_was_published_after_the_plan_is_not_shipped_where_the_policy_leaves_that(
    served: Running,
) -> None:
    policy = OWN_ALONE.model_copy(update={"leave_if_it_ships": ("modules",)})

    outcome = applied_after_somebody_published_module_2(served, policy)

    assert outcome.outcome == "skipped"
    assert outcome.reason == (
        "stale: a republish would also bring live module module-2 (1.0 to 2.0), and the policy leaves such Architect "
        "flows"
    )
    assert served.org.state()["architectFlows"]["caller-2-own"]["published"] == "1.0"


def test_a_module_that_was_published_while_another_run_was_waited_for_is_not_shipped_either(served: Running) -> None:
    policy = OWN_ALONE.model_copy(update={"leave_if_it_ships": ("modules",)})
    theirs = PersonAction(kind="publish", architect_flow_id="module-2", person=ADA)

    with another_run_in(served.org.seed.id, lambda: served.org.play(theirs)):
        report = report_of(raise_timeouts(policy=policy, mode="apply", return_state=True))

    (outcome,) = report.outcomes
    assert outcome.outcome == "skipped"
    assert "module module-2 (1.0 to 2.0)" in outcome.reason


def test_what_the_plan_names_is_not_told_again(served: Running) -> None:
    served.org.play(PersonAction(kind="publish", architect_flow_id="module-2", person=ADA))

    (outcome,) = report_of(raise_timeouts(policy=OWN_ALONE, mode="apply", return_state=True)).outcomes

    assert (outcome.outcome, outcome.notes) == ("published", ())
