"""Reports of runs that were never made: of an org as it was read, a plan, and what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reports.report import Report, Run, first_report
from timeouts.inventory import Inventory
from timeouts.model.request_figures import RequestCounts
from timeouts.planning.outcomes import Outcome
from timeouts.planning.plan import Plan


def made(
    inventory: Inventory,
    plan: Plan | None = None,
    outcomes: Sequence[Outcome] | None = None,
    **changed: Any,
) -> Report:
    """The report of an audit, of a dry run where there is a plan, of an applied run where there are outcomes."""
    kind, mode = ("audit", "read only") if plan is None else ("raise", "dry run" if outcomes is None else "apply")
    run = Run.model_validate({"id": "run-1", "name": "bold-owl", "kind": kind, "mode": mode})
    default_ms = inventory.suggested_default_ms if plan is None else plan.policy.suggested_default
    report = first_report(
        run, replace(inventory, suggested_default_ms=default_ms), plan, RequestCounts(requests={"GET /x": 1})
    )
    return report.model_copy(update={"outcomes": tuple(outcomes or ()), **changed})
