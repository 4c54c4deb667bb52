"""Reports of runs that were never made: of an org as it was read, a plan, and what became of it."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console

from reports.report import Report, Run, first_report
from reports.terminal.show import show
from reports.terminal.view import USUAL, View
from timeouts.as_code.as_code import AsCode
from timeouts.inventory import Inventory
from timeouts.model.request_figures import RequestCounts
from timeouts.planning.outcomes import Outcome
from timeouts.planning.plan import Plan

ONE_REQUEST = RequestCounts(requests={"GET /x": 1})


def made(
    inventory: Inventory,
    plan: Plan | None = None,
    outcomes: Sequence[Outcome] | None = None,
    *,
    name: str = "bold-owl",
    requests: RequestCounts = ONE_REQUEST,
    as_code: AsCode | None = None,
    **changed: Any,
) -> Report:
    """The report of an audit, of a dry run where there is a plan, of an applied run where there are outcomes."""
    kind, mode = ("audit", "read only") if plan is None else ("raise", "dry run" if outcomes is None else "apply")
    began = {"began_ms": 1_764_400_000_000, "began": "2025-11-29 07:06 UTC"}
    run = Run.model_validate({"id": "run-1", "name": name, "kind": kind, "mode": mode, **began})
    default_ms = inventory.suggested_default_ms if plan is None else plan.policy.suggested_default
    report = first_report(run, replace(inventory, suggested_default_ms=default_ms), plan, requests, as_code=as_code)
    return report.model_copy(update={"outcomes": tuple(outcomes or ()), **changed})


def printed(report: Report, width: int = 100, *, where: str = "", colours: bool = False, view: View = USUAL) -> str:
    """What the terminal shows of a run at that width."""
    file = io.StringIO()
    show(Console(file=file, width=width, color_system="standard" if colours else None), report, where, view)
    return file.getvalue()
