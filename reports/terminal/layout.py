"""Tables that stay readable from 40 columns on: figures never wrap, names wrap between words, nothing is cut off.

Where the columns of a table do not fit beside each other, each row becomes a few lines below each other.
"""

from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from reports.terminal.plain import below, name, plain
from reports.terminal.view import ROWS
from timeouts.text.visible import one_line

WIDE = 100
"""From so many columns of the terminal on, the action has a column of its own."""

_LONGEST_SENTENCE = 120
"""Nobody finds the next line of a sentence that is 300 characters wide."""

_FIGURES = frozenset(
    {
        *("limit", "before", "now", "after", "wanted", "steps", "copies", "Architect\nflows"),
        *("lost", "share", "at limit", "calls", "p95", "longest", "worst now", "tracking id", "timeout"),
    }
)
_SHORT = frozenset({"outcome", "version", "setting", "kind", "result", "type"})
_KEPT = 16
"""A word of so many characters stays whole, and so wide is a column of names at least, if it holds as much."""

_LEAST = 12
_BESIDE = 60
"""From so many columns on, what belongs together stands side by side; before, it would be ribbons of a word or two."""

_STEP_IN = 2
_IN_ASCII = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
"""As the usual one looks; rich's own stands bars between the columns."""


def table(title: str, *heads: str) -> Table:
    """Make a table; columns of figures are right-aligned and whole, columns of names wrap between words."""
    made = Table(title=plain(title), header_style="bold", box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for head in heads:
        if head in _FIGURES:
            made.add_column(head, justify="right", no_wrap=True)
        elif head in _SHORT:
            made.add_column(head, no_wrap=True)
        else:
            made.add_column(head, overflow="fold")
    return made


def row(into: Table, *cells: str | Text) -> None:
    """Add a row; the cells are text and no markup, whatever brackets they hold."""
    into.add_row(*(name(cell) if isinstance(cell, str) else cell for cell in cells))


def show_table(out: Console, made: Table, count: int | None = None) -> None:
    """Print a table, or its rows as lines below each other where its columns do not fit; with an empty line after it.

    `count`: how many rows there are in all; those that are left out are counted below.
    """
    title, caption = made.title, made.caption
    made.title = made.caption = None  # a narrow table would fold them
    if title:
        out.print(title, style="bold")
    if not out.encoding.lower().startswith("utf"):
        made.box = _IN_ASCII
    if _fits(made, out.width):
        out.print(Padding(made, (0, 0, 0, 1), expand=False))
    else:
        _show_below_each_other(out, made)
    if caption:
        out.print(caption, style="dim")
    if count is not None:
        more(out, count, made.row_count)
    out.print()


def _fits(made: Table, width: int) -> bool:
    """Tell whether the columns fit beside each other, two blanks apart; if so, make each as wide as it is.

    Words stay whole as far as there is room, those of up to `_KEPT` characters in any case. What room is left goes to
    the columns that would wrap most. (Left to itself, rich cuts figures off where names take their room.)
    """
    lines = [[line for cell in _texts(column) for line in cell.split("\n")] for column in made.columns]
    wanted = [max(map(cell_len, each), default=0) for each in lines]
    words = [max((cell_len(word) for line in each for word in line.split()), default=0) for each in lines]
    room = width - 2 * len(lines)
    for kept in range(max(_KEPT, *words, 0), _KEPT - 1, -1):
        widths = [
            whole_line if column.no_wrap else min(kept, max(word, min(whole_line, _LEAST)))
            for column, whole_line, word in zip(made.columns, wanted, words, strict=True)
        ]
        if sum(widths) <= room:
            for column, final in zip(made.columns, _widened(widths, wanted, room), strict=True):
                column.width = final
            return True
    return False


def _widened(widths: list[int], wanted: Sequence[int], room: int) -> list[int]:
    """Give the room that is left away: first to columns that then do not wrap and take no more than half of it.

    What is still left goes, a column of characters at a time, where lines are longest beside their width.
    """
    for place in sorted(range(len(widths)), key=lambda each: wanted[each] - widths[each]):
        if wanted[place] - widths[place] <= (room - sum(widths)) // 2:
            widths[place] = wanted[place]
    for _ in range(min(room, sum(wanted)) - sum(widths)):
        place = max(range(len(widths)), key=lambda each: wanted[each] / max(1, widths[each]))
        widths[place] += 1
    return widths


def _texts(column: Column) -> list[str]:
    return [str(column.header), *(str(cell) for cell in column.cells)]


def _show_below_each_other(out: Console, made: Table) -> None:
    """Print a table that is too wide: of each row the first name at the edge, the rest below it, figures in a line."""
    for cells in zip(*(column.cells for column in made.columns), strict=True):
        _show_row(out, [(column, cell) for column, cell in zip(made.columns, cells, strict=True) if _is_text(cell)])


def _is_text(cell: object) -> bool:
    return isinstance(cell, Text) and bool(cell.plain)


def _show_row(out: Console, cells: list[tuple[Column, Text]]) -> None:
    figures = Text(", ").join(_figure(column, cell) for column, cell in cells if column.no_wrap)
    names = [cell for column, cell in cells if not column.no_wrap]
    if len(names) > 1 and names[0].plain.isdecimal():
        names = [Text("  ").join(names[:2]), *names[2:]]
    for depth, text in enumerate([*names, *([figures] if figures else [])]):
        out.print(Padding(text, (0, 0, 0, _STEP_IN if depth else 0), expand=False))


def _figure(column: Column, cell: Text) -> Text:
    """Return a figure with what it is; what became of something is plain from its word."""
    shown = Text(" → ").join(cell.split("\n"))
    head = str(column.header).replace("\n", " ")
    return shown if head in _SHORT or not head else Text.assemble(f"{head} ", shown)


def heading(out: Console, text: str) -> None:
    """Print the title of a view: between lines where it fits, else as it is."""
    title = name(text)
    if cell_len(title.plain) + 4 <= out.width:
        out.rule(title)
    else:
        title.stylize("bold")
        out.print(title)


def say(out: Console, text: str, style: str = "") -> None:
    """Print a sentence."""
    width = min(out.width, _LONGEST_SENTENCE) if out.is_terminal else out.width
    out.print(plain(text, style), width=width)


def whole(out: Console, text: str, style: str = "") -> None:
    """Print a line that stays in one piece at any width: in two, a command or an address cannot be copied."""
    out.print(plain(text, style), soft_wrap=True)


def aligned(out: Console, lines: Sequence[Iterable[str]], style: str = "", rows: int = ROWS) -> None:
    """Print lines of a few cells each, indented and below each other; says how many are left out."""
    if not lines:
        return
    shown = [[name(cell, style) for cell in cells] for cells in lines[:rows]]
    grid = Table.grid(*(Column(overflow="fold") for _ in shown[0]), padding=(0, 2, 0, 0))
    for cells in shown:
        grid.add_row(*cells)
    if out.width >= _BESIDE and _fits(grid, out.width - _STEP_IN):
        out.print(Padding(grid, (0, 0, 0, _STEP_IN), expand=False))
    else:
        _show_below_each_other(out, grid)
    more(out, len(lines), rows)


def more(out: Console, count: int, shown: int = ROWS) -> None:
    """Say how many rows were left out, and where they are."""
    if count > shown:
        say(out, f"... and {count - shown} more: --all shows them, and so do the run's artifacts.")


def place(container: str, step: str) -> str:
    """Return where a step is: its container and its name."""
    return f"{one_line(container)} / {one_line(step)}" if container else one_line(step)


def steps_table(out: Console, title: str, *heads: str) -> Table:
    """Return the beginning of a table of steps: the columns that say which step it is, then `heads`."""
    names = ("Architect flow", "step", "action") if out.width >= WIDE else ("Architect flow", "step and action")
    made = table(title, *names, *heads)
    made.caption = plain("limit: the action's own. now: how long a caller really waits.")
    return made


def names_of(out: Console, architect_flow: str, container: str, step: str, action: str) -> tuple[str | Text, ...]:
    """Return the cells that say which step it is; in a narrow terminal the action stands below its step."""
    if out.width >= WIDE:
        return architect_flow, place(container, step), action
    return architect_flow, below(place(container, step), action)
