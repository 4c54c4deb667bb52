"""Whatever answers in the platform's place keeps a run busy for a bounded time only, and the bound is named."""

import gc
import json
import socket
from typing import Any

import pytest

from genesys import BadPayload, InvalidRequest, ReadClient, Unavailable, WriteClient
from genesys.errors import RateLimited
from genesys.reading.one_reading import read_one
from tests.genesys.conftest import (
    ACME,
    ORGANIZATION,
    FakeClock,
    Platform,
    Received,
    Reply,
    dripping,
    error,
    limited,
    listing,
    reply,
)
from tests.timeouts.conftest import listed

FLOWS = "GET /api/v2/flows"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
SLOW = "not whole in time|the connection broke|the answer was cut off|nothing came in time"
"""On a machine that is busy with other tests, one deadline may be met before another."""


def raw(head: bytes) -> Reply:
    """An answer as it stands."""

    def act(connection: socket.socket) -> None:
        connection.sendall(head)

    return act


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (reply({}, headers={f"X-{number}": "x" for number in range(1_000)}), "the answer has more than 100 headers"),
        (reply({}, headers={"X": "x" * 2_000_000}), "the answer has a header, .* of more than 65,536 bytes"),
        (raw(CHUNKED + b"0" * 100_000), f"of more than 65,536 bytes|{SLOW}"),
        (
            dripping(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
            SLOW,
        ),
        (dripping(CHUNKED + b"0\r\n", b"X: y\r\n"), SLOW),
        (reply({"id": "org-1"}, length=10**15), "the answer was cut off"),
    ],
    ids=["headers", "a header", "a chunk's size", "continue for ever", "trailers for ever", "a length that lies"],
)
def test_an_answer_that_does_not_end_is_given_up(
    platform: Platform, hasty: WriteClient, answer: Reply, told: str
) -> None:
    platform.on(ORGANIZATION, answer)

    with pytest.raises(Unavailable, match=told) as given_up:
        hasty.organization()
    assert "(GET /api/v2/organizations/me)" in str(given_up.value)


def test_chunks_without_end_are_read_up_to_the_largest_size(
    platform: Platform, reader: ReadClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genesys.http.wire.MAX_BYTES", 100_000)
    platform.on(ORGANIZATION, raw(CHUNKED + (b"1000\r\n" + b" " * 4_096 + b"\r\n") * 50))

    with pytest.raises(Unavailable, match="the answer is larger than 100000 bytes"):
        reader.organization()


def test_more_values_than_any_answer_has_are_not_parsed(
    platform: Platform, reader: ReadClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """64 MB of empty lists, or of numbers, would take gigabytes."""
    monkeypatch.setattr("timeouts.text.bounds.MOST_VALUES", 100)
    platform.on(ORGANIZATION, reply({"id": "org-1", "x": [[]] * 101}))

    with pytest.raises(BadPayload, match=r"but it holds more than 4,000,000 values \(GET /api/v2/organizations/me"):
        reader.organization()


@pytest.mark.parametrize("body", [b'{"x":' + b"9" * 10**6 + b"}", b'{"x":' + b"[" * 10**5 + b"]" * 10**5 + b"}"])
def test_numbers_and_depths_that_python_does_not_take_are_no_crash(
    platform: Platform, reader: ReadClient, body: bytes
) -> None:
    platform.on(ORGANIZATION, reply(body=body))
    gc.collect()  # what earlier tests have left would be finalized, and told of, at the very end of the stack

    with pytest.raises(BadPayload, match="The organization is not as documented"):
        reader.organization()


@pytest.mark.parametrize(
    ("body", "coverage", "told"),
    [
        (b'{"flowData": {"x": ' + b"9" * 5_000 + b"}}", "unreadable", "it is not JSON: Exceeds the limit"),
        (b'{"flowData": ' + b"[" * 10**5 + b"]" * 10**5 + b"}", "unreadable", "it is nested too deeply"),
        (b'{"flowData": {"nodes": [' + b"1," * 10**5 + b"1]}}", "unreadable", "nodes[0] is not an object"),
    ],
)
def test_a_bad_document_is_one_architect_flow_s_trouble(
    platform: Platform, reader: ReadClient, body: bytes, coverage: str, told: str
) -> None:
    """A number of 5,000 digits ended the whole audit."""
    platform.on("GET /api/v2/flows/f-1", reply(body=body))
    platform.on("GET /api/v2/flows/f-1/versions/4.0/configuration", error(404))

    reading = read_one(reader, listed("f-1", carries_flow_data=True))
    assert (reading.coverage, told in reading.reason, len(reading.reason) <= 500) == (coverage, True, True)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ({"pageCount": 10**9, "total": 3}, "Architect flows names 1,000,000,000 pages, 10,000 at most are read"),
        ({"pageCount": 2, "total": 10**9}, "Architect flows names 1,000,000,000 entries, 200,000 at most are read"),
        ({"pageCount": 10**40, "total": 3}, "pages, 10,000 at most are read"),
        ({"pageCount": 5_000, "total": 100_000}, r"is not whole: page 2 of 5000 is empty; read 2 times"),
    ],
)
def test_a_listing_is_not_followed_for_hours(
    platform: Platform, reader: ReadClient, named: dict[str, int], told: str
) -> None:
    def page(request: Received) -> Reply | None:
        if request.call != FLOWS:
            return None
        number = int(request.query["pageNumber"])
        entities = [{"id": f"f-{number}", "name": "x"}] if number == 1 else []
        return reply({"entities": entities, "pageNumber": number, **named})

    platform.judge = page
    with pytest.raises(BadPayload, match=told):
        reader.list_architect_flows()
    assert len(platform.calls(FLOWS)) < 1_000


def test_a_listing_that_never_ends_is_left_at_its_bound(
    platform: Platform, reader: ReadClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genesys.parsing.listing._MOST", 30)

    def page(request: Received) -> Reply | None:
        if not request.path.endswith("/actions"):
            return None
        number = request.query["pageNumber"]
        return reply({"entities": [{"id": f"{number}-{each}"} for each in range(10)], "pageNumber": int(number)})

    platform.judge = page
    with pytest.raises(BadPayload, match="integration actions has more than the 30 entries that are read"):
        reader.actions()


@pytest.mark.parametrize("key", ["id", "name", "type"])
def test_a_name_in_a_listing_is_bounded_and_not_repeated(platform: Platform, reader: ReadClient, key: str) -> None:
    platform.on(FLOWS, listing({"id": "f-1", "name": "x", key: "y" * 10_001}))

    with pytest.raises(BadPayload, match=f"'{key}' has 10,001 characters, 10,000 at most are read") as told:
        reader.list_architect_flows()
    assert len(str(told.value)) < 500


def test_a_reason_of_a_megabyte_is_not_looked_for(platform: Platform, reader: ReadClient) -> None:
    many: list[Any] = [{"message": "x" * 1_000}] * 900
    platform.on(ORGANIZATION, error(400, details=many), error(400, details=many * 2))

    with pytest.raises(InvalidRequest) as first:
        reader.organization()
    with pytest.raises(InvalidRequest, match="no reason given"):
        reader.organization()
    assert len(str(first.value)) < 15_000


def test_a_wait_of_thirty_years_is_not_begun(platform: Platform, reader: ReadClient, clock: FakeClock) -> None:
    platform.on(ORGANIZATION, limited(Retry_After="1000000000"))

    with pytest.raises(RateLimited, match="asks to wait more than 30 days; this run may wait 15m more"):
        reader.organization()
    assert clock.slept_ms == []


def test_a_wait_that_is_no_number_of_seconds_is_an_ordinary_one(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, limited(Retry_After="1e9"), ACME)

    assert reader.organization().name == "Acme"
    assert sum(clock.slept_ms) <= 60_000


def test_an_id_that_no_path_takes_is_not_sent(platform: Platform, reader: ReadClient) -> None:
    with pytest.raises(InvalidRequest, match=r"Not sent: 'xxx.*… .*cannot be the id of an Architect flow") as told:
        reader.architect_flow("x" * 100_000)
    assert len(json.dumps(str(told.value))) < 300
    assert platform.received == []


def nested(levels: int) -> Any:
    """Lists in lists."""
    made: Any = 1
    for _ in range(levels):
        made = [made]
    return made


def test_an_action_that_could_not_be_written_back_is_not_read(platform: Platform, reader: ReadClient) -> None:
    """What was parsed on a short stack could not be walked on a long one."""
    call = "GET /api/v2/integrations/actions/a-1"
    action: dict[str, Any] = {"id": "a-1", "name": "Look up", "version": 1, "config": {}}
    for part in ("requesttemplate", "successtemplate"):
        platform.on(f"{call}/templates/{part}.vm", reply(status=404))
    platform.on(call, reply({**action, "contract": nested(90)}))
    assert reader.action_content("a-1").fingerprints()

    platform.on(call, reply({**action, "contract": nested(700)}))
    with pytest.raises(BadPayload, match="The action 'Look up' is nested deeper than the 100 levels that are read"):
        reader.action_content("a-1")


def test_a_refusal_that_is_nested_at_any_depth_is_told(platform: Platform, reader: ReadClient) -> None:
    """Of some depths what was parsed could not be written any more."""
    for levels in (1, 30, *range(800, 1_000, 7)):
        deep = b"[" * levels + b"]" * levels
        body = b'{"message": %b, "details": [%b, {"message": %b}]}' % (deep, deep, deep)
        platform.on(ORGANIZATION, reply(body=body, status=400))
        with pytest.raises(InvalidRequest, match="The platform refuses the request") as told:
            reader.organization()
        assert len(str(told.value)) < 1_000
