"""Figures of actions, from answers as the platform may give them, and what is not believed."""

import json
from typing import Any

import pytest

from genesys import BadPayload, ReadClient, fetch_evidence, fetch_figures
from tests.genesys.conftest import Platform, reply
from timeouts.model.evidence import ActionEvidence, Evidence, Failures, Slower

QUERY = "POST /api/v2/analytics/actions/aggregates/query"
NOW_MS = 1_795_000_000_000  # 2026-11-18 11:06:40 UTC
DAY = "2026-11-17T11:00:00.000Z/2026-11-18T11:00:00.000Z"


def entry(count: Any = 100, *, views: Any = None, interval: Any = DAY, **stats: Any) -> dict[str, Any]:
    metric = {"metric": "tTotalExecution", "stats": {"count": count, "sum": 50_000.0, "max": 4_999.6, **stats}}
    return {"interval": interval, "metrics": [metric], **({} if views is None else {"views": views})}


def result(*data: dict[str, Any], **group: Any) -> dict[str, Any]:
    return {"group": {"actionId": "crm", **group}, "data": list(data)}


def view(name: str, count: int) -> dict[str, Any]:
    return {"name": name, "stats": {"count": count}}


def asked(platform: Platform, reader: ReadClient, *answers: Any, days: int = 14) -> Evidence:
    """Ask with these three answers: totals, failures by day, hours."""
    platform.on(QUERY, *(reply(answer) for answer in answers))
    return fetch_evidence(reader, days, NOW_MS, [1_000, 5_000])


NOTHING: dict[str, Any] = {"results": []}
CALLS: dict[str, Any] = {"results": [result(entry())]}


def test_the_three_questions_are_of_whole_hours_and_of_every_action(platform: Platform, reader: ReadClient) -> None:
    asked(platform, reader, NOTHING, NOTHING, NOTHING)

    totals, failures, hours = (json.loads(call.body) for call in platform.calls(QUERY))
    assert totals["interval"] == failures["interval"] == "2026-11-04T11:00:00.000Z/2026-11-18T11:00:00.000Z"
    assert hours["interval"] == "2026-11-11T11:00:00.000Z/2026-11-18T11:00:00.000Z"
    assert totals["views"][1] == {
        "target": "tTotalExecution",
        "name": "from_5000",
        "function": "rangeBound",
        "range": {"gte": 5_000},
    }
    assert (failures["granularity"], hours["granularity"]) == ("P1D", "PT1H")


def test_the_figures_of_an_action_are_put_together(platform: Platform, reader: ReadClient) -> None:
    views = [view("from_1000", 30), view("from_5000", 7)]
    found = asked(
        platform,
        reader,
        {"results": [result(entry(views=views, p95=2_100, p99=4_800))]},
        {
            "results": [
                result(entry(90), errorType="NONE", responseStatus="200"),
                result(entry(7), entry(2, interval="another day"), errorType="TIMEOUT", responseStatus="408"),
                result(entry(1), errorType="SERVER_ERROR", responseStatus="500"),
            ]
        },
        {"results": [result(entry(12), entry(40), entry(3))]},
    )

    assert found == Evidence(
        asked_days=14,
        covered_days=2,
        actions=(
            ActionEvidence(
                action_id="crm",
                calls=100,
                failures=(
                    Failures(error_type="TIMEOUT", response_status="408", calls=9),
                    Failures(error_type="SERVER_ERROR", response_status="500", calls=1),
                ),
                mean_ms=500,
                max_ms=5_000,
                p95_ms=2_100,
                p99_ms=4_800,
                slower=(Slower(from_ms=1_000, calls=30), Slower(from_ms=5_000, calls=7)),
                busiest_hour_calls=40,
            ),
        ),
        busiest_hour_calls=55,
    )


def test_the_busiest_hour_of_the_org_is_that_of_all_actions_together(platform: Platform, reader: ReadClient) -> None:
    crm = result(entry(30, interval="8"), entry(10, interval="9"), actionId="crm")
    score = result(entry(5, interval="8"), entry(20, interval="9"), actionId="score")
    found = asked(platform, reader, CALLS, CALLS, {"results": [crm, score]})

    assert found.busiest_hour_calls == 35


def test_a_period_that_comes_in_parts_is_added_up_without_percentiles(platform: Platform, reader: ReadClient) -> None:
    parts = [entry(views=[view("from_1000", 1)], p95=9), entry(views=[view("from_1000", 2)], max=7_000.0)]
    (action,) = asked(platform, reader, {"results": [result(*parts)]}, CALLS, NOTHING).actions

    assert (action.calls, action.mean_ms, action.max_ms, action.p95_ms) == (200, 500, 7_000, None)
    assert action.slower == (Slower(from_ms=1_000, calls=3),)


@pytest.mark.parametrize("answer", [{}, {"results": None}, {"results": [result(entry(0))]}, {"results": [result()]}])
def test_no_calls_are_no_figures(platform: Platform, reader: ReadClient, answer: Any) -> None:
    assert asked(platform, reader, answer, NOTHING, NOTHING).actions == ()


def test_groups_without_an_action_or_an_error_are_no_failures(platform: Platform, reader: ReadClient) -> None:
    whole = {"results": [result(entry())]}
    failures = {"results": [{"group": {"errorType": "TIMEOUT"}, "data": [entry(5)]}, result(entry(95))]}
    (action,) = asked(platform, reader, whole, failures, NOTHING).actions

    assert (action.failures, action.lost, action.lost_share) == ((), 0, 0.0)


@pytest.mark.parametrize(
    "answer",
    [
        {"results": {}},
        {"status": 500, "code": "internal.server.error", "message": "Some message."},
        {"error": "login_required", "results": None},
        {"results": [1]},
        {"results": [{"group": {"actionId": "crm"}}]},
        {"results": [result(entry("many"))]},
        {"results": [result(entry(-1))]},
        {"results": [result(entry(10**16))]},
        {"results": [result(entry(sum=1e300))]},
        {"results": [result(entry(count=True))]},
        {"results": [result(entry(sum="x"))]},
        {"results": [result(entry(views={}))]},
        {"results": [{"group": {"actionId": ["crm"]}, "data": [entry()]}]},
        {"results": [{"group": {"actionId": 7}, "data": [entry()]}]},
    ],
)
def test_figures_of_another_shape_are_not_believed(platform: Platform, reader: ReadClient, answer: Any) -> None:
    with pytest.raises(BadPayload, match="figures are not as documented"):
        asked(platform, reader, answer, CALLS, NOTHING)


@pytest.mark.parametrize(
    ("answers", "days"),
    [
        ((NOTHING, CALLS, CALLS), 14),
        (({}, CALLS, CALLS), 14),
        ((CALLS, NOTHING, CALLS), 14),
        ((CALLS, {}, CALLS), 14),
        ((NOTHING, NOTHING, CALLS), 14),
        ((CALLS, CALLS, {}), 7),
    ],
)
def test_an_answer_without_calls_is_not_believed_beside_one_that_has_some(
    platform: Platform, reader: ReadClient, answers: Any, days: int
) -> None:
    """A gateway's own answer made an org without calls, or without lost ones: by such figures nothing is raised."""
    with pytest.raises(BadPayload, match="figures contradict each other"):
        asked(platform, reader, *answers, days=days)


def test_calls_that_are_older_than_a_week_have_no_busiest_hour(platform: Platform, reader: ReadClient) -> None:
    assert asked(platform, reader, CALLS, CALLS, NOTHING).busiest_hour_calls == 0


@pytest.mark.parametrize(
    "odd",
    [
        result(entry(), errorType=["TIMEOUT"]),
        result(entry(), errorType=5),
        result(entry(), errorType="TIMEOUT", responseStatus=408),
        result(entry(interval=["a day"]), errorType="TIMEOUT"),
    ],
)
def test_failures_of_another_shape_are_not_believed(platform: Platform, reader: ReadClient, odd: Any) -> None:
    with pytest.raises(BadPayload, match="figures are not as documented"):
        asked(platform, reader, {"results": [result(entry())]}, {"results": [odd]}, NOTHING)


def test_views_that_the_platform_leaves_out_are_left_out(platform: Platform, reader: ReadClient) -> None:
    odd = [view("from_1000", 3), {"name": 5}, "x", {"name": "from_5000"}]
    (action,) = asked(platform, reader, {"results": [result(entry(views=odd))]}, CALLS, NOTHING).actions

    assert action.slower == (Slower(from_ms=1_000, calls=3),)


def test_a_question_is_repeated_like_any_read(platform: Platform, reader: ReadClient) -> None:
    platform.on(QUERY, reply(body=b""), reply(NOTHING))

    assert fetch_evidence(reader, 1, NOW_MS, []).covered_days == 0
    assert len(platform.calls(QUERY)) == 4


def test_the_figures_of_any_interval_take_two_questions_and_know_no_busiest_hour(
    platform: Platform, reader: ReadClient
) -> None:
    failed = result(entry(6), errorType="TIMEOUT", responseStatus="408")
    platform.on(
        QUERY,
        reply({"results": [result(entry(views=[view("from_5000", 6)]))]}),
        reply({"results": [failed]}),
    )

    found = fetch_figures(reader, NOW_MS - NOW_MS % 3_600_000 - 7_200_000, NOW_MS - NOW_MS % 3_600_000, [5_000])

    assert {json.loads(call.body)["interval"] for call in platform.calls(QUERY)} == {
        "2026-11-18T09:00:00.000Z/2026-11-18T11:00:00.000Z"
    }
    assert len(platform.calls(QUERY)) == 2
    assert [(each.calls, each.lost, each.calls_from(5_000), each.busiest_hour_calls) for each in found] == [
        (100, 6, 6, 0)
    ]
