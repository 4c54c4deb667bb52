"""What a run asked of the platform, for people: what an admin looks for first, and nothing left out."""

from timeouts.model.request_figures import RequestCounts

COUNTS = RequestCounts(
    requests={"GET /api/v2/flows": 2, "GET /api/v2/flows/{flowId}": 40, "POST /oauth/token": 2},
    retries=3,
    renewals=1,
    rate_limited=4,
    waiting_ms=90_000,
)


def test_a_line_tells_the_total_and_all_that_was_out_of_the_ordinary() -> None:
    expected = "44 requests, 3 reads repeated, 4 answered 429, 1 tokens renewed, 1m30s waited for the platform"

    assert expected == COUNTS.in_words


def test_the_table_begins_with_the_totals_and_goes_on_with_the_most_frequent_route() -> None:
    assert [tuple(row.values()) for row in COUNTS.as_rows] == [
        ("all requests", 44),
        ("reads repeated", 3),
        ("answered 429 (rate limit)", 4),
        ("waited for the platform", "1m30s"),
        ("tokens renewed", 1),
        ("GET /api/v2/flows/{flowId}", 40),
        ("GET /api/v2/flows", 2),
        ("POST /oauth/token", 2),
    ]


def test_two_clients_of_a_run_count_together() -> None:
    both = COUNTS + COUNTS

    assert (both.total, both.retries, both.renewals, both.rate_limited, both.waiting_ms) == (88, 6, 2, 8, 180_000)
