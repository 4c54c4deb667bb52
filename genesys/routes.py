"""Every request that this project makes of the Platform API. A request that is not in these tables is never sent.

There is no unlock: releasing a person's lock can commit their half-done draft (docs/platform.md#locks). Of an action
nothing but a draft is ever deleted.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from genesys.errors import InvalidRequest
from timeouts.text.bounds import quoted

_LONGEST_PART = 1_000


@dataclass(frozen=True, slots=True)
class Route:
    """One call: method, path template, what it does, and the permission that it takes (docs/platform.md#permissions).

    A `read` changes nothing and may be repeated, whatever its method; a `write` never is. `answer`: what a success
    brings, a JSON object unless said otherwise.
    """

    method: str
    template: str
    effect: Literal["read", "write"]
    permission: str = ""
    answer: Literal["object", "text", "nothing"] = "object"
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(self.template))
        object.__setattr__(self, "_pattern", re.compile(pattern))

    @property
    def label(self) -> str:
        """How it is counted."""
        return f"{self.method} {self.template}"

    def fits(self, method: str, path: str) -> bool:
        """Return whether a request is this call."""
        return method == self.method and self._pattern.fullmatch(path) is not None


TOKEN = Route("POST", "/oauth/token", "read")

REVOCATION = Route("DELETE", "/api/v2/tokens/me", "write", answer="nothing")
"""The one request of a client that reads which is no read: it makes the client's own token worthless at its close.

It is in neither table, so no method of a client can send it; source: docs/platform.md#token.
"""

_ACTIONS = "/api/v2/integrations/actions"
_ACTION = _ACTIONS + "/{actionId}"
_AUTHORIZATION = "/api/v2/authorization"
_LIMITS = "/api/v2/organizations/limits/namespaces/{namespaceName}"
_SEE_ACTIONS = "integrations:action:view"
_EDIT_ACTIONS = "integrations:action:edit"

READS = (
    Route("GET", "/api/v2/organizations/me", "read"),
    Route("GET", "/api/v2/tokens/me", "read"),
    Route("GET", _AUTHORIZATION + "/subjects/me", "read"),
    Route("GET", _AUTHORIZATION + "/divisionspermitted/paged/me", "read"),
    Route("GET", _AUTHORIZATION + "/divisions", "read"),
    Route("GET", "/api/v2/flows", "read", "architect:flow:view"),
    Route("GET", "/api/v2/flows/{flowId}", "read", "architect:flow:view"),
    Route("GET", "/api/v2/flows/{flowId}/versions", "read", "architect:flow:view"),
    Route("GET", "/api/v2/flows/{flowId}/latestconfiguration", "read", "architect:flow:view"),
    Route("GET", "/api/v2/flows/{flowId}/versions/{versionId}/configuration", "read", "architect:flow:view"),
    Route("GET", _ACTIONS, "read", _SEE_ACTIONS),
    Route("GET", _ACTION, "read", _SEE_ACTIONS),
    Route("GET", _ACTION + "/templates/{fileName}", "read", _SEE_ACTIONS, "text"),
    Route("GET", _ACTION + "/function", "read", "integrations:actionFunction:view"),
    Route("GET", _ACTION + "/draft", "read", _SEE_ACTIONS),
    Route("GET", _ACTION + "/draft/templates/{fileName}", "read", _SEE_ACTIONS, "text"),
    Route("GET", _ACTION + "/draft/function", "read", "integrations:actionFunction:view"),
    Route("GET", _ACTION + "/draft/validation", "read", _EDIT_ACTIONS),
    Route("POST", "/api/v2/analytics/actions/aggregates/query", "read", _SEE_ACTIONS),
    Route(
        "GET",
        "/api/v2/architect/dependencytracking/updatedresourceconsumers",
        "read",
        "architect:dependencyTracking:view",
    ),
    Route("GET", _LIMITS, "read"),
    Route("GET", _LIMITS + "/defaults", "read"),
)

WRITES = (
    Route("POST", "/api/v2/flows/actions/checkout", "write", "architect:flow:edit"),
    Route("POST", "/api/v2/flows/{flowId}/versions", "write", "architect:flow:edit"),
    Route("POST", "/api/v2/flows/actions/publish", "write", "architect:flow:publish"),
    Route("POST", "/api/v2/flows/actions/revert", "write", "architect:flow:edit"),
    Route("PUT", "/api/v2/flows/{flowId}", "write", "architect:flow:edit"),
    Route("PATCH", _ACTION, "write", _EDIT_ACTIONS),
    Route("POST", _ACTION + "/draft", "write", _EDIT_ACTIONS),
    Route("PUT", _ACTION + "/draft/function", "write", "integrations:actionFunction:edit"),
    Route("POST", _ACTION + "/draft/publish", "write", _EDIT_ACTIONS),
    Route("DELETE", _ACTION + "/draft", "write", "integrations:action:delete", "nothing"),
)


def route_for(routes: tuple[Route, ...], method: str, path: str) -> Route:
    """Find the call that a request is. Raises InvalidRequest for one that is not in `routes`: it is not sent."""
    for route in routes:
        if route.fits(method, path):
            return route
    raise InvalidRequest(f"Not sent: {method} {path} is no request that this client makes.")


def path_part(value: str, meaning: str) -> str:
    """Check an id or a version label before it becomes part of a path: the SDK does not escape `/`.

    Raises InvalidRequest, and the request is not sent. Source: docs/platform.md#sdk.
    """
    is_text = 0 < len(value) <= _LONGEST_PART and value.isprintable()
    if not is_text or value == "." or ".." in value or set(value) & set("/\\?#% "):
        raise InvalidRequest(f"Not sent: {quoted(value)} cannot be {meaning}.")
    return value


def architect_flow_part(architect_flow_id: str) -> str:
    """Check the id of an Architect flow before it becomes part of a path. Raises InvalidRequest."""
    return path_part(architect_flow_id, "the id of an Architect flow")


def action_part(action_id: str) -> str:
    """Check the id of an action before it becomes part of a path. Raises InvalidRequest."""
    return path_part(action_id, "the id of an action")
