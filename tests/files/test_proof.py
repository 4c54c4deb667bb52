"""A file is refused unless it is the file before with exactly the planned timeouts changed."""

import pytest

from files.errors import FileRefused
from files.formats.reading import read_actions, read_flow
from files.proof import prove_limit, prove_steps
from files.walking import FoundFile
from tests.files.conftest import ROOT_FOLDER
from tests.files.samples import (
    ArchyStep,
    SampleAction,
    SampleStep,
    action_export,
    archy_yaml,
    configuration_json,
    encode_i3,
    i3_export,
    terraform_actions,
)
from timeouts.model.step_edits import SetTimeout, StepEdit


def found(name: str) -> FoundFile:
    return FoundFile(ROOT_FOLDER, (name,), name)


def flow(name: str, waits_ms: int, *, description: str = "Home") -> bytes:
    """The same Architect flow in each form, with a step that waits so long."""
    if name == "f.yaml":
        step = ArchyStep(timeout=f"lit:\n  seconds: {waits_ms // 1_000}")
        return archy_yaml([step]).replace(b"division: Home", f"division: {description}".encode())
    steps = [SampleStep(timeout_ms=waits_ms, suggested=False)]
    document = configuration_json(steps).replace(b'"en-US"', f'"{description}"'.encode())
    return encode_i3(document) if name == "f.i3BotFlow" else document


def prove(name: str, after: bytes, timeout_ms: int = 9_000) -> None:
    before = read_flow(flow(name, 4_000), name)
    assert before is not None
    edits: dict[str, StepEdit] = {step.id: SetTimeout(timeout_ms=timeout_ms) for step in before.definition.steps}
    prove_steps(found(name), before, after, edits)


NAMES = ("f.yaml", "f.json", "f.i3BotFlow")


@pytest.mark.parametrize("name", NAMES)
def test_the_planned_timeout_is_all_that_may_differ(name: str) -> None:
    prove(name, flow(name, 9_000))

    with pytest.raises(
        FileRefused, match="would hold more than the planned change, so it was left as it is: not planned"
    ):
        prove(name, flow(name, 9_000, description="Elsewhere"))


@pytest.mark.parametrize("name", NAMES)
def test_the_planned_timeout_has_to_be_there(name: str) -> None:
    with pytest.raises(FileRefused, match="does not wait 9s"):
        prove(name, flow(name, 8_000))


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_read_again_is_refused(name: str) -> None:
    with pytest.raises(FileRefused, match="so it was left as it is: "):
        prove(name, flow(name, 9_000)[:-3] + b"\xff")


def test_an_export_that_would_be_encoded_otherwise_is_refused() -> None:
    after = flow("f.i3BotFlow", 9_000)

    with pytest.raises(FileRefused, match="would not be read as it is written"):
        prove("f.i3BotFlow", after[:76] + b"\n" + after[76:])


def test_an_export_is_one_of_the_same_architect_flow() -> None:
    with pytest.raises(FileRefused, match="not planned"):
        prove("f.i3BotFlow", i3_export([SampleStep(timeout_ms=9_000, suggested=False)], name="Another"))


def prove_action(name: str, before: bytes, after: bytes, resource: str = "") -> None:
    read = read_actions(before, name)
    assert read is not None
    prove_limit(found(name), read, after, resource, 9_000)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (action_export(timeout_seconds=8), "would not have the planned limit"),
        (action_export("Another", timeout_seconds=9), "would hold more than the planned change"),
        (action_export(timeout_seconds=9, pretty=False), "would hold more than the planned change"),
        (action_export(timeout_seconds=9)[:-4], "it is not JSON"),
        (b'{"config": {}}', "it would hold other actions"),
    ],
)
def test_of_an_action_the_limit_is_all_that_may_differ(after: bytes, said: str) -> None:
    prove_action("a.json", action_export(), action_export(timeout_seconds=9))

    with pytest.raises(FileRefused, match=said):
        prove_action("a.json", action_export(), after)


def terraform(one: str | None, two: str | None = None, name: str = '"Look up customer"') -> bytes:
    return terraform_actions([SampleAction("a", name, timeout=one), SampleAction("b", timeout=two)])


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (terraform("8"), "would not have the planned limit"),
        (terraform("9", "9"), "would hold more than the planned change"),
        (terraform("9", name='"Another"'), "would hold more than the planned change"),
        (terraform("9").replace(b"// Actions", b"// actions"), "would hold more than the planned change"),
        (terraform("9").replace(b"jsonencode({", b"jsonencode( {", 1), "would hold more than the planned change"),
        (terraform("9").replace(b'"b"', b'"c"'), "it would hold other actions"),
        (terraform("var.limit"), "would not have the planned limit"),
        (terraform("9")[:-2], "is not understood as HCL"),
    ],
)
def test_of_terraform_the_limit_of_one_action_is_all_that_may_differ(after: bytes, said: str) -> None:
    prove_action("a.tf", terraform(None), terraform("9"), "a")

    with pytest.raises(FileRefused, match=said):
        prove_action("a.tf", terraform(None), after, "a")
