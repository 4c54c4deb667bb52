"""The sections of a run's summary that say what files say beside the org, and what their next deploy would undo."""

from collections.abc import Sequence

from reports.frames.compared.as_code import AsCodeRow, as_code_sentences, as_code_warnings, differing_rows
from reports.frames.compared.undone import undone_sentences
from reports.markdown.text import Named, more, section, shortened, table
from reports.words import joined
from timeouts.as_code.as_code import AsCode
from timeouts.as_code.undone import Undone
from timeouts.text.outlets import escaped

_LISTED = 25


def as_code_section(as_code: AsCode, named: Named) -> str:
    """Write what stands in both and what differs; the rest is in the table."""
    both, *others = map(escaped, (*as_code_sentences(as_code), *as_code_warnings(as_code)))
    parts = [f"**{both}**", shortened(others)]
    parts += [_lines(differing_rows(as_code), named), _not_compared(as_code)]
    return section("What the files say, and what is live", joined(parts, "\n\n"))


def undone_section(undone: Sequence[Undone]) -> str:
    """Write what the next deploy of the files would put back, file by file."""
    return section("What the next deploy of the files would undo", shortened([*map(escaped, undone_sentences(undone))]))


def _lines(rows: Sequence[AsCodeRow], named: Named) -> str:
    if not rows:
        return ""
    columns = ("Architect flow", "Step", "Action", "File", "The file says", "Live", "Differs", "Published by")
    return table(columns, [_line(each, named) for each in rows[:_LISTED]]) + more(len(rows), _LISTED)


def _line(each: AsCodeRow, named: Named) -> Sequence[str]:
    where = named(each.architect_flow_id, each.architect_flow) if each.architect_flow_id else ""
    differs = joined((each.difference, each.note), ": ")
    said = (each.step, each.action, each.path, each.file, each.live, differs, each.published_by)
    return where, *map(escaped, said)


def _not_compared(as_code: AsCode) -> str:
    lines = [f"{each.path} ({each.name}): {each.reason}" for each in as_code.not_compared]
    return f"Not compared:\n\n{shortened([*map(escaped, lines)])}" if lines else ""
