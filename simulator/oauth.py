"""Tokens of the client-credentials grant (docs/platform.md#token, #permissions)."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs

from simulator.calls import Call
from simulator.clients import DEMO_READER, DEMO_WRITER, OAuthClient
from simulator.errors import OAuthRefusal, Refusal
from simulator.ids import Ids
from simulator.world import World


@dataclass(frozen=True, slots=True)
class _Token:
    client_id: str
    expires_ms: int


class Tokens:
    """The OAuth clients of the org and the tokens that they hold.

    A reset of the org leaves tokens alone (a client need not log in again for each scenario), so their ids are
    counted apart: two clients never get the same one.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._tokens: dict[str, _Token] = {}
        self._ids = Ids("tokens")
        self.clients = {client.id: client for client in (DEMO_WRITER, DEMO_READER)}

    def grant(self, call: Call) -> dict[str, object]:
        """Return a token for a Basic header and `grant_type=client_credentials`. Raises OAuthRefusal."""
        client_id, secret = _basic(call.headers.get("authorization", ""))
        media_type = call.headers.get("content-type", "").partition(";")[0].strip()
        if media_type != "application/x-www-form-urlencoded":
            raise OAuthRefusal(400, "invalid_request", "the body must be a form")
        grant = parse_qs(call.body.decode("utf-8", "replace")).get("grant_type", [""])[-1]
        if grant != "client_credentials":
            raise OAuthRefusal(400, "unsupported_grant_type", f"unsupported grant type {grant!r}")
        client = self.clients.get(client_id)
        if client is None or client.secret != secret:
            raise OAuthRefusal(401, "invalid_client", "client not found or client secret is wrong")
        token = self._ids.new("token")
        self._tokens[token] = _Token(client.id, self._world.clock.now_ms() + client.token_seconds * 1000)
        return {"access_token": token, "token_type": "bearer", "expires_in": client.token_seconds}

    def client_of(self, call: Call) -> OAuthClient:
        """Find out who calls. Raises Refusal 401."""
        if call.bearer is None:
            raise Refusal(
                401, "authentication.required", "No authentication bearer token specified in authorization header."
            )
        token = self._tokens.get(call.bearer)
        if token is None or token.expires_ms <= self._world.clock.now_ms():
            raise Refusal(401, "bad.credentials", "Invalid login credentials.")
        return self.clients[token.client_id]

    def owner(self, token: str | None) -> OAuthClient | None:
        """Return whose token it is, expired or not."""
        found = self._tokens.get(token or "")
        return self.clients[found.client_id] if found else None

    def revoke(self, token: str | None) -> None:
        """Make a token worthless; None for all of them."""
        if token is None:
            self._tokens.clear()
        else:
            self._tokens.pop(token, None)


def require(client: OAuthClient, any_of: Iterable[str]) -> None:
    """Check that a client has one of these permissions. Raises Refusal 403, naming them."""
    wanted = sorted(any_of)
    if not wanted or client.permissions.intersection(wanted):
        return
    code = "missing.permissions" if len(wanted) == 1 else "missing.any.permissions"
    raise Refusal(
        403,
        code,
        "Unable to perform the requested action. You are missing the following permission(s): {permissions}",
        params={"permissions": ", ".join(wanted)},
    )


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise OAuthRefusal(400, "invalid_request", "client credentials are missing from the Basic header")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthRefusal(400, "invalid_request", "the Basic header cannot be read") from None
    return client_id, secret
