"""The shape of the demo org's configurations: a walk of our own over all of them (docs/platform.md#configuration)."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from simulator.demo.org import build_demo_org
from simulator.org.content.validation import validate
from simulator.org.seeds import ArchitectFlowSeed, OrgSeed
from simulator.switches import Switches
from tests.simulator.demo.walks import actions, live, models, steps

COMMON = {
    *("defaultLanguage", "initialSequence", "name", "nextTrackingNumber", "uiMetaData", "supportedLanguages"),
    *("manifest", "type", "debugSettings", "errorHandling", "defaultSettings", "flowMetaData", "flowSequenceItemList"),
    *("supportedLanguageOptions", "variables", "versionMetaData"),
}

STEP_KEYS = [
    *("actionName", "actionId", "category", "useSuggestedTimeout", "nextAction", "trackingId", "id", "name"),
    *("uiMetaData", "__type", "errorBindings", "processingPrompt", "inputs", "outputs", "timeout", "paths"),
]

EXPRESSION_KEYS = ["config", "text", "type", "uiMetaData", "metaData", "version", "outOfService"]
CALLS_OUTSIDE = {"DataAction", "SecureAction"}
EXTRA_KEYS = [
    ("inboundcall", "speechRecEngine"),
    ("outboundcall", "outboundCallSettings"),
    ("inqueuecall", "inQueueCallFlowSettings"),
    ("inboundemail", "inboundEmailSettings"),
    ("inboundemail", "nluCortex"),
    ("bot", "knowledgeSettings"),
    ("digitalbot", "nluMetaData"),
    ("voicesurvey", "systemInitialValues"),
]


class Read(NamedTuple):
    """One Architect flow with its live (or only) configuration."""

    seed: ArchitectFlowSeed
    raw: bytes
    document: dict[str, Any]


@pytest.fixture(scope="module")
def org() -> OrgSeed:
    return build_demo_org()


@pytest.fixture(scope="module")
def read(org: OrgSeed) -> list[Read]:
    found = []
    for seed in org.architect_flows:
        raw = live(seed)
        found.append(Read(seed, raw, json.loads(raw)))
    return found


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document, wherever it is."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            yield one
            pending += one.values()
        elif isinstance(one, list):
            pending += one


def expressions(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (one for one in objects(document) if {"config", "text", "uiMetaData"} <= one.keys())


def depth(value: Any) -> int:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if below is None else 1 + max(map(depth, below), default=0)


def test_a_configuration_is_compact_utf_8(read: list[Read]) -> None:
    for one in read:
        plain = one.raw.decode().replace(r"\/", "/")
        forms = [json.dumps(one.document, ensure_ascii=ascii_, separators=(",", ":")) for ascii_ in (False, True)]
        assert plain in forms


def test_every_configuration_has_the_common_keys(read: list[Read]) -> None:
    for one in read:
        assert one.document.keys() >= COMMON
        assert one.document["name"] == one.seed.name
        assert one.document["type"] == one.seed.type


def test_calls_begin_with_the_language_and_all_others_with_the_tracking_number(read: list[Read]) -> None:
    calls = {"inboundcall", "inqueuecall", "outboundcall", "securecall"}

    for one in read:
        expected = "defaultLanguage" if one.seed.type in calls else "nextTrackingNumber"
        assert next(iter(one.document)) == expected


@pytest.mark.parametrize(("kind", "key"), EXTRA_KEYS)
def test_types_have_keys_of_their_own(read: list[Read], kind: str, key: str) -> None:
    assert all(key in one.document for one in read if one.seed.type == kind)


def test_three_types_have_no_description_and_secure_calls_no_custom_definitions(read: list[Read]) -> None:
    for one in read:
        assert ("description" in one.document) != (one.seed.type in {"bot", "inboundshortmessage", "securecall"})
        assert ("customDefinitions" in one.document) != (one.seed.type == "securecall")


def test_typed_objects_stand_only_in_the_five_known_places_of_an_architect_flow_and_of_its_modules(
    read: list[Read],
) -> None:
    for one in read:
        known = []
        for document in [one.document, *models(one.document)]:
            containers = document["flowSequenceItemList"]
            known += [*containers, *actions(document), *document["variables"]]
            known += [variable for container in containers for variable in container["variables"]]
        assert sum("__type" in found for found in objects(one.document)) == len(known)


def test_all_kinds_of_containers_occur(read: list[Read]) -> None:
    found = {container["__type"] for one in read for container in one.document["flowSequenceItemList"]}

    assert found == {"Task", "LoopTask", "State", "BotState", "Menu"}


def test_a_few_steps_are_the_action_of_a_menu_choice(read: list[Read]) -> None:
    in_menus = [
        choice["action"]
        for one in read
        for container in one.document["flowSequenceItemList"]
        for choice in container.get("menuChoiceList", [])
        if choice["action"]["__type"] == "DataAction"
    ]

    assert 1 <= len(in_menus) <= 10


def test_node_ids_are_unique_guids(read: list[Read]) -> None:
    for one in read:
        ids = [node["id"] for node in [*one.document["flowSequenceItemList"], *actions(one.document)]]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", node_id) for node_id in ids)


def test_tracking_ids_are_unique_and_below_the_next_one(read: list[Read]) -> None:
    for one in read:
        nodes = [*one.document["flowSequenceItemList"], *actions(one.document)]
        numbers = [node["trackingId"] for node in nodes]
        assert len(set(numbers)) == len(numbers)
        assert max(numbers) < one.document["nextTrackingNumber"]


def test_every_reference_leads_to_a_node_of_its_container(read: list[Read]) -> None:
    for one in read:
        for container in one.document["flowSequenceItemList"]:
            nodes = container.get("actionList", [])
            ids = {node["id"] for node in nodes}
            targets = [node["nextAction"] for node in nodes if "nextAction" in node]
            targets += [
                path["nextActionId"] for node in nodes for path in node.get("paths", []) if "nextActionId" in path
            ]
            targets += [container["startAction"]] if "startAction" in container else []
            assert ids >= set(targets)


def test_an_architect_flow_begins_in_its_first_container(read: list[Read]) -> None:
    for one in read:
        assert one.document["initialSequence"] == one.document["flowSequenceItemList"][0]["id"]


def test_a_step_has_the_keys_of_the_real_ones_in_their_order(read: list[Read]) -> None:
    for one in read:
        for step in steps(one.document):
            assert list(step) == [key for key in STEP_KEYS if key in step]
            assert set(STEP_KEYS) - step.keys() <= {"nextAction", "useSuggestedTimeout"}


def test_a_step_has_three_ways_out(read: list[Read]) -> None:
    expected = ["__SUCCESS__", "__FAILURE__", "__TIMEOUT__"]

    for one in read:
        assert all([path["outputId"] for path in step["paths"]] == expected for step in steps(one.document))


def test_expressions_have_the_keys_of_the_real_ones_in_their_order(read: list[Read]) -> None:
    for one in read:
        for expression in expressions(one.document):
            assert list(expression) == [key for key in EXPRESSION_KEYS if key in expression]
            assert expression.get("outOfService", True) is True


def test_the_manifest_names_exactly_the_steps_and_those_of_its_modules(read: list[Read]) -> None:
    for one in read:
        entries = one.document["manifest"].get("dataAction", [])
        named = [
            (entry["id"], entry["name"], context["id"], context["actionName"], context["name"])
            for entry in entries
            for context in entry["context"]
        ]
        found = [
            (step["actionId"], step["actionName"], step["id"], step["actionName"], step["name"])
            for document in [one.document, *models(one.document)]
            for step in steps(document)
        ]
        assert sorted(named) == sorted(found)


@pytest.mark.parametrize(
    ("node_type", "kind"), [("SecureAction", "secureAction"), ("BridgeServerAction", "bridgeServerAction")]
)
def test_the_manifest_names_secure_and_bridge_steps_too(read: list[Read], node_type: str, kind: str) -> None:
    for one in read:
        entries = one.document["manifest"].get(kind, [])
        named = [context["id"] for entry in entries for context in entry["context"]]
        parts = [one.document, *models(one.document)]
        found = [node["id"] for part in parts for node in actions(part) if node["__type"] == node_type]
        assert sorted(named) == sorted(found)


def test_few_steps_are_secure_and_they_stand_in_secure_and_in_inbound_calls(read: list[Read]) -> None:
    secure = [
        (one.seed.type, node) for one in read for node in actions(one.document) if node["__type"] == "SecureAction"
    ]

    assert {kind for kind, _ in secure} == {"inboundcall", "securecall"}
    assert {node["useSuggestedTimeout"] for _, node in secure} == {True, False}
    assert len(secure) <= 10


def test_bridge_steps_hold_the_editors_five_seconds(read: list[Read]) -> None:
    bridges = [node for one in read for node in actions(one.document) if node["__type"] == "BridgeServerAction"]

    assert 1 <= len(bridges) <= 10
    assert {node["timeout"]["text"] for node in bridges} == {"P0D0H0M5S0F"}


def test_the_manifest_names_other_resources_too(read: list[Read]) -> None:
    kinds = {kind for one in read for kind in one.document["manifest"]}

    assert kinds >= {"dataAction", "secureAction", "dataTable", "queue", "language", "userPrompt", "ttsVoice"}


def test_the_editors_cache_holds_exactly_the_actions_used(read: list[Read]) -> None:
    for one in read:
        cached = [action["id"] for action in one.document["uiMetaData"]["actionServiceActions"]]
        used = {node["actionId"] for node in actions(one.document) if node["__type"] in CALLS_OUTSIDE}
        assert set(cached) == used
        assert len(cached) == len(used)


def test_every_action_that_is_called_exists(org: OrgSeed, read: list[Read]) -> None:
    known = {action.id: action for action in org.actions}

    for one in read:
        for node in actions(one.document):
            if node["__type"] in CALLS_OUTSIDE:
                assert known[node["actionId"]].name == node["actionName"]
                assert known[node["actionId"]].secure == (node["__type"] == "SecureAction")


def test_other_nodes_have_the_same_pair_of_timeout_and_flag(read: list[Read]) -> None:
    pairs = {
        node["__type"]
        for one in read
        for node in actions(one.document)
        if "timeout" in node and "useSuggestedTimeout" in node
    }

    assert pairs == {"DataAction", "SecureAction", "BridgeServerAction"}


def test_a_data_table_lookup_has_no_timeout(read: list[Read]) -> None:
    lookups = [node for one in read for node in actions(one.document) if node["__type"] == "DataTableLookupAction"]

    assert lookups
    assert not any("timeout" in node for node in lookups)


def test_defaults_hold_timeouts_that_belong_to_no_step(read: list[Read]) -> None:
    for one in read:
        defaults = one.document["defaultSettings"]
        assert "timeout" in defaults["PlayAudioOnSilence"]
        assert "timeout" in defaults["DetectSilence"]
    assert any("settingsActionDefaults" in one.document for one in read)


def test_only_calls_have_a_default_for_steps_and_it_is_no_timeout(read: list[Read]) -> None:
    calls = {"inboundcall", "inqueuecall", "outboundcall", "securecall"}

    for one in read:
        assert ("DataAction" in one.document["defaultSettings"]) == (one.seed.type in calls)
        assert list(one.document["defaultSettings"].get("DataAction", {})) in ([], ["processingPrompt"])


def test_some_email_flow_is_as_deep_as_the_deepest_real_one(read: list[Read]) -> None:
    assert max(depth(one.document) for one in read if one.seed.type == "inboundemail") == 167


def test_bots_hold_a_null(read: list[Read]) -> None:
    for one in read:
        if one.seed.type in {"bot", "digitalbot"}:
            assert one.document["knowledgeSettings"]["knowledge"] is None


def test_numbers_are_small_integers(read: list[Read]) -> None:
    for one in read:
        numbers = [
            value for found in objects(one.document) for value in found.values() if isinstance(value, int | float)
        ]
        assert all(isinstance(number, int) and number < 100_000 for number in numbers)


@pytest.mark.parametrize("mark", ["ü", "\U0001f4c5", r"\"", "\u2028", "\\\\", r"\u00fc", r"\/"])
def test_texts_have_all_that_a_careless_edit_would_rewrite(read: list[Read], mark: str) -> None:
    assert any(mark in one.raw.decode() for one in read)


def test_only_a_persons_lock_hides_a_configuration_that_could_not_be_saved(read: list[Read]) -> None:
    for one in read:
        if one.seed.locked_by is None or one.seed.draft != "none":
            validate(Switches(), one.raw, one.seed.id)
