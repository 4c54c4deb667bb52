"""Wildcard patterns as people type them: `*` any text, `?` one character, case does not count."""

import fnmatch
import functools
import re
import typing
from collections import defaultdict
from collections.abc import Sequence

from pydantic import Field

LONGEST_PATTERN = 500
"""Characters. Matching takes as long as a name times what stands between two stars (docs/bounds.md)."""

Pattern = typing.Annotated[str, Field(max_length=LONGEST_PATTERN)]
"""A wildcard pattern as a policy has it."""


def matches(pattern: str, *names: str) -> bool:
    """Return whether one of the names fits the pattern."""
    fits = _compiled(pattern)
    return any(fits.fullmatch(name.casefold()) is not None for name in names)


def covers(pattern: str, narrower: str) -> bool:
    """Return whether everything that fits `narrower` is certain to fit `pattern`.

    Certain where the pattern takes everything, where both are the same, or where `narrower` has no wildcard.
    """
    if _takes_everything(pattern) or pattern.casefold() == narrower.casefold():
        return True
    return not _has_wildcard(narrower) and matches(pattern, narrower)


class PatternTable:
    """The patterns of many rules for one field, asked all at once: a bit for each rule, of the first one the lowest.

    None stands for a rule that names no pattern there, and takes everything. An org repeats its names, and a pattern
    without a wildcard is looked up: thousands of rules and steps cost what their different names and wildcards do.
    """

    def __init__(self, patterns: Sequence[str | None]) -> None:
        self._open = 0
        self._same: defaultdict[str, int] = defaultdict(int)
        for place, pattern in enumerate(patterns):
            if pattern is None or _takes_everything(pattern):
                self._open |= 1 << place
            else:
                self._same[pattern.casefold()] |= 1 << place
        self._wild = [(_compiled(pattern), rules) for pattern, rules in self._same.items() if _has_wildcard(pattern)]
        self._found: dict[tuple[str, ...], int] = {}

    def fitting(self, *names: str) -> int:
        """Return the rules whose pattern one of the names fits."""
        if (found := self._found.get(names)) is None:
            found = self._found[names] = functools.reduce(int.__or__, map(self._fitting, set(names)), self._open)
        return found

    def covering(self, narrower: str | None) -> int:
        """Return the rules whose pattern is certain to fit everything that `narrower` does (`covers`)."""
        if narrower is None or _takes_everything(narrower):
            return self._open
        if _has_wildcard(narrower):
            return self._open | self._same.get(narrower.casefold(), 0)
        return self.fitting(narrower)

    def _fitting(self, name: str) -> int:
        folded = name.casefold()
        found = 0 if _has_wildcard(folded) else self._same.get(folded, 0)
        for fits, rules in self._wild:
            if fits.fullmatch(folded) is not None:
                found |= rules
        return found


def _takes_everything(pattern: str) -> bool:
    return set(pattern) == {"*"}


def _has_wildcard(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern


@functools.lru_cache(maxsize=16_384)  # more than a policy may have
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile by the standard library, which never goes back behind a `*`: many of them take no longer than one.

    Its sets of characters are not ours: a bracket stands for itself.
    """
    return re.compile(fnmatch.translate(pattern.casefold().replace("[", "[[]")))
