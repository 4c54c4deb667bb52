"""What a run looks like in a terminal: at any width whole, readable, and never read as markup."""

import pytest
from rich.cells import cell_len

from reports.terminal.plain import plain
from tests.reports import org_with_actions
from tests.reports.made import printed
from tests.reports.org_of_rows import ACTIONS, FLOWS, OUTCOMES, REPORTS, STEPS, WHERE, report
from tests.timeouts.drift.two_audits import drift

ALL = {**REPORTS, **org_with_actions.REPORTS, "drift": REPORTS["audit"].with_drift(drift())}


@pytest.mark.parametrize("width", [80, 100, 120, 200])
@pytest.mark.parametrize("name", ALL)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    assert max(cell_len(line) for line in printed(ALL[name], width, where=WHERE).splitlines()) <= width


@pytest.mark.parametrize("width", [80, 100, 120])
def test_names_wrap_between_words_and_are_never_cut_off(width: int) -> None:
    text = printed(REPORTS["applied"], width)

    assert "…" not in text
    words = [word for name in (*FLOWS, *STEPS, *ACTIONS) for word in name.split()]
    assert [word for word in words if word not in text and cell_len(word) <= 15] == []


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
    assert sum(line.endswith("15s   2.5s     10s  ") for line in lines) == 3


def test_a_narrow_terminal_has_the_action_below_its_step() -> None:
    assert "step and action" in printed(REPORTS["dry_run"], 80)
    assert "step and action" not in printed(REPORTS["dry_run"], 100)


def test_control_characters_in_names_neither_move_the_cursor_nor_break_lines() -> None:
    assert plain("a\x1b[2Jb\u202ec\rd\x9be").plain == r"a\x1b[2Jb\u202ec d\x9be"
    assert plain("one\ntwo").plain == "one two"


def test_forty_changes_are_shown_and_the_others_counted() -> None:
    text = printed(report("dry run", changes=45), 120)

    assert text.count("2.5s") == 40
    assert "... and 5 more: see the artifacts of the run, or --json FILE." in text
    assert "45 changes in 3 Architect flows" in text


def test_among_many_outcomes_those_to_act_on_are_shown() -> None:
    many = tuple(OUTCOMES[0].model_copy(update={"name": f"Published {number}"}) for number in range(60))
    text = printed(report("apply", outcomes=(*OUTCOMES[1:], *many)), 120)

    assert "Outcomes: 60 published, 1 unchanged (live already), 1 skipped, 1 failed, 1 unknown" in text
    assert "no answer in 300 s" in text
    assert "... and 24 more" in text


def test_a_dry_run_over_the_limits_does_not_offer_what_would_be_refused() -> None:
    text = printed(report("dry run", over_the_limit=True), 100)

    assert "60 of 100 steps would change" in text
    assert "Publishing this would be refused." in text
    assert "Publish with --apply." not in text
