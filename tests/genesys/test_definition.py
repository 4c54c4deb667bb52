"""Which of the two kinds of definition an Architect flow has."""

import pytest

from genesys import FetchedDefinition, GenesysError, NotFound, ReadClient, Unavailable, fetch_definition
from tests.genesys.conftest import Platform, error, listing, reply
from timeouts.model.org import ArchitectFlow

CONFIGURATION = "GET /api/v2/flows/f-1/versions/4.0/configuration"
DOCUMENT = "GET /api/v2/flows/f-1"
RAW = b'{ "name" : "Main",  "type":"bot" }'
FLOW_DATA = b'{"id": "f-1", "name": "Main", "flowData": {"nodes": []}}'


def flow(**more: object) -> ArchitectFlow:
    return ArchitectFlow.model_validate({"id": "f-1", "name": "Main"} | more)


def test_a_published_configuration_comes_as_the_platform_sent_it(platform: Platform, reader: ReadClient) -> None:
    platform.on(CONFIGURATION, reply(body=RAW))

    assert fetch_definition(reader, flow(published_version="4.0")) == FetchedDefinition("architect", RAW, "4.0")
    assert reader.request_counts().total == 2


def test_without_versions_the_document_itself_is_the_definition(platform: Platform, reader: ReadClient) -> None:
    platform.on(DOCUMENT, reply(body=FLOW_DATA))

    assert fetch_definition(reader, flow()) == FetchedDefinition("flowData", FLOW_DATA, None)


def test_a_listing_that_shows_flow_data_needs_no_second_try(platform: Platform, reader: ReadClient) -> None:
    platform.on(DOCUMENT, reply(body=FLOW_DATA))
    listed = flow(published_version="4.0", carries_flow_data=True)

    assert fetch_definition(reader, listed) == FetchedDefinition("flowData", FLOW_DATA, "4.0")


def test_a_version_without_a_configuration_may_be_flow_data(platform: Platform, reader: ReadClient) -> None:
    platform.on(CONFIGURATION, error(404))
    platform.on(DOCUMENT, reply(body=FLOW_DATA))

    found = fetch_definition(reader, flow(published_version="4.0"))
    assert found is not None
    assert found.kind == "flowData"


@pytest.mark.parametrize(("listed", "raised"), [(True, Unavailable), (False, NotFound)])
def test_a_version_without_any_definition_is_gone_only_where_the_listing_lacks_it_too(
    platform: Platform, reader: ReadClient, listed: bool, raised: type[GenesysError]
) -> None:
    platform.on(CONFIGURATION, error(404, "flow.no.config.available"))
    platform.on(DOCUMENT, reply({"id": "f-1", "name": "Main"}))
    platform.on("GET /api/v2/flows", listing({"id": "f-1", "name": "Main"}) if listed else listing())

    with pytest.raises(raised) as caught:
        fetch_definition(reader, flow(published_version="4.0"))
    assert caught.value.code == "flow.no.config.available"


def test_one_that_was_never_published_has_no_live_definition(platform: Platform, reader: ReadClient) -> None:
    platform.on(DOCUMENT, reply({"id": "f-1", "name": "Main"}))

    assert fetch_definition(reader, flow()) is None


def test_a_draft_alone_is_no_live_definition_and_costs_no_request(platform: Platform, reader: ReadClient) -> None:
    assert fetch_definition(reader, flow(saved_version="saved_version_1")) is None
    assert platform.received == []


def test_a_document_nested_too_deeply_for_a_parser_is_still_told_apart(platform: Platform, reader: ReadClient) -> None:
    body = b'{"flowData":' * 100_000 + b"1" + b"}" * 100_000
    platform.on(DOCUMENT, reply(body=body))

    assert fetch_definition(reader, flow()) == FetchedDefinition("flowData", body, None)
