"""Changes of files as a unified diff that `git apply` and `patch -p1` take."""

import difflib
import os
from collections.abc import Iterator
from pathlib import Path

from files.git import top_of
from files.reader import FileChange
from files.writing import FilesDraft

_QUOTED = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_FIRST_PLAIN, _FIRST_NOT_PLAIN = 0x20, 0x7F


def unified_diff(draft: FilesDraft) -> str:
    """Return the changes of a draft, with paths from the top of each file's repository, or from its folder.

    Line breaks are those of the files. Bytes that are no UTF-8 are surrogates, as `surrogateescape` makes them.
    """
    return "".join(line for change in draft.changes for line in _diff(change, draft.folder_of(change)))


def patch_of(draft: FilesDraft) -> bytes:
    """Return the same as a patch is written: byte for byte what the files hold, whatever their encoding."""
    return unified_diff(draft).encode("utf-8", "surrogateescape")


def _diff(change: FileChange, folder: Path) -> Iterator[str]:
    if change.is_there:
        return
    path = change.path.relative_to(top_of(change.path.parent) or folder)
    old, new = _name("a", path), _name("b", path)
    yield f"diff --git {old} {new}\n"
    behind = "\t" if " " in old else ""  # where `patch` ends a name that has blanks
    lines = difflib.unified_diff(_lines(change.before), _lines(change.after), f"{old}{behind}", f"{new}{behind}")
    for line in lines:
        if line.endswith("\n"):
            yield line
        else:
            yield f"{line}\n\\ No newline at end of file\n"


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
