"""The steps that a person asks for: conditions and orders over the columns of steps."""

import pytest

from reports.columns import STEPS
from reports.conditions import ConditionError, Selection, columns_in_words
from reports.frames.steps import StepRow, step_rows
from tests.reports.made import made
from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.settings import Expression, LiteralTimeout, Suggested

STEP_9, STEP_10, STEP_2 = (
    step(9, LiteralTimeout(timeout_ms=9_000), name="Line 9"),
    step(10, LiteralTimeout(timeout_ms=10_000), name="line 10"),
    step(2, Suggested(stored_ms=3_000), name="Line 2"),
)
COMPUTED = step(7, Expression(text="Flow.wait"), name="Line [7]")
ORG = inventory([listed()], [reading(STEP_9, STEP_10, STEP_2, COMPUTED)], [action()])
ROWS = step_rows(made(ORG))


def names(rows: list[StepRow]) -> list[str]:
    return [row.found.step for row in rows]


def where(*conditions: str) -> list[str]:
    return names(Selection.parse(conditions, ()).of(ROWS))


def sort(*orders: str) -> list[str]:
    return names(Selection.parse((), orders).of(ROWS))


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("now<10s", ["Line 9"]),
        ("now <= 10s", ["Line 9", "line 10"]),
        ("effective now>=9000ms", ["Line 9", "line 10", "Line 2"]),
        ("now=9s", ["Line 9"]),
        ("now!=9s", ["line 10", "Line 2", "Line [7]"]),
        ("now=unknown", ["Line [7]"]),
        ("timeout<10s", ["Line 9"]),
        ("timeout!=3s", ["Line 9", "line 10", "Line 2", "Line [7]"]),
        ("setting=Suggested", ["Line 2"]),
        ("setting!=literal", ["Line 2", "Line [7]"]),
        ("step=line ?", ["Line 9", "Line 2"]),
        ("step=Line [7]", ["Line [7]"]),
        ("Tracking-ID>8", ["Line 9", "line 10"]),
        ("tracking_id=2", ["Line 2"]),
        ("rule=", ["Line 9", "line 10", "Line 2", "Line [7]"]),
        ("architect flow=af-1", ["Line 9", "line 10", "Line 2", "Line [7]"]),
    ],
)
def test_a_condition_leaves_the_steps_of_which_it_holds(condition: str, found: list[str]) -> None:
    assert where(condition) == found


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("setting=sugested", ["No step has 'setting=sugested'; did you mean suggested?"]),
        ("step=line 1O", ["No step has 'step=line 1O'; did you mean line 10, Line 9 or Line 2?"]),
        ("action=Payment*", ["No step has 'action=Payment*'."]),
        ("limit=nome", ["No step has 'limit=nome'; did you mean none?"]),
        ("now=ten", ["No step has 'now=ten'."]),
        ("limit=none", []),
        ("now=3s", []),
        ("setting!=sugested", []),
        ("now<1s", []),
        ("rule=", []),
        ("setting=suggested", []),
    ],
)
def test_a_text_that_no_step_has_is_named_with_what_may_have_been_meant(condition: str, told: list[str]) -> None:
    assert Selection.parse([condition], ()).unmatched(ROWS) == told


@pytest.mark.parametrize(
    "condition", ["now==10s", "now=<10s", "now=>10s", "tracking-id==2", "limit!==10s", "setting!==literal"]
)
def test_signs_of_other_languages_are_refused(condition: str) -> None:
    with pytest.raises(ConditionError, match=r"there is no sign (==|=<|=>|!==)\. Use one of = != < <= > >="):
        Selection.parse([condition], ())


def test_of_several_conditions_all_hold() -> None:
    assert where("now>5s", "setting=literal", "step=*10") == ["line 10"]


def test_what_is_not_known_is_neither_less_nor_more() -> None:
    assert "Line [7]" not in where("now<1h") + where("now>=0s")


def test_durations_are_sorted_by_their_length_and_names_by_the_numbers_in_them() -> None:
    assert sort("now")[:2] == ["Line 9", "line 10"]
    assert sort("step") == ["Line 2", "Line 9", "line 10", "Line [7]"]


@pytest.mark.parametrize("order", ["now", "-now"])
def test_what_is_not_known_comes_last_either_way(order: str) -> None:
    assert sort(order)[-1] == "Line [7]"


def test_equal_ones_are_sorted_by_the_next_order() -> None:
    assert sort("setting", "-step") == ["Line [7]", "line 10", "Line 9", "Line 2"]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("nwo<10s", "there is no column 'nwo': did you mean now?"),
        ("colour=red", "The columns of steps are architect-flow, type, version"),
        ("now<10", "10 has no unit: write 10s"),
        ("now=10", "10 has no unit"),
        ("now<soon", "'soon' is not a duration"),
        ("type<x", "text is not less or more than something"),
        ("tracking-id=x", "tracking-id is a whole number"),
        ("now", "is not a condition: write one such as now<10s"),
        ("", "is not a condition"),
        ("=1", "is not a condition"),
        ("step=" + "x" * 501, "is too long"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_would_be_right(condition: str, told: str) -> None:
    with pytest.raises(ConditionError) as problem:
        Selection.parse([condition], [])

    assert told in str(problem.value)
    assert len(str(problem.value)) < 400


def test_an_order_by_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConditionError, match="did you mean now"):
        Selection.parse([], ["-noww"])


def test_each_column_can_be_asked_about_by_the_name_that_is_listed() -> None:
    listed_ones = columns_in_words().split(", ")

    assert [Selection.parse([], [name]).columns for name in listed_ones] == [(column,) for column in STEPS]
