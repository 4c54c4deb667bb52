from bench.asked import LoggedRequest, Traffic
from bench.waiting import Followed, followed

PUBLISH = "/api/v2/flows/actions/publish"


def asked(method: str, path: str, answered_ms: int, query: str = "", status: int = 200) -> LoggedRequest:
    return LoggedRequest(method, path, query, status, answered_ms - 200, answered_ms)


def read(answered_ms: int, flow: str = "a") -> LoggedRequest:
    return asked("GET", f"/api/v2/flows/{flow}", answered_ms)


def test_time_is_lost_from_the_end_of_a_publish_to_the_answer_that_tells_of_it() -> None:
    traffic = Traffic((read(900), asked("POST", PUBLISH, 1_000, "flow=a"), read(2_000), read(3_500), read(3_700)))
    assert followed(traffic, {"a": 2_000}) == [Followed("a", 1_000, told_ms=3_500, lost_ms=500, polls=2)]


def test_reads_of_other_architect_flows_do_not_count() -> None:
    traffic = Traffic((asked("POST", PUBLISH, 1_000, "flow=a"), read(3_000, "b"), read(4_000)))
    assert followed(traffic, {"a": 2_000}) == [Followed("a", 1_000, told_ms=4_000, lost_ms=1_000, polls=1)]


def test_what_was_refused_or_never_seen_to_end_is_not_counted_as_a_publish() -> None:
    refused = asked("POST", PUBLISH, 1_000, "flow=a", status=409)
    unseen = asked("POST", PUBLISH, 1_000, "flow=b")
    assert followed(Traffic((refused, unseen, read(2_000, "b"))), {"a": 0, "b": 5_000}) == []
