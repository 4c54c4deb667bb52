"""Effects, lists of runs and the history of decisions in terminals of any width; the doctor is in tests of its own."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from reports.run_list import RunLine, RunList
from reports.terminal.effect import show_effect, show_effect_briefly
from reports.terminal.history import show_history
from reports.terminal.runs import show_list
from reports.terminal.show import show_briefly
from tests.reports import effects
from tests.reports.org_of_rows import REPORTS
from timeouts.effect.effect import RunEffect
from timeouts.model.org import Organization
from timeouts.planning.approval.history import Happened, HistoryEntry

WIDTHS = (40, 60, 80, 120, 200, 300)
ENTRY = HistoryEntry(
    organization_id="1",
    number=1,
    previous="",
    happened=Happened(
        at_ms=0,
        expires_ms=1,
        run_id="3d70430e-2f03-4503-948a-c64fd4788bed",
        checksum="sha256:0123456789",
        name="Łukasz Zieliński",
        fingerprint="abcdef0123456789",
        what="approved",
        why="Grünwald wants the payments of Vertragsverlängerungsangebote to wait longer",
    ),
)

RUN = RunLine(
    id="e5e09536-b4b7-43fd-a71e-e21bc2396e13",
    name="spiffy-porcupine",
    what="raise, dry run",
    began_ms=0,
    org="Grünwald & Söhne (demo)",
    state="Completed",
    said="25 changes in 20 Architect flows, 7 action limits",
    is_kept=True,
)


def screen(width: int) -> Console:
    return Console(file=io.StringIO(), width=width, color_system=None)


def lines_of(out: Console) -> list[str]:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue().splitlines()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("effect", [effects.HELPED_AND_HURT, effects.NO_FIGURES])
def test_an_effect_is_no_wider_but_for_its_command(effect: RunEffect, width: int) -> None:
    out = screen(width)
    show_effect(out, effects.effect_report(effect))
    show_effect_briefly(out, effects.effect_report(effect))

    assert [line for line in lines_of(out) if cell_len(line) > width and "genesys-timeouts roll-back" not in line] == []
    for verdict in {each.verdict for each in effect.actions}:
        assert verdict in " ".join(" ".join(lines_of(out)).split())


@pytest.mark.parametrize("width", WIDTHS)
def test_a_history_is_no_wider_and_no_word_of_it_is_lost(width: int) -> None:
    out = screen(width)
    show_history(Organization(id="1", name="Grünwald"), [ENTRY, None], out)

    assert max(map(cell_len, lines_of(out))) <= width
    text = " ".join(" ".join(lines_of(out)).split())
    for word in ("1970-01-01 00:00 UTC", "Zieliński", "abcdef01", "01234567", "approved", "missing", "payments"):
        assert word in text


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", REPORTS)
def test_how_a_run_ended_fits_and_says_which_run_it_was(name: str, width: int) -> None:
    out = screen(width)
    show_briefly(out, REPORTS[name])

    assert [line for line in lines_of(out) if cell_len(line) > width and not line.startswith("Plan: ")] == []
    assert "(run-1)" in " ".join(lines_of(out))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_of_runs_is_no_wider_and_no_word_of_it_is_lost_or_torn(width: int) -> None:
    out = screen(width)
    show_list(RunList(runs=(RUN, RUN)), out)

    assert max(map(cell_len, lines_of(out))) <= width
    text = " ".join(" ".join(lines_of(out)).split())
    for word in (
        "1970-01-01 00:00",
        "raise, dry run",
        "Grünwald",
        "Completed",
        "limits",
        "spiffy-porcupine",
        "e5e09536",
    ):
        assert word in text
