"""Wildcard patterns as people type them: `*` any text, `?` one character, case does not count."""

import fnmatch
import functools
import re
import typing
from collections import defaultdict
from collections.abc import Sequence

from pydantic import Field

from timeouts.text.folding import CLOSE, OPEN, folded, folded_by_character

LONGEST_PATTERN = 500
"""Characters. Matching takes as long as a name times what stands between two stars (docs/bounds.md)."""

Pattern = typing.Annotated[str, Field(max_length=LONGEST_PATTERN)]
"""A wildcard pattern as a policy has it."""


def matches(pattern: str, *names: str) -> bool:
    """Return whether one of the names fits the pattern."""
    return any(_fits(folded(pattern), folded_by_character(name)) for name in names)


def covers(pattern: str, narrower: str) -> bool:
    """Return whether everything that fits `narrower` is certain to fit `pattern`.

    Certain where the pattern takes everything, where both are the same, or where `narrower` has no wildcard.
    """
    if takes_everything(pattern) or folded(pattern) == folded(narrower):
        return True
    return not _has_wildcard(narrower) and all(matches(pattern, name) for name in _spellings(narrower))


class PatternTable:
    """The patterns of many rules for one field, asked all at once: a bit for each rule, of the first one the lowest.

    None stands for a rule that names no pattern there, and takes everything. An org repeats its names, and a pattern
    without a wildcard is looked up: thousands of rules and steps cost what their different names and wildcards do.
    """

    def __init__(self, patterns: Sequence[str | None]) -> None:
        self._open = 0
        self._same: defaultdict[str, int] = defaultdict(int)
        for place, pattern in enumerate(patterns):
            if pattern is None or takes_everything(pattern):
                self._open |= 1 << place
            else:
                self._same[folded(pattern)] |= 1 << place
        self._wild = {pattern: rules for pattern, rules in self._same.items() if _has_wildcard(pattern)}
        self._compiled = [(_compiled(pattern), rules) for pattern, rules in self._wild.items()]
        self._found: dict[tuple[str, ...], int] = {}

    def fitting(self, *names: str) -> int:
        """Return the rules whose pattern one of the names fits."""
        if (found := self._found.get(names)) is None:
            found = self._found[names] = functools.reduce(int.__or__, map(self._fitting, set(names)), self._open)
        return found

    def covering(self, narrower: str | None) -> int:
        """Return the rules whose pattern is certain to fit everything that `narrower` does (`covers`)."""
        if narrower is None or takes_everything(narrower):
            return self._open
        if _has_wildcard(narrower):
            return self._open | self._same.get(folded(narrower), 0)
        return functools.reduce(int.__and__, map(self.fitting, _spellings(narrower)))

    def _fitting(self, name: str) -> int:
        whole, by_character = folded(name), folded_by_character(name)
        found = 0 if _has_wildcard(whole) else self._same.get(whole, 0)
        compiled = self._compiled
        if OPEN in by_character:
            compiled = [(_compiled_by_character(pattern), rules) for pattern, rules in self._wild.items()]
        for fits, rules in compiled:
            if fits.fullmatch(by_character) is not None:
                found |= rules
        return found


def _spellings(name: str) -> tuple[str, ...]:
    """Return a name as it may be written with more characters, or with fewer, which a `?` tells apart."""
    whole = folded(name)
    return name, whole, whole.replace("ss", "ß")


def takes_everything(pattern: str) -> bool:
    """Return whether a pattern fits every name, as where none is named."""
    return set(pattern) == {"*"}


def _has_wildcard(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern


def _fits(pattern: str, name: str) -> bool:
    """Return whether a name fits a pattern: both folded, the name by character."""
    fits = _compiled_by_character(pattern) if OPEN in name else _compiled(pattern)
    return fits.fullmatch(name) is not None


@functools.lru_cache(maxsize=16_384)  # more than a policy may have
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile by the standard library, which never goes back behind a `*`: many of them take no longer than one.

    Its sets of characters are not ours: a bracket stands for itself.
    """
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


@functools.lru_cache(maxsize=16_384)
def _compiled_by_character(pattern: str) -> re.Pattern[str]:
    """Compile for names with a character that is several once folded: `?` takes it as a whole, letters one by one.

    As in the standard library, what stands between two stars is found where it comes first and never looked for again.
    """
    first, *others = ("".join(map(_as_expression, part)) for part in re.split(r"\*+", pattern))
    between = "".join(f"(?>.*?{part})" for part in others[:-1])
    return re.compile(f"{first}{between}.*{others[-1]}" if others else first, re.DOTALL)


def _as_expression(character: str) -> str:
    if character == "?":  # a whole one: neither a mark, nor a part of what stands between two
        return f"(?:{OPEN}[^{CLOSE}]*{CLOSE}|[^{OPEN}{CLOSE}](?![^{OPEN}{CLOSE}]{{0,2}}{CLOSE}))"
    return f"{OPEN}?{re.escape(character)}{CLOSE}?"
