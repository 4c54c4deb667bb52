"""The doctor against an org and a real Prefect server: what is missing is named, and nothing is ever changed."""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.settings import PREFECT_API_URL, PREFECT_RESULTS_LOCAL_STORAGE_PATH, temporary_settings

from flows.doctor import doctor, examine_here
from flows.sources.connections import read_client
from genesys import Credentials
from genesys.examination.examine import MOST_REQUESTS
from genesys.routes import READS, WRITES
from simulator.clients import DEMO_WRITER, WRITING, OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.server import Running
from simulator.switches import Switches
from tasks.examination.read_prefect import PACKAGE
from tests.flows.artifacts import tables_of
from tests.flows.conftest import run_id_of
from timeouts.doctor.finding import Diagnosis, Finding
from timeouts.doctor.needs import NEEDS, UNLOCK

ALL = WRITING | {"integrations:action:delete"}
COMFORTING = [need.permission for need in NEEDS if need.kind == "comforts"]
UNTOLD = Switches(own_roles="forbidden", tells_permitted_divisions=False)
BY_DIVISIONS = Switches(own_roles="missing")


@pytest.fixture(autouse=True)
def _usual_role(demo: Running) -> Iterator[None]:
    """The client is the next test's again as it was."""
    yield
    demo.org.add_client(DEMO_WRITER)


def with_role(simulator: Running, permissions: Iterable[str], divisions: Iterable[str] | None = None) -> None:
    """Give the client of the environment another role."""
    where = None if divisions is None else frozenset(divisions)
    simulator.org.add_client(
        OAuthClient("demo-writer", "demo-writer-secret", "Timeout pipeline", frozenset(permissions), where)
    )


def diagnosis() -> Diagnosis:
    return examine_here(Credentials.from_environment())


def finding(found: Diagnosis, check: str) -> Finding:
    (each,) = (each for each in found.findings if each.check == check)
    return each


def result(found: Diagnosis, check: str) -> str:
    return finding(found, check).result


def checks(found: Iterable[Finding]) -> list[str]:
    return [each.check for each in found]


def test_where_nothing_is_missing_it_says_so(demo: Running) -> None:
    with_role(demo, ALL)

    found = diagnosis()

    assert checks(found.missing) == checks(found.untold) == []
    assert {each.result for each in found.findings if each.topic == "permissions"} == {"ok"}
    assert finding(found, "Architect flows that it sees").meaning == "60 in all."


def test_it_leaves_no_key_behind_and_tells_one_that_cannot_be_used(
    demo: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It made the user's key, and a key that was wrong ended it before it had said anything."""
    with_role(demo, ALL)
    monkeypatch.delenv("GENESYS_TIMEOUTS_SEAL_KEYS")
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(tmp_path / "home"))
    without = diagnosis()
    monkeypatch.setenv("GENESYS_TIMEOUTS_SEAL_KEYS", "abc")
    wrong = diagnosis()

    assert not (tmp_path / "home").exists()
    assert checks(without.missing) == []
    assert checks(wrong.missing) == ["key that seals"]
    assert "is not 32 random bytes or more" in finding(wrong, "key that seals").meaning


def test_it_counts_the_actions_that_an_audit_counts(demo: Running) -> None:
    with_role(demo, ALL)
    with read_client(Credentials.from_environment()) as client:
        audited = len(client.actions())

    assert finding(diagnosis(), "actions that it sees").meaning == f"{audited} in all."


def test_every_permission_that_a_request_takes_is_checked() -> None:
    taken = {route.permission for route in (*READS, *WRITES) if route.permission}

    assert {need.permission for need in NEEDS} == taken


@pytest.mark.parametrize("switches", [Switches(), BY_DIVISIONS], ids=["by its roles", "by its divisions"])
# One that a listing takes and one that a single read takes; tests/timeouts/doctor/test_access.py judges each of them.
@pytest.mark.parametrize("permission", ["architect:flow:view", "integrations:actionFunction:view"])
def test_a_permission_that_is_missing_is_named_with_what_stops_without_it(
    demo: Running, permission: str, switches: Switches
) -> None:
    with_role(demo, ALL - {permission})
    demo.org.set_switches(switches)

    found = diagnosis()

    assert permission in checks(found.missing)
    named = finding(found, permission)
    assert "Without it" in named.meaning
    assert f"Add {permission} to the role" in named.advice
    others = {each.check: each.result for each in found.findings if each.topic == "permissions"}
    assert {check for check, each in others.items() if each != "ok"} == {permission}


@pytest.mark.parametrize("permission", COMFORTING)
def test_a_permission_that_only_comforts_stops_no_work(demo: Running, permission: str) -> None:
    with_role(demo, ALL - {permission})

    found = diagnosis()

    assert (result(found, permission), checks(found.missing)) == ("missing", [])


def test_a_client_that_only_audits_misses_nothing(demo: Running) -> None:
    with_role(demo, ALL - {need.permission for need in NEEDS if need.kind == "writes"})

    found = diagnosis()

    assert result(found, "architect:flow:publish") == "missing"
    assert checks(found.missing) == []
    assert "right for audits" in finding(found, "what this client is for").meaning


def test_a_client_that_could_break_locks_is_told_to_give_that_back(demo: Running) -> None:
    with_role(demo, ALL | {UNLOCK})

    assert finding(diagnosis(), UNLOCK).advice == f"Take {UNLOCK} out of the role."


def test_where_the_platform_tells_a_client_nothing_of_itself_single_answers_tell_what_they_can(demo: Running) -> None:
    with_role(demo, ALL)
    demo.org.set_switches(UNTOLD)

    found = diagnosis()

    told = {need.permission: result(found, need.permission) for need in NEEDS}
    assert {permission for permission, each in told.items() if each == "ok"} == {
        "architect:flow:view",
        "integrations:action:view",
        "integrations:actionFunction:view",
        "integrations:action:edit",
        "architect:dependencyTracking:view",
    }
    assert checks(found.untold) == ["architect:flow:edit", "architect:flow:publish", "integrations:actionFunction:edit"]
    assert result(found, "divisions that the client sees") == "could not tell"


def test_single_answers_also_tell_what_is_missing(demo: Running) -> None:
    with_role(demo, ALL - {"integrations:action:edit", "integrations:actionFunction:view"})
    demo.org.set_switches(UNTOLD)

    assert checks(diagnosis().missing) == ["integrations:actionFunction:view", "integrations:action:edit"]


def test_roles_whose_permissions_are_not_shown_tell_nothing(demo: Running) -> None:
    with_role(demo, ALL)
    demo.org.set_switches(Switches(own_roles="named", tells_permitted_divisions=False))

    assert result(diagnosis(), "architect:flow:publish") == "could not tell"


@pytest.mark.parametrize("switches", [Switches(), BY_DIVISIONS], ids=["by its roles", "by its divisions"])
def test_divisions_that_are_hidden_are_named(demo: Running, switches: Switches) -> None:
    home, *hidden = demo.org.seed.divisions
    with_role(demo, ALL, [home.id])
    demo.org.set_switches(switches)

    found = finding(diagnosis(), "divisions that the client sees")

    assert (found.result, found.stops_work) == ("missing", False)
    assert all(each.name in found.meaning for each in hidden)
    assert home.name not in found.meaning


def test_a_client_that_covers_all_divisions_one_by_one_sees_all(demo: Running) -> None:
    with_role(demo, ALL, [each.id for each in demo.org.seed.divisions])

    assert finding(diagnosis(), "divisions that the client sees").meaning.startswith("All 4:")


def test_a_client_that_sees_no_architect_flow_is_told_of_divisions(demo: Running) -> None:
    with_role(demo, ALL, [])

    found = diagnosis()

    assert "Architect flows that it sees" in checks(found.missing)
    assert "divisions" in finding(found, "Architect flows that it sees").advice


def test_an_org_without_limits_goes_by_the_documented_ones(demo: Running) -> None:
    with_role(demo, ALL)
    demo.org.set_switches(Switches(shows_limits=False))

    found = diagnosis()

    limits = finding(found, "executions of data actions")
    assert (limits.result, limits.stops_work) == ("could not tell", False)
    assert "50 at once, 2,500 a minute" in limits.meaning
    assert checks(found.missing) == checks(found.untold) == []


def test_limits_that_were_granted_and_the_rate_limit_are_told(demo: Running) -> None:
    demo.org.grant_limit("dataactions", "actions.concurrent.executions.max", 120)
    demo.org.limit_rate(300)
    try:
        found = diagnosis()
    finally:
        demo.org.limit_rate(None)

    assert finding(found, "executions of data actions").meaning.startswith("120 at once")
    assert finding(found, "requests of the token").meaning.startswith("300 a minute are allowed")


@pytest.mark.parametrize(("hours", "said"), [(-1, "about 1h ahead of"), (1, "about 1h behind"), (0, "Within a minute")])
def test_a_clock_that_is_wrong_is_told(demo: Running, hours: int, said: str) -> None:
    demo.org.set_date_ahead(hours * 3_600_000)

    clock = finding(diagnosis(), "this machine's clock is right")

    assert said in clock.meaning
    assert clock.result == ("ok" if not hours else "missing")


def test_a_wrong_secret_is_told_with_what_to_check_and_shown_nowhere(
    demo: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", "a-secret-that-is-wrong")
    demo.org.clear_log()

    found = diagnosis()

    assert checks(found.missing) == ["credentials are accepted"]
    assert "GENESYS_API_URL; the client id and secret" in found.missing[0].advice
    assert "a-secret-that-is-wrong" not in found.model_dump_json()
    assert len(demo.org.log) == 1, "wrong credentials are tried once"
    assert result(found, "org, permissions and limits") == "could not tell"


def test_it_only_gets_and_asks_little(demo: Running) -> None:
    for switches in (Switches(), BY_DIVISIONS, UNTOLD):
        demo.org.set_switches(switches)
        demo.org.clear_log()

        found = diagnosis()

        sent = [(call.method, call.path) for call in demo.org.log]
        login, *asked, revocation = sent
        assert (login, revocation) == (("POST", "/oauth/token"), ("DELETE", "/api/v2/tokens/me"))
        assert {method for method, _ in asked} == {"GET"}
        assert len(asked) + 1 == found.requests.total <= MOST_REQUESTS


def test_an_org_that_answers_nothing_but_who_it_is_is_asked_no_more_than_it_says(demo: Running) -> None:
    demo.org.add_fault(Fault(kind="status", status=500, match=Match(path="/api/v2/[aftil]*/**", times=None)))
    demo.org.add_fault(Fault(kind="status", status=500, match=Match(path="/api/v2/flows", times=None)))

    found = diagnosis()

    assert found.requests.total <= MOST_REQUESTS + 1
    assert "Architect flows that it sees" in checks(found.untold)
    assert not found.missing


@pytest.mark.usefixtures("demo")
def test_questions_are_settled_by_what_the_org_answers() -> None:
    found = {each.check: each for each in diagnosis().findings if each.topic == "platform"}

    assert found["whether a client may read its own roles"].meaning == "Yes, with their permissions."
    assert found["whether GET configuration shows snapshots of modules"].result == "settled"
    assert "dataAction" in found["what a manifest lists"].meaning
    assert found["whether publish checks a draft in first"].result == "open"
    assert len(found) == len({each.check for each in found.values()})


@pytest.mark.parametrize(
    ("own_roles", "said"), [("forbidden", "No: it answers 403."), ("missing", "No: it answers 404.")]
)
def test_that_a_client_may_not_read_its_roles_is_settled_too(demo: Running, own_roles: Any, said: str) -> None:
    demo.org.set_switches(Switches(own_roles=own_roles))

    assert finding(diagnosis(), "whether a client may read its own roles").meaning == said


def test_snapshots_that_stand_inside_others_or_are_not_shown_are_told_apart(demo: Running) -> None:
    question = "whether GET configuration shows snapshots of modules"
    shown = finding(diagnosis(), question).meaning
    demo.org.set_switches(Switches(shows_snapshots=False))

    assert "side by side" in shown
    assert finding(diagnosis(), question).meaning != shown


def test_a_run_on_a_server_ends_as_the_diagnosis_does_and_leaves_its_table(demo: Running) -> None:
    with_role(demo, ALL - {"architect:flow:publish"})

    state = doctor(return_state=True)

    held = state.result(raise_on_failure=False)
    assert isinstance(held, Diagnosis)
    (table,) = tables_of(run_id_of(state)).values()
    assert (state.is_failed(), state.name) == (True, "Failed")
    assert str(state.message) == "1 thing missing: architect:flow:publish"
    assert [(row["check"], row["result"]) for row in table] == [(each.check, each.result) for each in held.findings]


def test_a_run_that_could_not_tell_everything_is_incomplete_and_one_that_is_well_is_green(demo: Running) -> None:
    with_role(demo, ALL)
    well = doctor(return_state=True)
    demo.org.set_switches(UNTOLD)
    untold = doctor(return_state=True)

    assert well.is_completed()
    assert (untold.is_failed(), untold.name) == (True, "Incomplete")


def test_a_run_leaves_neither_the_secret_nor_a_token_in_logs_and_artifacts(
    demo: Running, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        state = doctor(return_state=True)

    held = state.result(raise_on_failure=False)
    assert isinstance(held, Diagnosis)
    left = f"{caplog.text} {held.model_dump_json()} {tables_of(run_id_of(state))}"
    secrets = ["demo-writer-secret", *demo.org.tokens._tokens]
    assert [secret for secret in secrets if secret in left] == []


@pytest.mark.usefixtures("demo")
def test_without_a_server_that_is_named_only_the_home_of_a_temporary_one_matters() -> None:
    with temporary_settings({PREFECT_API_URL: None}):
        found = [each for each in diagnosis().findings if each.topic == "Prefect"]

    assert [(each.check, each.result) for each in found] == [("server", "ok"), ("storage of results", "ok")]


@pytest.mark.usefixtures("demo")
def test_a_server_that_does_not_answer_is_told_and_the_org_is_checked_all_the_same() -> None:
    with temporary_settings({PREFECT_API_URL: "http://somebody:phrase@127.0.0.1:9/api"}):
        found = diagnosis()

    assert checks(found.missing) == ["server"]
    assert result(found, "architect:flow:view") == "ok"
    assert "phrase" not in found.model_dump_json()


def test_an_address_that_is_no_server_of_prefect_is_told(demo: Running) -> None:
    with temporary_settings({PREFECT_API_URL: f"{demo.url}/api"}):
        assert "server" in checks(diagnosis().missing)


@pytest.mark.usefixtures("demo")
def test_a_storage_that_cannot_be_written_is_told_and_nothing_is_tried_in_it(tmp_path: Any) -> None:
    (tmp_path / "a file").write_text("")

    with temporary_settings({PREFECT_RESULTS_LOCAL_STORAGE_PATH: tmp_path / "a file"}):
        found = diagnosis()
    with temporary_settings({PREFECT_RESULTS_LOCAL_STORAGE_PATH: tmp_path / "not" / "there"}):
        well = diagnosis()

    assert "storage of results" in checks(found.missing)
    assert result(well, "storage of results") == "ok"
    assert [each.name for each in tmp_path.iterdir()] == ["a file"]


@pytest.mark.usefixtures("demo")
def test_what_is_registered_is_checked_once_something_is() -> None:
    assert result(diagnosis(), "deployments") == "missing"
    with get_client(sync_client=True) as server:
        flow_id = server.create_flow(doctor)
        deployment = server.create_deployment(flow_id, "audit", version="0.0.1", tags=[PACKAGE])
        try:
            found = diagnosis()
            assert checks(found.missing) == ["deployments", "blocks with credentials", "work pool and workers"]
            server.create_work_pool(WorkPoolCreate(name=PACKAGE, type="process"))
            assert "No worker is online" in finding(diagnosis(), "work pool and workers").meaning
            server.send_worker_heartbeat(PACKAGE, "a worker", heartbeat_interval_seconds=30)
            assert result(diagnosis(), "work pool and workers") == "ok"
        finally:
            server.delete_deployment(deployment)
            server.request("DELETE", "/work_pools/{name}", path_params={"name": PACKAGE})
