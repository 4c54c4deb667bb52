from typing import Any

import pytest

from simulator.org.org import Org
from tests.simulator.conftest import Client, Connect, Switch


@pytest.fixture
def limited(client: Client, org: Org) -> Client:
    org.limit_rate(2)
    return client


def test_each_answer_says_how_much_is_left(limited: Client) -> None:
    headers = limited("GET", "/api/v2/organizations/me").headers
    names = ("inin-ratelimit-count", "inin-ratelimit-allowed", "inin-ratelimit-reset")
    assert [headers[name] for name in names] == ["1", "2", "60"]


def test_above_the_limit_is_429_until_the_window_is_over(limited: Client, org: Org) -> None:
    statuses = [limited("GET", "/api/v2/organizations/me").status for _ in range(3)]
    assert statuses == [200, 200, 429]
    org.advance_ms(60_000)
    assert limited("GET", "/api/v2/organizations/me").status == 200


@pytest.mark.parametrize(("setting", "expected"), [(True, "60"), (False, None)])
def test_retry_after_is_a_switch(limited: Client, switch: Switch, setting: Any, expected: Any) -> None:
    switch(retry_after=setting)
    answer = [limited("GET", "/api/v2/organizations/me") for _ in range(3)][-1]
    assert answer.headers.get("Retry-After") == expected
    assert answer.json()["limit"]["value"] == 2


def test_clients_are_counted_apart(limited: Client, connect: Connect) -> None:
    for _ in range(3):
        limited("GET", "/api/v2/organizations/me")
    assert connect("demo-reader")("GET", "/api/v2/organizations/me").status == 200


def test_without_a_limit_nothing_is_said(client: Client) -> None:
    assert "inin-ratelimit-count" not in client("GET", "/api/v2/organizations/me").headers
