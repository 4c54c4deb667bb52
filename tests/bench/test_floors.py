import pytest

from bench.floors import Needs, limited_ms, unlimited_ms

LATENCY_MS = 200


def needs(configurations: int = 475, pages: int = 1, action_pages: int = 1) -> Needs:
    return Needs(pages, action_pages, configurations)


def test_an_org_needs_pages_of_500_architect_flows_and_of_100_actions() -> None:
    assert Needs(pages=3, action_pages=2, configurations=900) == Needs.of(1_001, 200, 900)


def test_an_empty_org_is_asked_for_a_page_of_each() -> None:
    assert Needs(pages=1, action_pages=1, configurations=0) == Needs.of(0, 0, 0)


def test_a_warm_audit_asks_for_the_pages_and_a_token() -> None:
    assert needs(pages=10, action_pages=2).warm == 13


@pytest.mark.parametrize(("configurations", "waves"), [(0, 3), (1, 4), (16, 4), (17, 5), (475, 33)])
def test_without_a_limit_each_wave_of_sixteen_takes_one_latency(configurations: int, waves: int) -> None:
    assert unlimited_ms(needs(configurations), LATENCY_MS, 16) == waves * LATENCY_MS


def test_the_other_pages_share_the_connections_with_those_of_the_actions() -> None:
    assert unlimited_ms(needs(0, pages=10, action_pages=7), LATENCY_MS, 16) == 3 * LATENCY_MS
    assert unlimited_ms(needs(0, pages=10, action_pages=8), LATENCY_MS, 16) == 4 * LATENCY_MS


def test_under_a_limit_all_full_windows_but_the_last_are_waited_for() -> None:
    assert limited_ms(needs(503), LATENCY_MS, 16, 300) == LATENCY_MS + 60_000 + 13 * LATENCY_MS


def test_a_window_that_is_exactly_full_is_not_waited_for() -> None:
    assert limited_ms(needs(298), LATENCY_MS, 16, 300) == unlimited_ms(needs(298), LATENCY_MS, 16)
    assert limited_ms(needs(299), LATENCY_MS, 16, 300) == LATENCY_MS + 60_000 + LATENCY_MS
