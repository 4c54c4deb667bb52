"""The calls of common modules in a definition, and the snapshots that come with them.

What is made here has random numbers of its own: the rest of the definition is the same with and without modules.
"""

import functools
from collections.abc import Callable, Sequence

from simulator.demo.definitions.builder import DefinitionBuilder
from simulator.demo.definitions.calls import Spot
from simulator.demo.definitions.nodes import module_node
from simulator.demo.json_values import Json
from simulator.demo.module_calls import ModuleCall, carried
from simulator.demo.vocabulary import NODE_NAMES
from simulator.org.content.modules import CALL, embedded, referenced, snapshot

_CACHED_MODULES = 64


def call_modules(builder: DefinitionBuilder, containers: Sequence[Json], calls: Sequence[ModuleCall]) -> None:
    """Let the nodes that call modules call these in turn; where there are none, they run a task instead."""
    places = [
        (container["actionList"], position)
        for container in containers
        for position, node in enumerate(container.get("actionList", []))
        if node["__type"] == CALL
    ]
    nodes = containers[0]["actionList"]
    for turn in range(len(places), len(calls)):
        places.append((nodes, len(nodes)))
        nodes.append(_additional(builder, turn))
    for turn, (among, position) in enumerate(places):
        node = among[position]
        if calls:
            profile = calls[turn % len(calls)].module.profile
            node["commonModule"] = {"id": profile.id, "name": profile.name}
        else:
            among[position] = _task_instead(node, containers)


def with_snapshots(document: Json, edition: int, calls: Sequence[ModuleCall]) -> Json:
    """Embed the snapshots of an edition."""
    if not calls:
        return document
    entries = [_snapshot(call, call.label(edition)) for call in carried(calls)]
    return embedded(document, referenced(document, entries))


def _snapshot(call: ModuleCall, label: str) -> Json:
    profile = call.module.profile
    return snapshot(profile.id, profile.name, label, _published(call.module.document, label), nested=False)


@functools.lru_cache(maxsize=_CACHED_MODULES)
def _published(make: Callable[[str], Json], label: str) -> Json:
    return make(label)


def _additional(builder: DefinitionBuilder, turn: int) -> Json:
    with builder.aside(f"modules/{turn}"):
        return module_node(builder, Spot(builder.guid(), builder.rng.choice(NODE_NAMES[CALL])))


def _task_instead(node: Json, containers: Sequence[Json]) -> Json:
    task = next((one for one in containers if one["__type"] == "Task"), containers[0])
    kept = {key: value for key, value in node.items() if key != "moduleType"}
    name = NODE_NAMES["TaskAction"][NODE_NAMES[CALL].index(node["name"])]
    return {"taskReference": task["id"], **kept, "name": name, "__type": "TaskAction"}
