"""Architect configurations: which steps are found, and what each says of its timeout."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from tests.timeouts.conftest import architect, computed, encoded, literal, node, unset
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, TimeoutSetting, Unreadable


def setting_of(step: dict[str, Any]) -> TimeoutSetting:
    (found,) = read_definition(encoded(architect(step))).steps
    return found.setting


def reason_of(step: dict[str, Any]) -> str:
    setting = setting_of(step)
    assert isinstance(setting, Unreadable)
    return setting.reason


def test_a_step_is_found_with_all_that_people_know_it_by() -> None:
    (step,) = read_definition(encoded(architect(node(7)))).steps

    told = asdict(step)
    assert {name: told[name] for name in told if name not in {"setting", "default_ms", "raw_timeout"}} == {
        "id": "node-7",
        "name": "Call CRM 7",
        "kind": "data",
        "container": "Greeting",
        "tracking_id": 7,
        "action_id": "custom_-_crm",
        "action_name": "Look up customer",
        "category": "CRM",
    }


def test_a_step_in_a_menu_choice_is_found() -> None:
    (step,) = read_definition(encoded(architect(menu=(node(1),)))).steps

    assert step.container == "Main menu"


def test_a_step_without_a_type_is_known_by_its_action_and_category() -> None:
    untyped = node(1)
    del untyped["__type"]

    assert [step.id for step in read_definition(encoded(architect(untyped))).steps] == ["node-1"]


@pytest.mark.parametrize(("node_type", "kind"), [("SecureAction", "secure"), ("BridgeServerAction", "bridge")])
def test_secure_and_bridge_steps_are_read_with_their_kind(node_type: str, kind: str) -> None:
    (step,) = read_definition(encoded(architect(node(1, literal(5_000), __type=node_type)))).steps

    assert (step.kind, step.setting) == (kind, LiteralTimeout(timeout_ms=5_000))


def test_only_a_bridge_step_is_kept_without_the_text_that_a_change_needs() -> None:
    steps = [node(1), node(2, __type="SecureAction"), node(3, __type="BridgeServerAction")]

    found = read_definition(encoded(architect(*steps))).steps
    assert [step.raw_timeout is not None for step in found] == [True, True, False]


def test_other_nodes_with_a_timeout_and_settings_blocks_are_no_steps() -> None:
    others = [node(number, __type=name) for number, name in enumerate(("VoiceXmlCallAndReturnAction", "WaitAction"), 1)]
    defaults = {"DataAction": node(9) | {"__type": None}}

    assert read_definition(encoded(architect(*others, settingsActionDefaults=defaults))).steps == ()


def test_lists_that_are_null_or_missing_hold_no_steps() -> None:
    containers = [{"id": "a", "actionList": None}, {"id": "b", "menuChoiceList": [{"action": None}, {}]}, {"id": "c"}]

    assert read_definition(encoded(architect(flowSequenceItemList=containers))).steps == ()


def test_without_a_manifest_the_walk_decides() -> None:
    assert len(read_definition(encoded(architect(node(1), manifest=False))).steps) == 1


@pytest.mark.parametrize(
    "manifest",
    [
        None,
        {"dataAction": None, "secureAction": None},
        {"dataAction": [{"id": "custom_-_crm", "context": None}]},
    ],
)
def test_a_manifest_with_null_in_place_of_a_list_names_no_step(manifest: object) -> None:
    nothing = architect(node(1, __type="Disconnect"), manifest=False) | {"manifest": manifest}
    a_step = nothing | architect(node(1), manifest=False)

    assert read_definition(encoded(nothing)).steps == ()
    with pytest.raises(UnreadableDefinition, match="the manifest does not name: node-1"):
        read_definition(encoded(a_step))


def test_names_that_are_no_valid_text_are_shown_with_their_escapes() -> None:
    (step,) = read_definition(json.dumps(architect(node(1, name="half \ud800"))).encode()).steps

    assert step.name == "half \\ud800"


@pytest.mark.parametrize("key", ["name", "trackingId", "actionName", "category"])
@pytest.mark.parametrize("value", [None, 1.5, [], True])
def test_odd_values_beside_the_timeout_do_no_harm(key: str, value: object) -> None:
    body = encoded(architect(node(1, literal(5_000)) | {key: value}))

    assert read_definition(body).steps[0].setting == LiteralTimeout(timeout_ms=5_000)


def test_the_flag_alone_makes_a_timeout_suggested() -> None:
    assert Suggested(stored_ms=8_000) == setting_of(node(1, literal(8_000), suggested=True))


@pytest.mark.parametrize("timeout", [unset(), computed(), literal(0), "soon", [], 5, {"config": {}}])
def test_a_suggested_timeout_needs_no_readable_text(timeout: object) -> None:
    assert Suggested(stored_ms=None) == setting_of(node(1, timeout, suggested=True))


def test_with_the_flag_off_the_literal_applies_even_if_marked_out_of_service() -> None:
    assert LiteralTimeout(timeout_ms=8_000) == setting_of(node(1, literal(8_000) | {"outOfService": True}))


def test_a_computed_timeout_is_shown_as_the_platform_shows_it() -> None:
    assert Expression(text="MakeDuration(0, 0, 0, Flow.patience)") == setting_of(node(1, computed()))


def test_a_computed_timeout_without_text_is_named_after_its_function() -> None:
    assert Expression(text="MakeDuration(...)") == setting_of(node(1, computed() | {"text": ""}))


def test_a_timeout_longer_than_any_action_waits_is_still_a_literal() -> None:
    assert LiteralTimeout(timeout_ms=3_599_999) == setting_of(node(1, literal(3_599_999)))


@pytest.mark.parametrize("flag", [None, "true", 1, 0, [], {}])
def test_a_flag_that_is_not_true_or_false_is_unreadable(flag: object) -> None:
    assert "useSuggestedTimeout is" in reason_of(node(1, useSuggestedTimeout=flag))


def test_a_missing_flag_is_unreadable() -> None:
    step = node(1)
    del step["useSuggestedTimeout"]

    assert reason_of(step) == "useSuggestedTimeout is missing"


def changed_literal(**changed: Any) -> dict[str, Any]:
    expression = literal(10_000)
    expression["config"]["lit"] |= changed
    return expression


@pytest.mark.parametrize(
    ("timeout", "reason"),
    [
        (unset(), "unset"),
        (literal(10_000) | {"config": {"nul": {}}}, "unset"),
        ("P0D0H0M10S0F", "not an expression"),
        ([], "not an expression"),
        (literal(10_000) | {"type": "int"}, "not a duration"),
        (literal(10_000) | {"config": None}, "not one kind of value"),
        (literal(10_000) | {"config": {}}, "not one kind of value"),
        (literal(10_000) | {"config": {"lit": {}, "ref": {}}}, "not one kind of value"),
        (literal(10_000) | {"config": {"lit": 5}}, "not an object"),
        (literal(10_000) | {"config": {"ref": 5}}, "not an object"),
        (literal(10_000) | {"text": None}, "not text"),
        (literal(10_000) | {"text": 10_000}, "not text"),
        (literal(10_000) | {"text": "P0D0H0M9S0F"}, "but timeout.text is"),
        (changed_literal(text=None), "but timeout.text is"),
        (changed_literal(type="str"), "not a literal duration"),
        (changed_literal(val=10_000), "second value"),
        (literal(10_000) | {"uiMetaData": {"mode": 3}}, "mode 3"),
        (literal(10_000) | {"uiMetaData": {"mode": True}}, "mode true"),
        (literal(10_000) | {"uiMetaData": []}, "mode a list"),
        (literal(0), "takes 1 ms and more"),
        (literal(-5), "takes 1 ms and more"),
        (changed_literal(text="soon") | {"text": "soon"}, "not a duration of the form"),
        (changed_literal(text="x" * 400) | {"text": "x" * 400}, "not a duration of the form"),
    ],
)
def test_a_timeout_that_is_not_understood_says_why(timeout: Any, reason: str) -> None:
    assert reason in reason_of(node(1, timeout))


def test_a_timeout_that_is_null_or_missing_with_the_flag_off_is_unreadable() -> None:
    missing, null = node(1), node(1) | {"timeout": None}
    del missing["timeout"]

    assert [
        reason_of(missing),
        reason_of(null),
    ] == ["timeout is missing, not an expression", "timeout is null, not an expression"]


@pytest.mark.parametrize("key", ["name", "uiMetaData"])
def test_metadata_without_a_mode_does_not_make_a_literal_unreadable(key: str) -> None:
    timeout = literal(10_000)
    timeout.pop(key, None)

    assert LiteralTimeout(timeout_ms=10_000) == setting_of(node(1, timeout))


@pytest.mark.parametrize(
    ("member", "first", "path"),
    [
        ('"useSuggestedTimeout":', '"useSuggestedTimeout":true,', "useSuggestedTimeout"),
        ('"timeout":', '"timeout":null,', "timeout"),
        ('"timeout":', r'"tim\u0065out":null,', "timeout"),
        ('"id":"node-1"', '"id":"node-0",', "id"),
        ('"__type":"DataAction"', '"__type":"Other",', "__type"),
        ('"config":', '"config":{},', "timeout.config"),
        ('"lit":', '"lit":{},', "timeout.config.lit"),
        ('"text":"P0D0H0M3S0F","type":"dur"}}', '"text":"",', "timeout.config.lit.text"),
        ('"text":"P0D0H0M3S0F","type":"dur","ui', '"text":"",', "timeout.text"),
    ],
)
@pytest.mark.parametrize("suggested", [False, True])
def test_a_key_that_stands_twice_on_the_way_to_the_timeout_is_unreadable(
    member: str, first: str, path: str, suggested: bool
) -> None:
    text = encoded(architect(node(1, suggested=suggested), manifest=False, defaultSettings={})).decode()
    (step,) = read_definition(text.replace(member, first + member, 1).encode()).steps

    assert step.setting == Unreadable(reason=f"the key {path} stands more than once")


def test_keys_that_stand_twice_elsewhere_do_no_harm() -> None:
    body = encoded(architect(node(1))).replace(b'"collapsed":true', b'"collapsed":true,"collapsed":false')

    assert LiteralTimeout(timeout_ms=3_000) == read_definition(body).steps[0].setting
