"""A request as the org sees it and the answer that it gives, both without any transport."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from simulator.api.errors import Refusal, bad_request
from simulator.clients import OAuthClient
from simulator.org.content.documents import to_bytes
from simulator.org.versions import Actor

JSON = "application/json"


@dataclass(slots=True)
class Call:
    """One HTTP request. `query` keeps repeated parameters; `params` are those of the path; `arrived_ms`: Unix time."""

    method: str
    path: str
    raw_query: str = ""
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    params: Mapping[str, str] = field(default_factory=dict)
    client: OAuthClient | None = None
    arrived_ms: int = 0

    @property
    def actor(self) -> Actor:
        """The OAuth client as somebody who edits."""
        assert self.client is not None, "only routes that need a token ask for the actor"
        return Actor("client", self.client.id, self.client.name)

    @property
    def bearer(self) -> str | None:
        """The token sent along, if any."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token.strip() else None

    def text(self, name: str) -> str | None:
        """Return the last value of a query parameter; an empty one counts as absent."""
        values = self.query.get(name)
        return (values[-1] or None) if values else None

    def texts(self, name: str) -> list[str]:
        """Return all values of a list parameter, joined by commas, repeated or both (docs/platform.md#sdk)."""
        return [part for value in self.query.get(name, []) for part in value.split(",") if part]

    def flag(self, name: str) -> bool | None:
        """Read a boolean parameter."""
        value = self.text(name)
        if value is None:
            return None
        if value.lower() not in {"true", "false"}:
            raise bad_request("The value of {parameter} is not a boolean.", parameter=name)
        return value.lower() == "true"

    def number(self, name: str, default: int, *, most: int | None = None) -> int:
        """Read a number of at least 1."""
        value = self.text(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or int(value) < 1 or (most is not None and int(value) > most):
            limit = f"between 1 and {most}" if most else "of at least 1"
            raise bad_request(f"The value of {{parameter}} must be a number {limit}.", parameter=name)
        return int(value)

    def document(self) -> dict[str, Any]:
        """Read the body as a JSON object."""
        media_type = self.headers.get("content-type", JSON).partition(";")[0].strip().lower()
        if media_type != JSON:
            raise Refusal(415, "unsupported.media.type", "Unsupported media type.")
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            raise bad_request("The request body is not valid JSON.") from None
        if not isinstance(value, dict):
            raise bad_request("The request body must be a JSON object.")
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status, raw bytes and their type."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, *headers: tuple[str, str]) -> "Answer":
        """Return the same answer with more headers."""
        return Answer(self.status, self.body, self.content_type, (*self.headers, *headers))


def json_answer(value: Any, status: int = 200) -> Answer:
    """Answer with a JSON document."""
    try:
        # A page of 500 Architect flows takes `json` as long as all else together: whoever is measured waits for that.
        return Answer(status, msgspec.json.encode(value))
    except (TypeError, ValueError, OverflowError, RecursionError):  # half a surrogate, an integer of many digits
        return Answer(status, to_bytes(value))
