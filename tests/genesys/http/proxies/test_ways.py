"""What goes through a company's proxy, what never does, and what is no name of one."""

import base64
import logging
import traceback
from collections.abc import Callable
from contextlib import closing

import pytest
from pydantic import SecretStr

from genesys import (
    ConfigurationProblem,
    Credentials,
    GenesysError,
    Unavailable,
    WriteClient,
    check_proxies,
    connect,
    keep_loopback_direct,
)
from genesys.http.proxies import proxy_for
from tests import company
from tests.company import LOGIN, Proxy, answering, company_proxy
from tests.genesys.conftest import (
    ACME,
    CLIENT_ID,
    ORGANIZATION,
    SECRET,
    FakeClock,
    Platform,
)
from tests.genesys.http.proxies.conftest import BOTH, GIVING_BACK, HASTY, refused_with

PASSWORD = "p%40ss%2Fcanary%C3%BC"  # p@ss/canaryü


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
