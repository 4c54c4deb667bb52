"""The org's state as plain data: two of these, taken before and after, are compared whole."""

import base64
import copy
from collections.abc import Iterable
from typing import Any

from simulator.org.actions.content import ActionContent
from simulator.org.actions.records import ActionRecord, ActionRecords
from simulator.org.records import Records
from simulator.org.versions import Actor, ArchitectFlowRecord, SeededContent, Version


def state_of(
    records: Records, actions: ActionRecords, *, bodies: bool = False, only: Iterable[str] | None = None
) -> dict[str, Any]:
    """Return `{"architectFlows": {id: ...}, "actions": {id: ...}}`, without times and ids of calls.

    Each version has `seeded` (the label of a generated content that nobody changed, else None) and, where it is the
    live one, the newest or saved, the `sha256` of its bytes; with `bodies` those have `text` too, or `base64` where
    the bytes are not UTF-8. `only`: these Architect flows instead of all.
    """
    wanted = None if only is None else set(only)
    return {
        "architectFlows": {
            record.id: _architect_flow(record, bodies=bodies)
            for record in records
            if wanted is None or record.id in wanted
        },
        "actions": {record.id: _action(record) for record in actions},
    }


def _architect_flow(record: ArchitectFlowRecord, *, bodies: bool) -> dict[str, Any]:
    newest = record.committed[-1] if record.committed else None
    operation = record.operation
    return {
        "name": record.name,
        "description": record.description,
        "divisionId": record.division_id,
        "deleted": record.deleted,
        "active": record.active,
        "lock": _actor(record.lock),
        "published": record.published.id if record.published else None,
        "versions": [
            _version(version, current=version in (record.published, newest), bodies=bodies)
            for version in record.committed
        ],
        "saved": _version(record.saved, current=True, bodies=bodies) if record.saved else None,
        "operation": operation
        and {
            "action": operation.action,
            "status": operation.status,
            "complete": operation.complete,
            "by": _actor(operation.by),
        },
        "flowDataVersion": record.flow_data_version,
    }


def _version(version: Version, *, current: bool, bodies: bool) -> dict[str, Any]:
    content = version.content
    shown: dict[str, Any] = {
        "id": version.id if version.stage != "SAVE" else "saved",
        "type": version.stage,
        "by": _actor(version.by),
        "publications": version.publications,
        "seeded": content.label if isinstance(content, SeededContent) else None,
    }
    if current or shown["seeded"] is None:
        shown["sha256"] = content.sha256
    if current and bodies:
        shown.update(_body(content.body()))
    return shown


def _body(raw: bytes) -> dict[str, str]:
    try:
        return {"text": raw.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raw).decode()}


def _actor(actor: Actor | None) -> dict[str, str] | None:
    return None if actor is None else {"kind": actor.kind, "id": actor.id, "name": actor.name}


def _action(record: ActionRecord) -> dict[str, Any]:
    draft = record.draft
    return {
        "version": record.version,
        "deleted": record.deleted,
        **_content(record.content),
        "draft": draft and {"version": draft.version, "basedOn": draft.based_on, **_content(draft.content)},
    }


def _content(content: ActionContent) -> dict[str, Any]:
    return {
        "name": content.name,
        "category": content.category,
        "secure": content.secure,
        "config": copy.deepcopy(content.config),
        "contract": copy.deepcopy(content.contract),
        "requestTemplate": content.request_template,
        "successTemplate": content.success_template,
        "function": copy.deepcopy(content.function),
    }
