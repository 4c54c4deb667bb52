"""Prefect events of our own: what automations and people's own systems can listen to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from prefect import runtime
from prefect.events import emit_event

from reports.report import Report
from timeouts.action_outcomes import ActionOutcome
from timeouts.org import Organization
from timeouts.outcomes import Outcome

Happening = Literal["audit-incomplete", "drift-found", "approval-asked", "approval-decided", "changes-applied"]
"""What can happen, as the part of an event's name after `genesys-timeouts.`."""


def tell(happening: Happening, organization: Organization, payload: Mapping[str, Any]) -> None:
    """Emit the event `genesys-timeouts.<happening>` for an org, related to the current Prefect flow run.

    `payload` is plain JSON and holds figures and names, never a secret or a definition. An event is told for people
    to look at: where the Prefect server cannot take it, the run goes on.
    """
    emit_event(
        event=f"genesys-timeouts.{happening}",
        resource={
            "prefect.resource.id": f"genesys-timeouts.org.{organization.id}",
            "prefect.resource.name": organization.name,
            "prefect.resource.role": "genesys-cloud-org",
        },
        payload={"run": str(runtime.flow_run.id), "organization": organization.name, **payload},
    )


def tell_of_changes(report: Report) -> None:
    """Emit changes-applied where a run changed the org, or may have: something is published or unknown.

    The payload: `kind` and `mode` of the run, `plan` (its checksum), and for `architect_flows` and for `actions` how
    many are published, unchanged, skipped, failed and unknown.
    """
    is_changed = any(outcome.may_be_live for outcome in (*report.outcomes, *report.action_outcomes))
    if report.plan is None or not is_changed:
        return
    tell(
        "changes-applied",
        report.org,
        {
            "kind": report.run.kind,
            "mode": report.run.mode,
            "plan": report.plan.checksum,
            "architect_flows": _counted(report.outcomes),
            "actions": _counted(report.action_outcomes),
        },
    )


def _counted(outcomes: Sequence[Outcome | ActionOutcome]) -> dict[str, int]:
    """How many there are of every kind, those that there are none of included: a condition may go by any."""
    counts = Counter(outcome.outcome for outcome in outcomes)
    return {kind: counts[kind] for kind in ("published", "unchanged", "skipped", "failed", "unknown")}
