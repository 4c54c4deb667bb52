"""The contract of the founding tutorial: Architect flows that carry `flowData` and are written with one PUT.

No versions, no configurations, no Operations (docs/platform.md#tutorial; docs/design.md#kinds-of-definition).
"""

import json
from typing import Any

from simulator.api.calls import Answer, Call, json_answer
from simulator.api.errors import Refusal, detail
from simulator.api.listing import asked_for, page
from simulator.api.reading import visible
from simulator.org.content.documents import to_bytes
from simulator.org.editing import locked
from simulator.org.org import Org
from simulator.org.versions import ArchitectFlowRecord, SavedContent, Version

_REFERENCE_ENDS = ("NodeId", "nodeId")


def list_architect_flows(org: Org, call: Call) -> Answer:
    """GET flows: entries without `flowData` and without versions."""
    return json_answer(page(call, asked_for(call, org.records), lambda record: _entry(org, record)))


def get_architect_flow(org: Org, call: Call) -> Answer:
    """GET flows/{flowId}: with `flowData`."""
    return json_answer(_whole(org, visible(org, call, call.params["flowId"])))


def put_architect_flow(org: Org, call: Call) -> Answer:
    """PUT flows/{flowId}: replaces `flowData`; the body is the whole object or only `{"flowData": ...}`.

    Raises Refusal 400 for a broken reference, naming the node, and 409 for a lock, naming its holder.
    """
    record = visible(org, call, call.params["flowId"])
    if record.lock is not None and record.lock != call.actor:
        raise locked(record)
    flow_data = call.document().get("flowData")
    _check(record, flow_data)
    body = to_bytes(flow_data)
    now = org.world.clock.now_ms()
    label = record.next_label()
    version = Version(
        label, label, SavedContent(body), call.actor, "PUBLISH", now, now, now, call.actor, publications=1
    )
    record.committed.append(version)
    record.published = version
    record.saved = None
    record.flow_data_version += 1
    record.touch()
    return json_answer(_whole(org, record))


def absent(_org: Org, call: Call) -> Answer:
    """Versions, configurations and the editing cycle do not exist in this contract: 404."""
    raise Refusal(404, "not.found", "There is no {path} here.", params={"path": call.path})


def _entry(org: Org, record: ArchitectFlowRecord) -> dict[str, Any]:
    shown = org.presenter.architect_flow(record)
    for key in ("publishedVersion", "checkedInVersion", "savedVersion", "publishedBy", "currentOperation"):
        shown.pop(key, None)
    return shown


def _whole(org: Org, record: ArchitectFlowRecord) -> dict[str, Any]:
    flow_data: Any = {"nodes": []}
    if record.latest is not None:
        flow_data = json.loads(record.latest.content.body())
        if isinstance(flow_data, dict) and "flowData" in flow_data:
            flow_data = flow_data["flowData"]
    return {**_entry(org, record), "version": record.flow_data_version, "flowData": flow_data}


def _check(record: ArchitectFlowRecord, flow_data: Any) -> None:
    nodes = flow_data.get("nodes") if isinstance(flow_data, dict) else None
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise Refusal(400, "invalid.flow.definition", "flowData must hold a list of nodes.", entity_id=record.id)
    ids = [node.get("id") for node in nodes]
    for node in nodes:
        name = str(node.get("name") or node.get("id") or "")
        if not isinstance(node.get("id"), str) or ids.count(node["id"]) > 1:
            raise _invalid(record, node, "id", f"The node '{name}' has no id of its own.")
        for key, target in node.items():
            if key.endswith(_REFERENCE_ENDS) and target not in (None, "", *ids):
                raise _invalid(
                    record, node, key, f"The node '{name}' refers with {key} to '{target}', which does not exist."
                )


def _invalid(record: ArchitectFlowRecord, node: dict[str, Any], field: str, message: str) -> Refusal:
    found = detail("invalid.node", field, str(node.get("id", "")), str(node.get("name", "")))
    return Refusal(400, "invalid.flow.definition", message, entity_id=record.id, details=[found])
