"""A report of a run on both levers with figures: what the terminal and the page show of actions."""

from dataclasses import replace

from genesys import RequestCounts
from reports.report import Report
from tests.reports.made import made
from tests.timeouts.org_of_actions import ALL_OUTCOMES, EVIDENCE, INVENTORY, plan
from timeouts.model.evidence import Evidence

NOTES = ("The functions behind Score [v2] could not be read, so they count with 15s at most: 403",)


def report(mode: str, evidence: Evidence = EVIDENCE) -> Report:
    """The report of an audit, a dry run or an applied run."""
    return made(
        replace(INVENTORY, notes=NOTES, evidence=evidence),
        None if mode == "read only" else plan(),
        ALL_OUTCOMES if mode == "apply" else None,
        name="brave-otter",
        requests=RequestCounts(requests={"GET /api/v2/flows": 12}),
    )


REPORTS = {
    "actions_audit": report("read only"),
    "actions_dry_run": report("dry run"),
    "actions_applied": report("apply"),
}
