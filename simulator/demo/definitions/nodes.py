"""All other nodes of a definition: what an Architect flow says, asks, decides and hands over.

Source: docs/platform.md#where-steps-live.
"""

from collections.abc import Callable, Mapping

from simulator.demo.definitions.builder import DefinitionBuilder
from simulator.demo.definitions.calls import Spot, bridge_action, head, paths, secure_action
from simulator.demo.definitions.expressions import any_of, audio, equals, literal, reference, target, unset
from simulator.demo.json_values import Json
from simulator.demo.vocabulary import NODE_NAMES, QUEUES, TABLES, TOPICS

_Ways = tuple[tuple[str, str], ...]

_YES_NO = (("__YES__", "Yes"), ("__NO__", "No"))
_CASES = (("__CASE1__", "1"), ("__CASE2__", "2"), ("__CASE3__", "3"), ("__DEFAULT__", "Default"))
_FOUND = (("__FOUND__", "Found"), ("__NOTFOUND__", "Not Found"), ("__FAILURE__", "Failure"))
_FAILURE = (("__FAILURE__", "Failure"),)

_WITH_CARDS, _SECURE_SHARE = frozenset({"inboundcall", "securecall"}), 0.5
_CHAIN_LENGTH = 53
"""Texts in a chain of OR that make a definition 167 levels deep (docs/platform.md#where-steps-live)."""

_COMMON = ("UpdateVariableAction", "DecisionAction", "SwitchAction", "DataTableLookupAction", "CallCommonModuleAction")
_SPOKEN = (*_COMMON, "PlayAudioAction", "PlayAudioAction", "SetAttributesAction", "TransferPureMatchAction")
_WRITTEN = (*_COMMON, "SendResponseAction", "SendResponseAction", "SetAttributesAction", "TransferPureMatchAction")
_BOT = (*_COMMON, "SendResponseAction", "AskForSlotAction", "AskForSlotAction", "FlowMilestoneAction")

_KINDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("inboundcall", "inqueuecall", "outboundcall", "voice", "voicemail", "speech"), _SPOKEN),
    "securecall": (*_SPOKEN, "SecureAction"),
    **dict.fromkeys(("bot", "digitalbot", "voicesurvey"), _BOT),
    **dict.fromkeys(("workflow", "workitem", "commonmodule"), (*_COMMON, "FlowMilestoneAction", "BridgeServerAction")),
}


def other_node(builder: DefinitionBuilder, node_id: str, next_id: str | None, later: tuple[str, ...]) -> Json:
    """Make a node that is no Call Data Action step, of a kind that fits the type of the Architect flow."""
    kind = builder.rng.choice(_KINDS.get(builder.profile.type, _WRITTEN))
    spot = Spot(node_id, builder.rng.choice(NODE_NAMES[kind]), next_id, later)
    if kind == "SecureAction":
        return secure_action(builder, spot)
    if kind == "BridgeServerAction":
        return bridge_action(builder, spot)
    content, ways_out = _BUILDERS[kind]
    node = _node(builder, spot, kind, content(builder, spot), ways_out)
    if builder.profile.type in _WITH_CARDS and kind == "UpdateVariableAction":
        return _secure_instead(builder, spot, node)
    return node


def deep_decision(builder: DefinitionBuilder, node_id: str, next_id: str | None) -> Json:
    """Make a decision over a long chain of OR, nested as deeply as in the deepest real definition."""
    spot = Spot(node_id, "Betreff bekannt?", next_id)
    texts = [f"{TOPICS[number % len(TOPICS)]} {number}" for number in range(_CHAIN_LENGTH)]
    return _node(builder, spot, "DecisionAction", {"condition": any_of(builder.variable(), texts)}, _YES_NO)


def transfer(builder: DefinitionBuilder, node_id: str) -> Json:
    """Make what an ordinary choice of a menu does: hand over to a queue."""
    spot = Spot(node_id, builder.rng.choice(NODE_NAMES["TransferPureMatchAction"]))
    return _node(builder, spot, "TransferPureMatchAction", _transfer(builder, spot), _FAILURE)


def _secure_instead(builder: DefinitionBuilder, spot: Spot, node: Json) -> Json:
    """Make some nodes of calls secure steps, with random numbers of their own."""
    with builder.aside(f"secure/{spot.id}"):
        if not builder.chance(_SECURE_SHARE):
            return node
        name = builder.rng.choice(NODE_NAMES["SecureAction"])
        return secure_action(builder, Spot(spot.id, name, spot.next_id, spot.later))


def module_node(builder: DefinitionBuilder, spot: Spot) -> Json:
    """Make a node that calls a common module; which one is said later."""
    content, ways_out = _BUILDERS["CallCommonModuleAction"]
    return _node(builder, spot, "CallCommonModuleAction", content(builder, spot), ways_out)


def _node(builder: DefinitionBuilder, spot: Spot, kind: str, content: Json, ways_out: _Ways) -> Json:
    node = {**head(builder, spot, kind), **content}
    return {**node, "paths": paths(builder, spot, ways_out)} if ways_out else node


def _play(builder: DefinitionBuilder, spot: Spot) -> Json:
    if builder.chance(0.2):
        builder.mention("userPrompt", "Ansage_Weihnachten", spot.id, spot.name)
    return {"prompts": audio(builder.sentence()), "bargeIn": literal("true", "bln")}


def _decision(builder: DefinitionBuilder, _spot: Spot) -> Json:
    return {"condition": equals(builder.variable(), builder.rng.choice(TOPICS))}


def _switch(builder: DefinitionBuilder, _spot: Spot) -> Json:
    variable = builder.variable()
    return {
        "cases": [{"outputId": one, "value": equals(variable, builder.rng.choice(TOPICS))} for one, _ in _CASES[:-1]]
    }


def _update(builder: DefinitionBuilder, _spot: Spot) -> Json:
    return {
        "variables": [
            {"variable": target(builder.variable()), "value": literal(builder.sentence())}
            for _ in range(builder.rng.randint(1, 3))
        ]
    }


def _look_up(builder: DefinitionBuilder, spot: Spot) -> Json:
    name = builder.rng.choice(TABLES)
    table_id = builder.mention("dataTable", name, spot.id, spot.name)
    return {
        "dataTable": {"id": table_id, "name": name},
        "lookupValue": reference(builder.variable()),
        "outputs": [{"name": name, "value": target(builder.variable())} for name in ("key", "offen_ab", "offen_bis")],
    }


def _transfer(builder: DefinitionBuilder, spot: Spot) -> Json:
    queue = builder.rng.choice(QUEUES)
    queue_id = builder.mention("queue", queue, spot.id, spot.name)
    language_id = builder.mention("acdLanguage", "Deutsch", spot.id, spot.name)
    return {
        "queues": [{"id": queue_id, "name": queue}],
        "priority": literal(str(builder.rng.randint(0, 9)), "int"),
        "preTransferAudio": audio(builder.sentence()),
        "languageSkill": {"id": language_id, "name": "Deutsch"},
        "skills": [],
    }


def _set_attributes(builder: DefinitionBuilder, _spot: Spot) -> Json:
    return {
        "attributes": [
            {"name": literal(name), "value": reference(builder.variable())} for name in ("Anliegen", "Kunde", "Größe")
        ]
    }


def _respond(builder: DefinitionBuilder, _spot: Spot) -> Json:
    return {"messageBody": literal(builder.sentence()), "messageContent": unset("str")}


def _ask(builder: DefinitionBuilder, spot: Spot) -> Json:
    builder.mention("nluDomain", "Anliegen", spot.id, spot.name)
    return {
        "question": audio(builder.sentence()),
        "noInput": audio(builder.sentence()),
        "noMatch": audio(builder.sentence()),
        "result": target(builder.variable()),
    }


def _module(builder: DefinitionBuilder, _spot: Spot) -> Json:
    return {
        "inputs": [{"name": "Kunde", "value": reference(builder.variable())}],
        "outputs": [],
        "moduleType": "common",
    }


def _milestone(builder: DefinitionBuilder, spot: Spot) -> Json:
    name = builder.rng.choice(TOPICS)
    return {"milestone": {"id": builder.mention("flowMilestone", name, spot.id, spot.name), "name": name}}


_BUILDERS: Mapping[str, tuple[Callable[[DefinitionBuilder, Spot], Json], _Ways]] = {
    "PlayAudioAction": (_play, ()),
    "DecisionAction": (_decision, _YES_NO),
    "SwitchAction": (_switch, _CASES),
    "UpdateVariableAction": (_update, ()),
    "DataTableLookupAction": (_look_up, _FOUND),
    "TransferPureMatchAction": (_transfer, _FAILURE),
    "SetAttributesAction": (_set_attributes, ()),
    "SendResponseAction": (_respond, ()),
    "AskForSlotAction": (_ask, (("__SUCCESS__", "Success"), ("__MAXFAILURES__", "Max Failures"))),
    "CallCommonModuleAction": (_module, (("__DEFAULT__", "Default"), *_FAILURE)),
    "FlowMilestoneAction": (_milestone, ()),
}
