"""Listings are read to their end and proven whole: no Architect flow is lost silently."""

from collections.abc import Sequence

import pytest

from genesys import BadPayload, ReadClient
from tests.genesys.conftest import Platform, Received, Reply, reply

FLOWS = "GET /api/v2/flows"
ACTIONS = "GET /api/v2/integrations/actions"


def entry(identifier: str, **more: object) -> dict[str, object]:
    return {"id": identifier, "name": f"Flow {identifier}", "type": "BOT", **more}


def page(number: int, ids: Sequence[str], *, of: int, total: int, **more: object) -> Reply:
    return reply(
        {"entities": [entry(i) for i in ids], "pageNumber": number, "pageCount": of, "total": total, "pageSize": 500}
        | more
    )


def ids(client: ReadClient) -> list[str]:
    return [architect_flow.id for architect_flow in client.list_architect_flows()]


def test_all_pages_are_read_without_a_list_of_types(platform: Platform, reader: ReadClient) -> None:
    platform.on(FLOWS, page(1, ["a", "b"], of=2, total=3), page(2, ["c"], of=2, total=3))

    assert ids(reader) == ["a", "b", "c"]
    assert [request.query for request in platform.calls(FLOWS)] == [
        {"pageNumber": str(number), "pageSize": "500", "sortBy": "id", "sortOrder": "asc"} for number in (1, 2)
    ]


def test_an_org_without_architect_flows_is_empty(platform: Platform, reader: ReadClient) -> None:
    platform.on(FLOWS, page(1, [], of=0, total=0))

    assert reader.list_architect_flows() == ()


@pytest.mark.parametrize("entities", [{"entities": None}, {}], ids=["null", "left out"])
def test_a_listing_that_counts_nothing_is_empty_without_a_list(
    platform: Platform, reader: ReadClient, entities: dict[str, object]
) -> None:
    for call in (FLOWS, ACTIONS):
        platform.on(call, reply({**entities, "pageNumber": 1, "pageCount": 0, "total": 0}))

    assert (reader.list_architect_flows(), reader.actions()) == ((), ())


def test_a_page_that_forgets_its_entries_and_its_total_leaves_a_listing_short(
    platform: Platform, reader: ReadClient
) -> None:
    lost = reply({"entities": None, "pageCount": 0, "total": 0})
    platform.on(FLOWS, page(1, ["a"], of=2, total=2), lost, page(1, ["a"], of=2, total=2), lost)
    platform.on(ACTIONS, actions("a", total=2), lost)

    with pytest.raises(BadPayload, match="Architect flows is not whole"):
        reader.list_architect_flows()
    with pytest.raises(BadPayload, match="integration actions is not whole: 1 came of 2"):
        reader.actions()


def test_an_entry_that_comes_twice_is_kept_once(platform: Platform, reader: ReadClient) -> None:
    platform.on(FLOWS, page(1, ["a", "b"], of=2, total=3), page(2, ["b", "c"], of=2, total=3))

    assert ids(reader) == ["a", "b", "c"]


def test_a_listing_shorter_than_its_total_is_read_again(platform: Platform, reader: ReadClient) -> None:
    platform.on(FLOWS, page(1, ["a"], of=1, total=2), page(1, ["a", "b"], of=1, total=2))

    assert ids(reader) == ["a", "b"]


def test_a_listing_that_stays_short_is_an_error(platform: Platform, reader: ReadClient) -> None:
    platform.on(FLOWS, page(1, ["a"], of=1, total=2))

    with pytest.raises(BadPayload, match="Architect flows is not whole: 1 came of 2"):
        reader.list_architect_flows()
    assert len(platform.calls(FLOWS)) == 2


def test_a_deletion_between_two_pages_is_noticed(platform: Platform, reader: ReadClient) -> None:
    before = page(1, ["a", "b"], of=2, total=4)
    shifted = page(2, ["d"], of=2, total=3)  # "a" was deleted: "c" moved to page 1 and would be missed
    platform.on(FLOWS, before, shifted, page(1, ["b", "c"], of=2, total=3), shifted)

    assert ids(reader) == ["b", "c", "d"]


def test_a_deletion_and_a_creation_between_two_pages_are_not_noticed(platform: Platform, reader: ReadClient) -> None:
    """A known limit (docs/platform.md#listing): this test says what is not held, so that nobody takes it for held."""
    before = page(1, ["a", "b"], of=2, total=4)
    shifted = page(2, ["d", "e"], of=2, total=4)  # "a" was deleted and "e" made: "c" is on page 1 now
    platform.on(FLOWS, before, shifted, page(1, ["b", "c"], of=2, total=4), shifted)

    assert ids(reader) == ["a", "b", "d", "e"]
    assert ids(reader) == ["b", "c", "d", "e"], "the next listing has it"


BROKEN_PAGES = {
    "an ErrorBody with 200": {"code": "x", "message": "y"},
    "entities null": {"entities": None, "pageCount": 1, "total": 1},
    "entities null, and no total": {"entities": None, "pageCount": 1},
    "no entities, total false": {"pageCount": 1, "total": False},
    "entities an object": {"entities": {}, "pageCount": 1, "total": 0},
    "no total": {"entities": [], "pageCount": 1},
    "no pageCount": {"entities": [], "total": 0},
    "total a text": {"entities": [], "pageCount": 1, "total": "0"},
    "total true": {"entities": [], "pageCount": 1, "total": True},
    "total below zero": {"entities": [], "pageCount": 1, "total": -1},
    "another page": {"entities": [], "pageCount": 1, "total": 0, "pageNumber": 7},
    "an entry that is a text": {"entities": ["x"], "pageCount": 1, "total": 1},
    "an entry without id": {"entities": [{"name": "Main"}], "pageCount": 1, "total": 1},
    "an entry whose id is a number": {"entities": [{"id": 7}], "pageCount": 1, "total": 1},
}


@pytest.mark.parametrize("document", BROKEN_PAGES.values(), ids=BROKEN_PAGES)
def test_a_page_of_another_shape_is_an_error(platform: Platform, reader: ReadClient, document: object) -> None:
    platform.on(FLOWS, reply(document))

    with pytest.raises(BadPayload, match="Architect flows"):
        reader.list_architect_flows()


def test_an_entry_of_another_shape_is_named(platform: Platform, reader: ReadClient) -> None:
    platform.on(FLOWS, page(1, [], of=1, total=1, entities=[entry("a", publishedVersion="4.0")]))

    with pytest.raises(BadPayload, match=r"'Flow a' \('a'\).*'publishedVersion' is of type str, not an object"):
        reader.list_architect_flows()


def test_a_page_nested_too_deeply_is_an_error(platform: Platform, reader: ReadClient) -> None:
    platform.on(FLOWS, reply(body=b'{"entities":' * 100_000 + b"1" + b"}" * 100_000))

    with pytest.raises(BadPayload, match="no list of entities"):
        reader.list_architect_flows()


def test_actions_are_read_until_a_page_is_empty(platform: Platform, reader: ReadClient) -> None:
    platform.on(
        ACTIONS, reply({"entities": [{"id": "a"}]}), reply({"entities": [{"id": "b"}]}), reply({"entities": []})
    )

    assert [action.id for action in reader.actions()] == ["a", "b"]
    query = platform.calls(ACTIONS)[1].query
    assert (query["pageNumber"], query["includeConfig"], query["includeAuthActions"]) == ("2", "true", "true")


def test_actions_that_are_counted_need_no_empty_page(platform: Platform, reader: ReadClient) -> None:
    platform.on(ACTIONS, page(1, ["a", "b"], of=2, total=3), page(2, ["c"], of=2, total=3))

    assert [action.id for action in reader.actions()] == ["a", "b", "c"]
    assert len(platform.calls(ACTIONS)) == 2


def test_more_actions_than_their_total_are_read_to_the_end(platform: Platform, reader: ReadClient) -> None:
    platform.on(ACTIONS, page(1, ["a", "b"], of=1, total=1), page(2, ["c"], of=1, total=1), page(3, [], of=1, total=1))

    assert [action.id for action in reader.actions()] == ["a", "b", "c"]


def test_actions_that_come_all_at_once_are_read_once(platform: Platform, reader: ReadClient) -> None:
    platform.on(ACTIONS, reply({"entities": [{"id": "a"}]}))

    assert [action.id for action in reader.actions()] == ["a"]


def test_actions_that_fall_short_of_their_total_are_an_error(platform: Platform, reader: ReadClient) -> None:
    platform.on(ACTIONS, reply({"entities": [{"id": "a"}], "total": 2}))

    with pytest.raises(BadPayload, match="1 came of 2"):
        reader.actions()


def actions(*ids: str, **more: object) -> Reply:
    return reply({"entities": [{"id": identifier} for identifier in ids]} | more)


CUT = {
    "only its first page says how many there are": (
        "2 came of 3",
        [actions("a", "b", total=3), actions()],
    ),
    "the gateway has forgotten the total on its last page": (
        "2 came of 3",
        [actions("a", total=3), actions("b", total=3), actions(total=0)],
    ),
    "it ends before its last page": (
        "2 pages came of 3",
        [actions("a", "b", pageCount=3), actions(pageCount=3)],
    ),
    "every page is the first one": (
        "page 2 is full, and brings only what came before",
        [actions("a", "b", pageSize=2), actions("a", "b", pageSize=2)],
    ),
}


@pytest.mark.parametrize(("why", "pages"), CUT.values(), ids=CUT)
def test_actions_that_a_gateway_cuts_are_an_error(
    platform: Platform, reader: ReadClient, why: str, pages: list[Reply]
) -> None:
    """Each of these passed for all the actions that there are."""
    platform.on(ACTIONS, *pages)

    with pytest.raises(BadPayload, match=f"integration actions is not whole: {why}"):
        reader.actions()


def test_actions_that_come_all_at_once_on_each_page_are_whole(platform: Platform, reader: ReadClient) -> None:
    platform.on(ACTIONS, *[actions("a", "b", pageSize=25)] * 2)

    assert [action.id for action in reader.actions()] == ["a", "b"]


def test_five_thousand_architect_flows_are_ten_requests(platform: Platform, reader: ReadClient) -> None:
    every = [f"{number:04}" for number in range(5_000)]

    def judge(request: Received) -> Reply | None:
        if request.call != FLOWS:
            return None
        number = int(request.query["pageNumber"])
        return page(number, every[500 * (number - 1) : 500 * number], of=10, total=5_000)

    platform.judge = judge
    assert ids(reader) == every
    assert reader.request_counts().requests[FLOWS] == 10
