"""The rule of the verdict, recomputed by hand, and what it never does."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeouts.effect.verdict import LEAST_CALLS, Verdict, shift_of, verdict_of


def test_the_shift_and_its_margin_are_those_worked_out_on_paper() -> None:
    """998 calls, 99 lost; then 1998 calls, 99 lost: 100 of 1,000 are 10 %, 100 of 2,000 are 5 %."""
    found = shift_of(998, 99, 1_998, 99)

    assert found.shift == pytest.approx(-0.05)
    assert found.margin == pytest.approx(3 * math.sqrt(0.1 * 0.9 / 1_000 + 0.05 * 0.95 / 2_000))
    assert found.margin == pytest.approx(0.031997, abs=1e-6)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((10_000, 600), (10_000, 100), "fewer lost"),
        ((10_000, 100), (10_000, 600), "more lost"),
        ((20_000, 600), (20_000, 610), "no change"),
        ((1_000, 60), (1_000, 62), "too few calls to say"),
        ((10_000, 0), (10_000, 0), "no change"),
        ((100, 0), (100, 0), "too few calls to say"),
        ((100, 0), (100, 50), "more lost"),
        ((99, 0), (100_000, 50_000), "too few calls to say"),
        ((100_000, 50_000), (0, 0), "too few calls to say"),
        ((0, 0), (0, 0), "too few calls to say"),
    ],
)
def test_what_the_figures_say(before: tuple[int, int], after: tuple[int, int], expected: Verdict) -> None:
    assert verdict_of(*before, *after) == expected


calls_and_lost = st.integers(0, 10**6).flatmap(lambda calls: st.tuples(st.just(calls), st.integers(0, calls)))


@given(calls_and_lost, calls_and_lost)
def test_turned_round_it_says_the_opposite(one: tuple[int, int], other: tuple[int, int]) -> None:
    opposite = {"more lost": "fewer lost", "fewer lost": "more lost"}
    verdict = verdict_of(*one, *other)

    assert verdict_of(*other, *one) == opposite.get(verdict, verdict)


@given(calls_and_lost)
def test_the_same_figures_twice_are_never_better_or_worse(one: tuple[int, int]) -> None:
    assert verdict_of(*one, *one) in ("no change", "too few calls to say")


@given(calls_and_lost, calls_and_lost)
def test_better_or_worse_is_only_said_of_enough_calls_and_in_the_right_direction(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    verdict = verdict_of(*one, *other)

    if verdict in ("more lost", "fewer lost"):
        assert min(one[0], other[0]) >= LEAST_CALLS
        assert (other[1] / other[0] > one[1] / one[0]) is (verdict == "more lost")
