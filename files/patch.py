"""Changes of files as a unified diff that `git apply` and `patch -p1` take."""

import difflib
import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from files.errors import FilesError
from files.git import top_of
from files.reader import FileChange
from files.writing import FilesDraft
from timeouts.text.phrases import first_few
from timeouts.text.visible import one_line

_QUOTED = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_FIRST_PLAIN, _FIRST_NOT_PLAIN = 0x20, 0x7F

_MOST_NAMED = 10

_CONTEXT = 3
"""Lines that stay around a change."""

_FARTHEST = 1_000
"""Lines in a row, old and new, of which none stays: where there are more, the rest of a file is one hunk."""


def unified_diff(draft: FilesDraft) -> str:
    """Return the changes of a draft, with paths from the top of their repository, or from their folder.

    Line breaks are those of the files. Bytes that are no UTF-8 are surrogates, as `surrogateescape` makes them. Raises
    FilesError for changes in several repositories: paths say nothing of which one is meant.
    """
    changes = [change for change in draft.changes if not change.is_there]
    tops = {change.path: top_of(change.path.parent) for change in changes}
    roots = {change.path: tops[change.path] or draft.folder_of(change) for change in changes}
    several = sorted({one_line(os.fspath(root)) for root in roots.values()})
    if len(several) > 1:
        what = "repositories" if all(tops.values()) else "folders"
        raise FilesError(
            f"The changes lie in {len(several)} {what}, and one patch cannot say that: "
            f"{first_few(several, _MOST_NAMED)}. Name one with --files, or leave the others out with --exclude"
        )
    return "".join(line for change in changes for line in lines_of(change, roots[change.path]))


class Patch(NamedTuple):
    """A diff that `git apply` takes; `left`: what is not in it, with the reason, a line each."""

    patch: bytes
    left: tuple[str, ...]


def patch_of(draft: FilesDraft) -> bytes:
    """Return the same as a patch is written: byte for byte what the files hold, whatever their encoding."""
    return unified_diff(draft).encode("utf-8", "surrogateescape")


def lines_of(change: FileChange, root: Path) -> Iterator[str]:
    """Yield the lines of one change, none where nothing changes; `root`: the folder that its path begins from."""
    if change.is_there:
        return
    path = change.path.relative_to(root)
    old, new = _name("a", path), _name("b", path)
    yield f"diff --git {old} {new}\n"
    behind = "\t" if " " in old else ""  # where `patch` ends a name that has blanks
    yield f"--- {old}{behind}\n"
    yield f"+++ {new}{behind}\n"
    for line in _hunks(_lines(change.before), _lines(change.after)):
        if line.endswith("\n"):
            yield line
        else:
            yield f"{line}\n\\ No newline at end of file\n"


def _hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for start, end, start_after, end_after in _changed_parts(before, after):
        old, new = before[start:end], after[start_after:end_after]
        above, below = before[max(start - _CONTEXT, 0) : start], before[end : end + _CONTEXT]
        around = len(above) + len(below)
        was, now = _place(start - len(above), len(old) + around), _place(start_after - len(above), len(new) + around)
        yield f"@@ -{was} +{now} @@\n"
        yield from (f" {line}" for line in above)
        lines = difflib.unified_diff(old, new, n=len(old))
        yield from itertools.islice(lines, 3, None)  # behind its own names and places
        yield from (f" {line}" for line in below)


def _changed_parts(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return where each change begins and ends in the old text and in the new one; near ones are one.

    Both are walked in step, for edits are small and far apart: the standard library, which looks for what is longest
    everywhere, takes a minute for 3 MB of JSON in which 100 steps change.
    """
    found: list[tuple[int, int, int, int]] = []
    at, at_after = 0, 0
    while at < len(before) or at_after < len(after):
        if before[at : at + 1] == after[at_after : at_after + 1]:
            at, at_after = at + 1, at_after + 1
            continue
        begin, begin_after = at, at_after
        at, at_after = _next_in_both(before, after, at, at_after)
        if found and begin - found[-1][1] <= 2 * _CONTEXT:
            begin, _, begin_after, _ = found.pop()
        found.append((begin, at, begin_after, at_after))
    return found


def _next_in_both(before: Sequence[str], after: Sequence[str], at: int, at_after: int) -> tuple[int, int]:
    """Return the nearest places from which on some lines are the same; where there are none, both ends."""
    for distance in range(1, _FARTHEST):
        for skipped in range(distance + 1):
            one, other = at + skipped, at_after + distance - skipped
            if before[one : one + _CONTEXT] == after[other : other + _CONTEXT]:
                return one, other
    return len(before), len(after)


def _place(start: int, lines: int) -> str:
    """Write where a hunk stands as Git does: its first line, or the one before it where it has none."""
    return f"{start + 1}" if lines == 1 else f"{start + bool(lines)},{lines}"


def _lines(body: bytes) -> list[str]:
    """Split at line feeds alone: any other break is a part of its line."""
    *whole, last = body.decode("utf-8", "surrogateescape").split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def _name(side: str, path: Path) -> str:
    """Write a path as Git does: quoted where it has more than plain characters."""
    raw = os.fsencode(f"{side}/{path.as_posix()}")
    if all(_FIRST_PLAIN <= code < _FIRST_NOT_PLAIN and code not in _QUOTED for code in raw):
        return raw.decode("ascii")
    return '"' + "".join(map(_quoted, raw)) + '"'


def _quoted(code: int) -> str:
    if code in _QUOTED:
        return _QUOTED[code]
    return chr(code) if _FIRST_PLAIN <= code < _FIRST_NOT_PLAIN else f"\\{code:03o}"
