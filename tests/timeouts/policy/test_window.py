"""The window in which changes may be published, told the time by the caller."""

from typing import Any

import pytest
from pydantic import ValidationError

from timeouts.policy.policy import Policy
from timeouts.policy.policy_file import PolicyError, parse_policy
from timeouts.policy.window import Now, Window, is_open, window_violations

MON, TUE, SAT, SUN = 0, 1, 5, 6
NIGHT = {"opens": "22:00", "closes": "05:00", "time_zone": "Europe/Berlin"}
DAY = NIGHT | {"opens": "09:00", "closes": "17:30"}


def at(weekday: int, time: str) -> Now:
    hours, minutes = time.split(":")
    return Now(weekday, int(hours) * 60 + int(minutes))


@pytest.mark.parametrize(
    ("asked", "now", "opened"),
    [
        (DAY, at(MON, "08:59"), False),
        (DAY, at(MON, "09:00"), True),
        (DAY, at(MON, "17:29"), True),
        (DAY, at(MON, "17:30"), False),
        (DAY | {"days": ["tue"]}, at(MON, "12:00"), False),
        (NIGHT, at(MON, "21:59"), False),
        (NIGHT, at(MON, "22:00"), True),
        (NIGHT, at(TUE, "00:00"), True),
        (NIGHT, at(TUE, "05:00"), False),
        (NIGHT | {"days": ["sun"]}, at(SUN, "23:00"), True),
        (NIGHT | {"days": ["sun"]}, at(MON, "04:59"), True),
        (NIGHT | {"days": ["sun"]}, at(SUN, "04:59"), False),
        (NIGHT | {"days": ["sat", "mon"]}, at(SUN, "01:00"), True),
        (NIGHT | {"days": ["sat", "mon"]}, at(SAT, "01:00"), False),
    ],
)
def test_a_window_is_open_from_its_first_minute_to_before_its_last_on_the_days_it_opens(
    asked: dict[str, Any], now: Now, opened: bool
) -> None:
    assert opened == is_open(Window.model_validate(asked), now)


def test_a_closed_window_is_a_violation_that_says_when_it_opens() -> None:
    window = Window.model_validate(NIGHT | {"days": ["tue", "mon"]})

    (violation,) = window_violations(window, at(TUE, "14:05"))

    assert (violation.limit, violation.text) == (
        "window",
        "it is tue 14:05, changes are published from 22:00 to 05:00 Europe/Berlin, mon, tue",
    )


@pytest.mark.parametrize("window", [None, Window.model_validate(NIGHT)])
def test_an_open_window_and_no_window_are_no_violation(window: Window | None) -> None:
    assert window_violations(window, at(MON, "23:00")) == ()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"closes": "22:00"}, "opens and closes at the same time"),
        ({"opens": "24:00"}, "'24:00' is not a time of day: write one such as 22:00"),
        ({"opens": 1320}, "1320 is not a time of day"),
        ({"days": []}, "it never opens"),
        ({"days": ["Monday"]}, "'mon', 'tue'"),
        ({"time_zone": " "}, "name a place such as Europe/Berlin"),
    ],
)
def test_a_window_that_cannot_be_is_refused(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Window.model_validate(NIGHT | changed)


@pytest.mark.parametrize("time_zone", ["Europe/Berlin", "Etc/GMT+2"])
def test_a_window_reads_back_from_its_own_json_in_a_zone_that_policies_take_no_more_too(time_zone: str) -> None:
    window = Window.model_validate(NIGHT | {"time_zone": time_zone})

    assert (window, "every day") == (Window.model_validate_json(window.model_dump_json()), window.text[-9:])


FILE = """
rules: [{name: r, at_least: 10s}]
protected: [Main line*]
at_a_time: 2
failure_budget: 1
window:
  opens: 22:00
  closes: 05:00
  time_zone: Europe/Berlin
  days: [mon]
"""


def test_a_policy_file_says_when_and_how_cautiously() -> None:
    policy = parse_policy(FILE, "p.yaml")

    assert (policy.window, policy.protected, policy.at_a_time, policy.failure_budget) == (
        Window.model_validate(NIGHT | {"days": ["mon"]}),
        ("Main line*",),
        2,
        1,
    )


def test_a_policy_publishes_at_any_time_and_four_at_a_time_unless_it_says_otherwise() -> None:
    assert (Policy().window, Policy().protected, Policy().at_a_time, Policy().failure_budget) == (None, (), 4, 3)
    assert Policy().canary == 1


def test_a_policy_that_says_nothing_of_a_canary_is_written_as_before_there_was_one() -> None:
    """The checksums of plans in older records hold, so that their runs can be rolled back."""
    assert "canary" not in Policy().model_dump()
    assert Policy.model_validate(Policy(canary=2).model_dump()).canary == 2


@pytest.mark.parametrize(("canary", "told"), [(0, "greater than or equal to 1"), (17, "less than or equal to 16")])
def test_a_canary_is_one_to_sixteen_healthy_ones(canary: int, told: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(FILE.replace("at_a_time: 2", f"canary: {canary}"), "p.yaml")

    assert f"p.yaml:4: canary: input should be {told}" in str(refused.value)


@pytest.mark.parametrize(
    ("line", "wrong", "told"),
    [
        ("opens: 22:00", "opens: 10pm", "p.yaml:7: window.opens: '10pm' is not a time of day"),
        ("opens:", "from:", "p.yaml:7: window.from: unknown key; known here: opens, closes, time_zone, days"),
        (
            "Europe/Berlin",
            "Etc/GMT-2",
            "p.yaml:9: window.time_zone: 'Etc/GMT-2' is UTC+2, as signs mean the opposite in such names: name a place",
        ),
        (
            "Europe/Berlin",
            "localtime",
            "p.yaml:9: window.time_zone: 'localtime' is the time of a machine and of no place: name a place such as Eu",
        ),
        (
            "Europe/Berlin",
            "GMT+2",
            "window.time_zone: 'GMT+2' is no time zone that is known here: name a place such as Europe/Berlin",
        ),
        ("[Main line*]", "['']", "p.yaml:3: protected: one of the names is empty"),
        ("[mon]", "mon, tue", "p.yaml:10: window.days: has to be a list: write [mon, tue]"),
        (
            "[mon]",
            "mon-fri",
            "p.yaml:10: window.days: has to be a list: name each day, such as [mon, tue, wed, thu, fri]",
        ),
        (
            "[mon]",
            "Monday",
            "p.yaml:10: window.days: has to be a list: name each day, such as [mon, tue, wed, thu, fri]",
        ),
        ("at_a_time: 2", "at_a_time: 0", "p.yaml:4: at_a_time: input should be greater than or equal to 1"),
    ],
)
def test_an_error_in_these_names_its_line(line: str, wrong: str, told: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(FILE.replace(line, wrong), "p.yaml")

    assert told in str(refused.value)
