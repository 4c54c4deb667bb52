"""Finding the files of folders that may be ours: by their names, without opening one."""

import errno
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from files.contents import reason_of
from files.errors import FilesError
from files.folders import Folders
from files.formats.i3 import is_i3
from files.globs import fits, is_chosen
from files.identity import mark_of
from files.temporaries import is_temporary
from timeouts.text.phrases import first_few
from timeouts.text.visible import one_line, visible

MOST_ENTRIES = 100_000
"""Of all folders together: a folder of more is hardly a checkout."""

_PASSED_BY = "node_modules"
_MOST_NAMED = 10

_ENDINGS = (".json", ".yaml", ".yml", ".tf")
_TEMPLATE = re.compile(r"\.ya?ml\.(?:tpl|tmpl|template|j2|jinja2?)\Z|\.tftpl\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may be ours. `names`: its path below `folder`, name by name; `shown`: that path as people read it."""

    folder: Path
    names: tuple[str, ...]
    shown: str

    @property
    def path(self) -> Path:
        """The absolute path."""
        return self.folder.joinpath(*self.names)

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.names[-1]


@dataclass(frozen=True, slots=True)
class Walk:
    """What was found in folders, sorted within each.

    `notes`: what was not looked into, a sentence each. `left_over`: where files of ours stand that a stopped run left.
    """

    folders: tuple[Path, ...]
    files: tuple[FoundFile, ...]
    notes: tuple[str, ...]
    left_over: tuple[tuple[Path, tuple[str, ...]], ...] = ()


def looks_like_ours(name: str) -> bool:
    """Return whether a file of this name may be one that is read here, or of which is said that it is not."""
    return name.lower().endswith(_ENDINGS) or is_i3(name) or is_template(name)


def is_template(name: str) -> bool:
    """Return whether a deploy may make YAML of a file of this name."""
    return _TEMPLATE.search(name) is not None


def walk(folders: Folders) -> Walk:
    """Find the files, sorted within each folder.

    Raises FilesError for a folder that is not there or cannot be listed, and for more entries than are looked at.
    """
    walker = _Walker(folders)
    prefixes = _prefixes(folders.absolute)
    found = [each for folder in folders.absolute for each in walker.files_in(folder, prefixes[folder])]
    return Walk(folders.absolute, tuple(_uniquely_shown(found)), tuple(walker.notes()), tuple(walker.left_over))


def fitting(patterns: Iterable[str], folders: Folders) -> set[str]:
    """Return those patterns that fit a file which may be ours, or a folder on the way to it. Raises FilesError."""
    found = [each.names for each in walk(folders).files]
    return {pattern for pattern in patterns if any(fits(pattern, names) for names in found)}


def _prefixes(folders: tuple[Path, ...]) -> dict[Path, str]:
    """Say how each folder's files are shown: behind its name where there are several."""
    if len(folders) == 1:
        return {folders[0]: ""}
    names: dict[Path, str] = {}
    for folder in _in_one_order(folders):
        name = folder.name or str(folder)
        taken = {*names.values()}
        wanted, number = name, 2
        while f"{wanted}/" in taken:
            wanted, number = f"{name} ({number})", number + 1
        names[folder] = f"{wanted}/"
    return names


def _in_one_order(folders: tuple[Path, ...]) -> Sequence[Path]:
    """Sort those of the same name, in whichever order they were named: a plan knows them by their number."""
    return folders if len({each.name for each in folders}) == len(folders) else sorted(folders, key=mark_of)


def _uniquely_shown(found: list[FoundFile]) -> Iterator[FoundFile]:
    """Tell apart what looks the same once that is made visible which is not."""
    taken: set[str] = set()
    for each in found:
        shown, number = each.shown, 2
        while shown in taken:
            shown, number = f"{each.shown} ({number})", number + 1
        taken.add(shown)
        yield FoundFile(each.folder, each.names, shown)


class _Walker:
    """One walk through all folders, with what it did not look into."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._tops = folders.absolute
        self._entries = 0
        self._seen: set[Path] = set()
        self._entered: set[Path] = {*self._tops}
        self.left_over: dict[tuple[Path, tuple[str, ...]], None] = {}
        self._links: dict[str, Path] = {}
        self._closed: list[str] = []

    def files_in(self, folder: Path, prefix: str) -> list[FoundFile]:
        """Find the files of one folder."""
        try:
            found = [
                FoundFile(folder, names, visible(prefix + "/".join(names)))
                for names in self._below(folder, prefix)
                if folder.joinpath(*names) not in self._seen  # a folder within another one that was given, too
            ]
        except OSError as problem:
            raise FilesError(_unusable(folder, problem)) from problem
        self._seen |= {each.path for each in found}
        return sorted(found, key=lambda each: each.names)

    def notes(self) -> Iterator[str]:
        """Say what was not looked into."""
        looked_into = self._seen | self._entered
        if missed := [name for name, target in self._links.items() if target not in looked_into]:
            yield f"Links are not followed, so these count as not there: {_named(missed)}"
        if self._closed:
            yield f"There is no permission to list these folders, so they count as empty: {_named(self._closed)}"

    def _below(self, top: Path, prefix: str) -> Iterator[tuple[str, ...]]:
        pending: list[tuple[str, ...]] = [()]
        while pending:
            at = pending.pop()
            try:
                entries = os.scandir(top.joinpath(*at))
            except OSError:
                if not at:
                    raise
                self._closed.append(prefix + "/".join(at))
                continue
            with entries:
                for entry in entries:
                    self._count(top)
                    below = (*at, entry.name)
                    if entry.is_symlink():
                        self._link(top, below, prefix)
                    elif entry.is_dir(follow_symlinks=False):
                        if self._is_entered(below):
                            pending.append(below)
                            self._entered.add(top.joinpath(*below))
                    elif is_temporary(entry.name):
                        self.left_over[top, at] = None
                    elif entry.is_file(follow_symlinks=False) and self._is_wanted(below):
                        yield below

    def _is_entered(self, names: tuple[str, ...]) -> bool:
        name = names[-1]
        return not name.startswith(".") and name != _PASSED_BY and not self._is_excluded(names)

    def _is_excluded(self, names: tuple[str, ...]) -> bool:
        return any(fits(each, names) for each in self._folders.exclude)

    def _is_wanted(self, names: tuple[str, ...]) -> bool:
        if not looks_like_ours(names[-1]) or names[-1].startswith("."):
            return False
        return is_chosen(names, self._folders.include, self._folders.exclude)

    def _link(self, top: Path, names: tuple[str, ...], prefix: str) -> None:
        """Remember a link by which something of ours may be missed, and what it leads to: it may be read elsewhere."""
        target = Path(os.path.realpath(top.joinpath(*names)))
        is_folder = os.path.isdir(target)  # noqa: PTH112 - pathlib's raises where it leads to no possible name
        is_ours = self._is_entered(names) if is_folder else self._is_wanted(names)
        if is_ours and not self._is_left_out(target, is_folder=is_folder):
            self._links[prefix + "/".join(names)] = target

    def _is_left_out(self, target: Path, *, is_folder: bool) -> bool:
        """Whether it lies in one of the folders, and was not chosen there."""
        below = next((target.relative_to(each).parts for each in self._tops if target.is_relative_to(each)), ())
        if is_folder:
            return self._is_excluded(below)
        return bool(below) and not is_chosen(below, self._folders.include, self._folders.exclude)

    def _count(self, top: Path) -> None:
        self._entries += 1
        if self._entries > MOST_ENTRIES:
            raise FilesError(
                f"The folder {one_line(str(top))} has more than the {MOST_ENTRIES:,} entries that are looked at: "
                "name the folders below it that hold Architect flows and actions, or leave some out with --exclude"
            )


def _unusable(folder: Path, problem: OSError) -> str:
    shown = one_line(str(folder))
    match problem.errno:
        case errno.ENOENT:
            return f"There is no folder {shown}"
        case errno.ENOTDIR:
            return f"{shown} is no folder: name the folder that it lies in, and the file with --include"
        case errno.EACCES | errno.EPERM:
            return f"The folder {shown} cannot be listed: there is no permission"
        case _:
            return f"The folder {shown} cannot be listed: {reason_of(problem)}"


def _named(paths: list[str]) -> str:
    return first_few([visible(path) for path in sorted(paths)], _MOST_NAMED)
