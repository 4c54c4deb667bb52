"""A company's proxy: what goes through it, what never does, and what a refusal of its is told as."""

import base64
import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from pydantic import SecretStr

from genesys import (
    AmbiguousWrite,
    ConfigurationProblem,
    Credentials,
    GenesysError,
    TransportSettings,
    Unavailable,
    WriteClient,
    check_proxies,
    connect,
    keep_loopback_direct,
)
from genesys.http.proxies import proxy_for
from tests import company
from tests.company import API, LOGIN, Authority, Behaviour, Proxy, answering, company_proxy
from tests.genesys.conftest import (
    ACME,
    CHECKOUT,
    CLIENT_ID,
    ORGANIZATION,
    SECRET,
    TOKEN,
    FakeClock,
    Platform,
    dripping,
    reset,
)
from tests.servers import free_port

VARIABLES = [name for kind in ("HTTP", "HTTPS", "ALL", "NO") for name in (f"{kind}_PROXY", f"{kind}_proxy".lower())]
BOTH = [f"CONNECT {LOGIN}:443", f"CONNECT {API}:443"]
GIVING_BACK = BOTH[1]
"""The access token is given back on a connection of its own, when the client is closed."""

PASSWORD = "p%40ss%2Fcanary%C3%BC"  # p@ss/canaryü
HASTY = TransportSettings(connect_ms=1_000, read_ms=1_000, total_ms=1_500, attempts=1)
"""Gives up soon, but not before a busy machine has logged in through a proxy."""


@pytest.fixture(autouse=True)
def _no_proxy_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def proxy(platform: Platform, tls: str, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy behind which the platform has its real hosts; the environment names it, and the company's authority."""
    platform.on(ORGANIZATION, ACME)
    port = int(tls.rpartition(":")[2])
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with company_proxy() as proxy:
        proxy.hosts = {f"{LOGIN}:443": port, f"{API}:443": port}
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        yield proxy


@pytest.fixture
def proxy_with_tls(proxy: Proxy, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """The same, itself reached through TLS, with a certificate of the company's."""
    proxy.wrap = lambda connection: authority.server_side.wrap_socket(connection, server_side=True)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("http:", "https:"))
    return proxy


@pytest.fixture
def behind(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Callable[..., WriteClient]:
    """Make a client of the region whose hosts only the proxy knows; `user`: what the variable holds, with an @."""

    def made(settings: TransportSettings = TransportSettings(), user: str = "") -> WriteClient:  # noqa: B008 - frozen
        if user:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", f"//{user}"))
        credentials = Credentials(client_id=CLIENT_ID, client_secret=SecretStr(SECRET), region="eu-west-1")
        return connect(credentials, write=True, clock=FakeClock(), settings=settings)

    return made


def refused_with(client: WriteClient, kind: type[GenesysError]) -> str:
    """What a read is told; nothing of the proxy's password is in it, nor in the trace."""
    with closing(client), pytest.raises(kind) as told:
        client.organization()
    assert "canary" not in "".join(traceback.format_exception(told.value))
    return str(told.value)


# What goes through it


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_login_and_api_are_reached_through_the_proxy(
    proxy: Proxy, behind: Callable[[], WriteClient], monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str
) -> None:
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.setenv(variable, proxy.url.replace("http://", scheme))

    with closing(behind()) as client:
        assert client.organization().name == "Acme"
    assert proxy.seen == [*BOTH, GIVING_BACK]


def test_a_variable_in_lower_case_wins(
    proxy: Proxy, behind: Callable[[], WriteClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://nowhere.invalid:1")
    monkeypatch.setenv("https_proxy", proxy.url)

    with closing(behind()) as client:
        assert client.organization().name == "Acme"


def test_user_and_password_are_decoded_and_given_to_the_proxy_alone(
    proxy: Proxy, platform: Platform, behind: Callable[[], WriteClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.wanted = base64.b64encode("domain\\ada:p@ss/canaryü".encode()).decode()
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", f"//domain%5Cada:{PASSWORD}@"))

    with closing(behind()) as client:
        assert client.organization().name == "Acme"
    assert not [each for each in platform.received if "proxy-authorization" in each.headers]


def test_a_proxy_that_speaks_tls_itself_is_used(proxy_with_tls: Proxy, behind: Callable[[], WriteClient]) -> None:
    with closing(behind()) as client:
        assert [client.organization().name for _ in range(2)] == ["Acme"] * 2
    assert proxy_with_tls.seen == [*BOTH, GIVING_BACK]


def test_loopback_never_goes_through_a_proxy(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    platform.on(ORGANIZATION, ACME)
    with company_proxy() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        for host in ("127.0.0.1", "localhost"):
            url = platform.url.replace("127.0.0.1", host)
            given = Credentials(client_id=CLIENT_ID, client_secret=SecretStr(SECRET), api_url=url)
            with closing(connect(given, clock=FakeClock())) as client:
                assert client.organization().name == "Acme"
    assert proxy.seen == []


@pytest.mark.parametrize(
    ("no_proxy", "url", "is_direct"),
    [
        ("mypurecloud.ie", "https://api.mypurecloud.ie", True),
        (".mypurecloud.ie", "https://api.mypurecloud.ie", True),
        ("MyPureCloud.IE", "https://api.mypurecloud.ie", True),
        ("api.mypurecloud.ie", "https://login.mypurecloud.ie", False),
        ("cloud.ie", "https://api.mypurecloud.ie", False),
        ("other.example, api.mypurecloud.ie", "https://api.mypurecloud.ie", True),
        ("api.mypurecloud.ie:443", "https://api.mypurecloud.ie", True),
        ("api.mypurecloud.ie:8443", "https://api.mypurecloud.ie", False),
        ("gateway.example:8443", "https://gateway.example:8443/genesys", True),
        ("*", "https://api.mypurecloud.ie", True),
        ("10.1.2.3", "https://10.1.2.3", True),
        ("10.0.0.0/8", "https://10.1.2.3", False),
        ("*.mypurecloud.ie", "https://api.mypurecloud.ie", False),
        ("", "https://api.mypurecloud.ie", False),
        ("", "https://127.0.0.1:4400", True),
        ("", "https://[::1]:4400", True),
        ("", "https://localhost", True),
    ],
)
def test_no_proxy_names_hosts_domains_and_ports(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, url: str, is_direct: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:8080")
    monkeypatch.setenv("NO_PROXY", no_proxy)

    assert (proxy_for(url) is None) is is_direct


def test_login_and_api_may_take_different_ways(
    proxy: Proxy, behind: Callable[..., WriteClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_route(*_: object, **__: object) -> None:
        raise OSError(113, "No route to host")

    proxy.wanted = "nobody"
    monkeypatch.setenv("NO_PROXY", LOGIN)
    client = behind(HASTY)
    monkeypatch.setattr("urllib3.util.connection.create_connection", no_route)

    said = refused_with(client, Unavailable)
    assert said.startswith(
        f"No token: no connection: {LOGIN} cannot be reached ([Errno 113] No route to host); NO_PROXY"
    )
    assert proxy.seen == []


def test_a_proxy_for_http_alone_leads_to_no_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:8080")

    assert proxy_for("https://api.mypurecloud.ie") is None


def test_loopback_is_named_for_all_that_read_the_same_variables() -> None:
    environment = {"HTTPS_PROXY": "http://proxy.example:8080", "NO_PROXY": "corp.example, 127.0.0.1"}
    keep_loopback_direct(environment)

    assert environment["NO_PROXY"] == environment["no_proxy"] == "corp.example,127.0.0.1,localhost,::1"


@pytest.mark.parametrize("given", [{}, {"NO_PROXY": "corp.example"}, {"HTTP_PROXY": ""}])
def test_an_environment_without_proxies_stays_as_it_is(given: dict[str, str]) -> None:
    environment = dict(given)
    keep_loopback_direct(environment)

    assert environment == given


# What names no proxy


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("socks5://u:canary@proxy.example:1080", "SOCKS"),
        ("socks://proxy.example", "SOCKS"),
        ("ftp://u:canary@proxy.example", "names no proxy"),
        ("http://u:canary@proxy.example:port", "names no proxy"),
        ("http://u:canary@proxy.example:99999", "names no proxy"),
        ("http://u:can/canary@proxy.example:8080", "percent-encoded"),
        ("http://u:8#canary@proxy.example:8080", "percent-encoded"),
        ("http://u:8?canary@proxy.example:8080", "percent-encoded"),
        ("http://u:canary@proxy.example:8080/path", "names no proxy"),
        ("http://u:canary@", "names no proxy"),
        ("http://", "names no proxy"),
        ("http://pro xy:8080", "names no proxy"),
        ("http://[::1", "names no proxy"),
    ],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"])
def test_a_variable_that_names_no_proxy_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, variable: str, given: str, said: str
) -> None:
    monkeypatch.setenv(variable, given)

    with pytest.raises(ConfigurationProblem, match=said) as told:
        check_proxies()
    shown = "".join(traceback.format_exception(told.value))
    assert str(told.value).startswith(f"{variable} names ")
    assert "canary" not in shown


def test_a_client_is_not_made_with_a_variable_that_names_no_proxy(
    proxy: Proxy, behind: Callable[[], WriteClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5h://proxy.example:1080")

    with pytest.raises(ConfigurationProblem, match="HTTPS_PROXY names a SOCKS proxy"):
        behind()
    assert proxy.seen == []


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


def test_an_answer_that_drips_through_the_proxy_is_cut(
    proxy: Proxy, platform: Platform, behind: Callable[..., WriteClient]
) -> None:
    drips_once(platform, behind)
    assert proxy.seen == [*BOTH, BOTH[1], GIVING_BACK]


def test_an_answer_that_drips_through_a_proxy_that_speaks_tls_is_cut(
    proxy_with_tls: Proxy, platform: Platform, behind: Callable[..., WriteClient]
) -> None:
    drips_once(platform, behind)
    assert proxy_with_tls.seen == [*BOTH, BOTH[1], GIVING_BACK]


def drips_once(platform: Platform, behind: Callable[..., WriteClient]) -> None:
    """The answer that drips is cut, and the thread that watches goes on."""
    platform.on(ORGANIZATION, dripping(b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"), ACME)

    with closing(behind(HASTY)) as client:
        with pytest.raises(Unavailable, match=f"No answer from {API}"):
            client.organization()
        assert client.organization().name == "Acme"


# Secrets


def test_no_log_line_holds_the_password_of_the_proxy(
    proxy: Proxy,
    behind: Callable[..., WriteClient],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", f"//ada:{PASSWORD}@"))
    encoded = base64.b64encode("ada:p@ss/canaryü".encode()).decode()
    with caplog.at_level(logging.DEBUG):
        with closing(behind()) as client:
            client.organization()
        for behaviour in (answering(407, reason=encoded), answering(503), company.cutting_when_open):
            proxy.judge = lambda _, behaviour=behaviour: behaviour  # type: ignore[misc]
            refused_with(behind(), GenesysError)

    assert encoded.encode() in proxy.heads[0]
    shown = f"{caplog.text} {proxy_for('https://api.mypurecloud.ie')!r}"
    assert "canary" not in shown
    assert encoded not in shown
