"""A list of runs in a terminal: one line each where there is room, else two."""

from rich.console import Console
from rich.text import Text

from reports.run_list import RunLine, RunList
from reports.terminal.layout import WIDE, row, say, show_table, table
from reports.terminal.plain import name, stacked
from timeouts.text.visible import cut

_SHORT_ID = 8
_LONGEST_SAID = 160


def show_list(runs: RunList, out: Console) -> None:
    """Print the runs, the latest first, and how they are named elsewhere."""
    if not runs.runs:
        say(out, "No run is known here: `genesys-timeouts audit` makes the first one.")
        return
    wide = out.width >= WIDE
    heads = ("when (UTC)", "what") if wide else ("when (UTC), what",)
    names = ("name", "id") if wide else ("name, id",)
    shown = table("Runs, the latest first", *heads, "org", "what came of it", *names)
    for column in shown.columns:
        column.no_wrap = column.header in {"when (UTC)", "when (UTC), what", "name", "id", "name, id"}
    for line in runs.runs:
        row(
            shown,
            *_pair(line.began.removesuffix(" UTC"), line.what, wide=wide),
            line.org,
            _outcome(line),
            *_pair(line.name, line.id[:_SHORT_ID], wide=wide),
        )
    show_table(out, shown)
    say(out, "Name a run by its name, or by a prefix of its id that is unique: `genesys-timeouts show RUN`.")


def _pair(first: str, second: str, *, wide: bool) -> tuple[str | Text, ...]:
    return (first, second) if wide else (stacked(first, second),)


def _outcome(line: RunLine) -> Text:
    if line.is_kept:
        return name(cut(line.outcome, _LONGEST_SAID))
    of_its_record = "its record cannot be read: `show` says why" if line.is_unreadable else "no record here"
    return name(cut(f"{line.outcome} ({of_its_record})", _LONGEST_SAID))
