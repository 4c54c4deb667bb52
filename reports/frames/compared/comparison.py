"""What moved between two reports of the same org: drift, from what the documents of runs hold.

A report names an Architect flow where it has a step, and an action where its run looked at the whole org or a step
calls it. What one of the two did not look at is not compared.
"""

from collections import defaultdict
from collections.abc import Collection

from reports.report import Report, StepRecord
from timeouts.drift.comparing import drift_between
from timeouts.drift.drift import Drift
from timeouts.drift.snapshot import AuditStamp, SeenArchitectFlow, Snapshot
from timeouts.model.org import DataAction
from timeouts.model.steps import Step

_ONE_READER = 0
"""Both sides are what a report says; how a definition is read plays no part in it any more."""


class NotComparableError(ValueError):
    """Two reports that say nothing of what moved between them; the text says why."""


def drift_of_reports(before: Report, after: Report, began: str) -> Drift:
    """Return what moved. `began`: when the earlier run began, or where its report lies, in words.

    Where one of them looked at a part of the org only, that part is compared. Raises NotComparableError.
    """
    if before.org.id != after.org.id:
        raise NotComparableError(
            f"{before.run.name} is of the org {before.org.name} ({before.org.id}), {after.run.name} of "
            f"{after.org.name} ({after.org.id}): only two runs in one org can be compared"
        )
    chosen = _looked_at_by_both(before, after)
    if chosen is not None and not chosen:
        raise NotComparableError(
            f"{before.run.name} and {after.run.name} looked at no Architect flow in common: compare two audits"
        )
    drift = drift_between(
        _snapshot(before, began, chosen),
        _snapshot(after, "", chosen),
        suggested_default_ms=after.suggested_default_ms,
    )
    # One without a step is in no report: whether it is new or gone cannot be told, and its steps are told one by one.
    published = tuple(each for each in drift.architect_flows if each.move == "published")
    return drift.model_copy(update={"architect_flows": published})


def kept_of(report: Report) -> str:
    """Say what of a run its report holds: steps as it found them, whatever it published afterwards."""
    if report.run.kind == "audit":
        return "the audit"
    return f"{'before ' if report.may_have_written else ''}the {report.run.kind} run"


def _looked_at_by_both(before: Report, after: Report) -> Collection[str] | None:
    """Return the ids of the Architect flows to compare; None for all."""
    parts = [_names(report).keys() for report in (before, after) if not report.is_whole]
    return None if not parts else set.intersection(*map(set, parts))


def _names(report: Report) -> dict[str, str]:
    named = {step.architect_flow_id: step.architect_flow for step in report.steps}
    return named | {each.architect_flow_id: each.name for each in report.coverage.problems}


def _snapshot(report: Report, began: str, chosen: Collection[str] | None) -> Snapshot:
    steps: dict[str, list[StepRecord]] = defaultdict(list)
    for step in report.steps:
        steps[step.architect_flow_id].append(step)
    unread = {each.architect_flow_id: each for each in report.coverage.problems}
    seen = [
        SeenArchitectFlow(
            id=key,
            name=name,
            type=steps[key][0].type if steps[key] else "",
            version=steps[key][0].version if steps[key] else None,
            published_by=steps[key][0].published_by if steps[key] else "",
            is_known=key not in unread,
            why_unknown=unread[key].reason or unread[key].coverage.replace("_", " ") if key in unread else "",
            steps=tuple(map(_step, steps[key])),
        )
        for key, name in _names(report).items()
        if chosen is None or key in chosen
    ]
    return Snapshot(
        reader=_ONE_READER,
        org_key=report.org.key,
        stamp=AuditStamp(
            run_id=report.run.id,
            run_name=report.run.name,
            began_ms=report.run.began_ms or 0,
            began=began,
            what=kept_of(report),
        ),
        architect_flows=tuple(seen),
        actions=tuple(_actions(report).values()),
    )


def _step(record: StepRecord) -> Step:
    return Step(
        id=record.step_id,
        name=record.step,
        kind=record.kind,
        container=record.container,
        tracking_id=record.tracking_id,
        action_id=record.action_id,
        action_name=record.action,
        setting=record.setting,
        default_ms=record.default_ms,
    )


def _actions(report: Report) -> dict[str, DataAction]:
    """Return the actions with what ends their calls, whatever sets it: the report has resolved that."""
    called = {
        step.action_id: DataAction(id=step.action_id, name=step.action or step.action_id, limit_ms=step.action_limit_ms)
        for step in report.steps
        if step.action_id and step.is_limit_known
    }
    listed = {
        use.action_id: DataAction(
            id=use.action_id,
            name=use.name,
            limit_ms=use.limit_ms,
            unknown_limit="" if use.is_limit_known else "not understood",
        )
        for use in report.actions
    }
    return called | listed
