"""Tables that stay readable in a narrow terminal: figures never wrap, names do, nothing is cut off."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.terminal.plain import name, plain
from timeouts.text.visible import one_line

ROWS = 40
WIDE = 100
"""From so many columns of the terminal on, the action has a column of its own."""

_FIGURES = frozenset(
    {
        *("limit", "before", "now", "after", "wanted", "steps", "Architect\nflows"),
        *("lost", "share", "at limit", "calls", "p95", "worst now"),
    }
)


def table(title: str, *heads: str) -> Table:
    """Make a table; columns of figures are right-aligned and whole, columns of names wrap between words."""
    made = Table(title=plain(title), title_justify="left", title_style="bold", header_style="bold", box=box.SIMPLE_HEAD)
    for head in heads:
        if head in _FIGURES:
            made.add_column(head, justify="right", no_wrap=True)
        elif head in ("outcome", "version", "setting", "kind", "result"):
            made.add_column(head, no_wrap=True)
        else:
            made.add_column(head, overflow="fold")
    return made


def row(into: Table, *cells: str | Text) -> None:
    """Add a row; the cells are text and no markup, whatever brackets they hold."""
    into.add_row(*(name(cell) if isinstance(cell, str) else cell for cell in cells))


def say(out: Console, text: str, style: str = "") -> None:
    """Print a sentence."""
    out.print(plain(text, style))


def aligned(out: Console, lines: Sequence[Iterable[str]], style: str = "") -> None:
    """Print lines of a few cells each, indented and below each other; says how many do not fit."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    for cells in lines[:ROWS]:
        grid.add_row("", *(name(cell, style) for cell in cells))
    if lines:
        out.print(grid)
    more(out, len(lines))


def more(out: Console, count: int, shown: int = ROWS) -> None:
    """Say how many rows were left out, and where they are."""
    if count > shown:
        say(out, f"... and {count - shown} more: see the artifacts of the run, or --json FILE.")


def place(container: str, step: str) -> str:
    """Return where a step is: its container and its name."""
    return f"{one_line(container)} / {one_line(step)}" if container else one_line(step)
