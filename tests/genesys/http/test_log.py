"""What the gateway says in the log: little where all is well, and where not, what a person or a search needs."""

import base64
import logging
from collections.abc import Callable
from typing import Any

import pytest

from genesys import (
    AmbiguousWrite,
    AuthenticationFailed,
    Credentials,
    NotFound,
    ReadClient,
    Unavailable,
    WriteClient,
    connect,
    of_action,
    of_architect_flow,
    of_org,
)
from genesys import about as lines_about
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
from timeouts.model.org import Organization

ODD = 'Störung 🚨 "main"\r\nline'

Lines = Callable[[int], list[logging.LogRecord]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """The gateway's records of a level and above, from the most talkative of all logs."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "genesys")
    return lambda level: [each for each in caplog.records if each.name == "genesys" and each.levelno >= level]


def said(record: logging.LogRecord, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name, None) for name in names}


def test_what_goes_well_is_told_at_debug_only(platform: Platform, reader: ReadClient, lines: Lines) -> None:
    platform.on(ORGANIZATION, ACME)
    reader.organization()

    assert lines(logging.INFO) == []
    assert [record.getMessage() for record in lines(logging.DEBUG)] == [
        "POST /oauth/token answered 200 after 0s",
        "GET /api/v2/organizations/me answered 200 after 0s",
    ]


def test_a_repeated_read_says_why_which_attempt_and_how_long_it_waits(
    platform: Platform, reader: ReadClient, lines: Lines
) -> None:
    platform.on(ORGANIZATION, error(503), ACME)
    reader.organization()

    (record,) = lines(logging.INFO)
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("attempt 1 of 5 brought nothing, the next one follows in 500ms: ")
    assert "corr-1" in record.getMessage()
    assert said(record, "method", "path", "status", "correlation_id", "attempt", "wait_ms") == {
        "method": "GET",
        "path": "/api/v2/organizations/me",
        "status": 503,
        "correlation_id": "corr-1",
        "attempt": 1,
        "wait_ms": 500,
    }


def test_a_rate_limit_says_how_long_it_is_waited_out(platform: Platform, reader: ReadClient, lines: Lines) -> None:
    platform.on(ORGANIZATION, limited(Retry_After="90", ININ_Correlation_Id="corr-429"), ACME)
    reader.organization()

    (record,) = lines(logging.INFO)
    assert "rate limit: all requests wait for 1m30s" in record.getMessage()
    assert said(record, "status", "wait_ms", "correlation_id") == {
        "status": 429,
        "wait_ms": 90_000,
        "correlation_id": "corr-429",
    }


def test_a_renewed_token_says_why(platform: Platform, reader: ReadClient, clock: FakeClock, lines: Lines) -> None:
    platform.on(TOKEN, token("first", expires_in=100), token("second", expires_in=9_000), token("third"))
    platform.on(ORGANIZATION, ACME)
    reader.organization()
    clock.time_ms += 91_000
    reader.organization()
    platform.on(ORGANIZATION, error(401), ACME)
    reader.organization()

    told = [record.getMessage() for record in lines(logging.INFO)]
    assert told[0] == "a new access token was fetched: the one before is about to end"
    assert told[1].startswith("a new access token was fetched: the platform refused the one before (GET /api/v2/")
    assert said(lines(logging.INFO)[1], "status", "correlation_id") == {"status": 401, "correlation_id": "corr-1"}


def test_a_lost_answer_to_a_write_is_told(platform: Platform, writer: WriteClient, lines: Lines) -> None:
    platform.on(CHECKOUT, reset)
    with pytest.raises(AmbiguousWrite):
        writer.checkout("f-1")

    (record,) = lines(logging.INFO)
    assert "the answer to a write is lost" in record.getMessage()
    assert said(record, "method", "path") == {"method": "POST", "path": "/api/v2/flows/actions/checkout"}


def test_an_answer_to_a_write_that_is_no_answer_is_told_too(
    platform: Platform, writer: WriteClient, lines: Lines
) -> None:
    platform.on(CHECKOUT, reply({"id": 7}))
    with pytest.raises(AmbiguousWrite):
        writer.checkout("f-1")

    assert ["lost" in record.getMessage() for record in lines(logging.INFO)] == [True]


def test_a_request_that_fails_for_good_is_told_with_its_correlation_id(
    platform: Platform, writer: WriteClient, lines: Lines
) -> None:
    platform.on(CHECKOUT, error(409, "architect.flow.locked.by.user"))
    with pytest.raises(Exception, match="in the way"):
        writer.checkout("f-1")

    (record,) = lines(logging.INFO)
    assert said(record, "status", "correlation_id") == {"status": 409, "correlation_id": "corr-1"}


def test_what_is_not_there_is_no_warning(platform: Platform, reader: ReadClient, lines: Lines) -> None:
    platform.on("GET /api/v2/flows/f-1", error(404))
    with pytest.raises(NotFound):
        reader.architect_flow("f-1", is_known=False)

    assert lines(logging.INFO) == []


def test_a_line_is_about_the_org_the_architect_flow_and_the_action_at_hand(
    platform: Platform, reader: ReadClient, lines: Lines
) -> None:
    platform.on(ORGANIZATION, error(503), ACME)
    acme = Organization(id="org-1", name="Acme")
    with lines_about(of_org(acme), of_action("a-1", "CRM")), lines_about(of_architect_flow("f-1", ODD)):
        reader.organization()

    (record,) = lines(logging.INFO)
    assert said(record, *of_org(acme), "architect_flow_id", "architect_flow_name", "action_id", "action_name") == {
        "org_id": "org-1",
        "org_name": "Acme",
        "architect_flow_id": "f-1",
        "architect_flow_name": ODD,
        "action_id": "a-1",
        "action_name": "CRM",
    }
    assert record.getMessage().startswith('Störung 🚨 "main" line: attempt 1 of 5'), "one line, whatever the name"


def test_a_platform_that_is_down_does_not_flood_the_log(platform: Platform, reader: ReadClient, lines: Lines) -> None:
    platform.on(ORGANIZATION, error(503))
    for _ in range(30):
        with pytest.raises(Unavailable):
            reader.organization()

    warnings = lines(logging.WARNING)
    assert len(warnings) == 100
    assert "more such lines only at the level DEBUG" in warnings[-1].getMessage()
    assert len(lines(logging.DEBUG)) == 1 + 30 * 5 * 2, "the login, and two lines for each attempt"


def test_no_line_holds_the_secret_or_a_token(platform: Platform, credentials: Credentials, lines: Lines) -> None:
    """Not even where the platform repeats what it was sent."""

    def echo(request: Received) -> Reply | None:
        sent = request.headers["authorization"]
        return None if request.call == TOKEN else error(401, "bad", sent, details=[{"message": sent.split()[1]}])

    platform.on(TOKEN, token("canary-token-1"), token("canary-token-2"))
    platform.judge = echo
    with pytest.raises(AuthenticationFailed):
        connect(credentials, clock=FakeClock()).organization()

    told = "\n".join(str(vars(record)) + record.getMessage() for record in lines(logging.DEBUG))
    assert "organizations/me" in told
    assert CLIENT_ID not in told
    for canary in (SECRET, "canary-token", base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()):
        assert canary not in told
