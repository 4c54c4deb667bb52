"""What a run looks like in a terminal: at any width whole, readable, and never read as markup."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from reports.conditions import Selection
from reports.frames.planned.plan import change_rows
from reports.terminal.layout import say
from reports.terminal.plain import plain
from reports.terminal.view import ALL, USUAL, View
from tests.reports import org_with_actions
from tests.reports.made import made, printed
from tests.reports.org_of_rows import ACTIONS, FLOWS, OUTCOMES, REPORTS, STEPS, WHERE, report
from tests.reports.view_readers import rows_of_terminal
from tests.timeouts.conftest import inventory, listed, reading, step
from tests.timeouts.drift.two_audits import drift
from tests.timeouts.planning.deciding.test_shortening import changing_caller
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy

EVERY = {**REPORTS, **org_with_actions.REPORTS, "drift": REPORTS["audit"].model_copy(update={"drift": drift()})}


WIDTHS = (40, 60, 80, 100, 120, 200, 300)
WHOLE = ("Plan: sha256:", "Open its artifacts: ")
"""Lines that stay in one piece, to be copied."""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "view", [USUAL, View(rows=ALL), View(steps=Selection.parse(["now!=unknown"], ["-now", "type"]))]
)
@pytest.mark.parametrize("name", EVERY)
def test_no_line_is_wider_than_the_terminal(name: str, view: View, width: int) -> None:
    lines = printed(EVERY[name], width, where=WHERE, view=view).splitlines()

    assert [line for line in lines if cell_len(line) > width and not line.startswith(WHOLE)] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_names_wrap_between_words_and_are_never_cut_off(width: int) -> None:
    text = printed(EVERY["applied"], width)

    assert "…" not in text
    words = [word for name in (*FLOWS, *STEPS, *ACTIONS) for word in name.split()]
    assert [word for word in words if word not in text and cell_len(word) <= 16] == []


@pytest.mark.parametrize("width", [40, 100, 120, 200, 300])
def test_where_there_is_room_even_the_longest_word_stays_whole(width: int) -> None:
    text = printed(EVERY["applied"], width)

    assert [word for name in (*FLOWS, *STEPS, *ACTIONS) for word in name.split() if word not in text] == []


def test_on_a_wide_terminal_sentences_are_no_wider_than_people_read() -> None:
    file = io.StringIO()
    say(Console(file=file, width=300, force_terminal=True, color_system=None), "word " * 100)

    assert max(map(cell_len, file.getvalue().splitlines())) <= 120


def test_in_a_narrow_terminal_each_row_is_a_few_lines_below_each_other() -> None:
    text = printed(EVERY["applied"], 40)

    assert "  limit 15s, now 2.5s, after 10s\n" in text
    assert "  skipped, 4.0\n" in text


@pytest.mark.parametrize("colours", [True, False])
def test_names_stand_whole_where_there_is_room_and_are_never_markup(colours: bool) -> None:
    """They hold brackets and the codes of emoji."""
    text = printed(REPORTS["applied"], 200, colours=colours)

    names = (*FLOWS, *STEPS, *ACTIONS, "Grünwald [& Söhne]", "brave-[b]otter")
    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize("width", [80, 120])
def test_heads_and_figures_stand_in_one_piece(width: int) -> None:
    lines = printed(REPORTS["applied"], width).splitlines()

    head = next(line for line in lines if "Architect flow " in line)
    assert head.split()[-3:] == ["limit", "now", "after"]
    assert sum(line.rstrip().endswith("15s  2.5s    10s") for line in lines) == 3


def test_a_narrow_terminal_has_the_action_below_its_step() -> None:
    assert "step and action" in printed(REPORTS["dry_run"], 80)
    assert "step and action" not in printed(REPORTS["dry_run"], 100)


def test_control_characters_in_names_neither_move_the_cursor_nor_break_lines() -> None:
    assert plain("a\x1b[2Jb\u202ec\rd\x9be").plain == r"a\x1b[2Jb\u202ec d\x9be"
    assert plain("one\ntwo").plain == "one two"


def test_eight_changes_are_shown_and_the_others_counted() -> None:
    text = printed(report("dry run", changes=45), 120)

    assert text.count("2.5s") == 8
    assert "... and 37 more: --all shows them, and so do the run's artifacts." in text
    assert "45 changes in 3 Architect flows" in text


def test_all_changes_are_shown_when_asked_for() -> None:
    text = printed(report("dry run", changes=45), 120, view=View(rows=ALL))

    assert text.count("2.5s") == 45
    assert " more" not in text


def test_an_audit_lists_all_steps_when_asked_for() -> None:
    text = printed(REPORTS["audit"], 200, view=View(rows=ALL))

    assert "All 7 steps" in text
    assert [step.step for step in REPORTS["audit"].steps if step.step not in text] == []


def test_the_steps_that_are_asked_for_are_listed_in_their_order_with_the_columns_asked_about() -> None:
    asked = Selection.parse(["now<20s", "version=4.0"], ["-now"])
    text = printed(REPORTS["audit"], 200, view=View(steps=asked))

    (listed,) = [rows_of_terminal(text, "as asked for")]
    assert "5 of 7 steps, as asked for" in text
    assert [row["now"] for row in listed] == ["15s", "5s", "2.5s", "2.5s", "2.5s"]
    assert {row["version"] for row in listed} == {"4.0"}


def test_a_plan_beside_some_steps_is_told_to_be_whole() -> None:
    few = View(steps=Selection.parse(["now<20s"], []))
    told = "--where narrows this list alone; the plan is whole."

    assert told in printed(REPORTS["dry_run"], view=few)
    assert told not in printed(REPORTS["audit"], view=few)
    assert told not in printed(REPORTS["dry_run"], view=View(steps=Selection.parse([], ["now"])))


def test_who_is_left_because_a_copy_would_wait_less_is_named_with_the_copy() -> None:
    org = changing_caller(LiteralTimeout(timeout_ms=12_000), LiteralTimeout(timeout_ms=20_000))
    policy = Policy.raise_to(10_000)

    shown = " ".join(printed(made(org, compute_plan(org, policy)), 120).split())

    assert "Left, for callers would wait less there: Caller a republish would shorten the copy of Call CRM 1" in shown


def test_a_plan_alone_says_unknown_of_a_limit_that_is_not_known() -> None:
    org = inventory([listed()], [reading(step(1, LiteralTimeout(timeout_ms=3_000)))], limits_elsewhere=True)
    planned = made(org, compute_plan(org, Policy.raise_to(10_000)))

    (alone,) = change_rows(planned.model_copy(update={"steps": ()}))

    assert (alone.limit_ms, alone.is_limit_known) == (None, False)


def test_steps_that_nobody_has_are_counted_as_none() -> None:
    assert "0 of 7 steps, as asked for." in printed(REPORTS["audit"], view=View(steps=Selection.parse(["now>50s"], [])))


def test_a_word_that_no_step_has_is_named_below_the_steps_that_were_asked_for() -> None:
    text = printed(REPORTS["audit"], view=View(steps=Selection.parse(["setting=sugested"], [])))

    assert "0 of 7 steps, as asked for.\nNo step has 'setting=sugested'; did you mean suggested?" in text


def test_of_many_outcomes_those_to_act_on_are_shown_and_the_others_counted() -> None:
    many = tuple(OUTCOMES[0].model_copy(update={"name": f"Published {number}"}) for number in range(60))
    text = printed(report("apply", outcomes=(*OUTCOMES[1:], *many)), 120)

    assert "Outcomes: 60 published, 1 unchanged (live already), 1 skipped, 1 failed, 1 unknown" in text
    assert "no answer in 300 s" in text
    assert "61 went as planned, with nothing to add: --all lists them." in text


def test_a_dry_run_over_the_limits_does_not_offer_what_would_be_refused() -> None:
    text = printed(report("dry run", over_the_limit=True), 100)

    assert "60 of 100 steps would change" in text
    assert "Publishing this would be refused." in text
    assert "Publish with --apply." not in text


def test_a_run_that_does_nothing_but_apply_is_not_called_that_twice() -> None:
    applied = EVERY["applied"]
    run = applied.run.model_copy(update={"kind": "apply", "mode": "apply"})

    assert ": apply, 2" in printed(applied.model_copy(update={"run": run}), 120).splitlines()[0]
    assert ": raise, apply, 2" in printed(applied, 120).splitlines()[0]
