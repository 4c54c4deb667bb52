import dataclasses

from simulator.org.org import Org
from simulator.org.seeds import ClientSeed, OrgSeed
from simulator.server import running
from tests.simulator.conftest import Client, Connect


def test_versions_come_newest_first_with_their_labels(client: Client) -> None:
    versions = client.get("/api/v2/flows/architect-flow-4/versions")["entities"]
    assert [(one["id"], one["type"]) for one in versions] == [
        ("3.0", "CHECKIN"),
        ("2.0", "PUBLISH"),
        ("1.0", "PUBLISH"),
    ]


def test_a_version_that_another_client_published_names_that_client(tiny: OrgSeed) -> None:
    code = ClientSeed("client-code", "CX as Code")
    published = [dataclasses.replace(tiny.architect_flows[0], published_by=code)]
    with running(dataclasses.replace(tiny, architect_flows=published)) as one:
        client = Client(one.url)
        found = client.architect_flow()
        versions = client.get("/api/v2/flows/architect-flow-1/versions")["entities"]

    assert "publishedBy" not in found
    for version in [found["publishedVersion"], *versions]:
        assert "createdBy" not in version
        assert (version["createdByClient"]["id"], version["createdByClient"]["name"]) == (code.id, code.name)


def test_each_version_has_its_own_configuration(client: Client) -> None:
    assert client.get("/api/v2/flows/architect-flow-1/versions/1.0/configuration")["description"] == "content of 1.0"


def test_the_latest_configuration_is_the_newest_draft(client: Client) -> None:
    assert client.get("/api/v2/flows/architect-flow-1/latestconfiguration")["description"] == "content of 2.0"
    assert client.get("/api/v2/flows/architect-flow-4/latestconfiguration")["description"] == "content of draft"
    assert client.get("/api/v2/flows/architect-flow-6/latestconfiguration")["description"] == "content of draft"


def test_without_any_configuration_there_is_a_404_of_its_own(client: Client) -> None:
    answer = client("GET", "/api/v2/flows/architect-flow-7/latestconfiguration")
    assert (answer.status, answer.json()["code"]) == (404, "flow.no.config.available")


def test_a_missing_architect_flow_and_a_missing_version_are_told_apart(client: Client) -> None:
    assert client("GET", "/api/v2/flows/none").json()["code"] == "architect.flow.not.found"
    missing = client("GET", "/api/v2/flows/architect-flow-1/versions/9.0/configuration")
    assert missing.json()["code"] == "architect.flow.version.missing"


def test_never_published_means_no_published_version(client: Client) -> None:
    assert "publishedVersion" not in client.architect_flow("architect-flow-3")
    assert "savedVersion" in client.architect_flow("architect-flow-3")


def test_a_saved_version_is_no_label(client: Client) -> None:
    saved = client.architect_flow("architect-flow-6")["savedVersion"]
    assert saved["id"] == f"saved_version_{saved['name']}"
    assert "commitVersion" not in saved


def test_the_org_needs_no_permission(connect: Connect) -> None:
    assert connect("demo-reader").get("/api/v2/organizations/me")["name"] == "Tiny"


def test_what_is_not_modelled_is_501_and_logged(client: Client, org: Org) -> None:
    assert client("DELETE", "/api/v2/flows/architect-flow-1").status == 501
    assert (org.log[-1].method, org.log[-1].status) == ("DELETE", 501)
