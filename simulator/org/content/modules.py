"""Common modules in a configuration: which ones it calls, their snapshots, and the steps that its manifest names.

Source: docs/platform.md#common-modules.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from simulator.org.content.validation import Node, nodes, objects

SNAPSHOTS = "commonModules"
CALL = "CallCommonModuleAction"
_RESOURCES = {"DataAction": "dataAction", "SecureAction": "secureAction", "BridgeServerAction": "bridgeServerAction"}


class _Use(NamedTuple):
    """A node that calls outside code, as a manifest names it; `kind` is the manifest's key."""

    kind: str
    resource_id: str
    resource: str
    node_id: str
    node: str


def called_modules(document: Node) -> dict[str, list[str]]:
    """Return the nodes that call modules, by id of the module, in the order of the document."""
    found: dict[str, list[str]] = {}
    for node in nodes(document):
        module = node.get("commonModule")
        if node.get("__type") == CALL and isinstance(module, dict) and isinstance(module.get("id"), str):
            found.setdefault(module["id"], []).append(str(node.get("id")))
    return found


def snapshots_in(document: Node) -> Iterator[Node]:
    """Return all snapshots that a configuration carries, those inside of others after these."""
    for entry in objects(document.get(SNAPSHOTS)):
        yield entry
        yield from snapshots_in(model_of(entry))


def model_of(entry: Node) -> Node:
    """Return the module's configuration in a snapshot; an empty one where it is not there."""
    model = entry.get("model")
    return model if isinstance(model, dict) else {}


def snapshot(module_id: str, name: str, label: str, document: Node, *, nested: bool) -> Node:
    """Make the snapshot of a module's published version; `nested`: the snapshots that it carries go along."""
    left_out = {"manifest"} if nested else {"manifest", SNAPSHOTS}
    model = {key: value for key, value in document.items() if key not in left_out}
    return {"name": name, "id": module_id, "version": label, "actionReferences": [], "model": model}


def referenced(document: Node, entries: Sequence[Node]) -> list[Node]:
    """Return snapshots that name the nodes that call them; the names stay where no node is known to call."""
    calling: dict[str, list[str]] = {}
    for one in [document, *map(model_of, entries)]:
        for module_id, node_ids in called_modules(one).items():
            calling.setdefault(module_id, []).extend(node_ids)
    return [
        {**entry, "actionReferences": calling[entry["id"]]} if entry["id"] in calling else entry for entry in entries
    ]


def embedded(document: Node, entries: Sequence[Node]) -> Node:
    """Return a configuration with these snapshots, its manifest naming their steps beside its own."""
    members = {SNAPSHOTS: list(entries)}
    if (manifest := manifest_with(document, (), entries)) is not None:
        members["manifest"] = manifest
    return {**document, **members}


def manifest_with(document: Node, old: Iterable[Node], new: Iterable[Node]) -> Any:
    """Return the manifest with the uses of new snapshots instead of those of old ones; None where there is none."""
    manifest = document.get("manifest")
    if not isinstance(manifest, dict):
        return None
    own = {str(node.get("id")) for node in nodes(document)}
    gone = {use.node_id for use in _uses(old)} - own
    uses = _uses(new)
    changed = {kind: _entries(manifest, kind, gone, uses) for kind in _RESOURCES.values()}
    kept = {key: value for key, value in manifest.items() if changed.get(key, True)}
    return {**kept, **{kind: entries for kind, entries in changed.items() if entries}}


def same_uses(old: Iterable[Node], new: Iterable[Node]) -> bool:
    """Tell whether a manifest names the same for these snapshots and for those."""
    return _uses(old) == _uses(new)


def _entries(manifest: Node, kind: str, gone: set[str], uses: Sequence[_Use]) -> list[Node]:
    entries: list[Node] = []
    for entry in objects(manifest.get(kind)):
        contexts = objects(entry.get("context"))
        left = [context for context in contexts if context.get("id") not in gone]
        if left or not contexts:
            entries.append({**entry, "context": left})
    by_id = {entry.get("id"): entry for entry in entries}
    for use in uses:
        if use.kind != kind:
            continue
        if use.resource_id not in by_id:
            by_id[use.resource_id] = {"name": use.resource, "id": use.resource_id, "context": []}
            entries.append(by_id[use.resource_id])
        context = {"actionName": use.resource, "id": use.node_id, "name": use.node}
        by_id[use.resource_id]["context"].append(context)
    return entries


def _uses(entries: Iterable[Node]) -> list[_Use]:
    """Return what the nodes of snapshots call, each node once however often its module is carried."""
    found: dict[str, _Use] = {}
    for entry in entries:
        model = model_of(entry)
        for node in nodes(model):
            if use := _use(node):
                found.setdefault(use.node_id, use)
        for use in _uses(objects(model.get(SNAPSHOTS))):
            found.setdefault(use.node_id, use)
    return list(found.values())


def _use(node: Node) -> _Use | None:
    kind = _RESOURCES.get(str(node.get("__type")))
    if kind is None:
        return None
    bridge = node.get("bridgeAction")
    named = bridge if isinstance(bridge, dict) else {"id": node.get("actionId"), "name": node.get("actionName")}
    texts = (named.get("id"), named.get("name"), node.get("id"), node.get("name"))
    return _Use(kind, *map(str, texts))
