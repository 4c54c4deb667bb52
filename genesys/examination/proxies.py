"""The proxy that the environment names for an address: only told, never used from here."""

import os
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined] # typeshed knows none

from timeouts.doctor.facts import Proxy


def proxy_of(address: str) -> Proxy | None:
    """Return the proxy that is named for the scheme of `address`, without its user and password; None where none is."""
    url = urlsplit(address)
    for scheme in (url.scheme, "all"):
        for variable in (f"{scheme}_proxy", f"{scheme}_proxy".upper()):
            if named := os.environ.get(variable, "").strip():
                bypassed = bool(proxy_bypass_environment(url.hostname or ""))
                return Proxy(variable=variable, address=_without_secrets(named), is_bypassed=bypassed)
    return None


def _without_secrets(named: str) -> str:
    """Leave out who logs in at the proxy; a value that is no address is not repeated at all."""
    try:
        url = urlsplit(named if "//" in named else f"//{named}")
        host, port = url.hostname, url.port
    except ValueError:
        return "what is no address"
    if not host:
        return "what is no address"
    scheme = f"{url.scheme}://" if url.scheme else ""
    login = " (with a login)" if "@" in url.netloc else ""
    return f"{scheme}{host}{f':{port}' if port else ''}{login}"
