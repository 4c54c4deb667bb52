"""An Architect flow whose module waits less than its copy: it changes with the module, and is left without it.

A module that somebody publishes after the plan counts as it is by then.
"""

import dataclasses

import pytest

from flows.apply_plan import apply_plan
from flows.raise_timeouts import raise_timeouts
from simulator.faults.matching import Match
from simulator.org.content.documents import to_bytes
from simulator.org.people import PersonAction
from simulator.org.seeds import ArchitectFlowSeed, OrgSeed
from simulator.server import Running
from tests.flows.conftest import report_of
from tests.flows.waiting import another_run_in
from tests.flows.writing.rollout.test_rollout_of_modules import BY_REPUBLISHING, CHECK_OUT, NEW, copy_in
from tests.publishing.colleagues import ADA
from tests.publishing.module_scenes import MODULE, caller, module
from tests.publishing.scenes import org_seed
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.outcomes import Outcome
from timeouts.policy.policy import Policy


@pytest.fixture(scope="module")
def seed() -> OrgSeed:
    """A module whose step says 3s by now, and a caller with a short step of its own and a copy that says 5s."""

    def flow(name: str, kind: str, body: bytes) -> ArchitectFlowSeed:
        return ArchitectFlowSeed(name, name, kind, "home", lambda _: body, published_versions=("1.0",))

    calling = caller(seconds=5, version="0.9").replace(MODULE.encode(), b"module-1")
    modules = flow("module-1", "COMMONMODULE", to_bytes(module(3)))
    return dataclasses.replace(org_seed(), architect_flows=(modules, flow("caller-1", "INBOUNDCALL", calling)))


def raised() -> dict[str, Outcome]:
    report = report_of(raise_timeouts(policy=BY_REPUBLISHING, mode="apply", return_state=True))
    return {outcome.target.name: outcome for outcome in report.outcomes}


def test_with_the_module_it_is_published(served: Running) -> None:
    assert {name: each.outcome for name, each in raised().items()} == {"module-1": "published", "caller-1": "published"}
    assert copy_in(served, "caller-1") == NEW


def test_where_the_module_did_not_go_live_it_is_left_so_that_nobody_waits_less(served: Running) -> None:
    theirs = PersonAction(kind="lock", architect_flow_id="module-1", person=ADA)
    served.org.schedule(theirs, "before", Match(method="POST", path=CHECK_OUT, query="flow=module-1"))

    left = raised()["caller-1"]

    assert left.outcome == "skipped"
    assert left.reason.startswith("stale: a republish would shorten the copy of Look up the customer of module-1 in it")
    assert copy_in(served, "caller-1") == LiteralTimeout(timeout_ms=5_000)


CALLER_ALONE = Policy.model_validate(
    {
        "rules": [{"name": "the caller's own", "match": {"architect_flow": "caller-1"}, "at_least": "10s"}],
        "limits": {"share": "100%", "reach": "100%"},
    }
)


def publish_module(served: Running, seconds: int) -> None:
    """Let a colleague publish the module; 5s is what the copy says."""
    body = to_bytes(module(seconds))
    served.org.play(PersonAction(kind="publish", architect_flow_id="module-1", person=ADA, body=body))


@pytest.mark.parametrize(
    ("seconds", "outcome", "reason"),
    [
        (3, "skipped", "stale: a republish would shorten the copy of Look up the customer of module-1 in it from 5s"),
        (9, "published", ""),
    ],
)
def test_what_a_module_says_that_was_published_after_a_saved_plan_decides_about_its_caller(
    served: Running, seconds: int, outcome: str, reason: str
) -> None:
    publish_module(served, 5)
    dry = report_of(raise_timeouts(policy=CALLER_ALONE, return_state=True))
    publish_module(served, seconds)

    report = report_of(apply_plan(dry.run.id, return_state=True))

    (of_caller,) = report.outcomes
    assert (of_caller.outcome, of_caller.reason[: len(reason)]) == (outcome, reason)
    assert report.coverage.listed == 1
    assert copy_in(served, "caller-1") == LiteralTimeout(timeout_ms=max(5, seconds) * 1_000)


def test_so_does_one_that_was_shortened_while_another_run_was_waited_for(served: Running) -> None:
    publish_module(served, 5)

    with another_run_in(served.org.seed.id, lambda: publish_module(served, 3)):
        report = report_of(raise_timeouts(policy=CALLER_ALONE, mode="apply", return_state=True))

    assert [each.outcome for each in report.outcomes] == ["skipped"]
    assert copy_in(served, "caller-1") == LiteralTimeout(timeout_ms=5_000)
