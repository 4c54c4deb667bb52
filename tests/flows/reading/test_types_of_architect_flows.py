"""Types of Architect flow that nobody knew when this was written are listed, read and raised like all others."""

import dataclasses
import json

import pytest

from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from simulator.server import Running
from tests.flows.conftest import report_of
from tests.flows.orgs import literal_ms, live_steps
from tests.publishing.scenes import FLOW, configuration, org_seed
from timeouts.policy.policy import Policy


def of_type(org: Running, name: str) -> None:
    """Make the org's one Architect flow of another type, in its listing and in its configuration."""
    body = json.dumps({**json.loads(configuration()), "type": name.lower()}).encode()
    seed = org_seed(configuration=lambda _label: body)
    (flow,) = seed.architect_flows
    org.org.reseed(dataclasses.replace(seed, architect_flows=(dataclasses.replace(flow, type=name),)))


@pytest.mark.parametrize("name", ["BUSINESSPROCESS", "HOLOGRAM_CALL_2031"])
def test_an_architect_flow_of_any_type_is_listed_and_read(small_org: Running, name: str) -> None:
    of_type(small_org, name)
    report = report_of(audit(return_state=True))

    assert (report.coverage.listed, report.coverage.read, report.coverage.complete) == (1, 1, True)
    assert {step.type for step in report.steps} == {name.lower()}


@pytest.mark.parametrize("name", ["BUSINESSPROCESS", "HOLOGRAM_CALL_2031"])
def test_an_architect_flow_of_any_type_is_raised_and_published(small_org: Running, name: str) -> None:
    of_type(small_org, name)
    report = report_of(raise_timeouts(policy=Policy.raise_to(10_000), mode="apply", return_state=True))

    assert [outcome.outcome for outcome in report.outcomes] == ["published"]
    assert {literal_ms(node) for node in live_steps(small_org.org, FLOW)} == {10_000}
