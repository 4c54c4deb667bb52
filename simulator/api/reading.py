"""The reading half of the Architect API: Architect flows, versions, configurations, the organization."""

from collections.abc import Mapping
from typing import Any

from simulator.api.calls import JSON, Answer, Call, json_answer
from simulator.api.errors import Refusal
from simulator.api.listing import asked_for, page
from simulator.org.content.documents import to_bytes, with_members
from simulator.org.content.embedding import shown
from simulator.org.content.validation import parsed
from simulator.org.org import Org
from simulator.org.publishing import observe
from simulator.org.versions import ArchitectFlowRecord, Version
from simulator.switches import Switches

_DRAFTS_LACK = ("versionMetaData", "flowMetaData")


def visible(org: Org, call: Call, architect_flow_id: str) -> ArchitectFlowRecord:
    """Find an Architect flow that the caller may see. Raises Refusal 404, 410, or 403 for a foreign division."""
    record = org.records.find(architect_flow_id, deleted=bool(call.flag("deleted")))
    if call.client is not None and not call.client.sees(record.division_id):
        raise Refusal(403, "not.authorized", "You are not authorized to access this flow.", entity_id=record.id)
    return record


def organization(org: Org, _call: Call) -> Answer:
    """GET organizations/me: needs a token and no permission."""
    return json_answer(
        {
            "id": org.seed.id,
            "name": org.seed.name,
            "domain": "simulator",
            "state": "active",
            "version": 1,
            "productPlatform": "GenesysCloud",
            "selfUri": f"/api/v2/organizations/{org.seed.id}",
        }
    )


def list_architect_flows(org: Org, call: Call) -> Answer:
    """GET flows."""
    found = asked_for(call, org.records)

    def shown(record: ArchitectFlowRecord) -> Mapping[str, Any]:
        observe(org.world, record)  # a listing shows an Operation as it stands, too
        return org.presenter.architect_flow(record)

    return json_answer(page(call, found, shown))


def get_architect_flow(org: Org, call: Call) -> Answer:
    """GET flows/{flowId}: the only way to follow an Operation, which gets on by being read."""
    record = visible(org, call, call.params["flowId"])
    observe(org.world, record)
    return json_answer(org.presenter.architect_flow(record))


def list_versions(org: Org, call: Call) -> Answer:
    """GET flows/{flowId}/versions, newest first."""
    record = visible(org, call, call.params["flowId"])
    saved = [record.saved] if record.saved is not None else []
    versions = [*saved, *reversed(record.committed)]
    return json_answer(page(call, versions, lambda version: org.presenter.version(record, version)))


def get_configuration(org: Org, call: Call) -> Answer:
    """GET flows/{flowId}/versions/{versionId}/configuration: the stored bytes."""
    record = visible(org, call, call.params["flowId"])
    return _configuration(org, _version(record, call.params["versionId"]))


def get_latest_configuration(org: Org, call: Call) -> Answer:
    """GET flows/{flowId}/latestconfiguration: saved, else checked in; it may be newer than what runs."""
    record = visible(org, call, call.params["flowId"])
    if record.latest is None:
        raise record.refusal(
            404, "flow.no.config.available", "There is no configuration available for the flow '{flowName}'."
        )
    return _configuration(org, record.latest)


def _configuration(org: Org, version: Version) -> Answer:
    body = shown(org.world.switches, version.content.body())
    return Answer(200, _as_draft(org.world.switches, body) if version.stage == "SAVE" else body, JSON)


def _as_draft(switches: Switches, body: bytes) -> bytes:
    document = None if switches.drafts_show == "same" else parsed(body)
    if document is None:
        return body
    if switches.drafts_show == "more_keys":
        return with_members(body, {"draftMetaData": None})
    return to_bytes({key: value for key, value in document.items() if key not in _DRAFTS_LACK})


def _version(record: ArchitectFlowRecord, version_id: str) -> Version:
    version = record.version(version_id)
    if version is None:
        raise record.refusal(
            404,
            "architect.flow.version.missing",
            "The flow '{flowName}' has no version '{version}'.",
            version=version_id,
        )
    return version
