"""Proofs: every difference is named, and one that was not planned stops the edit."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import architect, encoded, literal, node, set_to
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.definitions.differences import Difference, find_differences
from timeouts.definitions.documents import parse_exact
from timeouts.definitions.proof import ProofFailed, compare_published, prove_edit

Change = Callable[[dict[str, Any]], object]

BEFORE = architect(node(1, suggested=True), node(2))
PLANNED = {"node-1": 10_000}
AFTER = read_definition(encoded(BEFORE)).with_edits(set_to(PLANNED))

TASK = "$.flowSequenceItemList[id=task-1]"


def step(document: dict[str, Any], index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = document["flowSequenceItemList"][0]["actionList"][index]
    return found


def edited(change: Change) -> bytes:
    document = json.loads(AFTER)
    change(document)
    return encoded(document)


def differences(before: bytes, after: bytes) -> list[Difference]:
    return [found.difference for found in find_differences(*(parse_exact(each.decode()) for each in (before, after)))]


def named(before: object, after: object) -> list[str]:
    return [str(difference) for difference in differences(encoded(before), encoded(after))]


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        ({"a": 1}, {"a": 2}, "$.a: 1 became 2"),
        ({"a": 1}, {}, "$.a: 1 became nothing"),
        ({}, {"a": None}, "$.a: nothing became null"),
        ({"a": 1}, {"a": True}, "$.a: 1 became true"),
        ({"a": "1"}, {"a": 1}, '$.a: "1" became 1'),
        ({"a": {}}, {"a": []}, "$.a: an object with 0 keys became a list of 0"),
        ({"a": [1, 2]}, {"a": [1]}, "$.a[1]: 2 became nothing"),
        ({"a": [{"id": "x"}]}, {"a": [{"id": "n"}, {"id": "x"}]}, "$.a[id=n]: nothing became an object with 1 keys"),
        ({"a": [{"id": "x"}, {"id": "y"}]}, {"a": [{"id": "y"}]}, "$.a[id=x]: an object with 1 keys became nothing"),
        ({"a": [{"id": "x", "b": 1}]}, {"a": [{"id": "x", "b": 2}]}, "$.a[id=x].b: 1 became 2"),
        ({"a": [{"id": 1}]}, {"a": [{"id": 2}]}, "$.a[0].id: 1 became 2"),
    ],
)
def test_a_difference_is_named_by_its_place(before: object, after: object, difference: str) -> None:
    assert named(before, after) == [difference]


def test_another_order_of_things_with_ids_is_a_difference() -> None:
    (difference,) = named([{"id": "x"}, {"id": "y"}], [{"id": "y"}, {"id": "x"}])

    assert difference.startswith("$ (order of ids)")


def test_another_form_of_a_number_is_a_difference() -> None:
    assert [str(found) for found in differences(b"[10.00, 1e400]", b"[10.0, 1e400]")] == ["$[0]: 10.00 became 10.0"]


def test_a_repeated_key_that_changes_is_a_difference() -> None:
    (difference,) = differences(b'{"a":1,"a":2}', b'{"a":1,"a":3}')

    assert difference.path == "$.a (occurrence 2)"


def test_a_long_value_is_shortened() -> None:
    (difference,) = differences(encoded("x" * 5_000), encoded(""))

    assert difference.before is not None
    assert len(difference.before) < 250


def test_keys_that_are_no_valid_text_can_be_named() -> None:
    (difference,) = differences(rb'{"\ud800":1}', b"{}")

    assert difference.path == "$.\\ud800"


def test_documents_of_any_depth_are_compared() -> None:
    before, after = (b"[" * 12_000 + end + b"]" * 12_000 for end in (b"1", b"2"))

    assert len(differences(before, after)) == 1


def test_a_planned_edit_stands_the_proof() -> None:
    prove_edit(encoded(BEFORE), AFTER, set_to(PLANNED))


UNPLANNED: dict[str, tuple[Change, str]] = {
    "another step's timeout": (lambda d: step(d, 1).update(timeout=literal(9_000)), "actionList[id=node-2].timeout."),
    "another step's flag": (lambda d: step(d, 1).update(useSuggestedTimeout=True), "node-2].useSuggestedTimeout"),
    "the step's name": (lambda d: step(d).update(name="x"), "actionList[id=node-1].name"),
    "the step's path": (lambda d: step(d)["paths"].pop(), "actionList[id=node-1].paths[1]"),
    "a key more": (lambda d: d.update(extra=None), "$.extra: nothing became null"),
    "a key less": (lambda d: d.pop("defaultLanguage"), "$.defaultLanguage"),
    "a node more": (
        lambda d: d["flowSequenceItemList"][0]["actionList"].append({"id": "x", "__type": "Wait"}),
        f"{TASK}.actionList[id=x]: nothing became",
    ),
    "a settings block": (lambda d: d["defaultSettings"].pop("DataAction"), "$.defaultSettings.DataAction"),
    "another number form": (lambda d: d.update(variables=[1.5]), "$.variables[0]"),
}


@pytest.mark.parametrize("unplanned", UNPLANNED)
def test_a_difference_that_was_not_planned_fails_the_proof_and_is_named(unplanned: str) -> None:
    change, expected = UNPLANNED[unplanned]

    with pytest.raises(ProofFailed, match=r"^not planned: ") as failed:
        prove_edit(encoded(BEFORE), edited(change), set_to(PLANNED))
    assert all(expected in problem for problem in failed.value.problems)


@pytest.mark.parametrize(
    ("after", "planned", "missing"),
    [
        (AFTER, {"node-1": 10_000, "node-2": 10_000}, "step node-2 does not wait 10s"),
        (AFTER, {"node-1": 12_000}, "step node-1 does not wait 12s"),
        (encoded(BEFORE), {"node-9": 10_000}, "step node-9"),
    ],
    ids=["one of two is not there", "another one is", "there is no such step"],
)
def test_a_planned_timeout_that_is_missing_fails_the_proof_and_is_named(
    after: bytes, planned: dict[str, int], missing: str
) -> None:
    with pytest.raises(ProofFailed, match=f"missing: {missing}"):
        prove_edit(encoded(BEFORE), after, set_to(planned))


def test_an_edit_that_cannot_be_read_fails_the_proof() -> None:
    with pytest.raises(ProofFailed, match="cannot be read"):
        prove_edit(encoded(BEFORE), AFTER[:-1], set_to(PLANNED))


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(ProofFailed) as failed:
        prove_edit(encoded(BEFORE), edited(lambda d: d.update(a=1, b=2)), set_to(PLANNED | {"node-2": 10_000}))

    assert len(failed.value.problems) == 3


@given(place=st.integers(0, len(AFTER) - 1), byte=st.binary(min_size=1, max_size=1))
def test_a_changed_byte_fails_the_proof_unless_it_changes_no_content(place: int, byte: bytes) -> None:
    changed = AFTER[:place] + byte + AFTER[place + 1 :]
    try:
        prove_edit(encoded(BEFORE), changed, set_to(PLANNED))
    except ProofFailed:
        return
    assert read_definition(changed).steps == read_definition(AFTER).steps


def test_what_is_published_as_sent_differs_in_nothing() -> None:
    sent = json.dumps(json.loads(AFTER), indent=2, sort_keys=True).encode()
    compared = compare_published(AFTER, sent)

    assert (compared.normalised, compared.foreign) == ((), ())


def test_keys_that_the_server_adds_outside_of_steps_are_normalised() -> None:
    compared = compare_published(AFTER, edited(lambda d: d["flowSequenceItemList"][0].update(generated={"a": 1})))

    assert [found.path for found in compared.normalised] == [f"{TASK}.generated"]
    assert compared.foreign == ()


FOREIGN: dict[str, Change] = {
    "a changed value": lambda d: d.update(name="x"),
    "a removed key": lambda d: d.pop("type"),
    "a key added to a step": lambda d: step(d).update(extra=1),
    "a key added in a step": lambda d: step(d)["timeout"].update(outOfService=True),
    "a changed timeout": lambda d: step(d, 1).update(timeout=literal(1_000)),
    "an added variable": lambda d: d["variables"].append({"id": "v", "name": "x"}),
    "an added node": lambda d: d["flowSequenceItemList"][0]["actionList"].insert(0, {"id": "x", "__type": "Wait"}),
    "a removed step": lambda d: (d["flowSequenceItemList"][0]["actionList"].pop(), d["manifest"]["dataAction"].pop()),
}


@pytest.mark.parametrize("foreign", FOREIGN)
def test_every_other_difference_of_what_is_published_is_foreign(foreign: str) -> None:
    compared = compare_published(AFTER, edited(FOREIGN[foreign]))

    assert compared.normalised == ()
    assert compared.foreign


HIDEABLE: dict[str, tuple[Change, bool]] = {
    "at the top": (lambda d: d.pop("type"), True),
    "in a node": (lambda d: d["flowSequenceItemList"][0].pop("name"), False),
    "in a step": (lambda d: step(d).pop("name"), False),
    "in the timeout of a step": (lambda d: step(d)["timeout"].pop("text"), False),
    "a changed value": (lambda d: d.update(name="x"), False),
}


@pytest.mark.parametrize("what", HIDEABLE)
def test_a_key_that_holds_no_step_and_stands_in_no_list_may_be_hidden(what: str) -> None:
    change, is_hideable = HIDEABLE[what]

    compared = compare_published(AFTER, edited(change), may_hide=lambda _: True)

    assert (not compared.foreign, bool(compared.normalised)) == (is_hideable, is_hideable)


def test_something_published_that_cannot_be_read_is_foreign() -> None:
    (difference,) = compare_published(AFTER, b"<html>").foreign

    assert "cannot be read" in str(difference)


def test_an_expected_definition_that_cannot_be_read_is_an_error_of_the_caller() -> None:
    with pytest.raises(UnreadableDefinition):
        compare_published(b"{}", AFTER)
