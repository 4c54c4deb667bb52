"""What becomes of a read, whatever the platform or the network does to it."""

import gzip

import pytest

from genesys import (
    BadPayload,
    ConfigurationProblem,
    GenesysError,
    InvalidRequest,
    NotFound,
    ReadClient,
    Unavailable,
    WriteClient,
)
from tests.genesys.conftest import ACME, ORGANIZATION, FakeClock, Platform, Reply, dripping, error, hang, reply, reset

HTML = reply(body=b"<html>maintenance</html>", media_type="text/html")
CUT_GZIP = reply(body=gzip.compress(b'{"id": "org-1", "name": "Acme"}')[:-9], headers={"Content-Encoding": "gzip"})

PASSING_FAULTS = {
    "reset": reset,
    "500": error(500),
    "502 with HTML": reply(body=b"<html>bad gateway</html>", status=502, media_type="text/html"),
    "503": error(503),
    "504": error(504),
    "408": error(408),
    "truncated body": reply({"id": "org-1", "name": "Acme"}, length=500),
    "truncated gzip": CUT_GZIP,
    "broken gzip": reply(body=b"no gzip", headers={"Content-Encoding": "gzip"}),
    "unknown encoding": reply(body=b"x", headers={"Content-Encoding": "br"}),
    "HTML with 200": HTML,
    "empty 200": reply(body=b""),
    "null": reply(None),
    "a list": reply([]),
    "broken JSON": reply(body=b'{"id": "org-'),
    "not UTF-8": reply(body=b'{"id": "\xff"}'),
    "JSON that calls itself HTML": reply({"id": "org-1", "name": "Acme"}, media_type="text/html"),
    "no content type": reply({"id": "org-1", "name": "Acme"}, media_type=""),
    "partial content": reply({"id": "org-1", "name": "Acme"}, status=206),
}


@pytest.mark.parametrize("fault", PASSING_FAULTS.values(), ids=PASSING_FAULTS)
def test_a_read_is_repeated_when_no_usable_answer_came(platform: Platform, reader: ReadClient, fault: Reply) -> None:
    platform.on(ORGANIZATION, fault, fault, ACME)

    assert reader.organization().name == "Acme"
    assert len(platform.calls(ORGANIZATION)) == 3
    assert reader.request_counts().retries == 2


@pytest.mark.parametrize("fault", PASSING_FAULTS.values(), ids=PASSING_FAULTS)
def test_a_read_that_never_gets_a_usable_answer_ends_after_five_tries(
    platform: Platform, reader: ReadClient, fault: Reply
) -> None:
    platform.on(ORGANIZATION, fault)

    with pytest.raises((Unavailable, BadPayload), match="GET /api/v2/organizations/me"):
        reader.organization()
    assert len(platform.calls(ORGANIZATION)) == 5


def test_waits_between_tries_grow(platform: Platform, reader: ReadClient, clock: FakeClock) -> None:
    platform.on(ORGANIZATION, reset)

    with pytest.raises(Unavailable):
        reader.organization()
    assert clock.slept_ms == [500, 1_000, 2_000, 4_000]


def test_an_empty_200_is_never_an_empty_org(platform: Platform, reader: ReadClient) -> None:
    platform.on("GET /api/v2/flows", reply(body=b""))

    with pytest.raises(BadPayload, match="it is empty"):
        reader.list_architect_flows()


NEVER_ENDING = {
    "a server that hangs": hang,
    "a body that drips": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b" "),
    "headers that drip": dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "interim answers without end": dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "chunks that drip": dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
}


@pytest.mark.parametrize("fault", NEVER_ENDING.values(), ids=NEVER_ENDING)
def test_an_answer_that_never_ends_is_given_up(platform: Platform, hasty: WriteClient, fault: Reply) -> None:
    platform.on(ORGANIZATION, fault, ACME)

    assert hasty.organization().name == "Acme"


def test_a_gzipped_answer_is_read(platform: Platform, reader: ReadClient) -> None:
    body = gzip.compress(b'{"id": "org-1", "name": "Acme"}')
    platform.on(ORGANIZATION, reply(body=body, headers={"Content-Encoding": "gzip"}))

    assert reader.organization().id == "org-1"
    assert platform.calls(ORGANIZATION)[0].headers["accept-encoding"] == "gzip"


def test_an_answer_that_unpacks_to_too_much_is_not_believed(
    platform: Platform, reader: ReadClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genesys.http.payload.MAX_BYTES", 1_000)
    bomb = gzip.compress(b" " * 5_000)
    platform.on(ORGANIZATION, reply(body=bomb, headers={"Content-Encoding": "gzip"}))

    with pytest.raises(Unavailable, match="larger than 1000 bytes"):
        reader.organization()


def test_an_answer_that_is_too_large_is_not_read_to_its_end(
    platform: Platform, reader: ReadClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genesys.http.wire.MAX_BYTES", 1_000)
    platform.on(ORGANIZATION, reply(body=b" " * 5_000))

    with pytest.raises(Unavailable, match="larger than 1000 bytes"):
        reader.organization()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_an_error_and_not_followed(platform: Platform, reader: ReadClient, status: int) -> None:
    platform.on(ORGANIZATION, reply({}, status=status, headers={"Location": "/api/v2/elsewhere?token=abc"}))

    with pytest.raises(ConfigurationProblem, match="redirect") as caught:
        reader.organization()
    assert [request.path for request in platform.received] == ["/oauth/token", "/api/v2/organizations/me"]
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 404, 405, 409, 410, 413, 415, 422, 501])
def test_a_refusal_is_not_repeated(platform: Platform, reader: ReadClient, status: int) -> None:
    platform.on(ORGANIZATION, error(status))

    with pytest.raises(GenesysError, match="Some message"):
        reader.organization()
    assert len(platform.calls(ORGANIZATION)) == 1


def test_a_503_with_retry_after_is_repeated_when_the_platform_says(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, reply({}, status=503, headers={"Retry-After": "7"}), ACME)

    reader.organization()
    assert sum(clock.slept_ms) == 7_000


def test_a_503_that_asks_for_more_patience_than_there_is_ends_the_read(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, reply({}, status=503, headers={"Retry-After": "90000"}), ACME)

    with pytest.raises(Unavailable):
        reader.organization()
    assert clock.slept_ms == []


def test_a_configuration_nested_too_deeply_for_a_parser_arrives_whole(platform: Platform, reader: ReadClient) -> None:
    body = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    platform.on("GET /api/v2/flows/f-1/latestconfiguration", reply(body=body))

    assert reader.latest_configuration("f-1") == body


@pytest.mark.parametrize("bad", ["", ".", "..", "a/b", "a/../b", "a?b", "a#b", "a\nb", "a\\b", "a%2fb", "a b", "\x00"])
def test_an_id_that_would_change_the_path_is_not_sent(platform: Platform, reader: ReadClient, bad: str) -> None:
    for call in (
        lambda: reader.architect_flow(bad),
        lambda: reader.configuration("f-1", bad),
        lambda: reader.latest_configuration(bad),
        lambda: reader.action_content(bad),
        lambda: reader.action_draft(bad),
        lambda: reader.action_version(bad),
        lambda: reader.draft_problems(bad),
        lambda: reader.function_limit_ms(bad),
    ):
        with pytest.raises(InvalidRequest, match="Not sent"):
            call()
    assert platform.received == []


def test_a_missing_flow_is_not_found(platform: Platform, reader: ReadClient) -> None:
    platform.on("GET /api/v2/flows/f-1", error(404, "architect.flow.not.found", "No flow f-1."))

    with pytest.raises(NotFound) as caught:
        reader.architect_flow("f-1", is_known=False)
    assert caught.value.code == "architect.flow.not.found"
    assert caught.value.status == 404
