"""A client gives its token back when it is closed, and nothing that comes of it matters."""

import logging
import socket
import threading
import time
from contextlib import closing

import pytest

from genesys import Credentials, GenesysError, InvalidRequest, ReadClient, Stopped, TransportSettings, connect
from genesys.http.revocation import hurried
from genesys.routes import READS, REVOCATION, WRITES
from tests.genesys.conftest import (
    ACME,
    ORGANIZATION,
    QUICK,
    TOKEN,
    FakeClock,
    Platform,
    Reply,
    dripping,
    error,
    hang,
    limited,
    reply,
    reset,
    token,
)

REVOKED = "DELETE /api/v2/tokens/me"
DONE = reply(body=b"", status=204, media_type="")


@pytest.mark.parametrize("write", [False, True])
def test_a_client_that_is_closed_gives_its_own_token_back_once(
    platform: Platform, credentials: Credentials, *, write: bool
) -> None:
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, token("ours"))
    platform.on(REVOKED, DONE)
    with closing(connect(credentials, write=write)) as client:  # type: ignore[call-overload] # either will do
        client.organization()
        assert platform.calls(REVOKED) == []

    [request] = platform.calls(REVOKED)
    assert (request.headers["authorization"], request.body, request.query) == ("Bearer ours", b"", {})
    assert platform.received[-1] is request
    assert client.request_counts().requests[REVOCATION.label] == 1


def test_the_token_that_was_renewed_is_the_one_that_is_given_back(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, error(401), ACME)
    platform.on(REVOKED, DONE)
    reader.organization()
    reader.close()

    assert [request.headers["authorization"] for request in platform.calls(REVOKED)] == ["Bearer token-2"]


@pytest.mark.parametrize("ahead", [False, True])
def test_a_client_that_never_asked_for_anything_gives_back_what_it_has(
    platform: Platform, credentials: Credentials, *, ahead: bool
) -> None:
    platform.on(REVOKED, DONE)
    with closing(connect(credentials, at_once=ahead)) as client:
        while ahead and not client._transport._tokens._ahead.done():  # type: ignore[union-attr] # it is there
            time.sleep(0.01)

    assert len(platform.calls(REVOKED)) == len(platform.calls(TOKEN)) == int(ahead)


DOES_NOT = {
    "403": error(403),
    "404": error(404),
    "401": error(401),
    "429": limited(Retry_After="60"),
    "500": error(500),
    "501": error(501),
    "a redirect": reply({}, status=302, headers={"Location": "/elsewhere"}),
    "a page": reply(body=b"<html>", media_type="text/html"),
    "reset": reset,
    "hang": hang,
    "drip": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b" "),
    "dripping headers": dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
}


@pytest.mark.parametrize("answer", DOES_NOT.values(), ids=DOES_NOT)
def test_what_the_platform_makes_of_it_is_told_at_debug_and_changes_nothing(
    platform: Platform, credentials: Credentials, answer: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "genesys")
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, token("ours"))
    platform.on(REVOKED, answer)
    clock = FakeClock()
    with closing(connect(credentials, clock=clock, settings=QUICK)) as client:
        client.organization()

    assert (len(platform.calls(REVOKED)), clock.slept_ms) == (1, [])
    told = [record for record in caplog.records if record.name == "genesys"]
    assert "access token was" in told[-1].getMessage()
    assert [each for each in told if each.levelno > logging.DEBUG or "ours" in each.getMessage()] == []


def test_it_is_given_two_seconds_and_less_where_a_client_has_less() -> None:
    patient, hasty = hurried(TransportSettings()), hurried(QUICK)

    assert (patient.connect_ms, patient.read_ms, patient.total_ms) == (2_000, 2_000, 2_000)
    assert (hasty.read_ms, hasty.total_ms) == (QUICK.read_ms, QUICK.total_ms)


def test_a_client_whose_run_was_told_to_stop_gives_it_back_all_the_same(
    platform: Platform, credentials: Credentials
) -> None:
    stop = threading.Event()
    platform.on(ORGANIZATION, ACME)
    with closing(connect(credentials, stop=stop)) as client:
        client.organization()
        stop.set()

    assert len(platform.calls(REVOKED)) == 1


def test_a_thread_that_still_asks_gets_no_new_token(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, ACME)
    reader.organization()
    reader.close()

    with pytest.raises(Stopped, match="closed"):
        reader.organization()
    assert len(platform.calls(TOKEN)) == 1


def test_a_request_under_way_that_meets_the_end_of_the_token_logs_in_no_more(
    platform: Platform, credentials: Credentials
) -> None:
    client = connect(credentials)

    def close_first(connection: socket.socket) -> None:
        client.close()
        error(401)(connection)

    platform.on(ORGANIZATION, close_first)
    with pytest.raises(Stopped, match="closed"):
        client.organization()
    assert len(platform.calls(TOKEN)) == 1


class HeldUpClock(FakeClock):
    """Whoever asks it for the time is held up, as a thread is to which the system gives no processor for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.holds = threading.Event()
        self.held = threading.Event()

    def now_ms(self) -> int:
        if self.holds.is_set() and threading.current_thread() is not threading.main_thread():
            self.held.set()
            time.sleep(0.2)
        return super().now_ms()


def test_it_is_given_back_although_a_thread_is_about_to_ask_with_it(
    platform: Platform, credentials: Credentials
) -> None:
    """Threads take the token one at a time: a command that was ended beside one of them kept it (seen once)."""
    clock = HeldUpClock()
    platform.on(ORGANIZATION, ACME)
    platform.on(REVOKED, DONE)
    client = connect(credentials, clock=clock)
    client.organization()
    clock.holds.set()
    thread = threading.Thread(target=client._transport._tokens.current)
    thread.start()
    clock.held.wait()
    time.sleep(0.25)  # it has the time at which it came, and takes the token
    client.close()
    thread.join()

    assert len(platform.calls(REVOKED)) == 1


def test_a_login_that_hangs_is_not_waited_for_when_a_client_is_closed(
    platform: Platform, credentials: Credentials
) -> None:
    platform.on(TOKEN, hang)
    stop = threading.Event()
    client = connect(credentials, settings=TransportSettings(read_ms=2_500, total_ms=2_500), stop=stop)

    def ask() -> None:
        with pytest.raises(GenesysError):
            client.organization()

    thread = threading.Thread(target=ask)
    thread.start()
    while not platform.calls(TOKEN):
        time.sleep(0.01)
    began = time.monotonic()
    client.close()

    assert time.monotonic() - began < 2
    stop.set()
    thread.join()


def test_no_method_of_a_client_sends_it(platform: Platform, reader: ReadClient) -> None:
    assert REVOCATION not in (*READS, *WRITES)
    with pytest.raises(InvalidRequest, match="no request that this client makes"):
        reader._transport.send("DELETE", f"{platform.url}/api/v2/tokens/me", {}, {}, None)
    assert platform.received == []


def test_nobody_elses_token_is_ever_named(platform: Platform, reader: ReadClient) -> None:
    """The platform also has DELETE tokens/{userId}, which ends all tokens of a person."""
    for path in ("tokens/somebody", "tokens/me/more"):
        with pytest.raises(InvalidRequest):
            reader._transport.send("DELETE", f"{platform.url}/api/v2/{path}", {}, {}, None)
    assert platform.received == []
