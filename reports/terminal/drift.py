"""What moved since the last audit, in the terminal: a sentence, and what callers notice."""

from rich.console import Console

from reports.frames.compared.drift import DriftRow, drift_rows, drift_sentence
from reports.terminal.layout import place, row, say, show_table, table
from reports.terminal.view import USUAL, View
from timeouts.drift.drift import Drift


def show_drift(out: Console, drift: Drift, view: View = USUAL) -> None:
    """Say what moved; list the limits of actions and the steps that somebody changed, lowered waits first."""
    say(out, drift_sentence(drift), "yellow" if drift.is_found else "")
    moved = [each for each in drift_rows(drift) if _is_shown(each)]
    if not moved:
        return
    shown = table("What moved", "what", "Architect flow", "step or action", "before", "now", "published by")
    for each in moved[: view.rows]:
        row(shown, *_cells(each))
    show_table(out, shown, len(moved))


def _is_shown(each: DriftRow) -> bool:
    if each.module:
        return each.is_noticed
    return each.is_limit or bool(each.step and not each.is_by_action)


def _cells(each: DriftRow) -> tuple[str, ...]:
    if each.is_limit:
        return each.what, "", each.action, each.before, each.after, ""
    if each.module:
        versions = each.before, each.after
        return (
            each.what,
            each.architect_flow,
            f"module {each.module}",
            *versions,
            each.published_by,
        )
    names = each.architect_flow, place(each.container, each.step)
    return each.what, *names, each.wait_before, each.wait_after, each.published_by
