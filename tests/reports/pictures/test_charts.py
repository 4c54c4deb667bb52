"""Pictures: drawn for what there is to show, whatever people named their actions, and not at all for nothing."""

import re
from dataclasses import replace

import pytest

from reports.frames.waits import waits_after, waits_now
from reports.pictures.charts import charts_of
from reports.pictures.picture import Format
from tests.reports.made import made
from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.org_of_actions import ACTION_OUTCOMES, ALL_OUTCOMES, INVENTORY, plan
from timeouts.model.settings import Suggested

AUDITED, PLANNED = made(INVENTORY), made(INVENTORY, plan())
BEFORE, AFTER = waits_now(PLANNED), waits_after(PLANNED)


def texts(drawn: bytes | None) -> str:
    assert drawn is not None
    return " ".join(re.findall(r"<!--(.*?)-->", drawn.decode(), re.DOTALL))


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_both_pictures_are_drawn_in_either_form(form: Format, start: bytes) -> None:
    pictures = charts_of(PLANNED, form)

    assert [picture.drawn[: len(start)] for picture in pictures] == [start, start]
    assert all(picture.as_address().startswith("data:image/") for picture in pictures)


def test_the_same_picture_is_the_same_bytes() -> None:
    assert charts_of(PLANNED, "png") == charts_of(PLANNED, "png")


def test_the_durations_show_the_actions_that_change_or_were_called() -> None:
    shown = texts(charts_of(PLANNED, "svg")[0].drawn)

    assert "CRM | look up" in shown
    assert "Score [v2]" in shown
    assert "Merge (old)" not in shown


def test_names_are_shown_as_they_are_and_never_read_as_formulas() -> None:
    odd = replace(INVENTORY, actions=(action("crm", 5_000, version=4, name="$\\alpha$ 🚨 _x_"),))

    assert "$\\alpha$" in texts(charts_of(made(odd), "svg")[0].drawn)


def test_the_waits_are_counted_before_and_after() -> None:
    shown = texts(charts_of(PLANNED, "svg")[1].drawn)

    assert "How long callers wait at 5 steps (1 more are computed or not understood)" in shown
    assert "after" in shown


def test_where_nothing_changes_there_is_only_now() -> None:
    assert "after" not in texts(charts_of(AUDITED, "svg")[1].drawn)


def test_nothing_to_show_is_no_picture() -> None:
    assert charts_of(made(inventory()), "svg") == []


def test_a_plan_makes_the_waits_of_its_changes_and_of_what_they_affect() -> None:
    assert AFTER == {
        ("af-1", "node-1"): 10_000,
        ("af-1", "node-2"): 10_000,
        ("af-1", "node-3"): None,
        ("af-1", "node-4"): 60_000,
        ("af-2", "node-1"): 10_000,
        ("af-2", "node-2"): 10_000,
    }


def test_of_a_run_only_what_was_done_counts() -> None:
    after = waits_after(made(INVENTORY, plan(), ALL_OUTCOMES))

    assert after["af-1", "node-1"] == 10_000
    assert after["af-2", "node-2"] == 8_000
    assert waits_after(made(INVENTORY, plan(), ACTION_OUTCOMES[1:])) == BEFORE


def test_without_a_plan_nothing_moves() -> None:
    report = made(inventory([listed()], [reading(step(1, Suggested()))], [action(limit_ms=5_000)]))

    assert waits_after(report) == waits_now(report) == {("af-1", "node-1"): 5_000}
