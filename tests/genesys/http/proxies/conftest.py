"""A company's proxy behind which the platform has its real hosts, and clients that know it."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from pydantic import SecretStr

from genesys import (
    Credentials,
    GenesysError,
    TransportSettings,
    WriteClient,
    connect,
)
from tests.company import API, LOGIN, Authority, Proxy, company_proxy
from tests.genesys.conftest import (
    ACME,
    CLIENT_ID,
    ORGANIZATION,
    SECRET,
    FakeClock,
    Platform,
)

VARIABLES = [name for kind in ("HTTP", "HTTPS", "ALL", "NO") for name in (f"{kind}_PROXY", f"{kind}_proxy".lower())]
BOTH = [f"CONNECT {LOGIN}:443", f"CONNECT {API}:443"]
GIVING_BACK = BOTH[1]
"""The access token is given back on a connection of its own, when the client is closed."""

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
