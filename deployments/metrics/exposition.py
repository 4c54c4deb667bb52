"""The metrics by name: what Prometheus reads. docs/monitoring.md has the same names, with what to make of them."""

from collections.abc import Iterator
from itertools import product

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from deployments.metrics.server import ENDS, KINDS, Moment, WaitingPlan
from deployments.metrics.tally import OrgTally, Tally

_SO_FAR = "since the beginning of the month (UTC)"
_OF_AN_ORG = {
    "architect_flows_read": ("read", 1, f"Architect flows that runs read {_SO_FAR}"),
    "architect_flows_published": ("published", 1, f"Architect flows that runs published {_SO_FAR}"),
    "action_limits_published": ("actions", 1, f"Limits of actions that runs published {_SO_FAR}"),
    "targets_not_done": ("not_done", 1, f"Architect flows and actions whose change failed or is unknown, {_SO_FAR}"),
    "platform_requests": ("requests", 1, f"Requests of runs to the platform {_SO_FAR}"),
    "platform_rate_limited": ("rate_limited", 1, f"Answers 429 of the platform {_SO_FAR}"),
    "platform_waiting_seconds": ("waiting_ms", 1000, f"How long the platform made runs wait {_SO_FAR}"),
}
_ORG = ("org_id", "org")
_NAMELESS = ("", "")
"""A plan whose run could not leave its figures on the server is of an org that is not known."""


def families(tally: Tally, moment: Moment | None, *, read_at: float, took: float) -> list[Metric]:
    """Return all metrics. `moment`: None where the server does not answer, and what is there now is not known.

    What has ended stays true and is told all the same. `read_at`: when the server answered last (seconds since 1970, 0
    for never); `took`: how long that reading took.
    """
    return [
        _gauge("up", "Whether the Prefect server answered the last reading", float(moment is not None)),
        _gauge("read_timestamp_seconds", "When the Prefect server was read last, 0 for never", read_at),
        _gauge("reading_seconds", "How long the last reading of the Prefect server took", took),
        *(_of_runs(tally) if read_at else ()),
        *(_of_orgs(tally) if read_at else ()),
        *(() if moment is None else _of_the_moment(moment)),
    ]


def _of_runs(tally: Tally) -> Iterator[Metric]:
    ended = CounterMetricFamily(_named("runs_ended"), f"Runs that ended {_SO_FAR}", labels=("kind", "end"))
    last = GaugeMetricFamily(
        _named("last_end_timestamp_seconds"),
        "When a run of this kind last ended so, in 35 days",
        labels=("kind", "end"),
    )
    for sort in sorted({*product(KINDS.values(), ENDS), *tally.ends}):
        ended.add_metric(sort, tally.ends[sort])  # 0 as well: `increase` misses a counter's first appearance
        if sort in tally.last_ends:
            last.add_metric(sort, tally.last_ends[sort])
    yield ended
    yield last


def _of_orgs(tally: Tally) -> Iterator[Metric]:
    orgs = sorted(tally.orgs.items())
    for name, (figure, unit, text) in _OF_AN_ORG.items():
        counter = CounterMetricFamily(_named(name), text, labels=_ORG)
        for org_id, org in orgs:
            counter.add_metric((org_id, org.name), org.figures[figure] / unit)
        yield counter
    yield _audits(orgs)
    yield _gauge("runs_left_out", "Runs in more orgs than have metrics of their own", tally.left_out)


def _audits(orgs: list[tuple[str, OrgTally]]) -> Metric:
    audits = GaugeMetricFamily(
        _named("last_good_audit_timestamp_seconds"),
        "When an audit of an org that a deployment audits last ended as Completed, 0 for not in 35 days",
        labels=_ORG,
    )
    for org_id, org in orgs:
        if org.is_watched:
            audits.add_metric((org_id, org.name), org.good_audit)
    return audits


def _of_the_moment(moment: Moment) -> Iterator[Metric]:
    runs = GaugeMetricFamily(_named("runs"), "Runs that are in this state now", labels=("state",))
    for state, found in moment.runs.items():
        runs.add_metric((state,), found)
    yield runs
    if moment.late_since is not None:
        yield _gauge("late_since_timestamp_seconds", "When the oldest late run should have begun", moment.late_since)
    yield from _of_plans(moment)
    if moment.workers is not None:
        workers = GaugeMetricFamily(_named("workers"), "Workers of the work pool", labels=("status",))
        for status, found in moment.workers.items():
            workers.add_metric((status,), found)
        yield workers
        yield _gauge("work_pool_paused", "Whether the work pool is paused", float(bool(moment.is_paused)))


def _of_plans(moment: Moment) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(_named("plans_waiting"), "Plans that wait for an approval", labels=_ORG)
    since = GaugeMetricFamily(
        _named("plan_waiting_since_timestamp_seconds"), "When the run began whose plan waits longest", labels=_ORG
    )
    by_org: dict[tuple[str, str], list[float]] = {}
    for plan in moment.plans:
        by_org.setdefault(_org_of(plan), []).append(plan.since)
    for org, began in sorted(by_org.items()):
        waiting.add_metric(org, len(began))
        since.add_metric(org, min(began))
    yield waiting
    yield since


def _org_of(plan: WaitingPlan) -> tuple[str, str]:
    return _NAMELESS if plan.figures is None else (plan.figures.org_id, plan.figures.org)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(_named(name), text, value=value)


def _named(name: str) -> str:
    return f"genesys_timeouts_{name}"
