"""Records as the API shows them: the SDK's field names, and only those.

Source: docs/platform.md#flow-fields, #versions, #operations.
"""

from typing import Any

from simulator.api.errors import detail
from simulator.org.clock import iso
from simulator.org.seeds import OrgSeed
from simulator.org.versions import Actor, ArchitectFlowRecord, Operation, Version
from simulator.org.world import World

_UNKNOWN_CLIENT = "00000000-0000-4000-8000-00000000c11e"


class Presenter:
    """Shows the org's records. Division names come from the seed, the rest from the record."""

    def __init__(self, seed: OrgSeed, world: World) -> None:
        self._divisions = {division.id: division.name for division in seed.divisions}
        self._world = world

    def architect_flow(self, record: ArchitectFlowRecord) -> dict[str, Any]:
        """Show a Flow."""
        shown: dict[str, Any] = {
            "id": record.id,
            "name": record.name,
            "division": self._division(record),
            "description": record.description,
            "type": record.seed.type.upper(),
            "active": record.published is not None and record.active,
            "system": record.seed.system,
            "deleted": record.deleted,
            "virtualAgentEnabled": False,
            "selfUri": f"/api/v2/flows/{record.id}",
        }
        for key, version in (
            ("publishedVersion", record.published),
            ("checkedInVersion", record.checked_in),
            ("savedVersion", record.saved),
        ):
            if version is not None:
                shown[key] = self.version(record, version)
        publisher = record.published.published_by if record.published else None
        if publisher is not None and publisher.kind == "person":
            shown["publishedBy"] = _user(publisher)
        if record.lock is not None:
            shown |= self._who(record.lock, "lockedUser", "lockedClient")
        if record.operation is not None:
            shown["currentOperation"] = self.operation(record.operation)
        return shown

    def version(self, record: ArchitectFlowRecord, version: Version) -> dict[str, Any]:
        """Show a FlowVersion: some of its dates are numbers and some are texts, as the SDK has it."""
        uri = f"/api/v2/flows/{record.id}/versions/{version.id}"
        shown: dict[str, Any] = {
            "id": version.id,
            "name": version.name,
            "configurationVersion": "1.0" if version.stage == "SAVE" else "2.0",
            "type": version.stage,
            "secure": record.seed.type.lower() == "securecall",
            "debug": False,
            "configurationUri": f"{uri}/configuration",
            "dateCreated": version.saved_ms,
            "dateSaved": version.saved_ms,
            "virtualAgentEnabled": False,
            "selfUri": uri,
        }
        shown |= self._who(version.by, "createdBy", "createdByClient")
        if version.stage != "SAVE":
            shown["commitVersion"] = version.id
        if version.checked_in_ms is not None:
            shown["dateCheckedIn"] = version.checked_in_ms
        if version.published_ms is not None:
            shown["datePublished"] = iso(version.published_ms)
        return shown

    def operation(self, operation: Operation) -> dict[str, Any]:
        """Show an Operation."""
        shown: dict[str, Any] = {
            "id": operation.id,
            "actionName": operation.action,
            "actionStatus": operation.status,
        }
        if operation.plan.says_complete:
            shown["complete"] = operation.complete
        shown |= self._who(operation.by, "user", "client")
        if operation.status == "FAILURE":
            shown |= {
                "errorCode": operation.plan.error_code,
                "errorMessage": operation.plan.error_message,
                "errorMessageParams": {},
                "errorDetails": [detail(*one) for one in operation.plan.error_details],
            }
        return shown

    def _division(self, record: ArchitectFlowRecord) -> dict[str, str]:
        division_id = record.division_id
        name = self._divisions.get(division_id, "")
        return {"id": division_id, "name": name, "selfUri": f"/api/v2/authorization/divisions/{division_id}"}

    def _who(self, actor: Actor, as_person: str, as_client: str) -> dict[str, Any]:
        """Show who did or holds something: a person and a client have keys of their own."""
        return {as_person: _user(actor)} if actor.kind == "person" else {as_client: self._client(actor)}

    def _client(self, client: Actor) -> dict[str, str]:
        shown = client.id if self._world.switches.locked_client_shows == "client_id" else _UNKNOWN_CLIENT
        return {"id": shown, "name": client.name, "selfUri": f"/api/v2/oauth/clients/{shown}"}


def _user(person: Actor) -> dict[str, str]:
    return {"id": person.id, "name": person.name, "selfUri": f"/api/v2/users/{person.id}"}
