"""A report of a run on both levers with figures: what the terminal and the page show of actions."""

from dataclasses import replace

from genesys import RequestCounts
from reports.report import Report, Run, first_report
from tests.timeouts.org_of_actions import (
    ACTION_OUTCOMES,
    EVIDENCE,
    INVENTORY,
    OUTCOMES,
    plan,
)
from timeouts.model.evidence import Evidence

NOTES = ("The functions behind Score [v2] could not be read, so they count with 15s at most: 403",)


def report(kind: str, mode: str, evidence: Evidence = EVIDENCE) -> Report:
    """The report of an audit, a dry run or an applied run."""
    inventory = replace(INVENTORY, notes=NOTES, evidence=evidence)
    run = Run.model_validate({"id": "run-1", "name": "brave-otter", "kind": kind, "mode": mode})
    requests = RequestCounts(requests={"GET /api/v2/flows": 12})
    made = first_report(run, inventory, None if kind == "audit" else plan(), requests)
    if mode != "apply":
        return made
    return made.model_copy(update={"outcomes": (*OUTCOMES, *ACTION_OUTCOMES)})
