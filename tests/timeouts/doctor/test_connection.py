"""What is said of the way to the platform, and what to do about it."""

from typing import Any

import pytest

from timeouts.doctor.connection import credentials_findings, network_findings
from timeouts.doctor.facts import Ask, Client, Endpoint, PlatformFacts, Proxy
from timeouts.doctor.finding import Finding

ANSWERED = Ask(said="answered")
REGION = Endpoint(region="eu-west-1", login="https://login.mypurecloud.ie", api="https://api.mypurecloud.ie")


def findings(endpoint: Endpoint = REGION, **given: Any) -> dict[str, Finding]:
    facts = PlatformFacts(endpoint=endpoint, **given)
    return {each.check: each for each in (*network_findings(facts), *credentials_findings(facts))}


STOPPED = {
    "unreachable": ("missing", "firewall"),
    "absent": ("missing", "GENESYS_API_URL"),
    "barred": ("missing", ""),
    "unusable": ("missing", "gateway"),
    "failed": ("could not tell", "in a few minutes"),
}


@pytest.mark.parametrize(("said", "result", "advice"), [(said, *rest) for said, rest in STOPPED.items()])
def test_a_login_that_is_not_reached_stops_work_and_says_what_to_do(said: Any, result: str, advice: str) -> None:
    found = findings(login=Ask(said=said, why="as it happened"))["login is reached"]

    assert (found.result, found.stops_work) == (result, True)
    assert "as it happened" in found.meaning
    assert advice in found.advice


def test_a_certificate_that_is_not_trusted_has_a_line_of_its_own() -> None:
    found = findings(login=Ask(said="untrusted", why="The certificate of login.mypurecloud.ie is not trusted"))

    assert (found["login is reached"].result, found["certificate is trusted"].result) == ("ok", "missing")
    assert "SSL_CERT_FILE" in found["certificate is trusted"].advice
    assert found["credentials are accepted"].result == "could not tell"


def test_without_tls_nothing_is_said_of_certificates() -> None:
    stand_in = Endpoint(region="us-east-1", login="http://127.0.0.1:1", api="http://127.0.0.1:1", is_stand_in=True)

    assert "certificate is trusted" not in findings(stand_in, login=ANSWERED, api=ANSWERED)


@pytest.mark.parametrize(
    ("endpoint", "named"),
    [
        (REGION, "eu-west-1 was asked"),
        (
            REGION.model_copy(update={"region": "us-east-1", "is_default_region": True}),
            "GENESYS_REGION is not set or says us-east-1",
        ),
        (REGION.model_copy(update={"is_stand_in": True}), "GENESYS_API_URL"),
    ],
)
def test_a_refused_login_names_the_region_first_for_it_says_no_more(endpoint: Endpoint, named: str) -> None:
    found = findings(endpoint, login=Ask(said="refused", why="The login is refused"))["credentials are accepted"]

    assert (found.result, found.stops_work) == ("missing", True)
    assert named in found.advice.partition(";")[0]


def test_a_token_that_the_api_refuses_is_no_trouble_of_the_network() -> None:
    found = findings(login=ANSWERED, api=Ask(said="refused", why="The platform refuses the token"))

    assert found["API is reached"].result == "ok"
    assert found["credentials are accepted"].result == "missing"


def test_a_client_that_logs_in_is_named_with_its_grant() -> None:
    client = Client(id="0b8f7c1e", name="Timeouts audit", grant="CLIENT-CREDENTIALS")

    found = findings(login=ANSWERED, api=ANSWERED, client=client)

    assert found["credentials are accepted"].meaning == "Logged in as Timeouts audit (0b8f7c1e)."
    assert "CLIENT-CREDENTIALS" in found["grant is Client Credentials"].meaning


def test_a_proxy_is_named() -> None:
    proxy = Proxy(variable="HTTPS_PROXY", address="proxy.example:3128")

    found = findings(REGION.model_copy(update={"proxy": proxy}))["proxy"]

    assert found.meaning == "HTTPS_PROXY names proxy.example:3128."


@pytest.mark.parametrize("ahead_ms", [-60_000, 0, 60_000])
def test_a_minute_more_or_less_is_right(ahead_ms: int) -> None:
    assert findings(login=ANSWERED, clock_ahead_ms=ahead_ms)["this machine's clock is right"].result == "ok"


@pytest.mark.parametrize(("ahead_ms", "said"), [(-90_500, "about 2m behind"), (3_600_000, "about 1h ahead of")])
def test_more_than_a_minute_is_wrong(ahead_ms: int, said: str) -> None:
    found = findings(login=ANSWERED, clock_ahead_ms=ahead_ms)["this machine's clock is right"]

    assert (found.result, said in found.meaning) == ("missing", True)
