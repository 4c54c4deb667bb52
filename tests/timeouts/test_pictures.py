"""Pictures: drawn for what there is to show, whatever people named their actions, and not at all for nothing."""

import re

import pytest

from tests.timeouts.conftest import action, reading, step
from tests.timeouts.org_of_actions import ACTION_OUTCOMES, ACTIONS, EVIDENCE, OUTCOMES, READINGS, plan
from timeouts.action_use import uses_of
from timeouts.pictures import Format, picture_of_durations, picture_of_waits, pictures_of
from timeouts.settings import Suggested
from timeouts.waits import waits_after, waits_now

USES = uses_of(ACTIONS, READINGS)
BEFORE = waits_now(READINGS, ACTIONS, suggested_default_ms=60_000)
AFTER = waits_after(BEFORE, plan())


def texts(drawn: bytes | None) -> str:
    assert drawn is not None
    return " ".join(re.findall(r"<!--(.*?)-->", drawn.decode(), re.DOTALL))


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_both_pictures_are_drawn_in_either_form(form: Format, start: bytes) -> None:
    pictures = pictures_of(USES, EVIDENCE, plan(), before=BEFORE, after=AFTER, form=form)

    assert [picture.drawn[: len(start)] for picture in pictures] == [start, start]
    assert all(picture.as_address().startswith("data:image/") for picture in pictures)


def test_the_same_picture_is_the_same_bytes() -> None:
    assert picture_of_durations(USES, EVIDENCE, plan(), "png") == picture_of_durations(USES, EVIDENCE, plan(), "png")


def test_the_durations_show_the_actions_that_change_or_were_called() -> None:
    shown = texts(picture_of_durations(USES, EVIDENCE, plan(), "svg"))

    assert "CRM | look up" in shown
    assert "Score [v2]" in shown
    assert "Merge (old)" not in shown


def test_names_are_shown_as_they_are_and_never_read_as_formulas() -> None:
    odd = uses_of([action("crm", 5_000, version=4, name="$\\alpha$ 🚨 _x_")], READINGS)

    assert "$\\alpha$" in texts(picture_of_durations(odd, EVIDENCE, None, "svg"))


def test_the_waits_are_counted_before_and_after() -> None:
    shown = texts(picture_of_waits(BEFORE, AFTER, "svg"))

    assert "How long callers wait at 5 steps (1 more are computed or not understood)" in shown
    assert "after" in shown


def test_where_nothing_changes_there_is_only_now() -> None:
    assert "after" not in texts(picture_of_waits(BEFORE, BEFORE, "svg"))


def test_nothing_to_show_is_no_picture() -> None:
    assert picture_of_durations(USES, None, None, "png") is None
    assert picture_of_waits({}, {}, "png") is None


def test_a_plan_makes_the_waits_of_its_changes_and_of_what_feels_them() -> None:
    assert AFTER == {
        ("af-1", "node-1"): 10_000,
        ("af-1", "node-2"): 10_000,
        ("af-1", "node-3"): None,
        ("af-1", "node-4"): 60_000,
        ("af-2", "node-1"): 10_000,
        ("af-2", "node-2"): 10_000,
    }


def test_of_a_run_only_what_was_done_counts() -> None:
    after = waits_after(BEFORE, plan(), OUTCOMES, ACTION_OUTCOMES)

    assert after["af-1", "node-1"] == 10_000
    assert after["af-2", "node-2"] == 8_000
    assert waits_after(BEFORE, plan(), [], ACTION_OUTCOMES[1:]) == BEFORE


def test_without_a_plan_nothing_moves() -> None:
    now = waits_now([reading(step(1, Suggested()))], [action(limit_ms=5_000)], suggested_default_ms=60_000)

    assert waits_after(now, None) == now == {("af-1", "node-1"): 5_000}
