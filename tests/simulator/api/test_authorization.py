"""What a client may know of itself (docs/platform.md#org-limits)."""

from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from simulator.clients import OAuthClient
from simulator.org.clock import machine_ms
from simulator.org.org import Org
from tests.simulator.conftest import BRANCH, HOME, Client, Connect, Switch

ME = "/api/v2/authorization/subjects/me"
PERMITTED = "/api/v2/authorization/divisionspermitted/paged/me"


def permissions(answer: dict[str, Any]) -> set[str]:
    return {
        f"{policy['domain']}:{policy['entityName']}:{action}"
        for grant in answer["grants"]
        for policy in grant["role"].get("policies", ())
        for action in policy["actions"]
    }


def at_home(connect: Connect, org: Org, *held: str) -> Client:
    """A client whose role covers one division."""
    org.add_client(OAuthClient("at-home", "at-home-secret", "At home", frozenset(held), frozenset({HOME.id})))
    return connect("at-home")


def test_a_token_says_whose_it_is(client: Client) -> None:
    assert client.get("/api/v2/tokens/me")["OAuthClient"]["authorizedGrantType"] == "CLIENT-CREDENTIALS"


def test_a_client_reads_its_own_permissions_where_it_asks_for_them(connect: Connect, org: Org) -> None:
    mine = at_home(connect, org, "architect:flow:view", "architect:flow:edit")

    assert permissions(mine.get(f"{ME}?includeFullRoles=true")) == {"architect:flow:view", "architect:flow:edit"}
    assert permissions(mine.get(ME)) == set()
    assert [grant["division"]["id"] for grant in mine.get(ME)["grants"]] == [HOME.id]


@pytest.mark.parametrize(("answers", "status"), [("forbidden", 403), ("missing", 404)])
def test_by_switch_it_may_not(client: Client, switch: Switch, answers: str, status: int) -> None:
    switch(own_roles=answers)

    assert client("GET", ME).status == status


def test_by_switch_it_is_told_the_names_of_its_roles_alone(client: Client, switch: Switch) -> None:
    switch(own_roles="named")

    found = client.get(f"{ME}?includeFullRoles=true")

    assert found["grants"]
    assert permissions(found) == set()


def test_a_permission_holds_in_the_divisions_of_the_role(connect: Connect, org: Org) -> None:
    mine = at_home(connect, org, "architect:flow:view")

    held = mine.get(f"{PERMITTED}?permission=architect:flow:view")
    other = mine.get(f"{PERMITTED}?permission=architect:flow:edit")

    assert ([each["id"] for each in held["entities"]], held["allDivsPermitted"]) == ([HOME.id], False)
    assert (other["entities"], other["total"]) == ([], 0)


def test_all_divisions_are_listed_for_every_client(connect: Connect, org: Org) -> None:
    found = at_home(connect, org).get("/api/v2/authorization/divisions")

    assert {each["id"] for each in found["entities"]} == {HOME.id, BRANCH.id}


def test_every_answer_has_the_machine_s_date_or_one_that_is_ahead_of_it(client: Client, org: Org) -> None:
    def ahead_s() -> float:
        date = client("GET", "/api/v2/tokens/me").headers["Date"]
        return parsedate_to_datetime(date).timestamp() - machine_ms() / 1000

    assert abs(ahead_s()) < 60
    org.set_date_ahead(3_600_000)
    assert abs(ahead_s() - 3_600) < 60
