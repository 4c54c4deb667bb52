"""Each kind of fault on each request that an audit makes: it ends right, or says exactly what it could not read."""

from typing import Any

import pytest
from prefect.client.schemas.objects import State

from flows.audit import audit
from reports.report import Report
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.server import Running
from tests.flows.conftest import report_of
from tests.publishing.scenes import FLOW

READS = {
    "token": Match(method="POST", path="/oauth/token"),
    "organization": Match(path="/api/v2/organizations/me"),
    "listing": Match(path="/api/v2/flows"),
    "actions": Match(path="/api/v2/integrations/actions"),
    "configuration": Match(path="/api/v2/flows/*/versions/*/configuration"),
}
FAULTS = {
    "reset": {"kind": "reset"},
    "lost answer": {"kind": "reset", "takes_effect": True},
    "500": {"kind": "status", "status": 500},
    "502 html": {"kind": "status", "status": 502, "body": "html"},
    "503": {"kind": "status", "status": 503},
    "503 retry-after": {"kind": "status", "status": 503, "retry_after": "0"},
    "504": {"kind": "status", "status": 504},
    "429": {"kind": "status", "status": 429, "retry_after": "0"},
    "429 without retry-after": {"kind": "status", "status": 429},
    "hang": {"kind": "hang"},
    "slow drip": {"kind": "slow_drip", "drip_ms": 120},
    "truncated": {"kind": "truncated"},
    "html 200": {"kind": "html"},
    "empty 200": {"kind": "empty"},
    "wrong content type": {"kind": "wrong_content_type"},
    "token expired": {"kind": "token_expired"},
}


def run_audit() -> tuple[State[Any], Report | None]:
    state = audit(return_state=True)
    try:
        return state, report_of(state)
    except (ValueError, OSError):
        return state, None


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("request_", READS)
def test_a_fault_that_passes_leaves_no_trace_in_the_result(small_org: Running, request_: str, fault: str) -> None:
    small_org.org.add_fault(Fault(match=READS[request_], **FAULTS[fault]))  # type: ignore[arg-type] # a table of kinds

    state, report = run_audit()

    assert state.is_completed(), state.message
    assert report is not None
    assert [step.effective_ms for step in report.steps] == [3000]


@pytest.mark.parametrize("request_", ["organization", "listing", "actions"])
def test_a_listing_that_never_comes_fails_the_run_and_is_never_an_empty_org(small_org: Running, request_: str) -> None:
    match = Match(path=READS[request_].path, times=None)
    small_org.org.add_fault(Fault(kind="empty", match=match))

    state, report = run_audit()

    assert state.is_failed()
    assert report is None


def test_a_configuration_that_never_comes_makes_the_audit_incomplete_and_is_named(small_org: Running) -> None:
    match = Match(path=READS["configuration"].path, times=None)
    small_org.org.add_fault(Fault(kind="html", match=match))

    state, report = run_audit()

    assert (state.is_failed(), state.name) == (True, "Incomplete")
    assert report is not None
    assert [problem.architect_flow_id for problem in report.coverage.problems] == [FLOW]


def test_what_a_retried_run_has_read_already_is_not_read_again(small_org: Running) -> None:
    run_audit()
    small_org.org.clear_log()

    run_audit()

    assert not [call for call in small_org.org.log if "configuration" in call.path]
