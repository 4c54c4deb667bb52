"""An Architect flow whose module waits less than its copy: it changes with the module, and is left without it."""

import dataclasses

import pytest

from flows.raise_timeouts import raise_timeouts
from simulator.faults.matching import Match
from simulator.org.content.documents import to_bytes
from simulator.org.people import PersonAction
from simulator.org.seeds import ArchitectFlowSeed, OrgSeed
from simulator.server import Running
from tests.flows.conftest import report_of
from tests.flows.writing.rollout.test_rollout_of_modules import BY_REPUBLISHING, CHECK_OUT, NEW, copy_in
from tests.publishing.colleagues import ADA
from tests.publishing.module_scenes import MODULE, caller, module
from tests.publishing.scenes import org_seed
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.outcomes import Outcome


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
