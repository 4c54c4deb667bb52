"""Who published what is live, from the listing alone: a person, a client that deploys code, or our own runs."""

from typing import Any

import pytest

from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from reports.report import Report
from simulator.org.people import PersonAction
from simulator.org.versions import Actor
from simulator.server import Running
from tests.flows.conftest import report_of
from tests.publishing.scenes import FLOW, configuration
from timeouts.policy.policy import Policy

DEPLOYER = Actor("client", "c0de0000-0000-4000-8000-000000000001", "")
CODE: dict[str, Any] = {"rules": [{"name": "code", "match": {"published_by": "code"}, "at_least": "10s"}]}


def deploy(org: Running) -> None:
    done = org.org.play(PersonAction(kind="publish", architect_flow_id=FLOW, person=DEPLOYER, body=configuration(2)))
    assert not done.refused


def publishers(report: Report) -> set[str]:
    return {step.published_by for step in report.steps}


def dry_run() -> Report:
    return report_of(raise_timeouts(policy=Policy.model_validate(CODE), return_state=True))


def test_what_a_client_of_somebody_deployed_is_told_matched_and_pinned_so(small_org: Running) -> None:
    deploy(small_org)
    report = dry_run()

    assert publishers(report) == {f"the client {DEPLOYER.id}"}
    assert report.plan is not None
    assert [pin.may_be_overwritten for pin in report.plan.pins] == [True]


@pytest.mark.usefixtures("small_org")
def test_what_our_own_run_published_is_ours_to_later_audits() -> None:
    raise_timeouts(policy=Policy.raise_to(10_000), mode="apply", return_state=True)

    assert publishers(report_of(audit(return_state=True))) == {"our OAuth client"}
    report = dry_run()
    assert report.plan is not None
    assert report.plan.counts.not_matched == report.plan.counts.steps


def test_a_deploy_over_our_change_is_seen_and_not_taken_for_ours(small_org: Running) -> None:
    raise_timeouts(policy=Policy.raise_to(10_000), mode="apply", return_state=True)
    audit(return_state=True)
    deploy(small_org)
    report = report_of(audit(return_state=True))

    assert report.drift is not None
    assert [(line.ours, line.published_by) for line in report.drift.architect_flows] == [(False, DEPLOYER.id)]
