"""The simulator against the official SDK: its paths as text, its models as they are."""

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import distribution
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from simulator.api.routes import ARCHITECT, FLOW_DATA, TOKEN_PATH, Route
from simulator.clients import WRITING, OAuthClient
from simulator.org.org import Org
from simulator.org.seeds import OrgSeed
from simulator.org.versions import PublishPlan
from simulator.server import Running, running
from simulator.switches import Switches
from simulator.traffic.recorded_calls import recorded_calls
from simulator.traffic.traffic import ActionTraffic
from tests.simulator.conftest import Client, configuration, step

SDK = Path(str(distribution("PureCloudPlatformClientV2").locate_file("PureCloudPlatformClientV2")))
PATHS = {
    path
    for name in (
        *("analytics_api", "architect_api", "authorization_api"),
        *("integrations_api", "organization_api", "tokens_api"),
    )
    for path in re.findall(r"resource_path = '([^']+)'", (SDK / "apis" / f"{name}.py").read_text())
}


@pytest.mark.parametrize("route", ARCHITECT, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_is_one_of_the_sdks_own_paths(route: Route) -> None:
    assert route.path in PATHS


def test_the_tutorials_routes_are_a_part_of_them() -> None:
    assert {route.path for route in FLOW_DATA} <= PATHS


def test_the_token_path_is_the_sdks_own() -> None:
    assert TOKEN_PATH in (SDK / "api_client.py").read_text()


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The SDK's own deserialiser; HOME points elsewhere, since the import reads a file of the user.

    Source: docs/measured.md#sdk-failures.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        from PureCloudPlatformClientV2 import api_client  # noqa: PLC0415 - 1.4 s, and only these tests need it

    return api_client.ApiClient("http://127.0.0.1")


def lost(served: Any, kept: Any, at: str = "") -> list[str]:
    """Name what the SDK's models dropped or changed; datetimes may be written differently."""
    if isinstance(served, dict):
        if not isinstance(kept, dict):
            return [at]
        return [one for key, value in served.items() for one in lost(value, kept.get(key), f"{at}.{key}")]
    if isinstance(served, list):
        pairs = zip(served, kept or [None] * len(served), strict=True)
        return [one for index, (left, right) in enumerate(pairs) for one in lost(left, right, f"{at}[{index}]")]
    if isinstance(served, str) and isinstance(kept, str) and re.match(r"\d{4}-\d\d-\d\dT", served):
        return [] if kept[:19] == served[:19] else [at]
    return [] if served == kept else [f"{at}: {served!r} became {kept!r}"]


def survives(sdk: Any, answer: Any, model: str) -> list[str]:
    kept = sdk.sanitize_for_serialization(sdk.deserialize(answer, model))
    return lost(json.loads(answer.data), kept)


F = "/api/v2/flows"
A = "/api/v2/integrations/actions"
T = "/api/v2/architect/dependencytracking"


@pytest.mark.parametrize(
    ("path", "model"),
    [
        (f"{F}?pageSize=3&pageNumber=2", "FlowEntityListing"),
        (f"{F}/architect-flow-1", "Flow"),
        (f"{F}/architect-flow-4", "Flow"),
        (f"{F}/architect-flow-5", "Flow"),
        (f"{F}/architect-flow-6", "Flow"),
        (f"{F}/architect-flow-6/versions?pageSize=1&pageNumber=2", "FlowVersionEntityListing"),
        (f"{F}/nowhere", "ErrorBody"),
        ("/api/v2/organizations/me", "Organization"),
        ("/api/v2/tokens/me", "TokenInfo"),
        ("/api/v2/authorization/subjects/me?includeFullRoles=true", "AuthzSubject"),
        (
            "/api/v2/authorization/divisionspermitted/paged/me?permission=architect:flow:view",
            "DivsPermittedEntityListing",
        ),
        ("/api/v2/authorization/divisions", "AuthzDivisionEntityListing"),
        ("/api/v2/organizations/limits/namespaces/dataactions", "LimitsEntityListing"),
        ("/api/v2/organizations/limits/namespaces/platform.api/defaults", "LimitsEntityListing"),
        (f"{T}/updatedresourceconsumers?consumedResources=true", "DependencyObjectEntityListing"),
        (f"{A}?includeConfig=true&includeAuthActions=true", "ActionEntityListing"),
        (f"{A}/custom_-_crm?includeConfig=true&expand=contract", "Action"),
        (f"{A}/custom_-_fn/function", "FunctionConfig"),
    ],
)
def test_what_is_read_survives_the_sdks_models(sdk: Any, client: Client, path: str, model: str) -> None:
    assert survives(sdk, client("GET", path), model) == []


def test_what_the_editing_cycle_answers_survives_the_sdks_models(sdk: Any, client: Client, org: Org) -> None:
    details = (("missing", "queue", "q-1", "Sales"),)
    org.plan_publish(PublishPlan(reads=0, ending="failure", error_details=details))
    answers = [
        (client.act("checkout"), "Flow"),
        (client.save(configuration(step(text="soon"))), "ErrorBody"),
        (client.save(), "FlowVersion"),
        (client.act("publish"), "Operation"),
        (client("GET", f"{F}/architect-flow-1"), "Flow"),
        (client.act("revert"), "Flow"),
        (client.act("revert"), "ErrorBody"),
        (client("PATCH", f"{A}/custom_-_crm", {"config": {"timeoutSeconds": 9}, "version": 4}), "Action"),
    ]
    assert [survives(sdk, answer, model) for answer, model in answers] == [[]] * len(answers)


@pytest.fixture
def integrations(sdk: Any, simulator: Running, org: Org) -> Any:  # noqa: ARG001 - org is put back after each test
    """The SDK's own IntegrationsApi, logged in over HTTP."""
    from PureCloudPlatformClientV2.apis.integrations_api import IntegrationsApi  # noqa: PLC0415 - as above

    return IntegrationsApi(type(sdk)(simulator.url).get_client_credentials_token("demo-writer", "demo-writer-secret"))


def test_the_sdk_changes_an_action_with_its_whole_config(integrations: Any, org: Org) -> None:
    before = org.state()["actions"]["custom_-_crm"]
    action = integrations.get_integrations_action("custom_-_crm", include_config=True)
    action.config.request.request_template = integrations.get_integrations_action_template(
        "custom_-_crm", "requesttemplate.vm"
    )
    action.config.response.success_template = integrations.get_integrations_action_template(
        "custom_-_crm", "successtemplate.vm"
    )
    action.config.timeout_seconds = 20
    changed = integrations.patch_integrations_action("custom_-_crm", {"config": action.config, "version": 4})
    assert (changed.version, changed.config.timeout_seconds) == (5, 20)
    config = {**before["config"], "timeoutSeconds": 20}
    assert org.state()["actions"]["custom_-_crm"] == {**before, "version": 5, "config": config}


def test_the_sdk_changes_the_function_of_an_action_through_a_draft(integrations: Any, org: Org) -> None:
    before = org.state()["actions"]["custom_-_fn"]
    assert integrations.post_integrations_action_draft("custom_-_fn").version == 1
    function = integrations.get_integrations_action_draft_function("custom_-_fn").function
    function.timeout_seconds = 7
    put = integrations.put_integrations_action_draft_function("custom_-_fn", function)
    assert (put.function.timeout_seconds, put.zip.status) == (7, "Available")
    draft = integrations.get_integrations_action_draft("custom_-_fn", expand=["contract"], include_config=True)
    assert integrations.get_integrations_action_draft_validation("custom_-_fn").valid
    assert integrations.post_integrations_action_draft_publish("custom_-_fn", {"version": draft.version}).version == 2
    function = {**before["function"], "timeoutSeconds": 7}
    assert org.state()["actions"]["custom_-_fn"] == {**before, "version": 2, "function": function}
    assert integrations.get_integrations_action_function("custom_-_fn").function.timeout_seconds == 7


def test_the_sdk_edits_and_discards_a_draft(integrations: Any, org: Org) -> None:
    before = org.state()
    org.add_client(OAuthClient("demo-writer", "", "All", WRITING | {"integrations:action:delete"}))
    integrations.post_integrations_action_draft("custom_-_crm")
    edited = integrations.patch_integrations_action_draft("custom_-_crm", {"config": {}, "secure": True, "version": 4})
    assert (edited.version, edited.secure) == (5, True)
    assert integrations.get_integrations_action_draft_template("custom_-_crm", "requesttemplate.vm") == ""
    assert integrations.delete_integrations_action_draft("custom_-_crm") is None
    assert org.state() == before


def test_what_the_drafts_answer_survives_the_sdks_models(sdk: Any, client: Client, org: Org) -> None:
    org.plan_validation("custom_-_fn", ["No."])
    function = {"timeoutSeconds": 7, "zipId": "zip", "description": "Score", "handler": "a.b", "runtime": "nodejs22.x"}
    answers = [
        (client("POST", f"{A}/custom_-_fn/draft"), "Action"),
        (client("POST", f"{A}/custom_-_fn/draft"), "ErrorBody"),
        (client("PATCH", f"{A}/custom_-_fn/draft", {"name": "New", "version": 1}), "Action"),
        (client("PUT", f"{A}/custom_-_fn/draft/function", function), "FunctionConfig"),
        (client("GET", f"{A}/custom_-_fn/draft/validation"), "DraftValidationResult"),
        (client("POST", f"{A}/custom_-_fn/draft/publish", {"version": 3}), "ErrorBody"),
        (client("POST", f"{A}/custom_-_crm/draft"), "Action"),
        (client("GET", f"{A}/custom_-_crm/draft?includeConfig=true&expand=contract"), "Action"),
        (client("POST", f"{A}/custom_-_crm/draft/publish", {"version": 4}), "Action"),
    ]
    assert [survives(sdk, answer, model) for answer, model in answers] == [[]] * len(answers)


def test_a_429_survives_the_sdks_models(sdk: Any, client: Client, org: Org) -> None:
    org.limit_rate(1)
    client("GET", F)
    assert survives(sdk, client("GET", F), "ErrorBody") == []


ANALYTICS = "/api/v2/analytics/actions/aggregates/query"
TRAFFIC = ActionTraffic(calls_a_day=500, median_ms=2_000, sigma=0.9, limit_ms=5_000)
QUERY = {
    "interval": "2026-02-16T00:00:00Z/2026-03-02T00:00:00Z",
    "granularity": "P7D",
    "groupBy": ["actionId", "errorType", "responseStatus"],
    "views": [{"target": "tTotalExecution", "name": "slow", "function": "rangeBound", "range": {"gte": 4_000}}],
}


@pytest.fixture(scope="module")
def busy(tiny: OrgSeed) -> Iterator[Running]:
    actions = [dataclasses.replace(one, traffic=TRAFFIC if one.id == "custom_-_crm" else None) for one in tiny.actions]
    switches = Switches(analytics_percentiles=True)
    with running(dataclasses.replace(tiny, actions=actions), switches=switches) as one:
        yield one


def test_what_analytics_answers_survives_the_sdks_models(sdk: Any, busy: Running) -> None:
    client = Client(busy.url)
    assert survives(sdk, client("POST", ANALYTICS, QUERY), "ActionAggregateQueryResponse") == []
    assert survives(sdk, client("POST", ANALYTICS, {}), "ErrorBody") == []


def test_the_sdk_itself_can_ask_for_aggregates(sdk: Any, busy: Running) -> None:
    from PureCloudPlatformClientV2.apis.analytics_api import AnalyticsApi  # noqa: PLC0415 - as above

    client = Client(busy.url)
    client.log_in()
    caller = type(sdk)(busy.url)
    caller.access_token = client.token
    query = caller.deserialize(SimpleNamespace(data=json.dumps(QUERY), getheader={}.get), "ActionAggregationQuery")

    answer = AnalyticsApi(caller).post_analytics_actions_aggregates_query(query)

    week_ms = 7 * 86_400_000
    first_ms = int(datetime(2026, 2, 16, tzinfo=UTC).timestamp() * 1000)
    slow = recorded_calls(TRAFFIC, first_ms, first_ms + 2 * week_ms).between(4_000)
    assert [one.group["errorType"] for one in answer.results] == ["NONE", "TIMEOUT"]
    assert [len(one.data) for one in answer.results] == [2, 2]
    assert sum(data.views[0].stats.count for one in answer.results for data in one.data) == slow
