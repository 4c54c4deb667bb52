from typing import Any

import pytest

from simulator.org.org import Org
from simulator.org.versions import Actor
from tests.simulator.conftest import Client, person_action


def ids(listing: Any) -> list[int]:
    return [int(one["id"][-1]) for one in listing["entities"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7]),
        ("type=bot,workflow", [2, 3]),
        ("type=bot&type=workflow", [2, 3]),
        ("type=BOT", [2]),
        ("type=businessprocess", []),
        ("name=Flow*", [1, 3, 4, 5, 6, 7]),
        ("name=flow%201", [1]),
        ("name=low", []),
        ("id=architect-flow-3,architect-flow-1", [1, 3]),
        ("divisionId=division-branch", [2]),
        ("sortBy=name&sortOrder=desc", [7, 6, 5, 4, 3, 1, 2]),
        ("includeDraft=true&nmae=typo", [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_a_listing_gives_what_was_asked_for(client: Client, query: str, expected: Any) -> None:
    assert ids(client.get(f"/api/v2/flows?{query}")) == expected


@pytest.mark.parametrize(
    "query",
    [
        "type=survey",
        "pageSize=501",
        "pageSize=0",
        "pageNumber=0",
        "pageSize=x",
        "sortBy=nothing",
        "deleted=maybe",
    ],
)
def test_a_parameter_that_cannot_be_meant_is_400(client: Client, query: str) -> None:
    assert client("GET", f"/api/v2/flows?{query}").status == 400


def test_pages_are_linked(client: Client) -> None:
    second = client.get("/api/v2/flows?pageSize=3&pageNumber=2&name=*")
    assert ids(second) == [4, 5, 6]
    assert (second["total"], second["pageCount"]) == (7, 3)
    assert ids(client.get(second["nextUri"])) == [7]
    assert ids(client.get(second["previousUri"])) == [1, 2, 3]
    assert "nextUri" not in client.get(second["lastUri"])


def test_an_empty_page_is_an_answer(client: Client) -> None:
    assert client.get("/api/v2/flows?type=voice")["entities"] == []


def test_a_deleted_architect_flow_is_listed_only_when_asked_for(client: Client, org: Org, anna: Actor) -> None:
    org.play(person_action("delete", anna))
    assert 1 not in ids(client.get("/api/v2/flows"))
    assert 1 in ids(client.get("/api/v2/flows?deleted=true"))
    assert client("GET", "/api/v2/flows/architect-flow-1").status == 410
