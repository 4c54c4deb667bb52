from typing import Any

import pytest

from simulator.clients import OAuthClient
from simulator.org.org import Org
from simulator.switches import Switches
from tests.simulator.conftest import Client, Connect


def test_a_token_is_given_for_a_basic_header(connect: Connect) -> None:
    answer = connect().log_in()
    assert answer.status == 200
    assert answer.json()["expires_in"] == 86_400


def test_wrong_credentials_get_an_oauth_error_and_no_error_body(connect: Connect) -> None:
    answer = connect().log_in("wrong")
    assert answer.status == 401
    assert answer.json()["error"] == "invalid_client"
    assert "contextId" not in answer.json()


def test_another_grant_is_refused(connect: Connect) -> None:
    answer = connect().log_in(body=b"grant_type=password")
    assert (answer.status, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_a_request_without_a_token_is_told_so(client: Client) -> None:
    answer = client.pool.request("GET", f"{client.url}/api/v2/flows")
    assert (answer.status, answer.json()["code"]) == (401, "authentication.required")


def test_a_token_expires_by_the_clock_of_the_org(client: Client, org: Org) -> None:
    client.get("/api/v2/organizations/me")
    org.advance_ms(86_400_000)
    assert client("GET", "/api/v2/organizations/me").json()["code"] == "bad.credentials"


def test_an_error_names_its_correlation_id_in_the_header_too(client: Client) -> None:
    answer = client("GET", "/api/v2/flows/nowhere")
    assert answer.headers["ININ-Correlation-Id"] == answer.json()["contextId"]


@pytest.mark.parametrize("action", ["checkout", "checkin", "publish", "revert", "unlock"])
def test_a_reader_may_not_write(connect: Connect, action: str) -> None:
    answer = connect("demo-reader").act(action)
    assert answer.status == 403
    assert "architect:flow:" in answer.json()["message"]


def test_the_writer_may_not_unlock(client: Client) -> None:
    assert client.act("unlock").status == 403


def test_a_client_of_one_division_sees_a_shorter_list_and_no_error(connect: Connect, org: Org) -> None:
    org.add_client(
        OAuthClient(
            "branch",
            "branch-secret",
            "Branch",
            frozenset({"architect:flow:view"}),
            divisions=frozenset({"division-branch"}),
        )
    )
    listing = connect("branch").get("/api/v2/flows")
    assert [one["id"] for one in listing["entities"]] == ["architect-flow-2"]


def test_a_token_that_was_given_back_is_worthless_and_others_are_not(connect: Connect) -> None:
    ours, others = connect(), connect()
    others.get("/api/v2/organizations/me")
    assert ours("DELETE", "/api/v2/tokens/me").status == 204

    assert ours("GET", "/api/v2/organizations/me").json()["code"] == "bad.credentials"
    assert others("GET", "/api/v2/organizations/me").status == 200


@pytest.mark.parametrize(("setting", "status"), [("forbidden", 403), ("missing", 404)])
def test_an_org_may_not_let_clients_end_their_tokens(client: Client, org: Org, setting: Any, status: int) -> None:
    org.set_switches(Switches(token_revocation=setting))

    assert client("DELETE", "/api/v2/tokens/me").status == status
    assert client("GET", "/api/v2/organizations/me").status == 200
