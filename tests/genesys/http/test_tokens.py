"""The token: one login for all threads, renewed in time, and no endless logins."""

import base64
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from genesys import (
    AuthenticationFailed,
    BadPayload,
    ConfigurationProblem,
    Credentials,
    ReadClient,
    Unavailable,
    WriteClient,
    connect,
)
from tests.genesys.conftest import (
    ACME,
    CHECKOUT,
    CLIENT_ID,
    ORGANIZATION,
    SECRET,
    TOKEN,
    FakeClock,
    Platform,
    Received,
    Reply,
    error,
    limited,
    reply,
    reset,
    token,
)


def test_a_login_sends_the_credentials_as_basic_header_and_form(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, ACME)
    reader.organization()

    login = platform.calls(TOKEN)[0]
    scheme, _, value = login.headers["authorization"].partition(" ")
    assert (scheme, base64.b64decode(value).decode()) == ("Basic", f"{CLIENT_ID}:{SECRET}")
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    assert login.body == b"grant_type=client_credentials"


def test_one_token_serves_many_requests(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, ACME)
    for _ in range(3):
        reader.organization()

    assert len(platform.calls(TOKEN)) == 1
    assert {request.headers["authorization"] for request in platform.calls(ORGANIZATION)} == {"Bearer token-1"}


def bearers(platform: Platform) -> list[str]:
    return [request.headers["authorization"] for request in platform.calls(ORGANIZATION)]


@pytest.mark.parametrize(("lasts_s", "ends_after_s"), [(3600, 3541), (100, 91)])
def test_a_token_is_renewed_shortly_before_it_ends(
    platform: Platform, reader: ReadClient, clock: FakeClock, lasts_s: int, ends_after_s: int
) -> None:
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, token("early", expires_in=lasts_s), token("late", expires_in=lasts_s))
    reader.organization()
    clock.time_ms += ends_after_s * 1000
    reader.organization()

    assert bearers(platform) == ["Bearer early", "Bearer late"]


@pytest.mark.parametrize("fault", [error(503), reply(body=b"<html>", media_type="text/html")])
def test_a_token_that_cannot_be_renewed_ahead_of_its_end_serves_on_until_it_ends(
    platform: Platform, reader: ReadClient, clock: FakeClock, fault: Reply
) -> None:
    """Every request failed that came while no login was to be had, under a lock those that were to release it, too."""
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, token("early", expires_in=3600), fault)
    reader.organization()
    clock.time_ms += 3_541_000
    reader.organization()
    clock.time_ms += 60_000

    with pytest.raises((Unavailable, BadPayload)):
        reader.organization()
    assert bearers(platform) == ["Bearer early"] * 2


def test_a_token_that_could_not_be_renewed_is_renewed_a_little_later(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, token("early", expires_in=3600), *[error(503)] * 5, token("late"))
    reader.organization()
    clock.time_ms += 3_541_000
    for _ in range(2):
        reader.organization()
    assert len(platform.calls(TOKEN)) == 6, "each request would wait for logins"
    clock.time_ms += 10_000
    reader.organization()

    assert bearers(platform) == [*["Bearer early"] * 3, "Bearer late"]


@pytest.mark.parametrize("expires_in", [None, "soon", 0, -5, True, 1.5])
def test_a_token_that_does_not_say_how_long_it_lives_is_used(
    platform: Platform, reader: ReadClient, expires_in: object
) -> None:
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, token("t", expires_in=expires_in))
    for _ in range(2):
        reader.organization()

    assert len(platform.calls(TOKEN)) == 1


def test_a_write_that_meets_an_expired_token_is_sent_again_with_a_new_one(
    platform: Platform, writer: WriteClient
) -> None:
    platform.on(CHECKOUT, error(401), reply({"id": "f-1", "name": "Main"}))

    assert writer.checkout("f-1").id == "f-1"
    assert writer.request_counts().renewals == 1
    assert len(platform.calls(TOKEN)) == 2


def test_a_second_401_ends_the_request(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, error(401, "bad.credentials"))

    with pytest.raises(AuthenticationFailed, match="also a new one"):
        reader.organization()
    assert (len(platform.calls(TOKEN)), len(platform.calls(ORGANIZATION))) == (2, 2)


def test_sixteen_threads_log_in_once_an_expiry(platform: Platform, reader: ReadClient) -> None:
    uses: dict[str, int] = {}

    def judge(request: Received) -> Reply | None:
        bearer = request.headers["authorization"]
        if request.call == TOKEN:
            return None
        uses[bearer] = uses.get(bearer, 0) + 1
        return error(401) if uses[bearer] > 50 else ACME

    platform.judge = judge
    with ThreadPoolExecutor(16) as threads:
        names = list(threads.map(lambda _: reader.organization().name, range(400)))

    assert names == ["Acme"] * 400
    assert len(platform.calls(TOKEN)) == 8


def test_sixteen_threads_that_are_refused_for_good_stop_soon(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, error(401))

    def attempt(_: int) -> str:
        with pytest.raises(AuthenticationFailed) as caught:
            reader.organization()
        return str(caught.value)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(attempt, range(16)))
    assert len(platform.calls(ORGANIZATION)) <= 64
    assert len(platform.calls(TOKEN)) <= 17


def test_wrong_credentials_are_tried_once_for_all_threads(platform: Platform, reader: ReadClient) -> None:
    refusal = {"error": "invalid_client", "description": "client not found"}
    platform.on(TOKEN, reply(refusal, status=401))
    start = threading.Barrier(16)

    def attempt(_: int) -> str:
        start.wait()
        with pytest.raises(AuthenticationFailed) as caught:
            reader.organization()
        return str(caught.value)

    with ThreadPoolExecutor(16) as threads:
        said = set(threads.map(attempt, range(16)))
    assert len(platform.calls(TOKEN)) == 1
    assert len(said) == 1
    assert "invalid_client" in said.pop()


def test_an_oauth_error_reaches_the_person(platform: Platform, reader: ReadClient) -> None:
    platform.on(TOKEN, reply({"error": "invalid_client", "error_description": "not that one"}, status=400))

    with pytest.raises(AuthenticationFailed, match=r"wrong region.*not that one \[invalid_client\]"):
        reader.organization()


FAULTS = {
    "reset": reset,
    "500": error(500),
    "HTML 200": reply(body=b"<html>", media_type="text/html"),
    "empty 200": reply(body=b""),
    "no token": reply({"token_type": "bearer"}),
    "a token of another type": reply({"access_token": 7}),
    "an empty token": reply({"access_token": ""}),
    "a token with a line break": reply({"access_token": "a\r\nX: y"}),
    "429": limited(),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_login_is_repeated_like_a_read(platform: Platform, reader: ReadClient, fault: Reply) -> None:
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, fault, fault, token("t"))

    assert reader.organization().id == "org-1"


def test_a_write_whose_login_fails_was_never_sent(platform: Platform, writer: WriteClient) -> None:
    platform.on(TOKEN, reset)

    with pytest.raises(Unavailable, match="No token"):
        writer.checkout("f-1")
    assert platform.calls(CHECKOUT) == []


def test_a_login_page_is_no_token(platform: Platform, reader: ReadClient) -> None:
    platform.on(TOKEN, FAULTS["HTML 200"])

    with pytest.raises(BadPayload, match="not JSON"):
        reader.organization()


def test_a_login_that_keeps_failing_is_tried_five_times_only(platform: Platform, reader: ReadClient) -> None:
    platform.on(TOKEN, error(503))

    with pytest.raises(Unavailable):
        reader.organization()
    assert len(platform.calls(TOKEN)) == 5


@pytest.mark.parametrize("status", [302, 404, 405])
def test_a_host_without_logins_is_a_wrong_address(platform: Platform, reader: ReadClient, status: int) -> None:
    platform.on(TOKEN, reply({}, status=status))

    with pytest.raises(ConfigurationProblem, match="GENESYS_API_URL"):
        reader.organization()


def ahead(credentials: Credentials, clock: FakeClock) -> ReadClient:
    return connect(credentials, clock=clock, at_once=True)


def test_a_client_made_at_once_logs_in_before_it_is_asked_for_anything(
    platform: Platform, credentials: Credentials, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, ACME)
    with closing(ahead(credentials, clock)) as client:
        while not platform.calls(TOKEN):
            time.sleep(0.01)
        assert platform.calls(ORGANIZATION) == []
        assert client.organization().id == "org-1"

    assert len(platform.calls(TOKEN)) == 1


@pytest.mark.parametrize(
    ("answer", "expected", "tried"), [(error(503), Unavailable, 5), (reply({}, status=401), AuthenticationFailed, 1)]
)
def test_what_comes_of_a_login_ahead_is_met_by_the_first_request(
    platform: Platform, credentials: Credentials, answer: Reply, expected: type[Exception], tried: int
) -> None:
    platform.on(TOKEN, answer)
    with closing(ahead(credentials, FakeClock())) as client, pytest.raises(expected):
        client.organization()

    assert len(platform.calls(TOKEN)) == tried
