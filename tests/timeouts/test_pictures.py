"""Pictures: drawn for what there is to show, whatever people named their actions, and not at all for nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.org_of_actions import ACTION_OUTCOMES, EVIDENCE, INVENTORY, OUTCOMES, plan
from timeouts.action_use import ActionUse, uses_of
from timeouts.evidence import Evidence
from timeouts.pictures import Format, Sketch, sketches_of
from timeouts.plan import Plan
from timeouts.settings import Suggested
from timeouts.waits import Waits, waits_after, waits_now

USES = uses_of(INVENTORY)
BEFORE = waits_now(INVENTORY)
AFTER = waits_after(BEFORE, plan())


def sketches(
    uses: Sequence[ActionUse] = USES,
    evidence: Evidence | None = EVIDENCE,
    of_plan: Plan | None = None,
    *,
    before: Waits = BEFORE,
    after: Waits = BEFORE,
    form: Format = "svg",
) -> list[Sketch]:
    return sketches_of(uses, evidence, of_plan, before=before, after=after, form=form)


def texts(drawn: bytes | None) -> str:
    assert drawn is not None
    return " ".join(re.findall(r"<!--(.*?)-->", drawn.decode(), re.DOTALL))


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_both_pictures_are_drawn_in_either_form(form: Format, start: bytes) -> None:
    pictures = [sketch.picture() for sketch in sketches(of_plan=plan(), after=AFTER, form=form)]

    assert [picture.drawn[: len(start)] for picture in pictures] == [start, start]
    assert all(picture.as_address().startswith("data:image/") for picture in pictures)


def test_the_same_picture_is_the_same_bytes() -> None:
    first, again = (sketches(of_plan=plan(), form="png")[0] for _ in range(2))
    assert first.key == again.key
    assert first.picture() == again.picture()


def test_whatever_is_to_be_seen_changes_the_name_of_a_picture() -> None:
    drawn = [
        *sketches(),
        *sketches(form="png"),
        *sketches(of_plan=plan(), after=AFTER),
        *sketches(USES[:2]),
    ]
    assert len({sketch.key for sketch in drawn}) == len(drawn) - 1  # the waits do not depend on the actions


def test_the_durations_show_the_actions_that_change_or_were_called() -> None:
    shown = texts(sketches(of_plan=plan())[0].picture().drawn)

    assert "CRM | look up" in shown
    assert "Score [v2]" in shown
    assert "Merge (old)" not in shown


def test_names_are_shown_as_they_are_and_never_read_as_formulas() -> None:
    odd = uses_of(replace(INVENTORY, actions=(action("crm", 5_000, version=4, name="$\\alpha$ 🚨 _x_"),)))

    assert "$\\alpha$" in texts(sketches(odd)[0].picture().drawn)


def test_the_waits_are_counted_before_and_after() -> None:
    shown = texts(sketches(after=AFTER)[1].picture().drawn)

    assert "How long callers wait at 5 steps (1 more are computed or not understood)" in shown
    assert "after" in shown


def test_where_nothing_changes_there_is_only_now() -> None:
    assert "after" not in texts(sketches()[1].picture().drawn)


def test_nothing_to_show_is_no_picture() -> None:
    assert sketches(evidence=None, before={}, after={}) == []


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
    now = waits_now(inventory([listed()], [reading(step(1, Suggested()))], [action(limit_ms=5_000)]))

    assert waits_after(now, None) == now == {("af-1", "node-1"): 5_000}
