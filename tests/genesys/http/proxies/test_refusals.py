"""What a refusal of a proxy's is told as, and that no write is sent twice through one that fails."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from genesys import (
    AmbiguousWrite,
    ConfigurationProblem,
    GenesysError,
    Unavailable,
    WriteClient,
)
from tests import company
from tests.company import API, LOGIN, Behaviour, Proxy, answering
from tests.genesys.conftest import (
    ACME,
    CHECKOUT,
    ORGANIZATION,
    TOKEN,
    Platform,
    dripping,
    reset,
)
from tests.genesys.http.proxies.conftest import BOTH, GIVING_BACK, HASTY, refused_with
from tests.servers import free_port

# What a proxy refuses


@pytest.mark.parametrize(
    ("user", "status", "said"),
    [
        ("", 407, "wants to know who asks (407): set user and password in HTTPS_PROXY, as in http://USER:"),
        ("u:canary@", 407, "does not take the user and password in HTTPS_PROXY (407)"),
        ("u:canary@", 403, f"does not let us through to {LOGIN}, its rules forbid it (403)"),
        ("", 302, "it refuses (302)"),
        ("", 404, f"opens no tunnel to {LOGIN} (404): is HTTPS_PROXY the address of a proxy?"),
        ("", 501, "is HTTPS_PROXY the address of a proxy?"),
    ],
)
def test_a_refusal_that_stays_is_told_at_once(
    proxy: Proxy, behind: Callable[..., WriteClient], user: str, status: int, said: str
) -> None:
    proxy.judge = lambda _: answering(status, "Location: https://portal.example/canary\r\n", reason="canary canary")

    told = refused_with(behind(user=user), ConfigurationProblem)
    assert said in told
    assert f"127.0.0.1:{proxy.port}" in told
    assert len(proxy.seen) == 1


def test_a_wrong_password_is_tried_once_for_all_threads(proxy: Proxy, behind: Callable[..., WriteClient]) -> None:
    proxy.wanted = "another"
    start = threading.Barrier(16)

    with closing(behind(user="ada:canary@")) as client, ThreadPoolExecutor(16) as threads:

        def attempt(_: int) -> str:
            start.wait()
            with pytest.raises(ConfigurationProblem) as told:
                client.organization()
            return str(told.value)

        said = set(threads.map(attempt, range(16)))
    assert len(said) == 1
    assert len(proxy.seen) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_refusal_that_may_pass_is_tried_again(proxy: Proxy, behind: Callable[[], WriteClient], status: int) -> None:
    proxy.judge = lambda _: answering(status) if len(proxy.seen) < 3 else None

    with closing(behind()) as client:
        assert client.organization().name == "Acme"
        assert client.request_counts().retries == 2


def test_a_proxy_that_does_not_reach_the_host_is_told_after_all_tries(
    proxy: Proxy, behind: Callable[[], WriteClient]
) -> None:
    proxy.hosts = {}

    told = refused_with(behind(), Unavailable)
    assert f"No token: no connection to {LOGIN}: the proxy 127.0.0.1:{proxy.port} could not make it (502)" in told
    assert len(proxy.seen) == 5


def test_a_proxy_that_is_not_there_is_named(behind: Callable[[], WriteClient], monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("HTTPS_PROXY", f"http://u:canary@127.0.0.1:{port}")

    told = refused_with(behind(), Unavailable)
    assert f"no connection to {LOGIN}: the proxy 127.0.0.1:{port} (HTTPS_PROXY) cannot be reached" in told
    assert "refused); is that address right?" in told


def test_a_proxy_that_dns_does_not_know_is_named(
    behind: Callable[[], WriteClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_such_name(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("urllib3.util.connection.create_connection", no_such_name)
    monkeypatch.setenv("ALL_PROXY", "http://u:canary@proxy.invalid")
    monkeypatch.delenv("HTTPS_PROXY", raising=False)

    told = refused_with(behind(), Unavailable)
    assert f"no connection to {LOGIN}: DNS does not know the proxy proxy.invalid:80 (ALL_PROXY)" in told


def test_a_proxy_that_speaks_no_tls_where_it_should_is_named(
    proxy: Proxy, behind: Callable[..., WriteClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("http:", "https:"))

    assert f"TLS with the proxy 127.0.0.1:{proxy.port} (HTTPS_PROXY) " in refused_with(behind(HASTY), Unavailable)


def test_a_proxy_whose_certificate_is_not_trusted_is_named(
    proxy_with_tls: Proxy, behind: Callable[[], WriteClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    told = refused_with(behind(), ConfigurationProblem)
    assert f"The certificate of the proxy 127.0.0.1:{proxy_with_tls.port} (HTTPS_PROXY) is not trusted" in told


def test_a_company_that_opens_tls_is_told_how_it_becomes_trusted(
    proxy: Proxy, behind: Callable[[], WriteClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    told = refused_with(behind(), ConfigurationProblem)
    assert f"The certificate of {LOGIN} is not trusted" in told
    assert "name its certificate in SSL_CERT_FILE" in told
    assert proxy.seen == BOTH[:1]


# Writes


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (answering(503), Unavailable),
        (company.cutting_when_open, Unavailable),
        (company.hanging_when_open, Unavailable),
        (company.hanging, Unavailable),
        (company.dripping, Unavailable),
        (answering(403), ConfigurationProblem),
        (answering(407), ConfigurationProblem),
    ],
)
def test_a_write_that_the_proxy_lets_nowhere_was_never_sent(
    proxy: Proxy, platform: Platform, behind: Callable[..., WriteClient], behaviour: Behaviour, kind: type[GenesysError]
) -> None:
    proxy.judge = lambda target: behaviour if target == f"{API}:443" else None

    with closing(behind(HASTY)) as client, pytest.raises(kind):
        client.checkout("f-1")
    assert [each.call for each in platform.received] == [TOKEN]
    assert proxy.seen == [*BOTH, GIVING_BACK]


def test_a_write_whose_tunnel_breaks_before_the_answer_is_ambiguous(
    platform: Platform, behind: Callable[[], WriteClient]
) -> None:
    platform.on(CHECKOUT, reset)

    with closing(behind()) as client, pytest.raises(AmbiguousWrite):
        client.checkout("f-1")
    assert len(platform.calls(CHECKOUT)) == 1


# Deadlines


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (company.hanging, "did not open a tunnel in time"),
        (company.dripping, "in time"),
        (company.hanging_when_open, f"TLS with {LOGIN} did not come about in time"),
        (company.cutting_when_open, f"TLS with {LOGIN} failed"),
    ],
)
def test_a_proxy_that_hangs_is_given_up_in_time(
    proxy: Proxy, behind: Callable[..., WriteClient], behaviour: Behaviour, said: str
) -> None:
    proxy.judge = lambda _: behaviour

    assert said in refused_with(behind(HASTY), Unavailable)


@pytest.mark.parametrize("kind", ["proxy", "proxy_with_tls"])
def test_an_answer_that_drips_through_the_proxy_is_cut_and_the_thread_that_watches_goes_on(
    request: pytest.FixtureRequest, platform: Platform, behind: Callable[..., WriteClient], kind: str
) -> None:
    proxy: Proxy = request.getfixturevalue(kind)
    platform.on(ORGANIZATION, dripping(b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"), ACME)

    with closing(behind(HASTY)) as client:
        with pytest.raises(Unavailable, match=f"No answer from {API}"):
            client.organization()
        assert client.organization().name == "Acme"

    assert proxy.seen == [*BOTH, BOTH[1], GIVING_BACK]
