"""What files say beside the org, in the terminal: a sentence, what differs, and what a deploy would undo."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from reports.frames.compared.as_code import (
    AsCodeRow,
    as_code_sentences,
    as_code_warnings,
    compared_rows,
    differing_rows,
)
from reports.frames.compared.undone import undone_sentences
from reports.terminal.layout import WIDE, aligned, place, row, say, show_table, table
from reports.terminal.plain import below
from reports.terminal.view import USUAL, View
from timeouts.as_code.as_code import AsCode
from timeouts.as_code.undone import Undone


def show_as_code(out: Console, as_code: AsCode, view: View = USUAL) -> None:
    """Say what stands in both; list what differs, and with `--all` every Architect flow and action."""
    both, *others = as_code_sentences(as_code)
    say(out, both, "yellow" if as_code.is_different else "")
    for sentence in (*others, *as_code_warnings(as_code)[: view.rows]):
        say(out, sentence)
    aligned(out, [(each.path, each.name, each.reason) for each in as_code.not_compared], "yellow", view.rows)
    shown = compared_rows(as_code) if view.is_whole else differing_rows(as_code)
    if not shown:
        return
    wide = ("differs", "published by") if out.width >= WIDE else ()
    made = table("What the files say, and what is live", "file", "step or action", "in the file", "live", *wide)
    for each in shown[: view.rows]:
        file = below(each.path, each.architect_flow) if each.architect_flow else each.path
        row(made, file, _what(each), each.file, each.live, *_more(each)[: len(wide)])
    show_table(out, made, len(shown))


def show_undone(out: Console, undone: Sequence[Undone], view: View = USUAL) -> None:
    """Say what the next deploy of the files would put back."""
    for sentence in undone_sentences(undone, view.rows):
        say(out, sentence, "yellow")


def _what(each: AsCodeRow) -> str | Text:
    what = each.action if each.what == "action limit" else place(each.container, each.step)
    return below(what, f"({each.note})") if each.note else what


def _more(each: AsCodeRow) -> tuple[str, str]:
    return each.difference, each.published_by
