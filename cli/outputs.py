"""What a command leaves people: files, whole or not at all, a document on standard output, and how much is shown."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from reports.terminal.plain import plain

if TYPE_CHECKING:
    from rich.console import Console

    from reports.conditions import Selection
    from reports.terminal.view import View
    from timeouts.model.values import Value as Document

STANDARD_OUTPUT = Path("-")
_MAY_BE_PRINTED = ("--json", "--csv", "--patch")


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of a run is shown: every row, which steps in which order, or nothing but how it ended.

    `rows`: of each table, where not all are shown; None for as many as usual.
    """

    all: bool = False
    rows: int | None = None
    where: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    quiet: bool = False

    @property
    def selection(self) -> "Selection | None":
        """The steps that are asked for, None where nobody asked. Raises ConditionError."""
        from reports.conditions import Selection

        return Selection.parse(self.where, self.sort) if self.where or self.sort else None

    @property
    def view(self) -> "View":
        """What a terminal shows of a run."""
        from reports.terminal.view import ALL, ROWS, View

        return View(ALL if self.all else self.rows or ROWS, self.selection)


@dataclass(frozen=True, slots=True)
class Files:
    """Where a run is written down, and how much of it is shown.

    `json`: as one document. `html`: as a page with pictures. `csv`: its steps. `xlsx`: all its tables. `patch`: its
    plan as a diff of files. `-` stands for standard output, which then has nothing else on it.
    """

    json: Path | None = None
    html: Path | None = None
    csv: Path | None = None
    xlsx: Path | None = None
    patch: Path | None = None
    shown: Shown = field(default_factory=Shown)

    @property
    def problem(self) -> str:
        """Why it could not be written or shown as asked for, to be known before the run; '' where it can."""
        return next(self._problems(), "")

    def _problems(self) -> Iterator[str]:
        from reports.conditions import ConditionError, Selection

        places: dict[Path, str] = {}
        for option, path in self.named:
            if path == STANDARD_OUTPUT and option not in _MAY_BE_PRINTED:
                yield f"{option} -: it is not printed, name a file"
            elif path != STANDARD_OUTPUT and not can_write(path):
                yield f"{option} {path}: it cannot be written there; does the folder exist?"
            place = path if path == STANDARD_OUTPUT else path.resolve()
            if place in places:
                yield f"{places[place]} and {option} both name {path}: the second would take the place of the first"
            places[place] = option
        for option, where, sort in (("--where", self.shown.where, ()), ("--sort", (), self.shown.sort)):
            try:
                Selection.parse(where, sort)
            except ConditionError as problem:
                yield f"{option}: {problem}"
        if self.shown.all and not self.shows_tables:
            yield f"--all shows tables, and {self._why_none} shows none: leave one of the two out"
        if (self.shown.where or self.shown.sort) and not (self.shows_tables or self.csv or self.xlsx):
            none = f"{self._why_none} shows none"
            yield f"--where and --sort are for tables, and {none}: leave them out, or add --csv FILE"

    @property
    def is_printed(self) -> bool:
        """Whether standard output is a document's alone."""
        return STANDARD_OUTPUT in (self.json, self.csv, self.patch)

    @property
    def shows_tables(self) -> bool:
        """Whether people are shown tables, and not only how it ended."""
        return not (self.shown.quiet or self.is_printed)

    @property
    def _why_none(self) -> str:
        if self.shown.quiet:
            return "--quiet"
        printed = (option for option, path in self.named if path == STANDARD_OUTPUT)
        return f"{next(printed)} -"

    @property
    def named(self) -> list[tuple[str, Path]]:
        """The options that name where something is written, with what they name."""
        tables = (("--csv", self.csv), ("--xlsx", self.xlsx), ("--html", self.html))
        every = (("--json", self.json), *tables, ("--patch", self.patch))
        return [(option, path) for option, path in every if path is not None]

    def write(self, report: "Document", out: "Console", patch: bytes | None = b"") -> list[str]:
        """Write what was asked for, each whole or not at all, and say where; returns what could not be written.

        `patch`: the plan as a diff, which a report alone cannot say; None where there can be none, and none is written.
        """
        made: dict[str, tuple[str, Callable[[Document], bytes]]] = {
            "--json": ("All of it as JSON", _json_of),
            "--csv": ("The steps as CSV", self._csv_of),
            "--xlsx": ("All tables as a workbook", self._workbook_of),
            "--html": ("The report", _page_of),
            "--patch": ("The patch" if patch else "The patch, which is empty", lambda _: patch or b""),
        }
        problems = []
        for option, path in self.named:
            if option == "--patch" and patch is None:
                continue
            what, content = made[option]
            if path == STANDARD_OUTPUT:
                _print(content(report))
                continue
            try:
                write_whole(path, content(report))
            except OSError as problem:
                problems.append(
                    f"{what} could not be written to {path}, and what was there is as it was: {problem.strerror}."
                    f"{_elsewhere(report)}"
                )
            else:
                out.print(plain(f"{what}: {path}"), soft_wrap=True)
        return problems

    def _csv_of(self, report: "Document") -> bytes:
        """Return the steps as CSV; the mark that tells Excel the encoding is for files, programs trip over it."""
        from reports.report import Report
        from reports.tables import steps_table

        assert isinstance(report, Report), "only a run with steps is asked for them"
        written = steps_table(report, selection=self.shown.selection).csv()
        return written.removeprefix(b"\xef\xbb\xbf") if self.csv == STANDARD_OUTPUT else written

    def _workbook_of(self, report: "Document") -> bytes:
        from reports.report import Report
        from reports.tables import tables_of
        from reports.workbook import workbook

        assert isinstance(report, Report), "only a run with tables is asked for them"
        return workbook(tables_of(report, selection=self.shown.selection))


def asked_for(
    json: Path | None,
    html: Path | None,
    csv: Path | None,
    xlsx: Path | None,
    patch: Path | None = None,
    *,
    whole: bool,
    where: Sequence[str] | None,
    sort: Sequence[str] | None,
    quiet: bool,
) -> Files:
    """Return what the options of a command ask for."""
    shown = Shown(all=whole, where=tuple(where or ()), sort=tuple(sort or ()), quiet=quiet)
    return Files(json, html, csv, xlsx, patch, shown)


def _elsewhere(document: "Document") -> str:
    """Say where else that is which could not be written."""
    from reports.effect_report import EffectReport
    from reports.report import Report

    is_run = isinstance(document, Report | EffectReport)
    return " What the run did stands above, and in its artifacts." if is_run else " It stands above, too."


def _print(document: bytes) -> None:
    """Print a document as it is, whatever the encoding of the terminal: JSON and CSV are UTF-8."""
    sys.stdout.flush()
    sys.stdout.buffer.write(document)
    sys.stdout.buffer.flush()


def _json_of(report: "Document") -> bytes:
    return f"{report.model_dump_json(indent=2)}\n".encode()


def _page_of(report: "Document") -> bytes:
    from reports.page.page import html_report
    from reports.report import Report

    assert isinstance(report, Report), "an effect has no page of its own"
    return html_report(report).encode()


def can_write(path: Path) -> bool:
    """Tell whether a file can be written there; a new one is made beside the old one, so its folder counts."""
    try:
        return os.access(path if _is_special(path) else path.resolve().parent, os.W_OK) and not path.is_dir()
    except OSError:  # of a folder that may not be entered, or a name that is too long
        return False


def write_whole(path: Path, content: bytes, *, over: bool = True) -> None:
    """Write a file, or leave what was there as it was. Raises OSError where it cannot be written.

    `over`: over another one; without it, one that is there raises FileExistsError. What is no regular file, such as a
    pipe or /dev/stdout, is written to as it is.
    """
    if over and _is_special(path):
        path.write_bytes(content)
        return
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{uuid4().hex[:8]}")
    try:
        with beside.open("xb") as file:
            file.write(content)
        if not over:
            os.link(beside, target)  # which fails where one has come to be there meanwhile
            return
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file()
