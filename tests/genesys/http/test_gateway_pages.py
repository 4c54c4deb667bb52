"""A web page in the place of an answer: a gateway's, and no verdict of the platform's on secrets or permissions."""

import pytest

from genesys import (
    AmbiguousWrite,
    AuthenticationFailed,
    BadPayload,
    ConfigurationProblem,
    GenesysError,
    InvalidRequest,
    NotFound,
    ReadClient,
    Unavailable,
    WriteClient,
)
from tests.genesys.conftest import ACME, CHECKOUT, ORGANIZATION, TOKEN, Platform, Reply, reply, token

FROM = "from a gateway, a proxy or a captive portal on the way"


def page(status: int) -> Reply:
    body = b"<!DOCTYPE html><title>Welcome to the lounge</title>"
    return reply(body=body, status=status, media_type="text/html; charset=utf-8")


def host_of(platform: Platform) -> str:
    return platform.url.removeprefix("http://")


@pytest.mark.parametrize(
    ("status", "kind", "tried"),
    [
        (200, BadPayload, 5),
        (401, ConfigurationProblem, 1),
        (403, ConfigurationProblem, 1),
        (407, ConfigurationProblem, 1),
        (410, ConfigurationProblem, 1),
        (502, Unavailable, 5),
        (511, Unavailable, 5),
    ],
)
def test_a_page_at_login_is_a_gateway_s_and_no_wrong_secret(
    platform: Platform, reader: ReadClient, status: int, kind: type[GenesysError], tried: int
) -> None:
    platform.on(TOKEN, page(status))

    with pytest.raises(kind) as told:
        reader.organization()
    assert f"a web page (text/html) came in the place of the answer of {host_of(platform)}, {FROM}" in str(told.value)
    assert "wrong client id" not in str(told.value)
    assert len(platform.calls(TOKEN)) == tried


def test_a_page_that_passes_ends_no_run(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, page(502), page(200), ACME)
    platform.on(TOKEN, page(502), page(200), token("t"))

    assert reader.organization().name == "Acme"


def test_a_refusal_that_the_platform_itself_gives_is_a_wrong_secret(platform: Platform, reader: ReadClient) -> None:
    platform.on(TOKEN, reply({"error": "invalid_client"}, status=401))

    with pytest.raises(AuthenticationFailed, match="wrong client id or secret"):
        reader.organization()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, BadPayload),
        (401, InvalidRequest),
        (403, InvalidRequest),
        (404, NotFound),
        (410, NotFound),
        (407, InvalidRequest),
        (503, Unavailable),
    ],
)
def test_a_page_for_an_answer_says_nothing_of_permissions(
    platform: Platform, reader: ReadClient, status: int, kind: type[GenesysError]
) -> None:
    platform.on(ORGANIZATION, page(status))

    with pytest.raises(kind) as told:
        reader.organization()
    assert f"a web page (text/html) came in the place of the answer of {host_of(platform)}, {FROM}" in str(told.value)
    assert "permission" not in str(told.value)


@pytest.mark.parametrize(
    ("status", "kind"), [(200, AmbiguousWrite), (403, InvalidRequest), (502, AmbiguousWrite), (504, AmbiguousWrite)]
)
def test_a_write_that_a_page_answers_is_judged_as_before(
    platform: Platform, writer: WriteClient, status: int, kind: type[GenesysError]
) -> None:
    platform.on(CHECKOUT, page(status))

    with pytest.raises(kind):
        writer.checkout("f-1")
    assert len(platform.calls(CHECKOUT)) == 1


def test_a_portal_that_leads_elsewhere_is_named_as_what_it_may_be(platform: Platform, reader: ReadClient) -> None:
    platform.on(TOKEN, reply({}, status=302, headers={"Location": "https://portal.example"}))

    with pytest.raises(ConfigurationProblem, match="does a gateway on the way want somebody to log in"):
        reader.organization()
