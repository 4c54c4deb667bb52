"""Addresses as people may see them: a login or a key may stand in them."""

from urllib.parse import urlsplit, urlunsplit


def without_secrets(address: str) -> str:
    """Return an address without a user and a password, a query and a fragment."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))
