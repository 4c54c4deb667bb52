"""The aggregates of actions, asked for over HTTP; what they have to be is worked out from the traffic by hand."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.api.calls import Call
from simulator.api.figures.analytics import query_actions
from simulator.clients import OAuthClient
from simulator.demo.org import build_demo_org, build_flow_data_org
from simulator.org.org import Org
from simulator.org.seeds import OrgSeed
from simulator.server import Running, running
from simulator.switches import Switches
from simulator.traffic.periods import Period
from simulator.traffic.recorded_calls import recorded_calls
from simulator.traffic.traffic import ANSWERED, TIMED_OUT, ActionTraffic, Failure, calls_until
from tests.simulator.conftest import Client, Connect

PATH = "/api/v2/analytics/actions/aggregates/query"
INTERVAL = "2026-02-16T00:00:00Z/2026-03-02T00:00:00Z"
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
FROM_MS = int(datetime(2026, 2, 16, tzinfo=UTC).timestamp() * 1000)
FORTNIGHT = (FROM_MS, FROM_MS + 14 * DAY_MS)

BROKEN = Failure("SERVER_ERROR", "500", 0.02)
CRM = ActionTraffic(calls_a_day=2_000, median_ms=2_000, sigma=0.9, limit_ms=10_000, failures=(BROKEN,))
PAY = ActionTraffic(calls_a_day=300, median_ms=500, sigma=0.5)
TRAFFIC = {"custom_-_crm": CRM, "custom_-_pay": PAY}

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def busy(tiny: OrgSeed) -> Iterator[Running]:
    actions = [dataclasses.replace(one, traffic=TRAFFIC.get(one.id)) for one in tiny.actions]
    with running(dataclasses.replace(tiny, actions=actions)) as one:
        yield one


@pytest.fixture
def org(busy: Running) -> Iterator[Org]:
    yield busy.org
    busy.org.set_switches(Switches())
    busy.org.reset()


@pytest.fixture
def client(org: Org, busy: Running) -> Client:  # noqa: ARG001 - org is put back after each test
    return Client(busy.url)


@pytest.fixture
def ask(client: Client) -> Ask:
    def results(**body: Any) -> Any:
        answer = client("POST", PATH, {"interval": INTERVAL, **body})
        assert answer.status == 200, answer.data
        return answer.json()["results"]

    return results


def stats(result: Any) -> Any:
    return result["data"][0]["metrics"][0]["stats"]


def counts(results: Any, *dimensions: str) -> dict[Any, int]:
    return {tuple(one["group"].get(name) for name in dimensions): stats(one)["count"] for one in results}


def view(name: str, **bounds: float) -> dict[str, Any]:
    return {"target": "tTotalExecution", "name": name, "function": "rangeBound", "range": bounds}


def test_an_action_that_was_called_is_a_group_and_any_other_is_absent(ask: Ask) -> None:
    assert counts(ask(groupBy=["actionId"]), "actionId") == {("custom_-_crm",): 28_000, ("custom_-_pay",): 4_200}


def test_without_groups_all_calls_are_one(ask: Ask) -> None:
    assert [(one["group"], stats(one)["count"]) for one in ask()] == [({}, 32_200)]


def test_the_figures_are_those_of_the_calls(ask: Ask) -> None:
    calls = recorded_calls(CRM, *FORTNIGHT)

    assert stats(ask(groupBy=["actionId"])[0]) == {
        "count": calls.count,
        "sum": calls.total_ms,
        "min": calls.shortest_ms,
        "max": CRM.limit_ms,
    }


def test_success_is_none_and_a_timeout_is_an_error_type(ask: Ask) -> None:
    found = counts(ask(groupBy=["errorType", "responseStatus"]), "errorType", "responseStatus")

    assert found == {
        ("NONE", "200"): recorded_calls(CRM, *FORTNIGHT, ANSWERED).count + 4_200,
        ("TIMEOUT", "408"): recorded_calls(CRM, *FORTNIGHT, TIMED_OUT).count,
        ("SERVER_ERROR", "500"): recorded_calls(CRM, *FORTNIGHT, BROKEN.ending).count,
    }


def test_every_dimension_but_the_correlation_id_is_known_of_all_calls(ask: Ask) -> None:
    dimensions = [
        *("actionCategory", "actionId", "actionName", "correlationId"),
        *("errorType", "integrationId", "integrationName", "responseStatus"),
    ]

    groups = [one["group"] for one in ask(groupBy=dimensions)]
    assert next(one for one in groups if one["actionId"] == "custom_-_pay") == {
        "actionCategory": "Payments",
        "actionId": "custom_-_pay",
        "actionName": "Pay",
        "errorType": "NONE",
        "integrationId": "integration-pay",
        "integrationName": "Payments",
        "responseStatus": "200",
    }


@pytest.mark.parametrize("word", ["TIMEOUT", "EXECUTION_TIMEOUT", "REQUEST_TIMEOUT"])
def test_what_a_timeout_is_called_is_a_switch(ask: Ask, org: Org, word: str) -> None:
    org.set_switches(Switches(analytics_timeout_error=word))  # type: ignore[arg-type]

    assert {one["group"]["errorType"] for one in ask(groupBy=["errorType"])} == {"NONE", "SERVER_ERROR", word}


def test_percentiles_are_filled_by_switch_only(ask: Ask, org: Org) -> None:
    assert not stats(ask()[0]).keys() & {"p95", "p99"}
    org.set_switches(Switches(analytics_percentiles=True))

    pay = stats(ask(groupBy=["actionId"])[1])
    calls = recorded_calls(PAY, *FORTNIGHT)
    assert (pay["p95"], pay["p99"]) == (calls.quantile_ms(0.95), calls.quantile_ms(0.99))


def test_views_count_calls_from_a_bound_on_and_below_one(ask: Ask) -> None:
    views = [view("slow", gte=5_000), view("fast", lt=1_000), view("between", gte=1_000, lt=5_000)]
    found = ask(groupBy=["actionId"], views=views)[0]["data"][0]["views"]
    calls = recorded_calls(CRM, *FORTNIGHT)

    assert {one["name"]: one["stats"]["count"] for one in found} == {
        "slow": calls.between(5_000),
        "fast": calls.between(bound_ms=1_000),
        "between": calls.between(1_000, 5_000),
    }
    assert sum(one["stats"]["count"] for one in found) == 28_000


def test_timeouts_lie_at_the_limit_and_not_above(ask: Ask) -> None:
    views = [view("at the limit", gte=10_000), view("above", gte=10_001)]
    crm = ask(groupBy=["actionId"], views=views)[0]["data"][0]["views"]

    assert [one["stats"]["count"] for one in crm] == [recorded_calls(CRM, *FORTNIGHT, TIMED_OUT).count, 0]


@pytest.mark.parametrize(
    ("granularity", "lasts_ms"),
    [("PT15M", HOUR_MS // 4), ("PT30M", HOUR_MS // 2), ("PT1H", HOUR_MS), ("P1D", DAY_MS), ("P7D", 7 * DAY_MS)],
)
def test_buckets_begin_with_the_interval_and_add_up(ask: Ask, granularity: str, lasts_ms: int) -> None:
    data = ask(groupBy=["actionId"], granularity=granularity)[0]["data"]
    first = datetime.fromtimestamp((FROM_MS + lasts_ms) / 1000, UTC).isoformat(timespec="milliseconds")

    assert data[0]["interval"] == f"2026-02-16T00:00:00.000Z/{first.replace('+00:00', 'Z')}"
    assert data[0]["metrics"][0]["stats"]["count"] == calls_until(CRM, FROM_MS + lasts_ms) - calls_until(CRM, FROM_MS)
    assert sum(one["metrics"][0]["stats"]["count"] for one in data) == 28_000


def test_buckets_without_calls_are_absent(ask: Ask) -> None:
    data = ask(granularity="PT1M")[0]["data"]

    assert 0 < len(data) < 14 * 24 * 60
    assert all(one["metrics"][0]["stats"]["count"] > 0 for one in data)


def test_the_last_bucket_ends_with_the_interval(ask: Ask) -> None:
    data = ask(interval="2026-02-16T08:30:00+01:00/2026-02-16T11:00:00", granularity="PT2H")[0]["data"]

    assert [one["interval"] for one in data] == [
        "2026-02-16T07:30:00.000Z/2026-02-16T09:30:00.000Z",
        "2026-02-16T09:30:00.000Z/2026-02-16T11:00:00.000Z",
    ]


@pytest.mark.parametrize(
    "interval", ["1998-02-16T00:00:00Z/1998-03-02T00:00:00Z", "2031-01-01T00:00Z/2031-01-15T00:00Z"]
)
def test_every_year_has_such_calls(ask: Ask, interval: str) -> None:
    assert stats(ask(interval=interval)[0])["count"] == 32_200


def test_the_history_of_a_deleted_action_stays(ask: Ask, org: Org) -> None:
    org.delete_action("custom_-_crm")

    assert ("custom_-_crm",) in counts(ask(groupBy=["actionId"]), "actionId")


def test_calls_outside_what_is_known_are_missing_without_a_word(ask: Ask, org: Org) -> None:
    org.know_calls(Period(FROM_MS + 3 * DAY_MS, FROM_MS + 5 * DAY_MS))
    data = ask(granularity="P1D")[0]["data"]

    assert [one["interval"][:10] for one in data] == ["2026-02-19", "2026-02-20"]
    org.reset()
    assert len(ask(granularity="P1D")[0]["data"]) == 14


def test_what_is_known_is_set_by_the_control_plane(ask: Ask, client: Client) -> None:
    body = b'{"from": "2026-02-28T00:00:00Z", "until": null}'

    assert client.pool.request("POST", f"{client.url}/simulator/analytics", body=body).status == 200
    assert len(ask(granularity="P1D")[0]["data"]) == 2


@pytest.mark.parametrize("body", [{"from": "soon"}, {"from": "2026-03-02T00:00Z", "until": "2026-03-01T00:00Z"}])
def test_what_is_no_period_is_refused_by_the_control_plane(client: Client, body: dict[str, str]) -> None:
    answer = client.pool.request("POST", f"{client.url}/simulator/analytics", body=json.dumps(body))

    assert answer.status == 400


def test_an_org_without_calls_has_no_results(connect: Connect) -> None:
    answer = connect()("POST", PATH, {"interval": INTERVAL, "groupBy": ["actionId"]})

    assert (answer.status, answer.json()) == (200, {"results": []})


def test_the_tutorials_org_has_the_route_and_no_actions() -> None:
    with running(build_flow_data_org(1)) as tutorial:
        assert Client(tutorial.url)("POST", PATH, {"interval": INTERVAL}).json() == {"results": []}


@pytest.mark.parametrize(
    "body",
    [
        {"interval": None},
        {"interval": ""},
        {"interval": 14},
        {"interval": "2026-02-16T00:00:00Z"},
        {"interval": "yesterday/today"},
        {"interval": "2026-02-16T00:00:00Z/2026-02-16T00:00:00Z"},
        {"interval": "2026-02-17T00:00:00Z/2026-02-16T00:00:00Z"},
        {"granularity": "PT0S"},
        {"granularity": "1h"},
        {"granularity": 3600},
        {"groupBy": ["flowId"]},
        {"groupBy": "actionId"},
        {"metrics": ["tTalk"]},
        {"metrics": ["tTotalExecution", "nError"]},
        {"views": [view("none")]},
        {"views": [view("text", gte="5000")]},  # type: ignore[arg-type]
        {"views": [view("a", gte=1), view("a", gte=2)]},
        {"views": [{**view("a", gte=1), "function": "sum"}]},
        {"views": [{**view("a", gte=1), "target": "tTalk"}]},
        {"views": ["slow"]},
    ],
    ids=str,
)
def test_a_query_that_is_not_understood_is_400(client: Client, body: dict[str, Any]) -> None:
    answer = client("POST", PATH, {"interval": INTERVAL, **body})

    assert (answer.status, answer.json()["code"]) == (400, "bad.request")


def test_what_is_modelled_without_effect_is_accepted(ask: Ask) -> None:
    assert ask(
        metrics=["tTotalExecution"], flattenMultivaluedDimensions=True, alternateTimeDimension="eventTime", views=[]
    )


@pytest.mark.parametrize(("days", "status"), [(0, 200), (14, 200), (13, 400)])
def test_the_longest_interval_is_a_switch(client: Client, org: Org, days: int, status: int) -> None:
    org.set_switches(Switches(analytics_longest_days=days))

    assert client("POST", PATH, {"interval": INTERVAL}).status == status


@pytest.mark.parametrize(
    ("permission", "status"),
    [("integrations:action:view", 200), ("bridge:actions:view", 200), ("analytics:flowAggregate:view", 403)],
)
def test_the_permission_is_one_of_integrations_and_none_of_analytics(
    org: Org, busy: Running, permission: str, status: int
) -> None:
    org.add_client(OAuthClient("analyst", "analyst-secret", "Analyst", frozenset({permission})))

    assert Client(busy.url, "analyst")("POST", PATH, {"interval": INTERVAL}).status == status


def test_a_fortnight_of_hours_of_the_demo_org_is_answered() -> None:
    body = {
        "interval": INTERVAL,
        "granularity": "PT1H",
        "groupBy": ["actionId", "errorType"],
        "views": [view("ten seconds", gte=10_000)],
    }
    org, call = Org(build_demo_org(1, 1)), Call("POST", PATH, body=json.dumps(body).encode())

    answer = query_actions(org, call)

    assert len(json.loads(answer.body)["results"]) > 60
