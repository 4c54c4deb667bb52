r"""What a text holds, made visible: nothing in it moves, hides or turns round anything, and a long one is cut.

What has no look of its own is shown as the escape that Python and JSON know it by, such as `\u202e`. A line break is a
blank, as in HTML: the platform's own messages have some. Letters of all scripts stay, and so do emoji.
"""

import re
import unicodedata
from collections.abc import Callable

LONGEST = 500
"""So many characters of a name or a reason are shown; CSV and JSON have all of them."""

LONGEST_LINE = 2_000
"""So many of a sentence that holds names: a line of a log, the message of a state."""

_MARKS = 5
"""So many combining marks may stand on one letter: Hebrew and Burmese need four. More cover the lines around."""

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VIRAMA = 9  # its canonical combining class: after it, a joiner decides which letter is written
_BREAKS = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")
"""The flag of a part of a country, such as Scotland: the one use of tag characters that anything shows."""

_SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters that are drawn, such as the Arabic sign of a number."""

_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
"""Letters, marks and symbols by name, of which nothing is drawn."""

_SPECIAL = re.compile(
    r"[^\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0590\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]"
)
"""What has to be looked at; nearly no name has any."""


def visible(text: str) -> str:
    """Return the text in one line in which everything that it holds is seen."""
    if not _SPECIAL.search(text):
        return text
    flags = {at for found in _FLAG.finditer(text) for at in range(*found.span())}
    shown: list[str] = []
    marks = 0
    for at, char in enumerate(text):
        marks = marks + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if marks > _MARKS:
            shown.append("…" if marks == _MARKS + 1 else "")
        elif char in _BREAKS or unicodedata.category(char) == "Zs":
            shown.append(" ")
        elif at in flags or _is_seen(text, at):
            shown.append(char)
        else:
            shown.append(_escape(char))
    return "".join(shown)


def one_line(text: str, longest: int = LONGEST) -> str:
    """Return a name as people see it in one line: visible, blanks in a row as one, cut where it is long."""
    return cut(text, longest, _collapsed)


def cut(text: str, longest: int = LONGEST, make: Callable[[str], str] = visible) -> str:
    """Return the text as `make` writes it, cut in the middle to so many characters; it says how many there are.

    The middle goes, because the end of a sentence about a long name says what happened to it.
    """
    if len(text) <= longest and len(shown := make(text)) <= longest:
        return shown
    left_out = f"… ({len(text):,} characters) …"
    head = 2 * (longest - len(left_out)) // 3
    tail = longest - len(left_out) - head
    return f"{make(text[:longest])[:head]}{left_out}{make(text[-longest:])[-tail:]}"


def _collapsed(text: str) -> str:
    return " ".join(part for part in visible(text).split(" ") if part)


def _is_seen(text: str, at: int) -> bool:
    """Return whether a character is drawn, or steers the drawing of its neighbours as people of that script mean it."""
    char = text[at]
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    category = unicodedata.category(char)
    if char in (_ZWNJ, _ZWJ):
        return _joins(text, at, before, after)
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or "\u180b" <= char <= "\u180f":
        return _varies(char, before, after)
    if category == "Cf":
        return char in _SIGNS
    if category in {"Cc", "Cs", "Co"} or char in _BLANK_LETTERS:
        return False
    # What Unicode has named since this Python was made is drawn, if as a box; what it never will name is not.
    return category != "Cn" or not _is_never_drawn(ord(char))


def _joins(text: str, at: int, before: str, after: str) -> bool:
    """Return whether a joiner does its work: in an emoji of several, in Arabic script, behind a virama."""
    if not before or not after:
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return True
    if all(unicodedata.bidirectional(each) == "AL" for each in (before, after)):
        return True
    return text[at] == _ZWJ and _is_symbol(before) and _is_symbol(after)


def _is_symbol(char: str) -> bool:
    return char == "\ufe0f" or unicodedata.category(char) in {"So", "Sk"} or "\U0001f000" <= char <= "\U0001faff"


def _varies(char: str, before: str, after: str) -> bool:
    """Return whether a variation selector has something to vary: a symbol, a key of a keypad, an ideograph."""
    if not before:
        return False
    if char in "\ufe0e\ufe0f":
        return after == "\u20e3" or unicodedata.category(before) in {"So", "Sm", "Sk", "Po"} or _is_symbol(before)
    return unicodedata.category(before) in {"Lo", "Sm"}


def _is_never_drawn(code: int) -> bool:
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 - the table of Unicode
    return is_noncharacter or code == 0x2065 or 0xFFF0 <= code <= 0xFFF8 or 0xE0000 <= code <= 0xE0FFF  # noqa: PLR2004


def _escape(char: str) -> str:
    code = ord(char)
    if code <= 0xFF:  # noqa: PLR2004 - as Python writes it
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
