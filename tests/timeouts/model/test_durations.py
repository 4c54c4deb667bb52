"""Durations: the platform's text, what people type, and milliseconds between them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from timeouts.model.durations import (
    PLATFORM_LIMIT_MS,
    TYPED_PATTERN,
    DurationError,
    DurationMs,
    format_duration,
    format_platform_duration,
    parse_duration,
    parse_platform_duration,
)


class Asked(BaseModel):
    wait: DurationMs


@pytest.mark.parametrize(
    ("text", "duration_ms"),
    [
        ("P0D0H0M10S0F", 10_000),
        ("P0D0H1M30S0F", 90_000),
        ("P0D0H0M0S1500F", 1_500),
        ("p1d2h3m4s5f", 93_784_005),
        ("-P0D0H0M1S0F", -1_000),
        ("P00D000H0M0S0001F", 1),
        ("P0D0H0M0S0F", 0),
    ],
)
def test_platform_durations_are_read_in_every_form_the_platform_allows(text: str, duration_ms: int) -> None:
    assert duration_ms == parse_platform_duration(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P0D0H0M10S",
        "PT10S",
        "10s",
        "P0D0H0M1.5S0F",
        "P0D0H0M-1S0F",
        "P0D0H0M10S0F ",
        "P\u0660D0H0M10S0F",
        "+P0D0H0M1S0F",
    ],
)
def test_other_text_is_no_platform_duration(text: str) -> None:
    with pytest.raises(DurationError, match="not a duration"):
        parse_platform_duration(text)


@pytest.mark.parametrize("text", ["P0D0H0M0S1000000000000000F", f"P{'9' * 5000}D0H0M0S0F", "P99999999999D0H0M0S0F"])
def test_platform_durations_beyond_the_limit_are_refused(text: str) -> None:
    with pytest.raises(DurationError, match="longer than any duration"):
        parse_platform_duration(text)


def test_a_number_beyond_the_limit_is_never_written() -> None:
    with pytest.raises(DurationError, match="longer than any duration"):
        format_platform_duration(PLATFORM_LIMIT_MS + 1)


@given(st.integers(-PLATFORM_LIMIT_MS, PLATFORM_LIMIT_MS))
def test_what_is_written_for_the_platform_reads_back(duration_ms: int) -> None:
    assert duration_ms == parse_platform_duration(format_platform_duration(duration_ms))


@given(st.integers(0, 10**9))
def test_what_is_written_for_people_reads_back(duration_ms: int) -> None:
    assert duration_ms == parse_duration(format_duration(duration_ms))


@pytest.mark.parametrize(
    ("text", "duration_ms"),
    [
        ("10s", 10_000),
        ("1m30s", 90_000),
        ("1m 30s", 90_000),
        (" 2.5 s ", 2_500),
        ("2500ms", 2_500),
        ("1H", 3_600_000),
        ("1s500ms", 1_500),
        ("1.005s", 1_005),
    ],
)
def test_people_type_durations_in_several_ways(text: str, duration_ms: int) -> None:
    assert duration_ms == parse_duration(text)


@pytest.mark.parametrize("number", [10, 2.5, "10", "2.5", " 10 "])
def test_a_bare_number_is_refused_with_the_units_to_choose_from(number: object) -> None:
    with pytest.raises(DurationError, match=r"no unit: write .*s for seconds or .*ms for milliseconds"):
        parse_duration(number)


@pytest.mark.parametrize("typed", ["", "soon", "-1s", "s", "10x", "30s1m", "1.2345s", None, True, ["10s"], "x" * 500])
def test_what_is_no_duration_is_refused_with_an_example(typed: object) -> None:
    with pytest.raises(DurationError, match="write one such as 10s"):
        parse_duration(typed)


@pytest.mark.parametrize(
    ("duration_ms", "text"),
    [(0, "0s"), (1, "1ms"), (999, "999ms"), (1_000, "1s"), (2_500, "2.5s"), (61_050, "1m1.05s"), (3_600_000, "1h")],
)
def test_durations_are_written_in_the_shortest_exact_form(duration_ms: int, text: str) -> None:
    assert text == format_duration(duration_ms)


def test_nobody_waits_less_than_nothing() -> None:
    with pytest.raises(DurationError, match="negative"):
        format_duration(-1)


def test_a_field_of_a_policy_is_text_outside_and_milliseconds_inside() -> None:
    asked = Asked.model_validate({"wait": "10s"})

    assert (asked.wait, asked.model_dump_json()) == (10_000, '{"wait":"10s"}')


@given(st.from_regex(f"^{TYPED_PATTERN}$", fullmatch=True))
def test_every_duration_that_a_run_form_takes_is_understood(text: str) -> None:
    assert parse_duration(text) >= 0


@given(st.integers(0, 99_999 * 3_600_000))
def test_a_run_form_takes_every_duration_as_we_write_it(duration_ms: int) -> None:
    assert re.fullmatch(TYPED_PATTERN, format_duration(duration_ms))
