"""Files that a command writes for people: whole or not at all, so that no script reads half of one."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from reports.terminal.plain import plain

if TYPE_CHECKING:
    from rich.console import Console

    from timeouts.model.values import Value as Document


@dataclass(frozen=True, slots=True)
class Files:
    """Where a run is written down: as one JSON document, and as a page with pictures."""

    json: Path | None = None
    html: Path | None = None

    @property
    def problem(self) -> str:
        """Why it could not be written down, to be asked before the run; '' where it can."""
        for option, path in (("--json", self.json), ("--html", self.html)):
            if path is not None and not _can_write(path):
                return f"{option} {path}: it cannot be written there; does the folder exist?"
        return ""

    def write(self, report: "Document", out: "Console") -> list[str]:
        """Write what was asked for, each whole or not at all, and say where; returns what could not be written."""
        problems = []
        for what, path, content in (
            ("The whole run as JSON", self.json, _json_of),
            ("The report", self.html, _page_of),
        ):
            if path is None:
                continue
            try:
                _write_whole(path, content(report).encode())
            except OSError as problem:
                problems.append(
                    f"{what} could not be written to {path}, and what was there is as it was: {problem.strerror}. What "
                    "the run did stands above, and in its artifacts."
                )
            else:
                out.print(plain(f"{what}: {path}"), soft_wrap=True)
        return problems


def _json_of(report: "Document") -> str:
    return report.model_dump_json(indent=2) + "\n"


def _page_of(report: "Document") -> str:
    from reports.page.page import html_report
    from reports.report import Report

    assert isinstance(report, Report), "an effect has no page of its own"
    return html_report(report)


def _can_write(path: Path) -> bool:
    """Tell whether a file can be written there; a new one is made beside the old one, so its folder counts."""
    return os.access(path if _is_special(path) else path.resolve().parent, os.W_OK) and not path.is_dir()


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file, or leave what was there as it was. Raises OSError where it cannot be written.

    What is no regular file, such as a pipe or /dev/stdout, is written to as it is.
    """
    if _is_special(path):
        path.write_bytes(content)
        return
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{uuid4().hex[:8]}")
    try:
        with beside.open("xb") as file:
            file.write(content)
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file()
