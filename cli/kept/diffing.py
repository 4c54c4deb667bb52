"""`diff A B`: what moved in an org between two runs, by what each of them has kept, or by documents of `--json`."""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cli import environment
from cli.exits import Exit, UsageError, saying_problems
from cli.kept import names
from cli.kept.documents import read_document
from cli.kept.reading import at_the_server, hand_out
from cli.outputs import Files
from cli.showing.screens import out, say
from reports.commands.command_line import PROGRAM

if TYPE_CHECKING:
    from reports.report import Report


class _Side(NamedTuple):
    """One of the two: what it found, and when, and the file that holds it. `began_ms`: None where it does not say."""

    report: "Report"
    when: str
    began_ms: int | None

    @property
    def in_words(self) -> str:
        """Which run it is, and what of it is compared."""
        from reports.frames.compared.comparison import kept_of

        return f"{kept_of(self.report)} {self.report.run.name} ({self.when})"

    @property
    def published_elsewhere(self) -> str:
        """Say where that stands which the run itself published: what it kept was found before. '' of other runs."""
        from reports.commands.next_steps import called
        from reports.words import published_in

        if not self.report.may_have_written:
            return ""
        run = self.report.run
        return f"What {run.name} itself {published_in(self.report.org)}: `{PROGRAM} show {called(run)}`."


@saying_problems
def show_diff(before: str, after: str, files: Files) -> Exit:
    """Say what moved from the one to the other."""
    environment.prepare()
    from reports.frames.compared.comparison import NotComparableError, drift_of_reports
    from reports.terminal.drift import show_drift
    from reports.terminal.layout import heading

    with at_the_server(files):
        was, now = _side(before), _side(after)
        try:
            drift = drift_of_reports(was.report, now.report, was.when)
        except NotComparableError as problem:
            raise UsageError(str(problem)) from None
        _check_order(was, now, (before, after))

        def print_it() -> None:
            heading(out, f"{was.report.run.name} → {now.report.run.name}")
            say(f"From {was.in_words} to {now.in_words}.")
            for said in dict.fromkeys(filter(None, (was.published_elsewhere, now.published_elsewhere))):
                say(said)
            show_drift(out, drift, files.shown.view)

        return hand_out(drift, files, print_it)


def _check_order(was: _Side, now: _Side, named: tuple[str, str]) -> None:
    """Refuse to say backwards what moved: raises would be told as lowered, with the names of others."""
    from reports.words import utc

    if was.began_ms is None or now.began_ms is None or was.began_ms <= now.began_ms:
        return
    raise UsageError(
        f"{was.report.run.name} began at {utc(was.began_ms)}, after {now.report.run.name}, which began at "
        f"{utc(now.began_ms)}: name the earlier one first: {shlex.join((PROGRAM, 'diff', *reversed(named)))}"
    )


def _side(named: str) -> _Side:
    """Return what a run has kept, or what a file holds where there is one of that name."""
    path = Path(named)
    if path.is_file():
        report = read_document(path)
        return _Side(report, ", ".join(filter(None, (path.name, report.run.began))), report.run.began_ms)
    if os.sep in named or path.suffix == ".json":
        raise UsageError(f"{named}: there is no such file")
    return _of_run(named)


def _of_run(named: str) -> _Side:
    from reports.words import utc
    from tasks.storage import storages_of_all

    storages = storages_of_all()
    found = names.run_of(named, storages)
    report = names.report_of(found.reference, storages)
    began_ms = report.run.began_ms  # records of earlier versions do not say it
    if began_ms is None and found.run is not None:
        began_ms = found.run.began_ms
    return _Side(report, "kept by the run" if began_ms is None else utc(began_ms), began_ms)
