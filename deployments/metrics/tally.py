"""What has come of the runs that have ended: counters of this month, and the last end of each sort and org.

Counters begin anew with each month (UTC), and not with each start of the exporter: two exporters, and one that was
started again, say the same, so that no start looks as if a hundred runs had just failed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from deployments.metrics.server import EndedRun
from flows.record.figures import RunFigures

KEPT_SECONDS = 35 * 86_400.0
"""An org without any run for so long is gone, and told of no more."""

OVERLAP_SECONDS = 15 * 60.0
"""So far back every reading begins: clocks of machines differ, and an end may be told late."""

MOST_ORGS = 2_000
"""So many orgs have figures of their own: what Prometheus keeps is bounded, whoever names orgs."""

COUNTED = ("read", "published", "actions", "not_done", "requests", "rate_limited", "waiting_ms")
"""The figures that are summed for each org."""


@dataclass(slots=True)
class OrgTally:
    """One org: its name as it was told last, its figures of this month, and its last good audit, 0 for none.

    `is_watched`: a deployment has audited it; one that was audited from a terminal alone is nobody's duty.
    """

    name: str
    named: float
    figures: Counter[str] = field(default_factory=Counter)
    good_audit: float = 0.0
    last_end: float = 0.0
    is_watched: bool = False


class Tally:
    """Takes down runs that have ended, each end once."""

    def __init__(self) -> None:
        self.ends: Counter[tuple[str, str]] = Counter()
        self.last_ends: dict[tuple[str, str], float] = {}
        self.orgs: dict[str, OrgTally] = {}
        self.left_out = 0
        self._month = 0.0
        self._seen: dict[tuple[str, float], None] = {}
        self._read_until: float | None = None

    def since(self, now: float) -> float:
        """Return from when on ended runs have to be read next."""
        return now - KEPT_SECONDS if self._read_until is None else self._read_until - OVERLAP_SECONDS

    def add(self, ended: Iterable[EndedRun], now: float) -> None:
        """Take down what was read at a time; what was taken down before is left out."""
        self._begin_month(_month_of(now))
        for run in sorted(ended, key=lambda run: run.ended):
            if (run.id, run.ended) not in self._seen:
                self._seen[run.id, run.ended] = None
                self._take(run)
        self._read_until = now
        self._forget(now)

    def _take(self, run: EndedRun) -> None:
        sort = (run.kind, run.end)
        is_counted = run.ended >= self._month
        self.ends[sort] += is_counted
        self.last_ends[sort] = max(run.ended, self.last_ends.get(sort, 0.0))
        if run.figures is None or (org := self._org(run.figures, run.ended)) is None:
            return
        if is_counted:
            org.figures.update({name: getattr(run.figures, name) for name in COUNTED})
        org.last_end = max(run.ended, org.last_end)
        if run.kind == "audit":
            org.is_watched = org.is_watched or run.is_deployed
            if run.end == "Completed":
                org.good_audit = max(run.ended, org.good_audit)

    def _org(self, figures: RunFigures, ended: float) -> OrgTally | None:
        """Return the org of a run, under the name that it has now; None where there are too many."""
        org = self.orgs.get(figures.org_id)
        if org is None:
            if len(self.orgs) >= MOST_ORGS:
                self.left_out += 1
                return None
            org = self.orgs[figures.org_id] = OrgTally(figures.org, ended)
        if ended >= org.named:
            org.name, org.named = figures.org, ended
        return org

    def _begin_month(self, month: float) -> None:
        if month == self._month:
            return
        self._month = month
        self.ends = Counter(dict.fromkeys(self.ends, 0))
        for org in self.orgs.values():
            org.figures = Counter(dict.fromkeys(org.figures, 0))

    def _forget(self, now: float) -> None:
        self._seen = {key: None for key in self._seen if key[1] >= now - 2 * OVERLAP_SECONDS}
        self.orgs = {key: org for key, org in self.orgs.items() if org.last_end >= now - KEPT_SECONDS}


def _month_of(now: float) -> float:
    return datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
