"""What a run writes to its log: little for people, and for a log collector one JSON object a line with fields."""

import base64
import json
import logging
import math
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from prefect import get_client
from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId
from prefect.client.schemas.objects import Log
from prefect.logging.handlers import APILogWorker
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings

from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from flows.run.json_lines import JsonLines
from flows.sources.connections import read_client
from genesys import Credentials
from simulator.clients import WRITING, OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.server import Running, running
from tests.environment import environment
from tests.flows.traces.test_no_secret_anywhere import Remembered
from tests.publishing.scenes import FLOW, org_seed
from tests.warm import warm_python
from timeouts.policy.policy import Policy

ODD = 'Störung 🚨 "A|B"\n\\ line\u2028'
CONFIGURATION = Match(path="/api/v2/flows/*/versions/*/configuration")
PUBLISH = Match(method="POST", path="/api/v2/flows/actions/publish")
SETTINGS = Path(__file__).parents[3] / "deployments" / "logging.yml"
RAISE = """
from flows.raise_timeouts import raise_timeouts
from timeouts.policy.policy import Policy
raise_timeouts(policy=Policy.raise_to(10_000), mode="apply")
"""

Collected = tuple[list[str], list[str]]
"""What must not be there, and the lines."""


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[str], list[logging.LogRecord]]:
    """The records of runs with a field of that name."""
    return lambda field: [each for each in caplog.records if each.name.startswith("prefect.") and hasattr(each, field)]


def test_a_request_that_had_to_be_repeated_is_in_the_log_of_its_run_with_all_its_names(
    small_org: Running, told: Callable[[str], list[logging.LogRecord]]
) -> None:
    small_org.org.add_fault(Fault(kind="status", status=503, match=CONFIGURATION))
    state = audit(return_state=True)

    (line,) = told("attempt")
    assert line.getMessage().startswith("Main line: attempt 1 of 5 brought nothing")
    assert {name: getattr(line, name) for name in ("org_name", "architect_flow_id", "architect_flow_name")} == {
        "org_name": "Small org",
        "architect_flow_id": FLOW,
        "architect_flow_name": "Main line",
    }
    assert vars(line)["flow_run_id"] == str(state.state_details.flow_run_id)
    assert vars(line)["task_name"] == "extract-actions"
    assert vars(line)["status"] == 503
    assert vars(line)["correlation_id"] in line.getMessage()


def test_an_answer_that_was_lost_while_publishing_names_the_architect_flow(
    small_org: Running, told: Callable[[str], list[logging.LogRecord]]
) -> None:
    small_org.org.add_fault(Fault(kind="reset", takes_effect=True, match=PUBLISH))
    raise_timeouts(policy=Policy.raise_to(10_000), mode="apply", return_state=True)

    (line,) = [each for each in told("method") if each.levelno == logging.WARNING]
    assert "the answer to a write is lost" in line.getMessage()
    assert (vars(line)["org_name"], vars(line)["architect_flow_name"]) == ("Small org", "Main line")
    outcomes = told("outcome")
    assert [vars(each)["outcome"] for each in outcomes] == ["published", "published"], "published, and verified"
    assert {(vars(each)["org_name"], vars(each)["architect_flow_id"]) for each in outcomes} == {("Small org", FLOW)}


def test_the_lines_reach_the_prefect_server(small_org: Running) -> None:
    small_org.org.add_fault(Fault(kind="status", status=503, match=CONFIGURATION))
    with temporary_settings({PREFECT_LOGGING_TO_API_ENABLED: True}):
        state = audit(return_state=True)
        APILogWorker.drain_all(timeout=10)

    lines = logs_of(str(state.state_details.flow_run_id))
    assert [line.level for line in lines if "attempt 1 of 5" in line.message] == [logging.WARNING]


@pytest.mark.usefixtures("demo")
def test_an_audit_of_sixty_architect_flows_says_a_handful_of_things(caplog: pytest.LogCaptureFixture) -> None:
    audit(return_state=True)

    runs = [each for each in caplog.records if each.name in {"prefect.flow_runs", "prefect.task_runs"}]
    ours = [each for each in runs if "state" not in each.getMessage()]
    assert 4 <= len(ours) <= 20


def test_outside_of_a_run_the_lines_go_where_all_others_go(
    small_org: Running, caplog: pytest.LogCaptureFixture
) -> None:
    small_org.org.add_fault(Fault(kind="status", status=503, match=Match(path="/api/v2/organizations/me")))
    with read_client(Credentials.from_environment()) as client:
        client.organization()

    (line,) = [each for each in caplog.records if hasattr(each, "attempt")]
    assert line.name == "genesys"


def logs_of(run_id: str) -> list[Log]:
    """What the server has of a run; it takes lines in a moment after they were sent."""
    end = time.monotonic() + 20
    wanted = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run_id]))
    with get_client(sync_client=True) as client:
        while not (found := client.read_logs(wanted)) and time.monotonic() < end:
            time.sleep(0.2)
    return found


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    """What a run at DEBUG with the settings of deployments/ wrote; a name is odd, some answers are bad."""
    secret = "canary-7c2b-secret"
    home = tmp_path_factory.mktemp("json")
    seed = org_seed()
    odd = replace(seed, architect_flows=(replace(seed.architect_flows[0], name=ODD),))
    with running(odd) as simulator:
        simulator.org.add_client(OAuthClient("canary-client", secret, "Canary", WRITING))
        simulator.org.tokens._tokens = tokens = Remembered()
        simulator.org.add_fault(Fault(kind="status", status=500, body="html", match=CONFIGURATION))
        simulator.org.add_fault(Fault(kind="reset", takes_effect=True, match=PUBLISH))
        given = environment(
            PREFECT_LOGGING_SETTINGS_PATH=str(SETTINGS),
            PREFECT_LOGGING_LEVEL="DEBUG",
            PREFECT_API_URL=str(PREFECT_API_URL.value()),
            PREFECT_RESULTS_LOCAL_STORAGE_PATH=str(home),
            GENESYS_API_URL=simulator.url,
            GENESYS_CLIENT_ID="canary-client",
            GENESYS_CLIENT_SECRET=secret,
            GENESYS_READ_TIMEOUT="5s",
        )
        done = subprocess.run(
            [warm_python(), "-c", RAISE], env=given, cwd=home, capture_output=True, text=True, timeout=150, check=False
        )
        basic = base64.b64encode(f"canary-client:{secret}".encode()).decode()
        canaries = (secret, basic, *tokens.all)
    assert done.returncode == 0, done.stderr
    assert len(canaries) > 2
    return [*canaries, "Authorization", "Bearer "], done.stderr.splitlines()


def test_with_the_settings_of_deployments_every_line_is_one_json_object(collected: Collected) -> None:
    _, written = collected
    lines = [json.loads(line) for line in written]

    assert len(lines) > 20
    for line in lines:
        assert {"time", "level", "logger", "message"} <= line.keys()
        assert line["time"].endswith("+00:00")


def test_each_line_of_a_run_can_be_searched_by_run_org_and_architect_flow(collected: Collected) -> None:
    lines = [json.loads(line) for line in collected[1]]
    about_it = [line for line in lines if line.get("architect_flow_id") == FLOW]

    assert {line["architect_flow_name"] for line in about_it} == {ODD}, "whatever its name"
    assert {line["org_name"] for line in about_it} == {"Small org"}
    assert len({line["flow_run_id"] for line in about_it}) == 1
    assert {line["task_name"] for line in about_it} == {"extract-actions", "publish", "verify"}
    assert [line["status"] for line in about_it if line.get("attempt") == 1] == [500]
    assert [line["outcome"] for line in about_it if "outcome" in line] == ["published", "published"]
    assert any("lost" in line["message"] and line["level"] == "WARNING" for line in about_it)
    requests = [line for line in lines if "took_ms" in line]
    assert len(requests) > 10
    assert all(line["level"] == "DEBUG" for line in requests)


def test_no_line_holds_a_secret(collected: Collected) -> None:
    canaries, written = collected

    assert [canary for canary in canaries if any(canary in line for line in written)] == []


def test_an_exception_is_one_line_too() -> None:
    record = logging.makeLogRecord({"msg": "it %s", "args": ("broke",), "number": math.nan, "thing": Path("/")})
    try:
        int(ODD)
    except ValueError:
        record.exc_info = sys.exc_info()

    (line,) = JsonLines().format(record).splitlines()
    found = json.loads(line, parse_constant=pytest.fail)
    assert found["message"] == "it broke"
    assert found["exception"].startswith("ValueError: invalid literal")
    assert "Traceback" in found["traceback"]
    assert (found["number"], found["thing"]) == ("nan", "/")
