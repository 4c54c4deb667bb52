"""A 404 may pass: what was there a moment ago is asked for again, then the listing is asked."""

from collections.abc import Callable

import pytest

from genesys import BadPayload, ConfigurationProblem, GenesysError, Gone, NotFound, ReadClient, Unavailable
from tests.genesys.conftest import ORGANIZATION, TOKEN, FakeClock, Platform, error, listing, reply, token

FLOW = "GET /api/v2/flows/f-1"
CONFIGURATION = "GET /api/v2/flows/f-1/versions/3.0/configuration"
LATEST = "GET /api/v2/flows/f-1/latestconfiguration"
LISTING = "GET /api/v2/flows"
ACTION = "GET /api/v2/integrations/actions/a-1"
ACTIONS = "GET /api/v2/integrations/actions"
MISSING = error(404, "architect.flow.not.found", "No flow f-1.")
LOCKED = {"id": "f-1", "name": "Main", "lockedClient": {"id": "us"}, "publishedVersion": {"id": "3.0"}}
OTHER = {"id": "f-2", "name": "Other"}

READS: dict[str, tuple[str, Callable[[ReadClient], object]]] = {
    "a version": (CONFIGURATION, lambda client: client.configuration("f-1", "3.0")),
    "the latest configuration": (LATEST, lambda client: client.latest_configuration("f-1")),
    "the document": (FLOW, lambda client: client.architect_flow_document("f-1")),
}


def test_a_404_that_passes_is_waited_for(platform: Platform, reader: ReadClient, clock: FakeClock) -> None:
    platform.on(FLOW, MISSING, MISSING, reply(LOCKED))

    assert reader.architect_flow("f-1").published_version == "3.0"
    assert sum(clock.slept_ms) == 1_500
    assert platform.calls(LISTING) == []


def test_what_answers_404_for_ever_is_shown_as_the_listing_shows_it(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(FLOW, MISSING)
    platform.on(LISTING, listing(LOCKED, OTHER))

    found = reader.architect_flow("f-1")

    assert found.locked_by is not None
    assert (found.locked_by.id, found.published_version) == ("us", "3.0")
    assert sum(clock.slept_ms) >= 25_000


def test_what_only_the_listing_shows_is_not_waited_for_a_second_time(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(FLOW, MISSING)
    platform.on(LISTING, listing(LOCKED, OTHER))
    reader.architect_flow("f-1")
    clock.slept_ms.clear()

    reader.architect_flow("f-1")

    assert clock.slept_ms == []
    assert len(platform.calls(LISTING)) == 2


@pytest.mark.parametrize("read", READS)
def test_what_is_listed_and_answers_404_cannot_be_read_now(platform: Platform, reader: ReadClient, read: str) -> None:
    call, ask = READS[read]
    platform.on(call, MISSING)
    platform.on(LISTING, listing(LOCKED, OTHER))

    with pytest.raises(Unavailable, match="although the platform lists it"):
        ask(reader)


@pytest.mark.parametrize("read", READS)
def test_what_neither_answers_nor_is_listed_is_gone(platform: Platform, reader: ReadClient, read: str) -> None:
    call, ask = READS[read]
    platform.on(FLOW, MISSING)
    platform.on(call, MISSING)
    platform.on(LISTING, listing(OTHER))

    with pytest.raises(NotFound):
        ask(reader)
    with pytest.raises(NotFound):
        reader.architect_flow("f-1")


def test_many_that_answer_404_are_waited_for_together_and_looked_for_in_one_listing(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    """A gateway without that route, or a roll back of what was deleted since."""
    platform.judge = lambda request: MISSING if request.path.startswith("/api/v2/flows/") else None
    platform.on(LISTING, listing(LOCKED, OTHER))

    assert reader.unlisted_architect_flow("f-1").published_version == "3.0"
    for read in (reader.architect_flow_document, lambda each, **how: reader.configuration(each, "3.0", **how)):
        with pytest.raises(Unavailable, match="although the platform lists it"):
            read("f-2", of_many=True)
        with pytest.raises(NotFound):
            read("f-3", of_many=True)
    for number in range(4, 9):
        with pytest.raises(NotFound):
            reader.unlisted_architect_flow(f"f-{number}")

    assert 25_000 <= sum(clock.slept_ms) <= 35_000
    assert len(platform.calls(LISTING)) == 1


def test_one_of_many_that_comes_to_be_found_during_the_wait_is_read(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(CONFIGURATION, MISSING, MISSING, reply({"name": "Main"}))

    assert reader.configuration("f-1", "3.0", of_many=True) == b'{"name": "Main"}'
    assert sum(clock.slept_ms) == 1_500
    assert platform.calls(LISTING) == []


def test_a_404_long_after_the_others_is_waited_for_and_looked_for_anew(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(FLOW, MISSING)
    platform.on(LISTING, listing(OTHER), listing(LOCKED, OTHER))
    with pytest.raises(NotFound):
        reader.unlisted_architect_flow("f-1")
    clock.time_ms += 25_001
    clock.slept_ms.clear()

    assert reader.unlisted_architect_flow("f-1").id == "f-1"
    assert sum(clock.slept_ms) >= 25_000


def test_what_was_made_a_moment_ago_is_waited_for_whatever_others_have_waited(
    platform: Platform, reader: ReadClient
) -> None:
    platform.on("GET /api/v2/flows/f-2", MISSING)
    platform.on(LISTING, listing())
    with pytest.raises(NotFound):
        reader.unlisted_architect_flow("f-2")
    platform.on(CONFIGURATION, MISSING, MISSING, reply({"name": "Main"}))

    assert reader.configuration("f-1", "3.0") == b'{"name": "Main"}'


def test_what_was_deleted_is_believed_at_once(platform: Platform, reader: ReadClient, clock: FakeClock) -> None:
    platform.on(FLOW, error(410, "architect.flow.deleted"))

    with pytest.raises(Gone):
        reader.architect_flow("f-1")
    assert clock.slept_ms == []


@pytest.mark.parametrize("status", [503, 404, 410])
def test_a_listing_that_does_not_answer_confirms_nothing(platform: Platform, reader: ReadClient, status: int) -> None:
    platform.on(FLOW, MISSING)
    platform.on(LISTING, error(status))

    with pytest.raises(Unavailable):
        reader.architect_flow("f-1")
    asked = len(platform.calls(LISTING))
    for _ in range(2):
        with pytest.raises(Unavailable):
            reader.unlisted_architect_flow("f-1")
    assert len(platform.calls(LISTING)) == 2 * asked, "and many that look for it in there do not each ask again"


@pytest.mark.parametrize(("listed", "raised"), [(True, Unavailable), (False, NotFound)])
def test_an_action_is_gone_where_the_listing_lacks_it_too(
    platform: Platform, reader: ReadClient, listed: bool, raised: type[GenesysError]
) -> None:
    platform.on(ACTION, error(404, "not.found"))
    platform.on(ACTIONS, listing({"id": "a-1" if listed else "a-2", "name": "CRM", "category": "CRM"}))

    for ask in (reader.action_content, reader.action_version):
        with pytest.raises(raised):
            ask("a-1")


def test_a_draft_that_we_made_is_waited_for(platform: Platform, reader: ReadClient, clock: FakeClock) -> None:
    platform.on(f"{ACTION}/draft", error(404, "not.found"))

    assert reader.action_draft("a-1") is None
    assert clock.slept_ms == []
    assert reader.action_draft("a-1", is_known=True) is None
    assert sum(clock.slept_ms) >= 25_000


@pytest.mark.parametrize("part", ["/templates/r.vm", "/function"])
def test_a_part_that_an_action_names_is_waited_for(
    platform: Platform, reader: ReadClient, clock: FakeClock, part: str
) -> None:
    config = {"request": {"requestTemplateUri": f"{ACTION[4:]}/templates/r.vm"}}
    whole = {"id": "a-1", "category": "Function Data Actions", "version": 1, "config": config}
    platform.on(ACTION, reply(whole))
    for name in ("r.vm", "successtemplate.vm"):
        platform.on(f"{ACTION}/templates/{name}", reply(body=b"{}", media_type="text/plain"))
    platform.on(f"{ACTION}/function", reply({"function": {"timeoutSeconds": 5}}))
    answers = reply(body=b"{}", media_type="text/plain") if "templates" in part else reply({"function": {}})
    platform.on(f"{ACTION}{part}", error(404), error(404), answers)

    assert reader.action_content("a-1").version == 1
    assert sum(clock.slept_ms) == 1_500


def test_an_action_is_not_gone_because_a_part_of_it_is(platform: Platform, reader: ReadClient) -> None:
    platform.on(ACTION, reply({"id": "a-1", "version": 1, "config": {}}))
    platform.on(f"{ACTION}/templates/requesttemplate.vm", error(410))

    with pytest.raises(BadPayload, match="lacks a part: It was deleted"):
        reader.action_content("a-1")


def test_a_template_that_nothing_shows_is_none_only_after_it_was_waited_for(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ACTION, reply({"id": "a-1", "version": 1, "config": {}}))
    for name in ("requesttemplate", "successtemplate"):
        platform.on(f"{ACTION}/templates/{name}.vm", error(404))

    assert reader.action_content("a-1").templates == {}
    assert sum(clock.slept_ms) >= 2 * 25_000


def test_the_validation_of_a_draft_that_is_there_is_waited_for(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(f"{ACTION}/draft/validation", error(404), reply({"valid": True}))

    assert reader.draft_problems("a-1") == ()
    assert sum(clock.slept_ms) == 500


def test_a_login_that_gave_a_token_before_is_waited_for(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(TOKEN, token("first"), error(404), error(404), token("second"))
    platform.on(ORGANIZATION, reply({"id": "o"}), error(401), reply({"id": "o"}))

    assert [reader.organization().id for _ in range(2)] == ["o", "o"]
    assert sum(clock.slept_ms) == 1_500


@pytest.mark.parametrize(("status", "raised"), [(404, Unavailable), (410, ConfigurationProblem)])
def test_a_login_that_is_gone_for_good_is_no_missing_architect_flow(
    platform: Platform, reader: ReadClient, status: int, raised: type[GenesysError]
) -> None:
    platform.on(TOKEN, token("first"), error(status))
    platform.on(ORGANIZATION, reply({"id": "o"}))
    platform.on(FLOW, error(401))
    reader.organization()

    with pytest.raises(raised, match="No token"):
        reader.architect_flow("f-1")


def test_a_login_that_never_gave_a_token_is_a_wrong_address(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(TOKEN, error(404))

    with pytest.raises(ConfigurationProblem, match="GENESYS_API_URL"):
        reader.organization()
    assert sum(clock.slept_ms) < 5_000
