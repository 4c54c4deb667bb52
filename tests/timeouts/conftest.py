"""Builders of definitions in the platform's shape, and of an org's other values.

Source: docs/platform.md#top-level-keys to #manifest-and-bytes.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from timeouts.inventory import Inventory
from timeouts.model.durations import format_platform_duration
from timeouts.model.org import ArchitectFlow, DataAction, Organization
from timeouts.model.settings import LiteralOrSuggested, LiteralTimeout, Suggested, TimeoutSetting
from timeouts.model.step_edits import ArchitectRawTimeout, ArchyRawTimeout, SetTimeout
from timeouts.model.steps import Reading, Snapshot, Step

Json = dict[str, Any]


def literal(timeout_ms: int) -> Json:
    """The expression of a literal timeout."""
    text = format_platform_duration(timeout_ms)
    return {
        "config": {"lit": {"pos": 1, "text": text, "type": "dur"}},
        "text": text,
        "type": "dur",
        "uiMetaData": {"mode": 1},
        "metaData": {},
        "version": 2,
    }


def unset() -> Json:
    """The expression of a timeout that says nothing."""
    config = {"emp": {"pos": 1, "text": "", "type": "dur"}}
    return {"config": config, "text": "", "type": "dur", "uiMetaData": {"mode": 3}, "metaData": {}, "version": 2}


def computed() -> Json:
    """The expression of a timeout that is computed at run time."""
    operands = [{"ref": {"pos": 14, "text": "Flow.patience", "type": "int"}}]
    config = {"MakeDuration": {"operands": operands, "pos": 1, "type": "dur"}}
    references = [{"id": "v1", "type": "int", "name": "Flow.patience"}]
    return {
        "config": config,
        "text": "MakeDuration(0, 0, 0, Flow.patience)",
        "type": "dur",
        "uiMetaData": {"mode": 0},
        "metaData": {"references": references},
        "version": 2,
    }


def node(number: int = 1, timeout: Any = None, *, suggested: bool = False, **changed: Any) -> Json:
    """A Call Data Action node with the keys and their order of a real one."""
    return {
        "actionName": "Look up customer",
        "actionId": "custom_-_crm",
        "category": {"id": "integration-1", "name": "CRM"},
        "useSuggestedTimeout": suggested,
        "nextAction": "node-end",
        "trackingId": number,
        "id": f"node-{number}",
        "name": f"Call CRM {number}",
        "uiMetaData": {"collapsed": True},
        "__type": "DataAction",
        "errorBindings": [],
        "inputs": [{"name": "phone", "value": {"text": 'Call.Ani + "\\"é"', "type": "str"}}],
        "outputs": [],
        "timeout": literal(3_000) if timeout is None else timeout,
        "paths": [{"outputId": "__SUCCESS__", "label": "Success"}, {"outputId": "__TIMEOUT__", "label": "Timeout"}],
    } | changed


def architect(*nodes: Json, menu: tuple[Json, ...] = (), manifest: bool = True, **changed: Any) -> Json:
    """An Architect configuration with one task, one menu and a manifest that names every step, copies included."""
    copies = copies_in(changed.get("commonModules") or ())
    steps = [step for step in (*nodes, *menu, *copies) if step.get("__type", "DataAction") == "DataAction"]
    entries = [
        {"name": step["actionName"], "id": step["actionId"], "context": [{"id": step["id"], "name": step["name"]}]}
        for step in steps
    ]
    named = {"manifest": {"language": [{"id": "en-us"}], "dataAction": entries}} if manifest else {}
    defaults = {"PlayAudioOnSilence": {"timeout": literal(40_000)}, "DataAction": {"processingPrompt": unset()}}
    return {
        "defaultLanguage": "en-us",
        "name": "Support Ünïcode 🙂\u2028",
        "type": "inboundcall",
        **named,
        "defaultSettings": defaults,
        "flowSequenceItemList": [
            {"id": "task-1", "name": "Greeting", "__type": "Task", "variables": [], "actionList": [*nodes]},
            {
                "id": "menu-1",
                "name": "Main menu",
                "__type": "Menu",
                "menuChoiceList": [{"action": one} for one in menu],
            },
        ],
        "variables": [],
    } | changed


def embedded(*nodes: Json, of: str = "module-1", version: str = "3.0", **changed: Any) -> Json:
    """An entry of `commonModules`: a module with its steps, as a caller carries it; `model` has no manifest."""
    model = architect(*nodes, manifest=False, name="Common login", type="commonmodule", **changed)
    return {"name": "Common login", "id": of, "version": version, "actionReferences": ["call-1"], "model": model}


def copies_in(modules: Iterable[Json]) -> list[Json]:
    """The nodes of embedded modules, and of modules that these embed."""
    found: list[Json] = []
    for module in modules:
        model = module.get("model") or {"flowSequenceItemList": []}
        found += [node for item in model["flowSequenceItemList"] for node in item.get("actionList", ())]
        found += copies_in(model.get("commonModules", ()))
    return found


def encoded(document: Any) -> bytes:
    """The compact bytes of a document, characters as they are."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def flow_data(*nodes: Json, **changed: Any) -> Json:
    """A flow object of the tutorial's contract."""
    return {"id": "f1", "name": "Support", "version": 7, "flowData": {"nodes": [*nodes]}} | changed


ORG = Organization(id="org-1", name="Example | Org")


def action(action_id: str = "custom_-_crm", limit_ms: int | None = None, **changed: Any) -> DataAction:
    """A listed integration action."""
    return DataAction(
        **{"id": action_id, "name": "Look up customer", "category": "CRM", "limit_ms": limit_ms} | changed
    )


def archy_timeout(setting: TimeoutSetting) -> ArchyRawTimeout | None:
    """What a file of Archy has written for a setting."""
    match setting:
        case LiteralTimeout(timeout_ms=timeout_ms) | LiteralOrSuggested(timeout_ms=timeout_ms):
            return ArchyRawTimeout(timeout=f"\n  lit:\n    milliseconds: {timeout_ms}")
        case Suggested():
            return ArchyRawTimeout(timeout=None)
        case _:
            return None


def raw_timeout(setting: TimeoutSetting) -> ArchitectRawTimeout | None:
    """What an Architect configuration has written for a setting."""
    match setting:
        case LiteralTimeout(timeout_ms=timeout_ms):
            return ArchitectRawTimeout(suggested=False, timeout=json.dumps(literal(timeout_ms)))
        case Suggested(stored_ms=stored_ms):
            stored = unset() if stored_ms is None else literal(stored_ms)
            return ArchitectRawTimeout(suggested=True, timeout=json.dumps(stored))
        case _:
            return None


def set_to(timeouts_ms: Mapping[str, int]) -> dict[str, SetTimeout]:
    """Edits that set steps, by id, to literals."""
    return {step_id: SetTimeout(timeout_ms=timeout_ms) for step_id, timeout_ms in timeouts_ms.items()}


def step(number: int, setting: TimeoutSetting, action_id: str = "custom_-_crm", **changed: Any) -> Step:
    """A step as it was read."""
    fields: dict[str, Any] = {"id": f"node-{number}", "name": f"Call CRM {number}", "tracking_id": number}
    fields |= {"container": "Greeting", "raw_timeout": raw_timeout(setting)}
    return Step(**{**fields, "action_id": action_id, "action_name": "Look up customer", "setting": setting} | changed)


def archy_step(number: int, setting: TimeoutSetting, action_id: str = "custom_-_crm", **changed: Any) -> Step:
    """A step as it was read in a file of Archy."""
    return step(number, setting, action_id, **({"raw_timeout": archy_timeout(setting)} | changed))


def listed(architect_flow_id: str = "af-1", name: str = "Support", **changed: Any) -> ArchitectFlow:
    """A listed Architect flow."""
    fields: Mapping[str, Any] = {"type": "INBOUNDCALL", "division_name": "Home", "published_version": "4.0"}
    return ArchitectFlow(**{"id": architect_flow_id, "name": name, **fields} | changed)


def inventory(
    architect_flows: Iterable[ArchitectFlow] = (),
    readings: Iterable[Reading] = (),
    actions: Iterable[DataAction] = (),
    **changed: Any,
) -> Inventory:
    """An org as it was read."""
    return Inventory(ORG, tuple(architect_flows), tuple(actions), tuple(readings), **changed)


def reading(*steps: Step, of: str = "af-1", **changed: Any) -> Reading:
    """A reading of an Architect flow."""
    fields = {"architect_flow_id": of, "version": "4.0", "coverage": "read", "fingerprint": "sha256:1"}
    return Reading(**{**fields, "steps": steps} | changed)


def copy_of(*steps: Step, of: str = "module-1", version: str = "3.0", **changed: Any) -> Snapshot:
    """A common module as it was read of a caller."""
    return Snapshot(**{"module_id": of, "name": "Common login", "version": version, "steps": steps} | changed)
