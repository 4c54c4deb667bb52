"""How large what others write may be, and how much of it an error repeats (docs/bounds.md)."""

import reprlib

LONGEST_NAME = 10_000
"""Characters of the name or id of anything; nothing that people name is a tenth as long."""

MOST_VALUES = 5_000_000
"""Of a JSON document: ten times what the densest real configuration of the largest size has."""

_LONGEST_QUOTED = 60
_LONGEST_REASON = 500
_MOST_BITS = 200


def has_too_many_values(document: bytes) -> bool:
    """Return whether a JSON document may hold more than `MOST_VALUES`, before any of them takes up memory.

    Counted are the characters that begin an object, a list or another item of one; those in texts count too.
    """
    return sum(map(document.count, (b",", b"[", b"{"))) > MOST_VALUES


def cut(text: str, longest: int = _LONGEST_REASON) -> str:
    """Return as much of a text as is worth repeating."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def quoted(given: object) -> str:
    """Repeat what somebody gave, in an error about it: as much as fits into a line beside a reason."""
    if isinstance(given, int) and given.bit_length() > _MOST_BITS:
        return f"a number of more than {_LONGEST_QUOTED} digits"  # which Python may refuse to write
    return cut(repr(given[: _LONGEST_QUOTED + 1]) if isinstance(given, str) else reprlib.repr(given), _LONGEST_QUOTED)
