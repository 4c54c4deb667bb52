"""A minute in a file that may be the suggested timeout: how tables, counts, conditions and explanations name it."""

import pytest

from reports.columns import STEPS
from reports.conditions import Selection
from reports.frames.planned.explanation import paragraphs
from reports.frames.steps import step_rows, steps_by_setting
from reports.policy_draft import drafted_policy
from tests.reports.made import made, printed
from tests.timeouts.conftest import action, archy_step, inventory, listed, reading
from timeouts.model.settings import LiteralOrSuggested, LiteralTimeout, Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.explaining.explain import explain
from timeouts.policy.policy import Policy

READ = (
    archy_step(1, LiteralOrSuggested(timeout_ms=60_000), name="A minute"),
    archy_step(2, LiteralTimeout(timeout_ms=3_000), name="Short"),
    archy_step(3, Suggested(), name="Nothing"),
)
ORG = inventory([listed()], [reading(*READ)], [action(limit_ms=5_000)])
REPORT = made(ORG)


def test_tables_name_both_readings_and_the_shorter_wait() -> None:
    row = step_rows(REPORT)[0]

    assert (STEPS["setting"](row), STEPS["step timeout"](row)) == ("1m or suggested", "1m or suggested")
    assert (str(STEPS["effective now"](row)), "1m or suggested" in printed(REPORT)) == ("5s", True)


def test_it_is_counted_by_itself_and_only_where_there_is_any() -> None:
    found = {"suggested": 1, "literal": 1, "expression": 0, "unreadable": 0}

    assert steps_by_setting(REPORT) == {**found, "1m or suggested": 1}
    assert "1 1m or suggested" in printed(REPORT)
    assert steps_by_setting(made(inventory([listed()], [reading(*READ[1:])], [action()]))) == found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("setting=suggested", ["A minute", "Nothing"]),
        ("setting=literal", ["A minute", "Short"]),
        ("setting=1m or suggested", ["A minute"]),
        ("setting!=suggested", ["Short"]),
        ("timeout=1m", ["A minute"]),
    ],
)
def test_a_condition_for_either_reading_finds_it(condition: str, found: list[str]) -> None:
    rows = Selection.parse([condition], ["setting"]).of(step_rows(REPORT))
    assert sorted(row.found.step for row in rows) == found


def test_what_a_file_becomes_stands_in_a_plan() -> None:
    plan = compute_plan(ORG, Policy.model_validate({"rules": [{"name": "r", "exactly": "5s"}]}))

    assert [change.reason for change in plan.changes if change.step_name == "Nothing"] == [
        "pinned to 5s instead of 5s; the file names no timeout, so the suggested one applies: this makes it a literal"
    ]


def test_an_explanation_says_that_it_may_be_the_suggested_one() -> None:
    (wait, *_) = paragraphs(explain(ORG, next(iter(ORG.steps)), None))
    assert "the step says a minute, which may be the suggested timeout" in " ".join(wait.sentences)


def test_a_drafted_policy_counts_it_among_those_that_wait_as_their_action_lets_them() -> None:
    draft = drafted_policy(REPORT)
    assert "1 1m or suggested" in draft
    assert "2 of them by the action's limit" in draft
