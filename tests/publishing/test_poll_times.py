"""When a publish is polled, simulated without a platform: durations that a run can learn, or not (issue 6)."""

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from publishing.poll_times import PollTimes

AT_A_TIME = 4
PUBLISHES = 40
FORMER_MS = (500, 1_500, 3_500, 6_500, 11_500, 19_500, 29_500)


@dataclass(frozen=True)
class Noticed:
    """How late the end of one publish was noticed, and at which poll."""

    late_ms: int
    polls: int


def former_next_ms(running_ms: int, polls: int) -> int:
    """The fixed ladder that there was before."""
    return FORMER_MS[polls] if polls < len(FORMER_MS) else running_ms + 10_000


def poll(next_ms: Callable[[int, int], int], duration_ms: int) -> tuple[int, int, int]:
    """Poll one publish until it has ended: the last poll that saw it running, the one that did not, how many."""
    running_ms = polls = 0
    while (poll_ms := next_ms(running_ms, polls)) < duration_ms:
        running_ms, polls = poll_ms, polls + 1
    return running_ms, poll_ms, polls + 1


def run(durations_ms: Sequence[int]) -> list[Noticed]:
    """A canary, then batches: what a batch teaches, the next one knows. Those in one batch learn nothing in time."""
    times, noticed = PollTimes(), []
    batches = [durations_ms[:1], *(durations_ms[at : at + AT_A_TIME] for at in range(1, len(durations_ms), AT_A_TIME))]
    for batch in batches:
        ended = [(poll(times.next_ms, duration_ms), duration_ms) for duration_ms in batch]
        for (running_ms, ended_ms, polls), duration_ms in ended:
            times.learn(running_ms, ended_ms)
            noticed.append(Noticed(ended_ms - duration_ms, polls))
    return noticed


def durations(seconds: Sequence[int], seed: int, jitter: float = 0.0) -> list[int]:
    """So many publishes that take one of these durations, in random order."""
    chance = random.Random(seed)  # noqa: S311 - shuffles, guards nothing
    drawn = [seconds[number % len(seconds)] * 1_000 for number in range(PUBLISHES)]
    chance.shuffle(drawn)
    return [round(duration_ms * (1 + chance.uniform(-jitter, jitter))) for duration_ms in drawn]


def test_publishes_of_2_5_and_20_s_are_noticed_within_half_a_second_on_average_in_six_polls_each() -> None:
    runs = [run(durations((2, 5, 20), seed)) for seed in range(100, 112)]

    noticed = [one for each in runs for one in each]
    assert statistics.mean(one.late_ms for one in noticed) <= 500
    assert max(one.polls for one in noticed) <= 6
    assert statistics.mean(one.polls for one in noticed) <= 3.5
    assert statistics.mean(one.late_ms for each in runs for one in each[PUBLISHES // 2 :]) <= 250


@pytest.mark.parametrize("jitter", [0.0, 0.02, 0.1])
@pytest.mark.parametrize("seconds", [(2, 5, 20), (1, 8, 30), (3,), (10, 60, 120)], ids=str)
def test_whatever_publishes_take_they_are_noticed_sooner_than_by_a_fixed_ladder_and_with_fewer_polls(
    seconds: Sequence[int], jitter: float
) -> None:
    drawn = [durations(seconds, seed, jitter) for seed in range(2)]
    former = [poll(former_next_ms, duration_ms) for each in drawn for duration_ms in each]
    former_late_ms = [
        ended_ms - duration_ms
        for (_, ended_ms, _), duration_ms in zip(former, [one for each in drawn for one in each], strict=True)
    ]

    noticed = [one for each in drawn for one in run(each)]

    assert statistics.median(one.late_ms for one in noticed) < statistics.median(former_late_ms)
    assert sum(one.polls for one in noticed) < sum(polls for _, _, polls in former)


def test_a_first_publish_of_up_to_20_s_takes_six_polls_and_one_of_three_minutes_at_most_twenty() -> None:
    assert poll(PollTimes().next_ms, 20_000)[2] <= 6
    assert poll(PollTimes().next_ms, 180_000)[2] <= 20


def test_a_publish_of_three_minutes_takes_at_most_twenty_polls_after_quick_ones_and_after_slow_ones() -> None:
    for usual_ms in (1_000, 20_000, 100_000):
        times = PollTimes()
        for _ in range(10):
            running_ms, ended_ms, _ = poll(times.next_ms, usual_ms)
            times.learn(running_ms, ended_ms)

        assert poll(times.next_ms, 180_000)[2] <= 20


def test_what_always_takes_equally_long_is_noticed_within_250_ms_by_the_first_or_second_poll() -> None:
    assert all(one.polls <= 2 and one.late_ms <= 250 for one in run([3_000] * PUBLISHES)[-10:])


@pytest.mark.parametrize("seconds", [(2, 5, 20), (1, 1, 1), (10, 60, 120)], ids=str)
def test_polls_are_never_closer_than_250_ms(seconds: Sequence[int]) -> None:
    times = PollTimes()
    for duration_ms in durations(seconds, seed=1, jitter=0.1)[:15]:
        running_ms = polls = 0
        while (poll_ms := times.next_ms(running_ms, polls)) < duration_ms:
            assert poll_ms - running_ms >= 250
            running_ms, polls = poll_ms, polls + 1
        times.learn(running_ms, poll_ms)


def test_an_end_before_the_last_poll_that_saw_it_running_teaches_nothing() -> None:
    times, untaught = PollTimes(), PollTimes()
    times.learn(5_000, 5_000)

    assert times.next_ms(0, 0) == untaught.next_ms(0, 0)
