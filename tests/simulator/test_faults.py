import threading
import time
from typing import Any

import pytest
import urllib3

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.org import Org
from tests.simulator.conftest import Client

FLOW = "/api/v2/flows/architect-flow-1"
CHECKOUT = "/api/v2/flows/actions/checkout"


def locked(org: Org) -> bool:
    return org.state()["architectFlows"]["architect-flow-1"]["lock"] is not None


@pytest.mark.parametrize(("takes_effect", "lock"), [(None, False), (True, True)])
def test_a_reset_is_a_real_one_before_or_after_the_effect(
    client: Client, org: Org, takes_effect: bool | None, lock: bool
) -> None:
    org.add_fault(Fault(kind="reset", match=Match("POST", CHECKOUT), takes_effect=takes_effect))
    with pytest.raises(urllib3.exceptions.ProtocolError, match="ConnectionResetError"):
        client.act("checkout")
    assert locked(org) is lock


def test_a_truncated_answer_announces_more_than_it_sends(client: Client, org: Org) -> None:
    org.add_fault(Fault(kind="truncated"))
    with pytest.raises(urllib3.exceptions.ProtocolError, match="IncompleteRead"):
        client("GET", FLOW)


def test_a_hanging_request_ends_with_its_caller_and_leaves_nothing_behind(client: Client, org: Org) -> None:
    org.add_fault(Fault(kind="hang", match=Match("POST", CHECKOUT)))
    threads = threading.active_count()
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        client("POST", f"{CHECKOUT}?flow=architect-flow-1", timeout=0.05)
    assert not locked(org)
    assert client("GET", FLOW).status == 200
    assert threading.active_count() == threads


def test_a_slow_answer_comes_in_pieces_and_whole(client: Client, org: Org) -> None:
    whole = client("GET", "/api/v2/organizations/me").data
    org.add_fault(Fault(kind="slow_drip", drip_ms=10, drip_bytes=100))
    started = time.monotonic()
    assert client("GET", "/api/v2/organizations/me").data == whole
    assert time.monotonic() - started > 0.01


@pytest.mark.parametrize(
    ("kind", "content_type", "start"),
    [
        ("html", "text/html", b"<!DOCTYPE"),
        ("empty", "application/json", b""),
        ("wrong_content_type", "text/plain", b"{"),
    ],
)
def test_a_spoilt_answer_is_a_200_after_the_effect(
    client: Client, org: Org, kind: Any, content_type: str, start: bytes
) -> None:
    org.add_fault(Fault(kind=kind))
    answer = client.act("checkout")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith(content_type)
    assert answer.data.startswith(start)
    assert locked(org)


@pytest.mark.parametrize(("takes_effect", "lock"), [(None, False), (True, True)])
def test_a_status_says_what_is_asked_of_it(client: Client, org: Org, takes_effect: bool | None, lock: bool) -> None:
    org.add_fault(Fault(kind="status", status=504, retry_after="7", body="html", takes_effect=takes_effect))
    answer = client.act("checkout")
    assert (answer.status, answer.headers["Retry-After"]) == (504, "7")
    assert locked(org) is lock


def test_a_429_may_come_without_retry_after(client: Client, org: Org) -> None:
    org.add_fault(Fault(kind="status", status=429))
    answer = client("GET", FLOW)
    assert answer.json()["code"] == "too.many.requests"
    assert "Retry-After" not in answer.headers


def test_an_expired_token_has_to_be_renewed(client: Client, org: Org) -> None:
    org.add_fault(Fault(kind="token_expired"))
    assert [client("GET", FLOW).status for _ in range(2)] == [401, 401]
    client.log_in()
    assert client("GET", FLOW).status == 200


@pytest.mark.parametrize(
    ("nth", "times", "statuses"),
    [(1, 1, [503, 200, 200]), (2, 1, [200, 503, 200]), (2, None, [200, 503, 503]), (1, None, [503, 503, 503])],
)
def test_a_fault_meets_the_occurrences_that_it_names(
    client: Client, org: Org, nth: int, times: int | None, statuses: list[int]
) -> None:
    org.add_fault(Fault(kind="status", match=Match("GET", FLOW, nth=nth, times=times)))
    assert [client("GET", FLOW).status for _ in range(3)] == statuses


@pytest.mark.parametrize(
    ("path", "meets"),
    [("/api/v2/flows/*", True), ("/api/v2/*", False), ("/api/**", True), ("**/architect-flow-2", False), (FLOW, True)],
)
def test_a_star_stands_for_one_segment_and_two_for_any(client: Client, org: Org, path: str, meets: bool) -> None:
    org.add_fault(Fault(kind="status", match=Match(path=path)))
    assert (client("GET", FLOW).status == 503) is meets


def test_a_fault_may_name_the_architect_flow_of_an_action(client: Client, org: Org) -> None:
    org.add_fault(Fault(kind="status", match=Match("POST", CHECKOUT, query="flow=architect-flow-2")))
    assert client.act("checkout").status == 200
    assert client.act("checkout", "architect-flow-2").status == 503


def test_the_log_says_which_call_met_what(client: Client, org: Org) -> None:
    org.clear_log()
    org.add_fault(Fault(kind="reset"))
    with pytest.raises(urllib3.exceptions.ProtocolError):
        client("GET", f"{FLOW}?a=b")
    client("GET", FLOW)
    first, second = org.log
    assert (first.number, first.query, first.status, first.client, first.fault) == (
        1,
        "a=b",
        None,
        "demo-writer",
        "reset",
    )
    assert (second.number, second.status, second.fault) == (2, 200, None)
    assert second.at_ms > first.at_ms


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_what_a_lost_request_asked_for_may_happen_later(client: Client, org: Org, kind: Any) -> None:
    org.add_fault(Fault(kind=kind, status=504, match=Match("POST", CHECKOUT), lands_after_ms=4_000))
    if kind == "reset":
        with pytest.raises(urllib3.exceptions.ProtocolError):
            client.act("checkout")
    else:
        assert client.act("checkout").status == 504

    org.advance_ms(3_900)
    assert "lockedClient" not in client.architect_flow()
    org.advance_ms(200)
    assert "lockedClient" in client.architect_flow()


def test_what_lands_late_is_judged_by_what_is_true_then(client: Client, org: Org) -> None:
    client.act("checkout"), client.save()
    org.add_fault(Fault(kind="reset", match=Match("POST", "/api/v2/flows/actions/publish"), lands_after_ms=4_000))
    with pytest.raises(urllib3.exceptions.ProtocolError):
        client.act("publish")
    client.act("revert")

    org.advance_ms(10_000)

    assert client.architect_flow()["publishedVersion"]["id"] == "2.0"


def test_a_fault_may_last_for_a_while(client: Client, org: Org) -> None:
    org.add_fault(Fault(kind="status", status=404, match=Match("GET", FLOW, nth=2, times=None), lasts_ms=20_000))

    statuses = [client("GET", FLOW).status, client("GET", FLOW).status]
    org.advance_ms(19_000)
    statuses.append(client("GET", FLOW).status)
    org.advance_ms(2_000)
    statuses.append(client("GET", FLOW).status)

    assert statuses == [200, 404, 404, 200]
