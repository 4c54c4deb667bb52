"""Common modules in an Architect configuration: their steps are copies, read and never edited."""

from typing import Any

import pytest

from tests.timeouts.conftest import Json, architect, embedded, encoded, literal, node, set_to
from timeouts.definitions import EditRefusedError, UnreadableDefinition, read_definition
from timeouts.definitions.proof import ProofFailed, compare_published, prove_edit
from timeouts.inventory import is_outdated
from timeouts.model.org import ArchitectFlow
from timeouts.model.settings import LiteralTimeout


def caller(*modules: Json, own: tuple[Json, ...] = (), **changed: Any) -> bytes:
    return encoded(architect(*own, commonModules=[*modules], **changed))


def test_the_steps_of_a_module_are_copies_and_no_steps_of_the_caller() -> None:
    found = read_definition(caller(embedded(node(7, literal(2_000))), own=(node(1),)))

    assert [step.id for step in found.steps] == ["node-1"]
    (snapshot,) = found.snapshots
    assert (snapshot.module_id, snapshot.name, snapshot.version) == ("module-1", "Common login", "3.0")
    assert [(step.id, step.setting) for step in snapshot.steps] == [("node-7", LiteralTimeout(timeout_ms=2_000))]


@pytest.mark.parametrize("version", ["4.0", 4, 4.0])
def test_a_version_that_is_written_as_a_number_is_the_label_that_it_stands_for(version: object) -> None:
    """It was told as older than the same version of the module."""
    (snapshot,) = read_definition(caller(embedded(node(7)) | {"version": version})).snapshots

    assert not is_outdated(snapshot, ArchitectFlow(id="module-1", name="Common login", published_version="4.0"))
    assert is_outdated(snapshot, ArchitectFlow(id="module-1", name="Common login", published_version="5.0"))


def test_an_architect_flow_without_steps_of_its_own_is_read_for_its_copies() -> None:
    found = read_definition(caller(embedded(node(7), node(8))))

    assert found.steps == ()
    assert len(found.snapshots[0].steps) == 2


def test_modules_inside_a_module_are_found_too() -> None:
    inner = embedded(node(9), of="module-2", version="1.0")

    found = read_definition(caller(embedded(node(7), commonModules=[inner])))

    assert [(each.module_id, [step.id for step in each.steps]) for each in found.snapshots] == [
        ("module-1", ["node-7"]),
        ("module-2", ["node-9"]),
    ]


def test_the_same_module_may_stand_beside_and_inside_another() -> None:
    inner = embedded(node(9), of="module-2")

    assert len(read_definition(caller(embedded(node(7), commonModules=[inner]), inner)).snapshots) == 3


def test_a_module_without_content_is_named_and_its_steps_in_the_manifest_are_no_surprise() -> None:
    document = architect(node(1), commonModules=[embedded(node(7))])
    del document["commonModules"][0]["model"]

    found = read_definition(encoded(document))

    assert [step.id for step in found.steps] == ["node-1"]
    assert [(each.is_shown, each.steps) for each in found.snapshots] == [(False, ())]


def test_a_copy_that_the_manifest_does_not_name_makes_the_definition_unreadable() -> None:
    document = architect(commonModules=[embedded(node(7))])
    document["manifest"]["dataAction"] = []

    with pytest.raises(UnreadableDefinition, match="the manifest does not name: node-7"):
        read_definition(encoded(document))


def test_a_step_at_an_unknown_place_of_a_module_makes_the_definition_unreadable() -> None:
    with pytest.raises(UnreadableDefinition, match="stand where none are known to be"):
        read_definition(caller(embedded(node(7), prompts=[node(8)]), manifest=False))


@pytest.mark.parametrize(
    ("modules", "reason"),
    [
        ({"id": "module-1"}, "commonModules is not a list"),
        (["module-1"], r"commonModules\[0\] is not an object"),
        ([{"name": "Common login", "model": None}], r"the common module at commonModules\[0\] has no id"),
        ([{"id": "module-1", "model": {"name": "x"}}], r"commonModules\[0\].model has no flowSequenceItemList"),
        ([{"id": "module-1", "model": []}], r"commonModules\[0\].model is not an object"),
    ],
)
def test_a_module_of_another_shape_makes_the_definition_unreadable(modules: Any, reason: str) -> None:
    with pytest.raises(UnreadableDefinition, match=reason):
        read_definition(encoded(architect(node(1)) | {"commonModules": modules}))


@pytest.mark.parametrize("nothing", [None, []])
def test_no_modules_are_no_snapshots(nothing: Any) -> None:
    assert read_definition(encoded(architect(node(1), commonModules=nothing))).snapshots == ()


def test_a_copy_cannot_be_edited() -> None:
    found = read_definition(caller(embedded(node(7)), own=(node(1),)))

    with pytest.raises(EditRefusedError, match="no step has the id node-7"):
        found.with_edits(set_to({"node-7": 10_000}))


def test_an_edit_of_the_caller_leaves_every_byte_of_its_snapshots() -> None:
    body = caller(embedded(node(1, literal(2_000))), own=(node(1, literal(2_000)),))

    edited = read_definition(body).with_edits(set_to({"node-1": 10_000}))

    prove_edit(body, edited, set_to({"node-1": 10_000}))
    assert read_definition(edited).snapshots == read_definition(body).snapshots


def test_an_edit_that_reaches_a_snapshot_is_not_proved() -> None:
    own = (node(1),)
    before, after = caller(embedded(node(7)), own=own), caller(embedded(node(7, literal(9_000))), own=own)

    with pytest.raises(ProofFailed, match=r"not planned: .*commonModules"):
        prove_edit(before, after, {})


def test_a_newer_snapshot_is_the_same_definition() -> None:
    """A publish takes the newest module in, with its steps in the manifest; what is the caller's own is the same."""
    before = caller(embedded(node(7)), own=(node(1),))
    after = caller(embedded(node(7, literal(9_000)), node(8), version="4.0"), own=(node(1),))

    assert read_definition(before).fingerprint == read_definition(after).fingerprint
    assert compare_published(before, after).foreign == compare_published(before, after).normalised == ()


def test_what_moves_beside_the_snapshot_is_told() -> None:
    before = caller(embedded(node(7)), own=(node(1),))
    after = caller(embedded(node(7), version="4.0"), own=(node(1, literal(9_000)),))

    assert read_definition(before).fingerprint != read_definition(after).fingerprint
    assert all("flowSequenceItemList" in each.path for each in compare_published(before, after).foreign)


def test_the_manifest_counts_where_no_module_is_embedded() -> None:
    before, after = architect(node(1)), architect(node(1))
    after["manifest"]["language"] = []

    assert read_definition(encoded(before)).fingerprint != read_definition(encoded(after)).fingerprint
