"""What each outlet needs on top of visible text: one function for each way in which text is read where it arrives.

`inert` for what Prefect, chats and mail programs show, `escaped` for Markdown, `table_cell` for a table in Prefect's
UIs, `csv_cell` for spreadsheets. A terminal, the page and pictures show text as text: `one_line` is enough.
What was measured, and what each outlet cuts: docs/decisions/0030-text.md.
"""

import re
from collections.abc import Mapping
from typing import Any

from timeouts.text.visible import LONGEST, LONGEST_LINE, one_line

INERT: Mapping[str, str] = {"<": "\u2039", "](": "] (", "://": ": //", "www.": "www .", "@": "\uff20"}
"""What makes tags, links, images, addresses and mentions out of text, and what it is shown as.

Shown, and not escaped: no escape is understood by both UIs, Slack, Teams and mail alike, and where it is not
understood it is what people read. Nothing invisible, either: whoever copies a name would copy it too. What is put in
begins nothing, so that whoever does it twice does it once.
"""

_WWW = re.compile(r"www\.", re.IGNORECASE)
_MARKDOWN = re.compile(r"(\\(?=[!-/:-@\[-`{-~]|$)|[`*\[\]|~]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_]))")
"""What stands for more than itself: an underscore between letters does not, nor a backslash before one."""

_BEGINS_A_BLOCK = re.compile(r"^(\d{1,9}(?=[.)](?: |$))|(?=[#+\->]))")
_IS_FORMATTED = re.compile(
    r"""
    ^ (?: \#{1,6} | [-+*>] | \d{1,9}[.)] ) (?: [ ] | $ )     # a heading, a point of a list, a quotation
    | ^ > | ^ (?: ([-_*]) [ ]* (?: \1 [ ]* ){2,} ) $         # a quotation, a rule
    | ^ (?: `{3} | ~{3} ) | ^ \[ [^\]]+ \] :                 # a fence, the address of a link
    | \*.*\* | ~.*~ | `.*` | \b_.*_\b | (?<!\w)_.*_(?!\w)    # marks around words
    | & \#? \w+ ;                                            # a character by its name or number
    | \\ [!-/:-@\[-`{-~]                                     # a mark without its meaning
    """,
    re.VERBOSE,
)
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])")
"""Where spreadsheets see the beginning of a formula: behind blanks too, in the wide letters of East Asia too, and where
they split a line at the semicolons and tabs of another country."""


def inert(text: str, longest: int = LONGEST_LINE) -> str:
    """Return text of which no reader makes more than words: a log line, an event, a state, a name in Prefect."""
    shown = _WWW.sub(lambda found: f"{found[0][:-1]} .", one_line(text, longest))
    for mark, instead in INERT.items():
        shown = shown.replace(mark, instead)
    return shown


def inert_payload(value: Any) -> Any:
    """Return a value of plain JSON in which every text is inert, keys included."""
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, Mapping):
        return {inert(str(key)): inert_payload(each) for key, each in value.items()}
    return [inert_payload(each) for each in value] if isinstance(value, list | tuple) else value


def inert_in_jinja(expression: str) -> str:
    """Return the jinja expression that makes a value inert which only the server knows, such as the name of a run."""
    filters = "".join(f' | replace("{mark}", "{instead}")' for mark, instead in INERT.items())
    return f"{{{{ {expression}{filters} }}}}"


def escaped(text: object) -> str:
    """Return text that Markdown shows as it is, in one line and in cells of its tables: no link, no image, no tag."""
    return _BEGINS_A_BLOCK.sub(r"\1\\", _MARKDOWN.sub(r"\\\1", inert(str(text))))


def link_text(text: str) -> str:
    """Return the text of a link in Markdown; Prefect's first UI shows the backslashes in it, so there are few."""
    return _MARKDOWN.sub(r"\\\1", inert(text, LONGEST))


def table_cell(text: str) -> str:
    """Return a cell of a table in Prefect's UIs, of which the first one reads Markdown and the second one none.

    What the first one would set in italics, or swallow, stands behind four blanks: code there, as it is in the other.
    """
    shown = inert(text, LONGEST)
    return f"    {shown}" if _IS_FORMATTED.search(shown) else shown


def csv_cell(text: str) -> str:
    """Return a cell that a spreadsheet takes for text; everything but the apostrophes before formulas is as it came."""
    return _FORMULA.sub(r"\1'", text)
