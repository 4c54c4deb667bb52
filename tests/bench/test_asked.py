from typing import Any

from bench.asked import Traffic


def entry(path: str = "/api/v2/flows", arrived_ms: int = 0, status: int | None = 200) -> dict[str, Any]:
    return {
        "number": 1,
        "method": "GET",
        "path": path,
        "query": "",
        "status": status,
        "client": None,
        "fault": None,
        "at_ms": 1,
        "arrived_ms": arrived_ms,
        "answered_ms": arrived_ms + 200,
    }


def test_a_run_reaches_from_its_first_request_to_its_last_answer_in_whatever_order_they_are_logged() -> None:
    traffic = Traffic.from_log([entry(arrived_ms=1_500), entry(arrived_ms=1_000), entry(arrived_ms=3_000)])
    assert traffic.first_ms == 1_000
    assert traffic.span_ms == 2_200


def test_requests_are_counted_by_kind_and_by_refusal() -> None:
    traffic = Traffic.from_log(
        [
            entry("/oauth/token"),
            entry("/api/v2/flows"),
            entry("/api/v2/integrations/actions"),
            entry("/api/v2/flows/a/versions/3.0/configuration", status=429),
            entry("/api/v2/flows/a/latestconfiguration"),
            entry("/api/v2/flows/a", status=None),
        ]
    )
    assert traffic.refused == 1
    assert traffic.in_words == "1 token, 1 pages of Architect flows, 1 pages of actions, 2 configurations, 1 others"
