"""The section of a run's summary about copies of common modules: what their callers get."""

from collections.abc import Callable

from reports.frames.copies import CopyRow, copies_sentence, first_copies
from reports.markdown.text import section, table
from reports.report import Report
from reports.words import wait
from timeouts.model.wording import in_words
from timeouts.text.outlets import escaped

_FIRST = 10


def copies_section(report: Report, named: Callable[[str, str], str]) -> str:
    """Write the section: how many there are, and those that matter most; all of them are in the table.

    `named` writes the name of an Architect flow, given its id and name.
    """
    sentence = copies_sentence(report)
    rows = [_line(row, named) for row in first_copies(report, _FIRST)]
    columns = ("Waits", "Caller", "Module", "Embedded", "Published", "Outdated", "Step", "Kind", "Setting")
    parts = [f"{sentence}.", *([table(columns, rows)] if rows else ())]
    return section("Copies of common modules", "\n\n".join(parts)) if sentence else ""


def _line(row: CopyRow, named: Callable[[str, str], str]) -> tuple[str, ...]:
    snapshot, copy = row
    return (
        wait(copy.effective_ms, copy.setting),
        named(snapshot.architect_flow_id, snapshot.architect_flow),
        escaped(snapshot.module),
        escaped(snapshot.version),
        escaped(snapshot.published_version or ""),
        row.outdated,
        escaped(copy.step),
        copy.kind,
        escaped(in_words(copy.setting)),
    )
