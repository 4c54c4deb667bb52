"""What a diagnosis reads where the way to the platform is not what it should be."""

from collections.abc import Callable, Iterator
from email.utils import formatdate

import pytest
from pydantic import SecretStr

from genesys import Credentials, TransportSettings, connect
from genesys.examination.asking import Asker
from genesys.examination.examine import endpoint_of, examine
from tests.genesys.conftest import (
    ACME,
    ORGANIZATION,
    SECRET,
    TOKEN,
    FakeClock,
    Platform,
    Reply,
    credentials_of,
    error,
    listing,
    reply,
    reset,
)
from timeouts.doctor.facts import PlatformFacts
from timeouts.doctor.org import org_findings

HTML = reply(body=b"<html>Sign in to the network</html>", media_type="text/html")
FLOWS = "GET /api/v2/flows"

Examined = Callable[[], PlatformFacts]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for scheme in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{scheme}_proxy", raising=False)
        monkeypatch.delenv(f"{scheme}_proxy".upper(), raising=False)


@pytest.fixture
def examined(credentials: Credentials, clock: FakeClock) -> Iterator[Examined]:
    """Examines the platform with a client that does not wait long."""
    client = connect(credentials, clock=clock, settings=TransportSettings(attempts=2, missing_ms=0))
    yield lambda: examine(client, endpoint_of(credentials), clock)
    client.close()


LOGINS = {
    "a wrong secret or region": (reply({"error": "invalid_client"}, status=401), "refused"),
    "an address that gives no tokens": (error(404), "absent"),
    "a gateway's page": (HTML, "unusable"),
    "a platform in trouble": (error(503), "failed"),
    "a connection that breaks": (reset, "unreachable"),
}


@pytest.mark.parametrize(("answer", "said"), LOGINS.values(), ids=LOGINS)
def test_a_login_that_gives_no_token_is_told_apart_and_nothing_else_is_asked(
    platform: Platform, examined: Examined, answer: Reply, said: str
) -> None:
    platform.on(TOKEN, answer)

    found = examined()

    assert (found.login.said, found.api.said) == (said, "not asked")
    assert {request.call for request in platform.received} == {TOKEN}
    assert SECRET not in found.model_dump_json()


@pytest.mark.parametrize(
    ("answer", "said"), [(HTML, "unusable"), (error(404), "absent"), (reply({"name": "Acme"}), "unusable")]
)
def test_an_api_that_does_not_say_which_org_it_is_is_no_login_s_fault(
    platform: Platform, examined: Examined, answer: Reply, said: str
) -> None:
    platform.on(ORGANIZATION, answer)

    found = examined()

    assert (found.login.said, found.api.said) == ("answered", said)
    assert platform.calls(FLOWS) == []


def test_a_certificate_that_is_not_trusted_is_told(tls: str) -> None:
    credentials = credentials_of(tls)
    client = connect(credentials)

    found = examine(client, endpoint_of(credentials))

    client.close()
    assert (found.login.said, found.endpoint.is_encrypted) == ("untrusted", True)
    assert "is not trusted" in found.login.why


def test_a_port_at_which_nobody_listens_is_told(clock: FakeClock) -> None:
    credentials = credentials_of("http://127.0.0.1:9")
    client = connect(credentials, clock=clock)

    found = examine(client, endpoint_of(credentials), clock)

    client.close()
    assert found.login.said == "unreachable"
    assert "cannot be reached" in found.login.why


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_the_clock_is_compared_with_the_answer_s_date(
    platform: Platform, examined: Examined, clock: FakeClock, hours: int
) -> None:
    date = formatdate(clock.epoch_ms() / 1000 - hours * 3600, usegmt=True)
    platform.on(ORGANIZATION, reply({"id": "org-1", "name": "Acme"}, headers={"Date": date}))

    ahead_ms = examined().clock_ahead_ms

    assert ahead_ms is not None
    assert abs(ahead_ms - hours * 3_600_000) <= 1_000


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}])
def test_an_answer_without_a_date_tells_no_time(
    platform: Platform, examined: Examined, headers: dict[str, str]
) -> None:
    platform.on(ORGANIZATION, reply({"id": "org-1", "name": "Acme"}, headers=headers))

    assert examined().clock_ahead_ms is None


def test_what_the_answers_say_of_the_rate_limit_is_kept(platform: Platform, examined: Examined) -> None:
    said = {"inin-ratelimit-count": "7", "inin-ratelimit-allowed": "300"}
    platform.on(ORGANIZATION, reply({"id": "org-1", "name": "Acme"}, headers=said))

    limit = examined().rate_limit

    assert limit is not None
    assert (limit.count, limit.allowed) == (7, 300)


def test_a_rate_limit_that_is_no_number_ends_nothing(platform: Platform, examined: Examined) -> None:
    said = {"inin-ratelimit-count": "9" * 5_000, "inin-ratelimit-allowed": "300"}
    platform.on(ORGANIZATION, reply({"id": "org-1", "name": "Acme"}, headers=said))

    assert examined().rate_limit is None


def test_an_answer_that_is_not_as_documented_ends_nothing(platform: Platform, examined: Examined) -> None:
    platform.on(ORGANIZATION, ACME)
    for odd in ("tokens/me", "authorization/subjects/me", "authorization/divisions", "flows"):
        platform.on(f"GET /api/v2/{odd}", reply({"entities": "none", "grants": [None], "OAuthClient": 7}))
    platform.on("GET /api/v2/integrations/actions", listing({"id": "custom_-_1", "name": "CRM"}))

    found = examined()

    asked = (found.token, found.roles, found.divisions_ask, found.architect_flows.ask)
    assert {each.said for each in asked} == {"unusable"}
    assert (found.actions.count, found.actions.total) == (1, 1)


PAGE = reply(body=b"<html>Not from here</html>", media_type="text/html", status=403)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (PAGE, "unusable"),
        (reply({}, status=404), "unusable"),
        (reply({}, status=302), "unusable"),
        (error(407), "unusable"),
        (error(422), "unusable"),
        (error(404), "absent"),
        (error(405), "absent"),
    ],
)
def test_only_the_platform_itself_says_that_there_is_no_such_call(
    platform: Platform, examined: Examined, answer: Reply, said: str
) -> None:
    """What a firewall answered showed that the client has the permission for what it let nobody ask."""
    platform.on(ORGANIZATION, ACME)
    platform.on(FLOWS, answer)

    assert examined().probes["architect:flow:view"].said == said


@pytest.mark.parametrize(("answer", "said"), [(PAGE, "unusable"), (error(404), "absent"), (reply({}), "unusable")])
def test_what_became_of_the_configurations_is_kept(
    platform: Platform, examined: Examined, answer: Reply, said: str
) -> None:
    platform.on(ORGANIZATION, ACME)
    platform.on(FLOWS, listing({"id": "f-1", "name": "Main", "type": "x", "publishedVersion": {"id": "1.0"}}))
    platform.on(f"{FLOWS}/f-1/versions/1.0/configuration", answer)

    found = examined()

    assert (found.definition.said, found.configurations) == (said, ())
    row = next(each for each in org_findings(found) if each.check == "a definition can be read")
    assert (row.result, row.stops_work) == ("missing", True)


def test_nothing_more_is_asked_once_the_allowance_is_used_up(
    platform: Platform, credentials: Credentials, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, ACME)
    client = connect(credentials, clock=clock)
    by_requests = Asker(client, clock, requests=2, within_ms=60_000)
    first, _ = by_requests.ask(client.samples.organization, bool)
    second, _ = by_requests.ask(client.samples.organization, bool)

    by_time = Asker(client, clock, requests=100, within_ms=60_000)
    in_time, _ = by_time.ask(client.samples.organization, bool)
    clock.time_ms += 60_000
    late, _ = by_time.ask(client.samples.organization, bool)

    client.close()
    assert [each.said for each in (first, second, in_time, late)] == ["answered", "no allowance"] * 2
    assert "used up" in late.why


def test_a_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:pass-phrase@proxy.example:3128")

    found = endpoint_of(Credentials(client_id="c", client_secret=SecretStr("s"), region="eu-west-1")).proxy

    assert found is not None
    assert (found.variable, found.address) == ("HTTPS_PROXY", "proxy.example:3128")
    assert "pass-phrase" not in found.model_dump_json()
