"""Prefect events of our own: what automations and people's own systems can listen to."""

from collections.abc import Mapping
from typing import Any, Literal

from prefect import runtime
from prefect.events import emit_event

from reports.report import Report
from timeouts.model.org import Organization
from timeouts.planning.outcomes import counts_of, of_kind
from timeouts.text.outlets import inert, inert_payload

EventName = Literal["audit-incomplete", "drift-found", "approval-asked", "approval-decided", "changes-applied"]
"""What can happen, as the part of an event's name after `genesys-timeouts.`."""


def emit(name: EventName, organization: Organization, payload: Mapping[str, Any]) -> None:
    """Emit the event `genesys-timeouts.<name>` for an org, related to the current Prefect flow run.

    `payload` is plain JSON and holds figures and names, never a secret or a definition. What is made of an event, such
    as a message to a chat, is not ours: so all names go in as words that mention nobody and link to nothing. An event
    is told for people to look at: where the Prefect server cannot take it, the run goes on.
    """
    emit_event(
        event=f"genesys-timeouts.{name}",
        resource={
            "prefect.resource.id": f"genesys-timeouts.org.{organization.id}",
            "prefect.resource.name": inert(organization.name),
            "prefect.resource.role": "genesys-cloud-org",
        },
        payload=inert_payload({"run": str(runtime.flow_run.id), "organization": organization.name, **payload}),
    )


def emit_changes(report: Report) -> None:
    """Emit changes-applied where a run changed the org, or may have: something is published or unknown.

    The payload: `kind` and `mode` of the run, `plan` (its checksum), and for `architect_flows` and for `actions` how
    many are published, unchanged, skipped, failed and unknown.
    """
    is_changed = any(outcome.may_be_live for outcome in report.outcomes)
    if report.plan is None or not is_changed:
        return
    emit(
        "changes-applied",
        report.org,
        {
            "kind": report.run.kind,
            "mode": report.run.mode,
            "plan": report.plan.checksum,
            "architect_flows": counts_of(of_kind(report.outcomes, "architect_flow")),
            "actions": counts_of(of_kind(report.outcomes, "action")),
        },
    )
