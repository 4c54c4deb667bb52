"""Wildcard patterns as people type them: `*` any text, `?` one character, case does not count."""

import fnmatch
import functools
import re


def matches(pattern: str, *names: str) -> bool:
    """Return whether one of the names fits the pattern."""
    fits = _compiled(pattern)
    return any(fits.fullmatch(name.casefold()) is not None for name in names)


def covers(pattern: str, narrower: str) -> bool:
    """Return whether everything that fits `narrower` is certain to fit `pattern`.

    Certain where the pattern takes everything, where both are the same, or where `narrower` has no wildcard.
    """
    if not pattern.strip("*") or pattern.casefold() == narrower.casefold():
        return True
    return not set("*?") & set(narrower) and matches(pattern, narrower)


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile by the standard library, which never goes back behind a `*`: many of them take no longer than one.

    Its sets of characters are not ours: a bracket stands for itself.
    """
    return re.compile(fnmatch.translate(pattern.casefold().replace("[", "[[]")))
