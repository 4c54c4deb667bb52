"""The canary: so many healthy ones before the rest; one that the platform refuses says nothing of the others."""

import json
from typing import Any

import pytest

from flows.raise_timeouts import raise_timeouts
from reports.report import Report
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.seeds import ActionSeed, ArchitectFlowSeed, DivisionSeed, OrgSeed, PersonSeed
from simulator.org.versions import Actor, PublishPlan
from simulator.server import Running
from tests.flows.conftest import report_of
from tests.simulator.conftest import configuration, step
from timeouts.planning.outcomes import REFUSED_AS_IT_IS
from timeouts.policy.policy import Policy

ADA = Actor("person", "person-ada", "Ada Colleague")
CHECK_OUT = "/api/v2/flows/actions/checkout"
FLOWS = "/api/v2/flows/"
SAVE = "/api/v2/flows/{}/versions"
NAMES = ("a", "b", "c", "d", "e")


@pytest.fixture(scope="module")
def seed() -> OrgSeed:
    """Five Architect flows, each with one literal of 3 s."""

    def flow(name: str) -> ArchitectFlowSeed:
        body = json.dumps(configuration(step(f"step-{name}"))).encode()
        return ArchitectFlowSeed(name, name, "inboundcall", "home", lambda _: body, published_versions=("1.0",))

    return OrgSeed(
        "org-canary",
        "Canary",
        "architect",
        (DivisionSeed("home", "Home"),),
        (PersonSeed(ADA.id, ADA.name),),
        (ActionSeed("custom_-_crm", "Get customer", "CRM", "i-1", config={"timeoutSeconds": 30}),),
        tuple(map(flow, NAMES)),
    )


def raised(**asked: Any) -> tuple[dict[str, str], Report]:
    """Raise all steps; returns what became of each Architect flow, and the report."""
    rules = [{"name": "at least 10s", "at_least": "10s"}]
    policy = Policy.model_validate({"rules": rules, "limits": {"share": "100%"}, **asked})
    report = report_of(raise_timeouts(policy=policy, mode="apply", return_state=True))
    return {outcome.target.name: outcome.outcome for outcome in report.outcomes}, report


def refuse(served: Running, *names: str) -> None:
    """Let the platform say of these Architect flows that they do not validate."""
    for name in names:
        plan = PublishPlan(reads=0, ending="failure", error_message="The queue is gone.")
        served.org.plan_publish(plan, name)


def begun(served: Running) -> list[str]:
    return [call.query.partition("=")[2] for call in served.org.log if call.path == CHECK_OUT]


def test_a_canary_that_the_platform_refuses_is_followed_by_another_one(served: Running) -> None:
    refuse(served, "a")

    became, report = raised()

    assert became == {"a": "failed", "b": "published", "c": "published", "d": "published", "e": "published"}
    first = report.outcomes[0]
    assert (first.is_refused, first.version_after) == (True, None)
    assert "The queue is gone." in first.reason
    assert first.notes == (REFUSED_AS_IT_IS,)
    assert "leave" in REFUSED_AS_IT_IS


def test_refusals_spend_the_failure_budget_and_end_the_run(served: Running) -> None:
    refuse(served, "a", "b")

    became, report = raised(failure_budget=2)

    assert became == {"a": "failed", "b": "failed", "c": "skipped", "d": "skipped", "e": "skipped"}
    assert "2 others failed before it, which is the failure budget" in report.outcomes[2].reason
    assert begun(served) == ["a", "b"]


def test_a_budget_of_one_ends_a_run_with_its_first_refusal(served: Running) -> None:
    refuse(served, "a")

    became, _ = raised(failure_budget=1)

    assert became == {"a": "failed", "b": "skipped", "c": "skipped", "d": "skipped", "e": "skipped"}


def test_a_save_that_the_platform_refuses_is_a_refusal_too(served: Running) -> None:
    match = Match(method="POST", path=SAVE.format("a"), times=None)
    served.org.add_fault(Fault(kind="status", status=400, match=match))

    became, report = raised()

    assert became["a"] == "failed"
    assert report.outcomes[0].is_refused
    assert became["e"] == "published"


def test_a_client_that_may_not_publish_is_no_refusal_of_the_target(served: Running) -> None:
    match = Match(method="POST", path="/api/v2/flows/actions/publish", times=None)
    served.org.add_fault(Fault(kind="status", status=403, match=match))

    became, report = raised()

    assert became == {"a": "failed", "b": "skipped", "c": "skipped", "d": "skipped", "e": "skipped"}
    assert report.outcomes[1].reason == "not started: the canary, a, failed"


def test_a_canary_whose_end_is_unknown_stops_everything_at_once(served: Running) -> None:
    read_back = Match(path="/api/v2/flows/a/versions/2.0/configuration", times=None)
    served.org.add_fault(Fault(kind="status", status=403, match=read_back))

    became, _ = raised()

    assert became == {"a": "unknown", "b": "skipped", "c": "skipped", "d": "skipped", "e": "skipped"}


def test_so_many_healthy_ones_as_the_policy_says_go_one_after_the_other(served: Running) -> None:
    for name in NAMES:
        served.org.plan_publish(PublishPlan(reads=1), name)

    became, _ = raised(canary=3)

    assert set(became.values()) == {"published"}
    log = [
        (call.path.split("/")[4], call.query.partition("=")[2])
        for call in served.org.log
        if call.path.startswith(FLOWS)
    ]
    starts = {name: log.index(("actions", name)) for name in NAMES}
    ends = {name: max(place for place, (read, _) in enumerate(log) if read == name) for name in NAMES}
    assert ends["a"] < starts["b"]
    assert ends["b"] < starts["c"]
    assert ends["c"] < min(starts["d"], starts["e"])
    assert starts["e"] < ends["d"], "after them, side by side"


def test_a_doubtful_failure_before_enough_healthy_ones_stops_everything(served: Running) -> None:
    match = Match(method="POST", path="/api/v2/flows/actions/publish", query="flow=b", times=None)
    served.org.add_fault(Fault(kind="status", status=403, match=match))

    became, report = raised(canary=2)

    assert became == {"a": "published", "b": "failed", "c": "skipped", "d": "skipped", "e": "skipped"}
    assert report.outcomes[2].reason == "not started: the canary, b, failed"


def test_once_the_canary_has_shown_what_our_locks_look_like_another_clients_is_told_at_once(served: Running) -> None:
    """Each such lock was watched for two minutes, and a revert sent to see whether it is ours."""
    served.org.records.find("c").lock = Actor("client", "cx-as-code", "CX as Code")

    became, report = raised()

    assert became == {"a": "published", "b": "published", "c": "skipped", "d": "published", "e": "published"}
    assert next(each.reason for each in report.outcomes if each.target.name == "c") == "locked by CX as Code"
    assert not [call for call in served.org.log if call.path.endswith("revert")]
