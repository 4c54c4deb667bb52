"""What callers of common modules get: the copies of steps in their snapshots, and which are not as published."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from reports.frames.snapshots import CopyRecord, SnapshotRecord
from reports.report import Report
from reports.words import joined, shortest_first
from timeouts.model.wording import UNKNOWN
from timeouts.text.phrases import first_few, number_of

_NAMED = 10


class CopyRow(NamedTuple):
    """One copy of a step, in the snapshot that it stands in."""

    snapshot: SnapshotRecord
    copy: CopyRecord

    @property
    def outdated(self) -> str:
        """Whether another version of the module is published, in a word."""
        if self.snapshot.is_outdated:
            return "yes"
        return "no" if self.snapshot.version and self.snapshot.published_version else UNKNOWN

    @property
    def rank(self) -> tuple[bool, int]:
        """Its place among the rows that are shown first: those not as published, then the shortest waits."""
        return not self.snapshot.is_outdated, shortest_first(self.copy.effective_ms)


def copy_rows(report: Report) -> list[CopyRow]:
    """Return all copies that were read, sorted by caller, then as in its definition."""
    found = sorted(report.snapshots, key=lambda each: (each.architect_flow.casefold(), each.architect_flow_id))
    return [CopyRow(snapshot, copy) for snapshot in found for copy in snapshot.copies]


def first_copies(report: Report, count: int) -> list[CopyRow]:
    """Return the copies that matter most."""
    return sorted(copy_rows(report), key=lambda row: row.rank)[:count]


def copies_sentence(report: Report) -> str:
    """Return how many copies there are and where, '' where no module is embedded."""
    if not report.snapshots:
        return ""
    copies = sum(len(each.copies) for each in report.snapshots)
    counted = number_of(copies, "copy of a step", "copies of steps")
    snapshots = number_of(len(report.snapshots), "snapshot")
    callers = len({each.architect_flow_id for each in report.snapshots})
    carried = f"{number_of(callers, 'Architect flow')} {'carries' if callers == 1 else 'carry'}"
    return f"{counted} of common modules in {snapshots} that {carried}: counted apart from the steps"


def snapshot_warnings(report: Report, named: int = _NAMED) -> list[str]:
    """Name the snapshots that are not as published, and those whose content is not shown: a sentence each.

    `named`: so many callers by name.
    """
    outdated = _callers_of(
        (each for each in report.snapshots if each.is_outdated),
        "an older version of a common module, which is what callers get",
        lambda each: f"{each.module} {each.version}, published is {each.published_version}",
        named,
    )
    not_shown = _callers_of(
        (each for each in report.snapshots if not each.is_shown),
        "a common module whose content the platform does not show, so what callers wait in it is not known",
        lambda each: joined((each.module, each.version), " "),
        named,
    )
    return [sentence for sentence in (outdated, not_shown) if sentence]


def _callers_of(
    snapshots: Iterable[SnapshotRecord], what: str, in_words: Callable[[SnapshotRecord], str], named: int
) -> str:
    """Name the callers that embed something, and which modules those are; '' where there are none."""
    found: dict[str, dict[str, None]] = {}
    names: dict[str, str] = {}
    for each in snapshots:
        names[each.architect_flow_id] = each.architect_flow
        found.setdefault(each.architect_flow_id, {})[in_words(each)] = None  # one module may be embedded twice
    if not found:
        return ""
    told = [f"{names[caller]} ({'; '.join(modules)})" for caller, modules in found.items()]
    embed = "embeds" if len(told) == 1 else "embed"
    return f"{number_of(len(told), 'Architect flow')} {embed} {what}: {first_few(told, named)}"
