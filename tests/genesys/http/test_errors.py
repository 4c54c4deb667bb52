"""What an error tells a person, and what it never tells."""

import pickle
import socket
import traceback

import pytest

from genesys import (
    Conflict,
    GenesysError,
    InvalidRequest,
    PermissionDenied,
    ReadClient,
    Unavailable,
    WriteClient,
    connect,
)
from tests.genesys.conftest import (
    CHECKOUT,
    ORGANIZATION,
    SECRET,
    TOKEN,
    FakeClock,
    Platform,
    Received,
    Reply,
    credentials_of,
    error,
    hang,
    reply,
    reset,
)


def test_an_error_says_what_happened_to_which_request_and_what_support_asks_for(
    platform: Platform, writer: WriteClient
) -> None:
    details = [{"errorCode": "locked", "fieldName": "flow", "entityName": "Main"}]
    platform.on(CHECKOUT, error(409, "architect.flow.locked.by.user", "Locked by Jane.", details=details))

    with pytest.raises(Conflict) as caught:
        writer.checkout("f-1")
    assert str(caught.value) == (
        "Something is in the way (POST /api/v2/flows/actions/checkout answered 409: Locked by Jane. "
        "[architect.flow.locked.by.user], details locked flow Main, contextId ctx-1, ININ-Correlation-Id corr-1)"
    )


def test_an_answer_that_gives_no_reason_is_described(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, reply(body=b"<html>Teapot</html>", status=418, media_type="text/html"))

    with pytest.raises(InvalidRequest, match=r"answered 418: no reason given \(text/html\)"):
        reader.organization()


def test_a_platform_that_echoes_our_secrets_does_not_reach_the_person(platform: Platform, reader: ReadClient) -> None:
    def echo(request: Received) -> Reply:
        return error(400, message=f"Bad header {request.headers['authorization']} for {SECRET}", errors=[SECRET])

    platform.judge = echo
    with pytest.raises(GenesysError) as at_login:
        reader.organization()
    platform.judge = lambda request: None if request.call == TOKEN else echo(request)
    platform.on(TOKEN, reply({"access_token": "canary-token"}))

    shown = "".join(traceback.format_exception(at_login.value))
    assert "canary" not in shown
    assert at_login.value.exchange is not None
    assert "Basic [hidden]" in str(at_login.value)


def test_a_token_that_is_echoed_does_not_reach_the_person(platform: Platform, reader: ReadClient) -> None:
    platform.on(TOKEN, reply({"access_token": "canary-token"}))
    platform.on(ORGANIZATION, error(400, message="Bad Bearer canary-token"))

    with pytest.raises(InvalidRequest, match=r"Bad Bearer \[hidden\]"):
        reader.organization()


def test_long_and_unprintable_reasons_become_one_bounded_line(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, error(400, message="a\n\x1b[31mb" + "c" * 5_000))

    with pytest.raises(InvalidRequest) as caught:
        reader.organization()
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 800


def test_odd_error_bodies_are_read_as_far_as_they_go(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, reply({"message": {"text": 7}, "code": 12, "details": "x", "errors": [3]}, status=400))

    with pytest.raises(InvalidRequest, match=r"\[12\], details x; 3"):
        reader.organization()


def test_an_error_without_a_request_is_a_plain_sentence() -> None:
    problem = GenesysError("It failed.")
    assert (str(problem), problem.code, problem.status) == ("It failed.", "", 0)


def test_errors_survive_a_pickle() -> None:
    original = PermissionDenied("No.", permission="architect:flow:edit")
    copy = pickle.loads(pickle.dumps(original))  # noqa: S301 - our own bytes
    assert (str(copy), copy.permission, type(copy)) == ("No.", "architect:flow:edit", PermissionDenied)


def test_a_request_that_got_no_answer_names_it(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, reply({}, length=10))

    with pytest.raises(Unavailable, match=r"\(GET /api/v2/organizations/me\)"):
        reader.organization()


def garbage(connection: socket.socket) -> None:
    connection.sendall(b"\0\0 no HTTP \r\n\r\n")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (reset, r"the connection broke \(ConnectionResetError\)"),
        (garbage, r"the connection broke \(BadStatusLine\)"),
        (hang, "nothing came in time"),
        (reply({}, length=10), "the answer was cut off"),
    ],
)
def test_what_broke_is_said_in_words(platform: Platform, hasty: WriteClient, fault: Reply, said: str) -> None:
    platform.on(ORGANIZATION, fault)

    with pytest.raises(Unavailable, match=rf"^No answer from 127\.0\.0\.1:\d+: {said}"):
        hasty.organization()


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "DNS does not know nowhere.invalid"),
        (ConnectionRefusedError(111, "Connection refused"), "nowhere.invalid cannot be reached .*refused"),
        (TimeoutError("timed out"), "nowhere.invalid did not take the connection in time"),
    ],
)
def test_a_host_that_is_not_there_is_said(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, failure: OSError, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr("urllib3.util.connection.create_connection", fail)

    with pytest.raises(Unavailable, match=said):
        connect(credentials_of("https://nowhere.invalid"), clock=clock).organization()
