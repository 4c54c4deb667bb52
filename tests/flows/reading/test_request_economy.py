"""What a run asks of the platform: as little as shows the truth."""

import dataclasses
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from flows.audit import audit
from genesys import connect
from genesys.credentials import Credentials
from reports.report import Report
from simulator.demo.org import build_demo_org
from simulator.org.people import PersonAction
from simulator.org.versions import Actor
from simulator.server import Running
from simulator.switches import Switches
from tasks.running.clock import now_ms
from tasks.storage import default_storage
from tasks.storage.function_limits import CONFIRMED_AFTER_MS
from tasks.storage.known_org import KnownOrg
from tasks.storage.known_readings import KnownReadings
from tests.flows.conftest import org_of_a_module, report_of
from tests.publishing.scenes import COLLEAGUE, FLOW, configuration, org_seed
from tests.timeouts.conftest import listed, reading, step
from tests.timeouts.drift.two_audits import S3

CONFIGURATION = "GET /api/v2/flows/{flowId}/versions/{versionId}/configuration"
ORGANIZATION = "GET /api/v2/organizations/me"
LISTINGS = {"POST /oauth/token": 1, "GET /api/v2/flows": 1, "GET /api/v2/integrations/actions": 1}


def run_audit() -> Report:
    return report_of(audit(return_state=True))


def asked(report: Report) -> dict[str, int]:
    return dict(report.requests.requests)


@dataclass(frozen=True)
class Audited:
    """Three audits of the demo org, and how often the platform answered 200 to the first.

    The second one is later than replicas of the platform lag behind.
    """

    first: Report
    second: Report
    third: Report
    answered: int


@pytest.fixture(scope="module")
def audited(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    with org_of_a_module(build_demo_org(), tmp_path_factory.mktemp("results")) as simulator:
        first = run_audit()
        assert simulator.org.log, "and the platform counts the same"
        answered = Counter(call.status for call in simulator.org.log)[200]
        with pytest.MonkeyPatch.context() as later:
            later.setattr("tasks.storage.function_limits.now_ms", lambda: now_ms() + CONFIRMED_AFTER_MS)
            second = run_audit()
        return Audited(first, second, run_audit(), answered)


def test_a_first_audit_reads_each_published_architect_flow_once(audited: Audited) -> None:
    report = audited.first

    published = report.coverage.listed - report.coverage.not_published
    functions = sum(count for route, count in asked(report).items() if route.endswith("/function"))
    rest = {route: count for route, count in asked(report).items() if not route.endswith("/function")}
    assert rest == {**LISTINGS, ORGANIZATION: 1, CONFIGURATION: published}
    assert functions <= sum(action.kind == "function" for action in report.actions)
    assert audited.answered == report.requests.total


@pytest.mark.parametrize("setting", ["works", "forbidden", "missing"])
def test_the_last_request_of_a_run_gives_its_token_back_whatever_comes_of_it(demo: Running, setting: Any) -> None:
    demo.org.set_switches(Switches(token_revocation=setting))
    before = len(demo.org.tokens._tokens)
    state = audit(return_state=True)

    *counted, last = demo.org.log
    assert (last.method, last.path) == ("DELETE", "/api/v2/tokens/me")
    assert len(counted) == report_of(state).requests.total, "and the figures of a run are those before it"
    assert state.is_completed()
    assert len(demo.org.tokens._tokens) - before == (0 if setting == "works" else 1)


def test_the_next_audit_of_an_unchanged_org_asks_for_the_listings_and_once_more_for_functions(audited: Audited) -> None:
    functions = {route: count for route, count in asked(audited.first).items() if route.endswith("/function")}

    assert functions
    assert asked(audited.second) == {**LISTINGS, **functions}


def test_an_audit_of_an_unchanged_org_asks_for_the_listings_and_nothing_else(audited: Audited) -> None:
    assert asked(audited.third) == LISTINGS


def test_nothing_that_was_recalled_is_other_than_it_was_read(audited: Audited) -> None:
    assert audited.third.steps == audited.second.steps == audited.first.steps
    assert audited.third.coverage == audited.second.coverage == audited.first.coverage


def test_one_version_that_moved_is_one_request_more(small_org: Running) -> None:
    run_audit()
    ada = Actor("person", COLLEAGUE.id, COLLEAGUE.name)
    moved = PersonAction(kind="publish", architect_flow_id=FLOW, person=ada, body=configuration(2, "Ada's"))
    assert not small_org.org.play(moved).refused

    assert asked(run_audit()) == {**LISTINGS, CONFIGURATION: 1}


def test_another_org_behind_the_same_address_is_asked_who_it_is(small_org: Running) -> None:
    run_audit()
    seed = org_seed()
    theirs = [dataclasses.replace(each, id=f"7{each.id[1:]}") for each in seed.architect_flows]
    small_org.org.reseed(dataclasses.replace(seed, id="another-org", architect_flows=theirs))
    report = run_audit()

    assert (report.org.id, asked(report)[ORGANIZATION]) == ("another-org", 1)


@pytest.mark.usefixtures("small_org")
def test_which_org_it_is_is_asked_again_after_a_week() -> None:
    credentials = Credentials.from_environment()
    storage, client, later = default_storage(), connect(credentials), connect(credentials)
    architect_flows = client.list_architect_flows()
    with ThreadPoolExecutor() as threads:
        first = KnownOrg(storage, client, threads)
        first.identify(architect_flows)
        KnownOrg(storage, client, threads).identify(architect_flows)
        assert client.request_counts().requests[ORGANIZATION] == 1

        kept = json.loads(storage.read(first.name))
        kept["asked_ms"] -= 8 * 86_400_000
        storage.write(first.name, json.dumps(kept).encode())
        KnownOrg(storage, later, threads).identify(architect_flows)
        assert later.request_counts().requests[ORGANIZATION] == 1
    client.close()
    later.close()


def test_which_org_it_is_is_corrected_by_a_run_that_asks(small_org: Running) -> None:
    small_org.org.reseed(dataclasses.replace(small_org.org.seed, id="mistaken"))
    assert run_audit().org.id == "mistaken"
    small_org.org.reseed(org_seed())
    storage, client = default_storage(), connect(Credentials.from_environment())
    asked_now = client.organization()
    with ThreadPoolExecutor() as threads:
        identified = KnownOrg(storage, client, threads).identify(client.list_architect_flows())
    assert (identified, client.request_counts().requests[ORGANIZATION]) == (asked_now, 1)
    client.close()

    report = run_audit()
    assert (report.org, asked(report).get(ORGANIZATION)) == (asked_now, None)


def test_readings_are_known_by_version_and_only_those_that_hold() -> None:
    known = KnownReadings(default_storage(), "org-1")
    read: list[Any] = [reading(step(1, S3), of="a"), reading(step(2, S3), of="b")]
    known.keep(read, is_whole=True)
    of_a, of_b = (listed(each.architect_flow_id) for each in read)
    moved = of_b.model_copy(update={"published_version": "99.0"})

    assert set(known.of([of_a, of_b])) == {"a", "b"}
    assert set(known.of([of_a, moved, listed("c")])) == {"a"}
    assert KnownReadings(default_storage(), "org-2").of([of_a]) == {}


def test_a_part_of_an_org_does_not_erase_the_rest() -> None:
    known = KnownReadings(default_storage(), "org-1")
    known.keep([reading(step(1, S3), of="a"), reading(step(2, S3), of="b")], is_whole=True)
    known.keep([reading(step(3, S3), of="b")], is_whole=False)
    assert set(known.of([listed("a"), listed("b")])) == {"a", "b"}

    known.keep([reading(step(3, S3), of="b")], is_whole=True)
    assert set(known.of([listed("a"), listed("b")])) == {"b"}


def test_a_damaged_file_costs_requests_and_nothing_else() -> None:
    storage = default_storage()
    known = KnownReadings(storage, "org-1")
    known.keep([reading(step(1, S3), of="a")], is_whole=True)
    storage.write(known.name, storage.read(known.name)[:-9])

    assert known.of([listed("a")]) == {}
