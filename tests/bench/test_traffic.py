from bench.traffic import LoggedRequest, PublishResult, Traffic

PUBLISH = "/api/v2/flows/actions/publish"


def logged(method: str, path: str, answered_ms: int, query: str = "", status: int = 200) -> LoggedRequest:
    return LoggedRequest(method, path, query, status, answered_ms - 200, answered_ms)


def read(answered_ms: int, architect_flow_id: str = "a") -> LoggedRequest:
    return logged("GET", f"/api/v2/flows/{architect_flow_id}", answered_ms)


def test_time_is_lost_from_the_end_of_a_publish_to_the_answer_that_tells_of_it() -> None:
    traffic = Traffic((read(900), logged("POST", PUBLISH, 1_000, "flow=a"), read(2_000), read(3_500), read(3_700)))
    assert traffic.publish_results({"a": 2_000}) == [PublishResult("a", 2_000, lost_ms=500, polls=2)]


def test_reads_of_other_architect_flows_tell_nothing_of_a_publish() -> None:
    traffic = Traffic((logged("POST", PUBLISH, 1_000, "flow=a"), read(3_000, "b"), read(4_000)))
    assert traffic.publish_results({"a": 2_000}) == [PublishResult("a", 2_000, lost_ms=1_000, polls=1)]


def test_a_publish_that_was_refused_is_none_and_one_that_was_never_seen_to_end_is_missing_among_the_results() -> None:
    refused = logged("POST", PUBLISH, 1_000, "flow=a", status=409)
    unseen = logged("POST", PUBLISH, 1_000, "flow=b")
    traffic = Traffic((refused, unseen, read(2_000, "b")))
    assert traffic.publishes == 1
    assert traffic.publish_results({"a": 0, "b": 5_000}) == []
