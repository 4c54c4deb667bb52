"""The names that somebody may have meant who typed one that there is not."""

import difflib
from collections.abc import Iterable

_MOST = 3
_LONGEST = 200
"""Characters: how much two names have in common takes the product of their lengths to find out."""

_WILDCARDS = "*?"


def nearest(typed: str, names: Iterable[str], most: int = _MOST) -> tuple[str, ...]:
    """Return the names that come nearest to what was typed, the nearest first; none where nothing is near.

    For a pattern with wildcards around a text they are patterns of the same form: of `CRMM*` it is `CRM*`.
    """
    if len(typed) > _LONGEST:
        return ()
    core = typed.strip(_WILDCARDS)
    before, after = typed[: len(typed) - len(typed.lstrip(_WILDCARDS))], typed[len(typed.rstrip(_WILDCARDS)) :]
    if not core or (before == after == ""):
        return _near(typed, names, most)
    if any(wildcard in core for wildcard in _WILDCARDS):
        return _near(core.replace("*", "").replace("?", ""), names, most)
    parts = (part for name in names for part in _parts(name, from_start=not before, to_end=not after))
    return tuple(f"{before}{part}{after}" for part in _widest(_near(core, parts, most)))


def did_you_mean(found: Iterable[str]) -> str:
    """Return the end of a sentence that asks for what was meant; '' where nothing is near."""
    *others, last = [*found] or [""]
    named = f"{', '.join(others)} or {last}" if others else last
    return f"; did you mean {named}?" if named else ""


def _near(typed: str, names: Iterable[str], most: int) -> tuple[str, ...]:
    by_folded: dict[str, str] = {}
    for name in names:
        if len(name) <= _LONGEST:
            by_folded.setdefault(name.casefold(), name)
    found = difflib.get_close_matches(typed.casefold(), by_folded, n=most)
    return tuple(by_folded[each] for each in found)


def _widest(parts: Iterable[str]) -> list[str]:
    """Leave out what a nearer one takes along: of `CRM` and `CRM lookup` the latter."""
    kept: list[str] = []
    for part in parts:
        if not any(nearer.casefold() in part.casefold() for nearer in kept):
            kept.append(part)
    return kept


def _parts(name: str, *, from_start: bool, to_end: bool) -> Iterable[str]:
    """Return the runs of whole words of a name, those alone that begin or end with it where asked."""
    words = name[: _LONGEST + 1].split()
    starts = [0] if from_start else range(len(words))
    for start in starts:
        ends = [len(words)] if to_end else range(start + 1, len(words) + 1)
        yield from (" ".join(words[start:end]) for end in ends)
