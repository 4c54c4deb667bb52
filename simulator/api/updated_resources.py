"""Dependency tracking: Architect flows whose resources have moved since their publish.

Source: docs/platform.md#what-a-republish-ships.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from simulator.api.calls import Answer, Call, json_answer
from simulator.api.listing import page
from simulator.org.org import Org
from simulator.org.versions import ArchitectFlowRecord, Version
from simulator.org.world import UserPrompt

_PROMPT = "USERPROMPT"


def list_updated_consumers(org: Org, call: Call) -> Answer:
    """GET updatedresourceconsumers: what is live with an older module, or with a prompt that was recorded anew."""
    types, asked = frozenset(call.texts("objectType")), frozenset(call.texts("consumedResourceType"))
    name = (call.text("name") or "").lower()
    assert call.client is not None, "the route needs a token"
    rows = []
    for record in org.records:
        if record.published is None or record.deleted or not call.client.sees(record.division_id):
            continue
        if name not in record.name.lower() or (types and _type(record) not in types):
            continue
        for version in _versions(org, record, record.published):
            moved = [one for one in _moved(org, version) if not asked or one["type"] in asked]
            if moved:
                shown = {"consumedResources": moved} if call.flag("consumedResources") else {}
                rows.append({**_row(record, version), **shown})
    return json_answer(page(call, rows, dict))


def _versions(org: Org, record: ArchitectFlowRecord, published: Version) -> Sequence[Version]:
    return record.committed if org.world.switches.updated_consumers == "each_version" else (published,)


def _moved(org: Org, version: Version) -> Iterator[dict[str, Any]]:
    for module_id, label in version.content.modules.items():
        module = org.records.get(module_id)
        if module is not None and module.published is not None and module.published.id != label and not module.deleted:
            yield _module(module, module.published)
    yield from (_prompt(one) for one in _prompts(org.world.prompts.values(), version))


def _prompts(prompts: Iterable[UserPrompt], version: Version) -> Iterator[UserPrompt]:
    """Return the prompts that a version uses and that moved after its publish; they are found without parsing."""
    later = [one for one in prompts if one.recorded_ms > (version.published_ms or 0)]
    body = version.content.body() if later else b""
    return (one for one in later if f'"{one.id}"'.encode() in body)


def _module(record: ArchitectFlowRecord, version: Version) -> dict[str, Any]:
    return {**_row(record, version), "updated": True}


def _prompt(prompt: UserPrompt) -> dict[str, Any]:
    states = {"deleted": False, "updated": True, "stateUnknown": False}
    return {"id": prompt.id, "name": prompt.name, "type": _PROMPT, **states}


def _type(record: ArchitectFlowRecord) -> str:
    """Name an Architect flow's type as dependency tracking does: INBOUNDCALLFLOW, but WORKFLOW."""
    kind = record.seed.type.upper()
    return kind if kind.endswith("FLOW") else f"{kind}FLOW"


def _row(record: ArchitectFlowRecord, version: Version) -> dict[str, Any]:
    """Show one version of an Architect flow as dependency tracking does."""
    return {
        "id": record.id,
        "name": record.name,
        "version": version.id,
        "type": _type(record),
        "deleted": False,
        "updated": version is not record.committed[-1],
        "stateUnknown": False,
    }
