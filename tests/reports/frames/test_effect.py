"""Whether a run helped, as people read it: on its page, in the terminal, in an audit, as a picture and as JSON."""

import io
import json

import pytest
from rich.console import Console

from reports.commands.next_steps import with_next_steps
from reports.effect_report import EffectReport
from reports.markdown.effect import effect_page
from reports.markdown.summary import markdown_summary
from reports.page.page import html_report
from reports.pictures.charts import effect_chart
from reports.tables import effects_table, tables_of
from reports.terminal.effect import show_effect
from tests.reports.effects import HELPED_AND_HURT, NO_FIGURES, effect_report
from tests.reports.made import printed
from tests.reports.org_of_rows import REPORTS
from timeouts.effect.effect import RunEffect

AUDIT = REPORTS["audit"].model_copy(update={"effects": (HELPED_AND_HURT, NO_FIGURES)})
WORSE, WAY_BACK = "More calls are lost at Pay", "genesys-timeouts roll-back bold-owl"


def page(effect: RunEffect) -> str:
    return effect_page(effect_report(effect), effect_chart([effect], "png"))


def terminal(effect: RunEffect, width: int = 160) -> str:
    file = io.StringIO()
    show_effect(Console(file=file, width=width), effect_report(effect), "Open it: here")
    return file.getvalue()


@pytest.mark.parametrize("text", [page(HELPED_AND_HURT), terminal(HELPED_AND_HURT)])
def test_what_got_worse_comes_before_what_got_better(text: str) -> None:
    assert text.index(WORSE) < text.index("touched 3 actions: 1 more lost, 1 fewer lost, 1 no verdict")


@pytest.mark.parametrize(
    ("kept", "told"), [(1, "touched 1 action; too few calls to judge 1"), (3, "no verdict; too few")]
)
def test_of_what_had_too_few_calls_it_is_said_how_many_cannot_be_judged(kept: int, told: str) -> None:
    first, *others = HELPED_AND_HURT.actions
    few = first.model_copy(update={"verdict": "too few calls to say"})

    assert told in page(HELPED_AND_HURT.model_copy(update={"actions": (few, *others)[:kept]}))


def test_the_page_has_the_figures_of_both_sides_and_survives_odd_names() -> None:
    text = page(HELPED_AND_HURT)

    assert "| Pay \\| card | limit 5s → 10s; 2 steps | **more lost** | 20,000 → 20,000 | 200 → 1,500 |" in text
    assert "1.00% → 7.50% | 200 → - | over 5s → 4s | 5s → 9.5s |" in text
    assert "- Booking: no verdict; the run y changed it, too, in the same hours" in text
    assert "Compared: 24 h before 2026-11-18 11:00 UTC and from 2026-11-18 12:00 UTC on" in text


def test_of_many_actions_without_figures_the_page_counts_those_that_it_leaves_out() -> None:
    booking = HELPED_AND_HURT.actions[-1]

    text = page(HELPED_AND_HURT.model_copy(update={"actions": (booking,) * 60}))

    assert text.count("- Booking: no verdict") == 50
    assert "and 10 more: see the tables of the run." in text


def test_the_terminal_shows_both_sides_and_where_to_look() -> None:
    text = terminal(HELPED_AND_HURT)

    assert "7.50%" in text
    assert "no verdict" in text
    assert text.rstrip().endswith("Open it: here")


@pytest.mark.parametrize("text", [page(NO_FIGURES), terminal(NO_FIGURES, 400)])
def test_without_figures_the_reason_is_told_and_nothing_is_judged(text: str) -> None:
    assert "whether it helped cannot be said, for the figures could not be read: 403: integrations:action:view" in text
    assert "more lost" not in text


def test_where_nothing_was_compared_there_is_no_picture() -> None:
    assert effect_chart([NO_FIGURES], "png") is None
    assert effect_chart([], "svg") is None


def test_the_picture_shows_each_action_that_was_compared() -> None:
    picture = effect_chart([HELPED_AND_HURT], "svg")

    assert picture is not None
    drawn = picture.drawn.decode()
    assert all(f"<!-- {name} -->" in drawn for name in ("Pay | card", "CRM [v2]", "fewer lost"))
    assert "<!-- Booking -->" not in drawn


def test_an_audit_says_it_in_all_its_views() -> None:
    for text in (markdown_summary(AUDIT, {}), printed(AUDIT, 400), html_report(AUDIT)):
        assert WORSE in text
        assert "1 more lost, 1 fewer lost, 1 no verdict" in text
    assert "timeouts-effects" in [table.what for table in tables_of(AUDIT)]


@pytest.mark.parametrize(
    "text", [page(HELPED_AND_HURT), markdown_summary(AUDIT, {}), html_report(with_next_steps(AUDIT))]
)
def test_the_way_back_from_what_got_worse_can_be_typed(text: str) -> None:
    assert text.count(WAY_BACK) == 1


def test_an_audit_after_no_run_of_ours_says_nothing_of_it() -> None:
    assert "Did our changes help?" not in markdown_summary(REPORTS["audit"], {})
    assert "timeouts-effects" not in [table.what for table in tables_of(REPORTS["audit"])]


def test_the_table_has_a_row_for_each_action_of_each_run() -> None:
    rows = effects_table([HELPED_AND_HURT, NO_FIGURES]).rows()

    assert [(row["run"], row["action"], row["verdict"], row["lost after"]) for row in rows] == [
        ("bold-owl", "Pay | card", "more lost", 1_500),
        ("bold-owl", "CRM [v2]", "fewer lost", 100),
        ("bold-owl", "Booking", "no verdict", None),
        ("calm-ant", "CRM [v2]", "no verdict", None),
    ]


def test_the_json_is_the_whole_report() -> None:
    report = effect_report(HELPED_AND_HURT)

    text = report.model_dump_json()
    assert EffectReport.model_validate_json(text) == report
    assert json.loads(text)["effect"]["actions"][0]["verdict"] == "more lost"
