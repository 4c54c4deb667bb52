"""Progress: how fast, until when, and for how long the rate limit holds a run up."""

import io

import pytest
from rich.console import Console

from cli.showing.bars import Bars, bars, pace_in_words, wait_in_words
from genesys import hearing_of_waits
from genesys.waits import tell_of_wait


@pytest.mark.parametrize(
    ("done", "total", "elapsed_s", "said"),
    [
        (120, 600, 10.0, "12/s, 40s left"),
        (5, 400, 60.0, "5/min, 1h19m left"),
        (300, 5_000, 100.0, "3/s, 26m left"),
        (1, 100, 0.5, ""),
        (0, 100, 30.0, ""),
        (100, 100, 30.0, ""),
    ],
)
def test_a_stage_says_its_rate_and_its_end_once_they_are_known(
    done: int, total: int, elapsed_s: float, said: str
) -> None:
    assert pace_in_words(done, total, elapsed_s) == said


def shown(*, terminal: bool, encoding: str = "utf-8") -> Console:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    return Console(file=file, width=80, force_terminal=terminal, color_system=None)


def text_of(console: Console) -> str:
    file = console.file
    assert isinstance(file, io.TextIOWrapper)
    assert isinstance(file.buffer, io.BytesIO)
    return file.buffer.getvalue().decode(file.encoding)


def test_a_wait_for_the_rate_limit_is_drawn_below_the_bars() -> None:
    console = shown(terminal=True)
    with bars(console, is_quiet=False) as listener:
        listener("Reading", 1, 10)
        tell_of_wait(23_000)

    assert "waiting 23s for the platform's rate limit" in text_of(console)


def test_off_a_terminal_a_long_wait_is_one_line_however_many_threads_are_told() -> None:
    console = shown(terminal=False)
    with bars(console, is_quiet=False):
        for _ in range(16):
            tell_of_wait(23_000)
        tell_of_wait(4_000)

    assert text_of(console) == "waiting 23s for the platform's rate limit\n"


def test_a_short_wait_is_none_for_a_log() -> None:
    console = shown(terminal=False)
    with bars(console, is_quiet=False):
        tell_of_wait(4_900)

    assert text_of(console) == ""


def test_off_a_terminal_a_long_stage_is_told_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 1_000.0
    console = shown(terminal=False)
    monkeypatch.setattr("time.monotonic", lambda: now_s)
    made = Bars(console)
    made.get_time = lambda: now_s
    made.stage("Reading", 0, 5_000)
    now_s += 29
    made.stage("Reading", 290, 5_000)
    now_s += 2
    made.stage("Reading", 310, 5_000)
    made.stage("Reading", 311, 5_000)

    assert text_of(console) == "Reading: 310 of 5000, 10/s, 8m left\n"


def test_quiet_shows_nothing() -> None:
    console = shown(terminal=True)
    with bars(console, is_quiet=True) as listener:
        listener("Reading", 1, 10)
        tell_of_wait(23_000)

    assert text_of(console) == ""


def test_a_terminal_without_unicode_gets_bars_of_ascii() -> None:
    console = shown(terminal=True, encoding="ascii")
    with bars(console, is_quiet=False) as listener:
        listener("Reading", 1, 10)

    assert "Reading" in text_of(console)


def test_whoever_has_stopped_listening_is_told_no_more() -> None:
    heard: list[int] = []
    with hearing_of_waits(heard.append):
        tell_of_wait(1)
    tell_of_wait(2)

    assert heard == [1]


def test_a_wait_is_told_in_whole_seconds() -> None:
    assert wait_in_words(62.6) == "waiting 1m3s for the platform's rate limit"
