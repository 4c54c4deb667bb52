"""What became of actions and Architect flows, in the terminal."""

from collections.abc import Sequence

from rich.console import Console

from reports.frames.planned.outcomes import OutcomeRow, action_outcome_rows, outcome_rows
from reports.report import Report
from reports.terminal.layout import row, say, show_table, table
from reports.terminal.plain import plain
from reports.terminal.view import View
from reports.words import became
from timeouts.planning.outcomes import counted, of_kind

_STYLES = {"published": "green", "unchanged": "green", "skipped": "yellow", "failed": "red", "unknown": "red"}


def show_outcomes(out: Console, report: Report, view: View) -> None:
    """Show what became of each action, and of each Architect flow."""
    limits = [(each, became(each.limit_before, each.limit_after)) for each in action_outcome_rows(report)]
    title = f"Outcomes of actions: {counted(of_kind(report.outcomes, 'action'), is_files=report.org.is_files)}"
    _show(out, view, title, ("action", "outcome", "limit", "reason and notes"), limits)
    versions = [(each, became(each.before, each.after)) for each in outcome_rows(report)]
    title = f"Outcomes: {counted(of_kind(report.outcomes, 'architect_flow'), is_files=report.org.is_files)}"
    _show(out, view, title, ("Architect flow", "outcome", "version", "reason and notes"), versions)


def _show(
    out: Console, view: View, title: str, heads: tuple[str, ...], every: Sequence[tuple[OutcomeRow, str]]
) -> None:
    """Show a table of those that say more than that all went as planned; a line where all did, nothing for none.

    `every`: each with what became of its limit or version.
    """
    told = [each for each in every if view.is_whole or _is_told(each[0])]
    if told:
        shown = table(title, *heads)
        # Those to look into are the last, next to the prompt, and never among those left out.
        for each, change in sorted(told, key=lambda told: (-told[0].rank, told[0].name))[-view.rows :]:
            row(shown, each.name, plain(each.outcome, _STYLES[each.outcome]), change, each.why)
        shown.caption = plain(_as_planned(len(every) - len(told)))
        show_table(out, shown, len(told))
    elif every:
        say(out, f"{title}.", "green")


def _is_told(each: OutcomeRow) -> bool:
    return bool(each.why) if each.outcome == "published" else each.outcome != "unchanged"


def _as_planned(untold: int) -> str:
    return f"{untold} went as planned, with nothing to add: --all lists them." if untold else ""
