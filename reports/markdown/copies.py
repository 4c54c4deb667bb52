"""The section of a run's summary about copies of common modules: what their callers get."""

from reports.frames.copies import CopyRow, copies_sentence, first_copies
from reports.markdown.text import Named, section, table
from reports.report import Report
from reports.words import wait
from timeouts.model.wording import in_words
from timeouts.text.outlets import escaped

_FIRST = 10


def copies_section(report: Report, named: Named) -> str:
    """Write the section: how many there are, and those that matter most; all of them are in the table."""
    sentence = copies_sentence(report)
    rows = [_line(row, named) for row in first_copies(report, _FIRST)]
    columns = ("Waits", "Caller", "Module", "Embedded", "Published", "Outdated", "Step", "Kind", "Setting")
    parts = [f"{sentence}.", *([table(columns, rows)] if rows else ())]
    return section("Copies of common modules", "\n\n".join(parts)) if sentence else ""


def _line(row: CopyRow, named: Named) -> tuple[str, ...]:
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
