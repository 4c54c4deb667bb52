"""The tables of actions as pandas frames: who uses them, what the figures say, whom a change affects, what it costs."""

import typing
from collections.abc import Iterable, Sequence

from timeouts.action_use import ActionUse
from timeouts.concurrency import Load
from timeouts.evidence import ActionEvidence, Evidence, ended_at, percentile_in_words
from timeouts.outcomes import Outcome
from timeouts.plan import Plan
from timeouts.tables import Addresses, frame, linked_frame
from timeouts.wording import UNKNOWN, duration_or

if typing.TYPE_CHECKING:
    import pandas as pd

ACTION_COLUMNS = (
    *("action", "category", "kind", "limit", "a call takes", "steps", "Architect flows", "after"),
    *("calls", "lost", "lost share", "at the limit", "mean", "p95", "p99", "longest", "note"),
)
AFFECTED_COLUMNS = (
    *("action", "limit before", "limit after", "Architect flow", "container", "step", "tracking id"),
    *("effective before", "effective after", "asked for"),
)
ACTION_OUTCOME_COLUMNS = (
    *("action", "outcome", "reason", "limit before", "limit after", "version before", "version after", "notes"),
)
LOAD_COLUMNS = (
    "action",
    "calls in the busiest hour",
    "at once now",
    "worst case now",
    "worst case after",
    "the org's limit",
)

NO_LIMIT = "none"
_WORDS = {"static": "static", "custom_auth": "authentication", "function": "function", "custom": "custom"}


def actions_table(
    uses: Sequence[ActionUse], evidence: Evidence | None = None, plan: Plan | None = None
) -> "pd.DataFrame":
    """Make the table of all actions, `ACTION_COLUMNS`: by the calls lost where there are figures, else by name."""
    after = {} if plan is None else {change.action_id: change.after_ms for change in plan.action_changes}
    found = {} if evidence is None else {each.action_id: each for each in evidence.actions}
    ranked = sorted(uses, key=lambda use: -(found[use.action_id].lost if use.action_id in found else 0))
    rows = [
        {
            "action": use.name,
            "category": use.category,
            "kind": _WORDS[use.kind],
            "limit": duration_or(NO_LIMIT, use.limit_ms),
            "a call takes": duration_or(UNKNOWN, use.waits_ms),
            "steps": use.steps,
            "Architect flows": use.architect_flows,
            "after": duration_or(NO_LIMIT, after[use.action_id]) if use.action_id in after else "",
            **_figures(found.get(use.action_id), use),
            "note": use.note,
        }
        for use in ranked
    ]
    return frame(rows, ACTION_COLUMNS)


def _figures(found: ActionEvidence | None, use: ActionUse) -> dict[str, typing.Any]:
    if found is None:
        texts = dict.fromkeys(("lost share", "mean", "p95", "p99", "longest"), "")
        return {"calls": None, "lost": None, "at the limit": None, **texts}
    return {
        "calls": found.calls,
        "lost": found.lost,
        "lost share": f"{found.failed_share:.1%}",
        "at the limit": ended_at(found, use.waits_ms),
        "mean": duration_or("", found.mean_ms),
        "p95": percentile_in_words(found, 95, use.waits_ms),
        "p99": percentile_in_words(found, 99, use.waits_ms),
        "longest": duration_or("", found.max_ms),
    }


def affected_table(plan: Plan, addresses: Addresses | None = None) -> "pd.DataFrame":
    """Make the before/after table of action limits, `AFFECTED_COLUMNS`: one row for each step that one affects."""
    rows = [
        (
            step.architect_flow_id,
            {
                "action": change.name,
                "limit before": duration_or(NO_LIMIT, change.before_ms),
                "limit after": duration_or(NO_LIMIT, change.after_ms),
                "Architect flow": step.architect_flow_name,
                "container": step.container,
                "step": step.step_name,
                "tracking id": step.tracking_id,
                "effective before": duration_or(UNKNOWN, step.before_effective_ms),
                "effective after": duration_or(UNKNOWN, step.after_effective_ms),
                "asked for": "yes" if step.asked else "no, affected all the same",
            },
        )
        for change in plan.action_changes
        for step in change.affected_steps
    ]
    return linked_frame(rows, AFFECTED_COLUMNS, addresses)


def action_outcomes_table(outcomes: Iterable[Outcome]) -> "pd.DataFrame":
    """Make the table of what became of each action of a plan, `ACTION_OUTCOME_COLUMNS`, in the order given."""
    rows = [
        {
            "action": outcome.target.name,
            "outcome": outcome.outcome,
            "reason": outcome.reason,
            "limit before": duration_or(NO_LIMIT, outcome.limit_before_ms),
            "limit after": duration_or(NO_LIMIT, outcome.limit_after_ms) if outcome.is_done else "",
            "version before": outcome.version_before or "",
            "version after": outcome.version_after or "",
            "notes": "; ".join(outcome.notes),
        }
        for outcome in outcomes
    ]
    return frame(rows, ACTION_OUTCOME_COLUMNS)


def load_table(load: Load) -> "pd.DataFrame":
    """Make the table of what waiting costs, `LOAD_COLUMNS`: the totals first, next to the org's limits."""
    totals = [
        {
            "action": f"all {total.of}",
            "calls in the busiest hour": None,
            "at once now": f"{total.now:g}",
            "worst case now": f"{total.worst_now:g}",
            "worst case after": f"{total.worst_after:g}",
            "the org's limit": total.limit,
        }
        for total in load.totals
    ]
    each = [
        {
            "action": action.name,
            "calls in the busiest hour": action.calls_an_hour,
            "at once now": f"{action.now:g}",
            "worst case now": f"{action.worst_now:g}",
            "worst case after": f"{action.worst_after:g}",
            "the org's limit": None,
        }
        for action in load.actions
    ]
    return frame([*totals, *each], LOAD_COLUMNS)
