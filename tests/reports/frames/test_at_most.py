"""A step whose action is not there waits no longer than it says itself, and that is what people read everywhere."""

import json

import pytest

from reports.columns import STEPS
from reports.conditions import Selection
from reports.frames.compared.drift import drift_rows
from reports.frames.steps import step_rows
from reports.histories import histories_of
from reports.markdown.summary import markdown_summary
from reports.page.page import html_report
from reports.report import Report
from reports.table import Cell
from reports.tables import tables_of
from reports.terminal.view import ALL, View
from tests.reports.made import made, printed
from tests.reports.view_readers import rows_of_csv
from tests.timeouts.conftest import copy_of, inventory, listed, reading, step
from tests.timeouts.planning.outcomes import became
from timeouts.drift.drift import Drift, StepDrift
from timeouts.model.settings import (
    Expression,
    LiteralOrSuggested,
    LiteralTimeout,
    Suggested,
    TimeoutSetting,
    Unreadable,
)
from timeouts.planning.computing import compute_plan
from timeouts.planning.roll_back import compute_roll_back
from timeouts.policy.policy import Policy

FIVE_S, TEN_S = LiteralTimeout(timeout_ms=5_000), LiteralTimeout(timeout_ms=10_000)
FILES = inventory(
    [listed()],
    [
        reading(
            step(1, FIVE_S, "gone", name="Look up"),
            step(2, Suggested(), "gone", name="Ask"),
            snapshots=(copy_of(step(7, FIVE_S, "gone", name="Log in"), of="module-1"),),
        )
    ],
    limits_elsewhere=True,
)
PLAN = compute_plan(FILES, Policy.raise_to(10_000))
AUDIT, PLANNED = made(FILES), made(FILES, PLAN)
APPLIED = made(FILES, PLAN, [became("published", version_before="1.0", version_after="2.0")])
NOW, AFTER = "at most 5s", "at most 10s"


def rows(report: Report, kind: str) -> list[dict[str, Cell]]:
    """The rows of one table of a run."""
    return next(each.rows() for each in tables_of(report) if each.what == f"timeouts-{kind}")


def test_every_view_says_what_such_a_step_waits_at_most_now_and_after() -> None:
    """The terminal hid its own timeout, and told of a change from unknown to unknown."""
    views = {
        "terminal": printed(PLANNED, 200),
        "Markdown": markdown_summary(PLANNED, {}),
        "page": html_report(PLANNED),
        "CSV": next(each for each in tables_of(PLANNED) if each.what == "timeouts-plan").csv().decode("utf-8-sig"),
    }

    assert {name: (NOW in text, AFTER in text) for name, text in views.items()} == dict.fromkeys(views, (True, True))


def test_the_list_of_all_steps_says_it_and_of_a_suggested_one_that_nothing_is_known() -> None:
    waits = {row.found.step: STEPS["effective now"](row) for row in step_rows(AUDIT)}

    assert waits == {"Look up": NOW, "Ask": "unknown"}
    assert NOW in printed(AUDIT, 200, view=View(rows=ALL))


def test_columns_of_figures_hold_no_words_and_documents_no_bound() -> None:
    tables = {each.what: rows_of_csv(each.csv()) for each in tables_of(PLANNED)}
    (planned,) = tables["timeouts-plan"]
    (found,) = (each for each in json.loads(PLANNED.model_dump_json())["steps"] if each["step"] == "Look up")

    assert (planned["effective now"], planned["effective now (s)"], planned["after (s)"]) == (NOW, "", "")
    assert (found["effective_ms"], found["setting"]["timeout_ms"]) == (None, 5_000)


def test_what_is_verified_kept_and_put_back_says_it_too() -> None:
    (verified,) = rows(APPLIED, "verified")
    (kept,) = histories_of(APPLIED)[0].rows
    raised = inventory([listed()], [reading(step(1, TEN_S, "gone", name="Look up"))], limits_elsewhere=True)
    (put_back,) = rows(made(raised, compute_roll_back(PLAN, {listed().id}, raised)), "plan")

    assert (verified["effective before"], verified["effective after"]) == (NOW, AFTER)
    assert (kept["effective before"], kept["effective after"]) == (NOW, AFTER)
    assert (put_back["effective now"], put_back["after"]) == (AFTER, NOW)


def test_a_copy_in_a_caller_says_it_too() -> None:
    (copied,) = rows(AUDIT, "copies")

    assert copied["effective now"] == NOW
    assert f"| {NOW} |" in markdown_summary(AUDIT, {})


def test_what_moved_says_it_too() -> None:
    moved = StepDrift(
        architect_flow_id="af-1",
        architect_flow_name="Support",
        step_id="1",
        step_name="Look up",
        move="changed",
        before=FIVE_S,
        after=TEN_S,
    )
    (row,) = drift_rows(Drift(steps=(moved,)))

    assert (row.wait_before, row.wait_after) == (NOW, AFTER)


@pytest.mark.parametrize(
    "setting",
    [
        Suggested(stored_ms=5_000),
        LiteralOrSuggested(timeout_ms=60_000),
        Expression(text="Flow.wait"),
        Unreadable(reason="odd"),
    ],
)
def test_what_names_no_time_of_its_own_is_unknown(setting: TimeoutSetting) -> None:
    (row,) = step_rows(made(inventory([listed()], [reading(step(1, setting, "gone"))], limits_elsewhere=True)))

    assert STEPS["effective now"](row) == "unknown"


@pytest.mark.parametrize("column", ["now", "after"])
def test_a_condition_finds_it_among_what_is_not_known_and_by_its_words(column: str) -> None:
    def found(condition: str) -> list[str]:
        return [row.found.step for row in Selection.parse([condition], ()).of(step_rows(PLANNED))]

    said = {"now": NOW, "after": AFTER}[column]
    assert "Look up" in found(f"{column}=unknown")
    assert "Look up" not in found(f"{column}!=unknown")
    assert found(f"{column}={said}") == ["Look up"]
    assert found(f"{column}<60s") == [], "it is not known, and neither less nor more"
