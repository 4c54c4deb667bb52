"""How the org says no: the ErrorBody of the API, the OAuth error of the token route.

Source: docs/platform.md#errors, #token.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):  # noqa: N818 - the platform refuses; for the simulator that is an ordinary answer
    """A request that is answered with an ErrorBody.

    `message` may hold `{name}` for each of `params`: the API sends both the filled and the unfilled text.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        params: Mapping[str, str] | None = None,
        entity_id: str | None = None,
        details: Sequence[Mapping[str, str]] = (),
        limit: Mapping[str, Any] | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.params = dict(params or {})
        self.template = message
        self.message = _filled(message, self.params)
        self.entity_id = entity_id
        self.details = [dict(detail) for detail in details]
        self.limit = dict(limit) if limit else None
        super().__init__(f"{status} {code}: {self.message}")

    def body(self, context_id: str) -> dict[str, Any]:
        """Build the ErrorBody with the SDK's field names."""
        body: dict[str, Any] = {
            "message": self.message,
            "code": self.code,
            "status": self.status,
            "messageWithParams": self.template,
            "messageParams": self.params,
            "contextId": context_id,
            "details": self.details,
            "errors": [],
        }
        if self.entity_id is not None:
            body["entityId"] = self.entity_id
        if self.limit is not None:
            body["limit"] = self.limit
        return body


class OAuthRefusal(Exception):  # noqa: N818 - as above
    """A token request that is refused: `error` and `description` instead of an ErrorBody."""

    def __init__(self, status: int, error: str, description: str) -> None:
        self.status = status
        self.error = error
        self.description = description
        super().__init__(f"{status} {error}: {description}")

    def body(self) -> dict[str, str]:
        """Build the OAuth error body."""
        return {"error": self.error, "description": self.description, "error_description": self.description}


def bad_request(message: str, **params: str) -> Refusal:
    """Refuse a parameter or a body that cannot be read."""
    return Refusal(400, "bad.request", message, params=params)


def detail(code: str, field: str, entity_id: str, entity_name: str) -> dict[str, str]:
    """Name one thing that is wrong, with the SDK's field names."""
    return {"errorCode": code, "fieldName": field, "entityId": entity_id, "entityName": entity_name}


def _filled(message: str, params: Mapping[str, str]) -> str:
    for name, value in params.items():
        message = message.replace("{" + name + "}", value)
    return message
