"""How names are compared: in any case, and however their accents are written.

An `ö` may be one character or an `o` with two dots behind it (NFC, NFD); people see the same, and type either.
"""

import unicodedata

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Around what one character became when its case was folded. Unicode keeps both out of every text."""

_NO_MARKS = str.maketrans("", "", OPEN + CLOSE)


def folded(name: str) -> str:
    """Return a name as it is compared: `STRASSE`, `Straße` and `straße` are the same."""
    return composed(composed(name).casefold())


def composed(name: str) -> str:
    """Return a name with each accent and its letter as one character, where there is such a one."""
    return unicodedata.normalize("NFC", name)


def folded_by_character(name: str) -> str:
    """Return the same with marks around what is one character and becomes several: `ß` is `ss`."""
    plain = composed(name).translate(_NO_MARKS)
    whole = folded(plain)
    if len(whole) == len(plain):
        return whole
    found = (folded(each) for each in plain)
    return composed("".join(each if len(each) == 1 else f"{OPEN}{each}{CLOSE}" for each in found))
