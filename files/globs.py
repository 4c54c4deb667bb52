"""Patterns of paths as people type them: `*` and `?` within a name, `**` for any folders between. Case counts.

A pattern without `/` fits a name at any depth; a pattern that fits a folder takes in everything below it. Matching is
the standard library's for each name, which never goes back behind a star: many of them take no longer than one.
"""

import fnmatch
import functools
import re
import typing
from collections.abc import Iterable, Sequence

from pydantic import Field

Glob = typing.Annotated[str, Field(min_length=1, max_length=500)]

_ANY_FOLDERS = "**"


def is_chosen(path: Sequence[str], include: Iterable[str], exclude: Iterable[str]) -> bool:
    """Return whether a file is one of those asked for; `path` is its path below the folder, name by name."""
    wanted = tuple(include)
    return (not wanted or any(fits(each, path) for each in wanted)) and not any(fits(each, path) for each in exclude)


def fits(pattern: str, path: Sequence[str]) -> bool:
    """Return whether a pattern fits a path, or a folder on the way to it."""
    parts = _parts(pattern)
    reached = _skipping(parts, {0})
    for name in path:
        if len(parts) in reached:
            return True
        reached = _skipping(parts, {after for at in reached for after in _steps(parts, at, name)})
    return len(parts) in reached


def _steps(parts: Sequence[str], at: int, name: str) -> Iterable[int]:
    if parts[at] == _ANY_FOLDERS:
        yield at
    elif _compiled(parts[at]).fullmatch(name) is not None:
        yield at + 1


def _skipping(parts: Sequence[str], reached: set[int]) -> set[int]:
    """Add the places behind each `**`, which also stands for no folder at all; one at the end takes at least a name."""
    for at in sorted(reached):
        place = at
        while place < len(parts) and parts[place] == _ANY_FOLDERS:
            place += 1
            reached.add(place)
    return reached


@functools.lru_cache(maxsize=4_096)
def _parts(pattern: str) -> tuple[str, ...]:
    anchored = "/" in pattern.strip("/")
    parts = tuple(part for part in pattern.split("/") if part not in {"", "."})
    return parts if anchored or pattern.startswith("/") else (_ANY_FOLDERS, *parts)


@functools.lru_cache(maxsize=4_096)
def _compiled(part: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(part.replace("[", "[[]")))
