"""The history of decisions on a terminal: when, which run and plan, who by which key, what and why."""

from collections.abc import Sequence

from rich.console import Console

from reports.terminal.layout import row, say, show_table, table
from reports.words import utc
from timeouts.model.org import Organization
from timeouts.planning.approval.history import Happened, HistoryEntry, Read

_FIGURES_OF_A_HASH = 8


def show_history(organization: Organization, entries: Sequence[Read], out: Console) -> None:
    """Print the decisions; an entry that is missing or cannot be read has its line, too."""
    if not entries:
        say(out, f"{organization.name}: nothing was ever asked to be approved, or its history is gone.")
        return
    shown = table(f"Decisions in {organization.name}", "", "when", "run", "plan", "who", "what", "why")
    for column in shown.columns:
        column.no_wrap = column.header in {"when", "plan", "what"}
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, HistoryEntry):
            row(shown, str(number), "", "", "", "", "missing" if entry is None else "unreadable", "")
            continue
        made = entry.happened
        plan = made.checksum.removeprefix("sha256:")[:_FIGURES_OF_A_HASH]
        row(shown, str(number), utc(made.at_ms), made.run_id, plan, _who(made), made.what, made.why)
    show_table(out, shown)


def _who(made: Happened) -> str:
    if made.fingerprint:
        return f"{made.name} (key {made.fingerprint[:_FIGURES_OF_A_HASH]})"
    return f"{made.name} (as typed)" if made.what == "proposed" else made.name
