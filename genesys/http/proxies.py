"""Which proxy leads to a host: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, read by the standard library.

So the platform is reached as Prefect's client reaches its server, which reads the same variables. Loopback is never
behind a proxy. The password in such a variable is a secret: nothing here repeats any part of it.
"""

import base64
import ipaddress
import os
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import getproxies, proxy_bypass

from urllib3.util import parse_url

from genesys.errors import ConfigurationProblem

_KINDS = ("http", "https", "all")
_PORTS = {"http": 80, "https": 443}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_FORM = "http://proxy.example:8080, or http://USER:PASSWORD@proxy.example:8080 with special characters percent-encoded"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the `variable` that names it. `url` and `address`, for people, hold no password."""

    variable: str
    url: str
    address: str
    authorization: str = field(repr=False)
    """The header that says who we are; empty where the variable holds no user."""


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy that leads to a host, None where it is reached directly.

    Raises ConfigurationProblem for a variable that names no usable proxy.
    """
    if is_loopback(_host_of(url)) or _is_passed_by(url):
        return None
    kind = _kind_for(url)
    return _proxy_of(kind, getproxies()[kind]) if kind else None


def check_proxies() -> None:
    """Refuse a variable that names no usable proxy, before a run meets it. Raises ConfigurationProblem."""
    for kind, value in getproxies().items():
        if kind in _KINDS:
            _proxy_of(kind, value)


def hint_for(url: str) -> str:
    """Say what to set where a host cannot be reached directly; empty where that is no question of a proxy."""
    if is_loopback(_host_of(url)):
        return ""
    if _kind_for(url):
        return "; NO_PROXY says to reach it without the proxy"
    if urlsplit(url).scheme == "https" and getproxies().get("http"):
        return "; HTTP_PROXY is for http:// only: for this host, set HTTPS_PROXY"
    return "; where only a proxy leads out, set HTTPS_PROXY"


def keep_loopback_direct(environment: MutableMapping[str, str]) -> None:
    """Name loopback in NO_PROXY, where there are proxies: everything that reads these variables keeps to it then."""
    if not any(environment.get(name) for kind in _KINDS for name in (f"{kind}_proxy", f"{kind}_PROXY".upper())):
        return
    named = environment.get("no_proxy", environment.get("NO_PROXY", ""))  # in lower case it wins, as everywhere
    hosts = [host.strip() for host in named.split(",") if host.strip()]
    whole = ",".join((*hosts, *(host for host in _LOOPBACK if host not in hosts)))
    environment["no_proxy"] = environment["NO_PROXY"] = "*" if "*" in hosts else whole


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_passed_by(url: str) -> bool:
    """Tell whether NO_PROXY names the host."""
    parts = urlsplit(url)
    return bool(proxy_bypass(f"{parts.hostname}:{parts.port or _PORTS[parts.scheme]}"))


def _kind_for(url: str) -> str | None:
    """Return the kind of variable that is for this URL; its own one comes before that for all."""
    found = getproxies()
    return next((kind for kind in (urlsplit(url).scheme, "all") if found.get(kind)), None)


def _proxy_of(kind: str, value: str) -> Proxy:
    """Read the value of a variable. No message repeats it: a stray `/` or `#` may end the host within a password."""
    variable = f"{kind}_proxy" if os.environ.get(f"{kind}_proxy") else f"{kind}_proxy".upper()
    text = value.strip()
    scheme = text.partition("://")[0].lower() if "://" in text else "http"
    if scheme.startswith("socks"):
        raise ConfigurationProblem(
            f"{variable} names a SOCKS proxy, which is not spoken here: name an http:// or https:// proxy, or unset it."
        )
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname or "", parts.port or _PORTS[scheme]
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        url = parse_url(f"{scheme}://{address}").url
        is_plain = bool(host) and text.isprintable() and not (parts.path.strip("/") or parts.query or parts.fragment)
    except (KeyError, ValueError):  # another scheme; no address, or no port
        is_plain = False
    if not is_plain:
        raise ConfigurationProblem(f"{variable} names no proxy: set it to {_FORM}.")
    return Proxy(variable, url, address, _authorization(parts.username, parts.password))


def _authorization(user: str | None, password: str | None) -> str:
    if not user:
        return ""
    pair = unquote_to_bytes(user) + b":" + unquote_to_bytes(password or "")
    return f"Basic {base64.b64encode(pair).decode('ascii')}"
