import pytest

from tests.simulator.conftest import Client

TRACKING = "/api/v2/architect/dependencytracking"
CONSUMING = f"{TRACKING}/consumingresources?objectType=DATAACTION&id=custom_-_crm"


def test_each_version_that_calls_the_action_is_a_row(client: Client) -> None:
    rows = client.get(f"{CONSUMING}&version=4&pageSize=100")["entities"]
    assert ("architect-flow-1", "1.0", "INBOUNDCALLFLOW") in {(row["id"], row["version"], row["type"]) for row in rows}


def test_only_live_versions_when_asked_for(client: Client) -> None:
    rows = client.get(f"{CONSUMING}&version=4&flowFilter=published&pageSize=100")["entities"]
    assert {row["version"] for row in rows} == {"2.0"}


def test_types_can_be_chosen(client: Client) -> None:
    assert {row["type"] for row in client.get(f"{CONSUMING}&version=4&resourceType=BOTFLOW")["entities"]} == {"BOTFLOW"}


@pytest.mark.parametrize(("query", "status"), [("", 400), ("&version=LATEST", 404)])
def test_the_version_is_required_and_latest_is_none(client: Client, query: str, status: int) -> None:
    assert client("GET", CONSUMING + query).status == status


def test_the_answer_covers_that_version_of_the_action_only(client: Client) -> None:
    assert client.get(f"{CONSUMING}&version=3")["entities"] == []


def test_what_an_architect_flow_consumes(client: Client) -> None:
    query = "id=architect-flow-1&version=2.0&objectType=INBOUNDCALLFLOW"
    assert [row["id"] for row in client.get(f"{TRACKING}/consumedresources?{query}")["entities"]] == ["custom_-_crm"]


def test_the_index_says_that_it_works(client: Client) -> None:
    assert client.get(f"{TRACKING}/build")["status"] == "OPERATIONAL"
