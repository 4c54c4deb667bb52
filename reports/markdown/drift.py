"""The section of a run's summary that says what has moved since the audit before."""

from collections.abc import Sequence

from reports.frames.compared.drift import DriftRow, drift_sentence, noticed
from reports.markdown.text import Named, bullets, more, section, table
from reports.words import joined
from timeouts.drift.drift import Drift, NotCompared
from timeouts.text.outlets import escaped
from timeouts.text.phrases import first_few

_LISTED = 25
_BY_WHOM = 10


def drift_section(drift: Drift, named: Named) -> str:
    """Write the section: the sentence, by whom, and what callers notice; the rest is in the table."""
    parts = [f"**{escaped(drift_sentence(drift))}**", *([escaped(drift.note)] if drift.since and drift.note else [])]
    if drift.by_whom:
        by = first_few([f"{escaped(name)} in {count}" for name, count in drift.by_whom.items()], _BY_WHOM)
        parts.append(f"Published by, in how many Architect flows: {by}.")
    parts += [_lines(drift, named), _unknown(drift.unknown)]
    return section("Since the last audit", joined(parts, "\n\n"))


def _lines(drift: Drift, named: Named) -> str:
    rows = [_line(row, named) for row in noticed(drift)]
    if not rows:
        return ""
    return table(("What", "Where", "Step", "Wait", "Published"), rows[:_LISTED]) + more(len(rows), _LISTED)


def _line(row: DriftRow, named: Named) -> Sequence[str]:
    if not row.architect_flow_id:
        return row.what, escaped(row.action), "", f"{row.before} → {row.after}", row.note
    where = named("" if row.what.startswith("gone") else row.architect_flow_id, row.architect_flow)
    by = f" by {row.published_by}" if row.published_by else ""
    waits = f"{row.wait_before} → {row.wait_after}" if row.step else row.note
    return row.what, where, escaped(row.step), waits, escaped(f"{row.version}{by}".strip())


def _unknown(unknown: Sequence[NotCompared]) -> str:
    if not unknown:
        return ""
    lines = [f"{escaped(each.name)}: {escaped(each.reason)}" for each in unknown[:_LISTED]]
    return f"Not known whether these moved:\n\n{bullets(lines)}{more(len(unknown), _LISTED)}"
