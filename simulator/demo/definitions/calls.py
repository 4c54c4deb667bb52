"""The nodes that call outside code: Call Data Action steps, and what looks like them.

Source: docs/platform.md#step-node, #timeout-field.
"""

import random
from dataclasses import dataclass

from simulator.demo.actions import DemoAction
from simulator.demo.definitions.builder import DefinitionBuilder
from simulator.demo.definitions.expressions import (
    duration,
    duration_text,
    literal,
    out_of_service,
    reference,
    seconds_of,
    target,
    unset,
)
from simulator.demo.ids import shared_id
from simulator.demo.json_values import Json
from simulator.demo.steps import StepPlan

_OUTCOMES = (("__SUCCESS__", "Success"), ("__FAILURE__", "Failure"), ("__TIMEOUT__", "Timeout"))
_MINUTE_MS = 60_000
_BRIDGE_MS = 5_000
_SECURE_LITERAL_SHARE = 0.5
_BRIDGE = (("bridgeServer", "Altsystem"), ("bridgeAction", "Kunde lesen"))

_EDIT_MS = 500
"""By so much each version raised the literals of the one before."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node goes: its id, its name, the node that follows, and the nodes that its paths may lead to."""

    id: str
    name: str
    next_id: str | None = None
    later: tuple[str, ...] = ()


def data_action(builder: DefinitionBuilder, spot: Spot, plan: StepPlan, *, in_call: bool) -> Json:
    """Make a Call Data Action node, keys in the order of all real ones."""
    action = plan.action
    builder.call("dataAction", action, spot.id, spot.name)
    flag: Json = {"useSuggestedTimeout": plan.form.startswith("suggested")}
    if plan.form == "flag_missing":
        flag = {}
    elif plan.form == "flag_text":
        flag = {"useSuggestedTimeout": "true"}
    prompt = unset("aud")
    return {
        "actionName": action.seed.name,
        "actionId": action.seed.id,
        "category": {"id": action.category_id, "name": action.seed.category},
        **flag,
        **head(builder, spot, "DataAction"),
        "errorBindings": [] if in_call else _bindings(builder, ("errorCode", "errorMessage")),
        "processingPrompt": prompt if in_call else out_of_service(prompt),
        "inputs": _inputs(builder, action),
        "outputs": _bindings(builder, action.outputs),
        "timeout": _timeout(builder, plan),
        "paths": paths(builder, spot, _OUTCOMES),
    }


def secure_action(builder: DefinitionBuilder, spot: Spot) -> Json:
    """Make a Call Secure Data step: the same pair of timeout and flag; most leave the timeout to the action."""
    action = builder.rng.choice(builder.secure_actions)
    builder.call("secureAction", action, spot.id, spot.name)
    return {
        "actionName": action.seed.name,
        "actionId": action.seed.id,
        "category": {"id": action.category_id, "name": action.seed.category},
        "useSuggestedTimeout": random.Random(spot.id).random() >= _SECURE_LITERAL_SHARE,
        **head(builder, spot, "SecureAction"),
        "errorBindings": [],
        "processingPrompt": unset("aud"),
        "inputs": _inputs(builder, action),
        "outputs": _bindings(builder, action.outputs),
        "timeout": duration(builder.rng.choice((4_000, 8_000, _MINUTE_MS))),
        "paths": paths(builder, spot, _OUTCOMES),
    }


def bridge_action(builder: DefinitionBuilder, spot: Spot) -> Json:
    """Make a Call Bridge Action node: again the pair, and not a step; the editor's default is five seconds."""
    server, action = ({"id": shared_id(kind, name), "name": name} for kind, name in _BRIDGE)
    builder.call_bridge(server, action, spot.id, spot.name)
    return {
        "bridgeServer": server,
        "bridgeAction": action,
        "useSuggestedTimeout": builder.chance(0.5),
        **head(builder, spot, "BridgeServerAction"),
        "inputs": [{"name": "customer", "value": reference(builder.variable())}],
        "outputs": _bindings(builder, ("result",)),
        "timeout": duration(_BRIDGE_MS),
        "paths": paths(builder, spot, _OUTCOMES),
    }


def head(builder: DefinitionBuilder, spot: Spot, node_type: str) -> Json:
    """Return the keys that every node has: what follows, tracking id, id, name, the editor's own, the type."""
    following = {} if spot.next_id is None else {"nextAction": spot.next_id}
    interface: Json = {"collapsed": builder.chance(0.5)}
    if node_type == "DataAction" and builder.chance(0.1):
        interface["hasCachedVersion"] = True
    return {
        **following,
        "trackingId": builder.track(),
        "id": spot.id,
        "name": spot.name,
        "uiMetaData": interface,
        "__type": node_type,
    }


def paths(builder: DefinitionBuilder, spot: Spot, outcomes: tuple[tuple[str, str], ...]) -> list[Json]:
    """Return the ways out of a node; some lead to a later node of the same container."""
    found = []
    for output_id, label in outcomes:
        path: Json = {"outputId": output_id, "label": label}
        if spot.later and builder.chance(0.4):
            path["nextActionId"] = builder.rng.choice(spot.later)
        found.append({**path, "uiMetaData": {"collapsed": False}})
    return found


def _timeout(builder: DefinitionBuilder, plan: StepPlan) -> Json:
    edited_ms = builder.edition * _EDIT_MS if plan.form == "literal" else 0
    written = duration(max(plan.timeout_ms - edited_ms, _EDIT_MS))
    match plan.form:
        case "suggested_out_of_service":
            return out_of_service(written)
        case "expression":
            return seconds_of(builder.variable("int"))
        case "unset":
            return unset("dur")
        case "texts_differ":
            return {**written, "text": duration_text(plan.timeout_ms + 1_000)}
        case "no_duration":
            return literal("10 seconds", "dur")
        case "suggested" | "literal" | "flag_missing" | "flag_text":
            return written


def _inputs(builder: DefinitionBuilder, action: DemoAction) -> list[Json]:
    return [
        {"name": name, "value": reference(builder.variable()) if builder.chance(0.6) else literal(builder.sentence())}
        for name in action.inputs
    ]


def _bindings(builder: DefinitionBuilder, names: tuple[str, ...]) -> list[Json]:
    return [
        {"name": name, "value": target(builder.variable()) if builder.chance(0.7) else unset("str")} for name in names
    ]
