"""Dependency tracking: who calls a data action (docs/platform.md#dependency-tracking)."""

from collections.abc import Iterator
from typing import Any

from simulator.api.calls import Answer, Call, json_answer
from simulator.api.errors import Refusal, bad_request
from simulator.api.listing import page
from simulator.org.clock import START_MS, iso
from simulator.org.org import Org
from simulator.org.versions import ArchitectFlowRecord, Version

_LAST_REBUILD_MS = START_MS - 400 * 86_400_000


def get_build(org: Org, _call: Call) -> Answer:
    """GET architect/dependencytracking/build: the last full rebuild may be long ago."""
    return json_answer(
        {
            "id": org.seed.id,
            "buildId": org.seed.id,
            "status": "OPERATIONAL",
            "dateStarted": iso(_LAST_REBUILD_MS),
            "dateCompleted": iso(_LAST_REBUILD_MS + 60_000),
            "failedObjects": [],
            "selfUri": "/api/v2/architect/dependencytracking/build",
        }
    )


def list_consuming(org: Org, call: Call) -> Answer:
    """GET consumingresources: one row for each *version* of an Architect flow that calls the action."""
    if _required(call, "objectType") != "DATAACTION":
        return json_answer(page(call, [], dict))
    action_id, asked = _required(call, "id"), _version(call)
    action = org.actions.find(action_id)
    if asked not in {str(action.version), f"{action.version}.0"}:
        return json_answer(page(call, [], dict))
    live_only = call.text("flowFilter") == "published"
    types = frozenset(call.texts("resourceType"))
    rows = [
        dependency_row(record, version)
        for record, version in _versions(org, live_only=live_only)
        if action_id in version.content.action_ids
    ]
    return json_answer(page(call, [row for row in rows if not types or row["type"] in types], dict))


def list_consumed(org: Org, call: Call) -> Answer:
    """GET consumedresources: the data actions that one version of an Architect flow calls."""
    object_type, record = _required(call, "objectType"), org.records.find(_required(call, "id"))
    version = record.version(_version(call))
    if version is None or object_type != dependency_type(record):
        raise _not_found()
    known = {action.id: action for action in org.actions}
    rows = [
        {
            "id": action_id,
            "name": known[action_id].name,
            "version": str(known[action_id].version),
            "type": "DATAACTION",
            "deleted": known[action_id].deleted,
            "updated": False,
            "stateUnknown": False,
        }
        for action_id in sorted(version.content.action_ids & known.keys())
    ]
    return json_answer(page(call, rows, dict))


def dependency_type(record: ArchitectFlowRecord) -> str:
    """Name an Architect flow's type as dependency tracking does: INBOUNDCALLFLOW, but WORKFLOW."""
    kind = record.seed.type.upper()
    return kind if kind.endswith("FLOW") else f"{kind}FLOW"


def _versions(org: Org, *, live_only: bool) -> Iterator[tuple[ArchitectFlowRecord, Version]]:
    for record in org.records:
        if record.deleted:
            continue
        for version in record.committed:
            if not live_only or version is record.published:
                yield record, version


def dependency_row(record: ArchitectFlowRecord, version: Version) -> dict[str, Any]:
    """Show one version of an Architect flow as dependency tracking does."""
    return {
        "id": record.id,
        "name": record.name,
        "version": version.id,
        "type": dependency_type(record),
        "deleted": False,
        "updated": version is not record.committed[-1],
        "stateUnknown": False,
    }


def _required(call: Call, name: str) -> str:
    value = call.text(name)
    if value is None:
        raise bad_request("{parameter} missing", parameter=name)
    return value


def _version(call: Call) -> str:
    value = _required(call, "version")
    if value.upper() == "LATEST":
        raise _not_found()
    return value


def _not_found() -> Refusal:
    return Refusal(404, "architect.dependency.object.not.found", "The object was not found.")
