"""The table of what is modelled: each route with its permissions and its sections of docs/platform.md."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.api import (
    authorization,
    flow_data,
    limits,
    reading,
    revocation,
    updated_resources,
    writing,
)
from simulator.api.actions import drafts, live
from simulator.api.calls import Answer, Call
from simulator.api.figures import analytics
from simulator.org.org import Org

Handler = Callable[[Org, Call], Answer]
_FLOWS = "/api/v2/flows"
_FLOW = _FLOWS + "/{flowId}"
_ACTIONS = "/api/v2/integrations/actions"
_ACTION = _ACTIONS + "/{actionId}"
_DRAFT = _ACTION + "/draft"
_TRACKING = "/api/v2/architect/dependencytracking"
_AUTHORIZATION = "/api/v2/authorization"
_LIMITS = "/api/v2/organizations/limits/namespaces/{namespaceName}"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path

_VIEW = ("architect:flow:view",)
_EDIT = ("architect:flow:edit",)
_CHECK_IN = (*_EDIT, "architect:flow:unlock")
_PUBLISH = ("architect:flow:publish", "architect:flow:unlock")
_ACTION_VIEW = ("integrations:action:view", "bridge:actions:view")
_ACTION_EDIT = ("integrations:action:edit",)
_ACTION_DELETE = ("integrations:action:delete",)
_FUNCTION_VIEW = ("integrations:actionFunction:view",)
_FUNCTION_EDIT = ("integrations:actionFunction:edit",)
_DEPENDENCIES = ("architect:dependencyTracking:view",)

_CHANGING = "changing-an-action"
_FUNCTIONS = "function-actions"
_READING = "reading-a-configuration"
_TRACKED = "dependency-tracking"
_EDITING = "editing-calls, editing-order"


@dataclass(frozen=True, slots=True)
class Route:
    """One call of the API. `any_of`: permissions of which the client needs one; empty: a token is enough.

    `tag` and `section`: how well the behaviour is known, and where docs/platform.md says so.
    """

    method: str
    path: str
    handler: Handler
    any_of: tuple[str, ...]
    tag: str
    section: str

    @property
    def text(self) -> str:
        """What the handler says of itself: its docstring's first line."""
        return (self.handler.__doc__ or "").strip().partition("\n")[0]


_DRAFTS = (
    Route("POST", _DRAFT, drafts.post_draft, _ACTION_EDIT, "SDK", _CHANGING),
    Route("GET", _DRAFT, drafts.get_draft, _ACTION_VIEW, "SDK", _CHANGING),
    Route("PATCH", _DRAFT, drafts.patch_action_draft, _ACTION_EDIT, "SDK", _CHANGING),
    Route("DELETE", _DRAFT, drafts.delete_draft, _ACTION_DELETE, "SDK", "permissions"),
    Route("GET", _DRAFT + "/templates/{fileName}", drafts.get_template, _ACTION_VIEW, "SDK", _CHANGING),
    Route("GET", _DRAFT + "/validation", drafts.get_validation, _ACTION_EDIT, "SDK", "permissions, " + _CHANGING),
    Route("POST", _DRAFT + "/publish", drafts.post_publish, _ACTION_EDIT, "SDK", _CHANGING),
    Route("GET", _DRAFT + "/function", drafts.get_function, _FUNCTION_VIEW, "SDK", _FUNCTIONS),
    Route("PUT", _DRAFT + "/function", drafts.put_action_function, _FUNCTION_EDIT, "SDK", _FUNCTIONS),
)

_OF_ONESELF = (
    Route("GET", "/api/v2/tokens/me", authorization.get_token, (), "SDK", "org-limits"),
    Route("GET", _AUTHORIZATION + "/subjects/me", authorization.get_own_grants, (), "SDK", "org-limits"),
    Route(
        "GET",
        _AUTHORIZATION + "/divisionspermitted/paged/me",
        authorization.list_permitted_divisions,
        (),
        "SDK",
        "org-limits",
    ),
    Route("GET", _AUTHORIZATION + "/divisions", authorization.list_divisions, (), "SDK", "org-limits"),
)

_EVERY_ORG = (
    Route("GET", "/api/v2/organizations/me", reading.organization, (), "real", "token"),
    Route("DELETE", "/api/v2/tokens/me", revocation.delete_token, (), "SDK", "token, open-revocation"),
    *_OF_ONESELF,
    Route("GET", _LIMITS, limits.get_limits, (), "real", "org-limits"),
    Route("GET", _LIMITS + "/defaults", limits.get_defaults, (), "SDK", "org-limits"),
    Route("GET", _ACTIONS, live.list_actions, _ACTION_VIEW, "SDK", "actions"),
    Route("GET", _ACTION, live.get_action, _ACTION_VIEW, "SDK", "actions"),
    Route("PATCH", _ACTION, live.patch_action, _ACTION_EDIT, "SDK", _CHANGING),
    *_DRAFTS,
    Route("GET", _ACTION + "/templates/{fileName}", live.get_template, _ACTION_VIEW, "SDK", _CHANGING),
    Route("GET", _ACTION + "/function", live.get_function, _FUNCTION_VIEW, "SDK", _FUNCTIONS),
    Route(
        "POST",
        "/api/v2/analytics/actions/aggregates/query",
        analytics.query_actions,
        _ACTION_VIEW,
        "SDK",
        "analytics, open-analytics",
    ),
)

ARCHITECT = (
    Route("GET", _FLOWS, reading.list_architect_flows, _VIEW, "SDK", "listing"),
    Route("GET", _FLOW, reading.get_architect_flow, _VIEW, "SDK", "flow-fields, operations"),
    Route("GET", _FLOW + "/versions", reading.list_versions, _VIEW, "SDK", "versions"),
    Route("GET", _FLOW + "/versions/{versionId}/configuration", reading.get_configuration, _VIEW, "SDK", _READING),
    Route("GET", _FLOW + "/latestconfiguration", reading.get_latest_configuration, _VIEW, "SDK", _READING),
    Route("PUT", _FLOW, writing.put_architect_flow, _EDIT, "SDK", "editing-calls"),
    Route("POST", _FLOW + "/versions", writing.post_version, _EDIT, "SDK", _EDITING),
    Route("POST", _FLOWS + "/actions/checkout", writing.post_check_out, _EDIT, "SDK", "editing-calls, locks"),
    Route("POST", _FLOWS + "/actions/revert", writing.post_revert, _EDIT, "inferred", "editing-calls"),
    Route("POST", _FLOWS + "/actions/unlock", writing.post_unlock, ("architect:flow:unlock",), "doc", "locks"),
    Route("POST", _FLOWS + "/actions/checkin", writing.post_check_in, _CHECK_IN, "SDK", _EDITING),
    Route("POST", _FLOWS + "/actions/publish", writing.post_publish, _PUBLISH, "real", "editing-order, operations"),
    Route(
        "GET",
        _TRACKING + "/updatedresourceconsumers",
        updated_resources.list_updated_consumers,
        _DEPENDENCIES,
        "SDK",
        "what-a-republish-ships, " + _TRACKED,
    ),
    *_EVERY_ORG,
)
"""The real platform."""

FLOW_DATA = (
    Route("GET", _FLOWS, flow_data.list_architect_flows, _VIEW, "tutorial", "tutorial"),
    Route("GET", _FLOW, flow_data.get_architect_flow, _VIEW, "tutorial", "tutorial"),
    Route("PUT", _FLOW, flow_data.put_architect_flow, _EDIT, "tutorial", "tutorial"),
    *(
        Route(one.method, one.path, flow_data.absent, (), "tutorial", "tutorial")
        for one in ARCHITECT
        if one.path.startswith(_FLOWS + "/") and one.path != _FLOW
    ),
    *_EVERY_ORG,
)
"""The tutorial's contract."""
