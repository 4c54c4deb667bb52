"""Prefect events of our own: what automations and people's own systems can listen to."""

from collections.abc import Mapping
from typing import Any, Literal

from prefect import runtime
from prefect.events import emit_event

from timeouts.org import Organization

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
