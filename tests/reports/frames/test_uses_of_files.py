"""Of actions in files: nobody says that none uses one where a step may, for somebody might delete it."""

from dataclasses import replace
from pathlib import Path

import pytest

from files.reader import FilesReader
from reports.frames.actions import unused_actions
from reports.frames.uses import uses_of
from tests.files.conftest import folders, write_files
from tests.files.samples import ArchyStep, SampleAction, action_export, archy_yaml, terraform_actions
from tests.reports.made import made, printed
from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.inventory import Inventory
from timeouts.model.settings import Suggested

NOT_KNOWN, UNUSED = "which steps call it is not known", "no Architect flow uses it"


def inventory_of(folder: Path) -> Inventory:
    """What a run reads of a folder."""
    reader = FilesReader(folders(folder))
    listing = reader.listing()
    return replace(listing, readings=tuple(map(reader.read, listing.architect_flows)))


def notes(folder: Path) -> dict[str, str]:
    """What is said of each action of a folder."""
    return {use.name: use.note for use in uses_of(inventory_of(folder))}


def test_an_action_whose_name_a_deploy_fills_in_is_not_said_to_be_unused(tmp_path: Path) -> None:
    """CX as Code often says `name = local.name`, and the steps say what that comes to."""
    names = ["local.name", "each.value.name", '"{{action}}"', '"${var.prefix}-lookup"', '"Merge"']
    actions = [SampleAction(f"label_{number}", name) for number, name in enumerate(names)]
    write_files(tmp_path, {"f.yaml": archy_yaml(), "a.tf": terraform_actions(actions)})
    report = made(inventory_of(tmp_path))

    assert [use.name for use in unused_actions(report)] == ["Merge"]
    assert notes(tmp_path).pop("Merge") == UNUSED
    assert set(notes(tmp_path).values()) == {NOT_KNOWN, UNUSED}
    assert "Used by no Architect flow: Merge\n" in printed(report, 200)


def test_an_action_that_is_joined_has_steps_and_nothing_is_open(tmp_path: Path) -> None:
    write_files(tmp_path, {"f.yaml": archy_yaml(), "a.tf": terraform_actions()})

    assert notes(tmp_path) == {"Look up customer": ""}


@pytest.mark.parametrize(
    ("called", "said"),
    [
        (ArchyStep("Get"), {"Get": NOT_KNOWN, "Merge": UNUSED}),  # which of the two files, is not known
        (ArchyStep("Get", category="Shop"), {"Get": UNUSED, "Merge": UNUSED}),
        (ArchyStep("Get", category='"{{category}}"'), {"Get": NOT_KNOWN, "Merge": UNUSED}),
        (ArchyStep('"{{action}}"'), {"Get": NOT_KNOWN, "Merge": NOT_KNOWN}),
    ],
)
def test_nor_is_one_that_a_step_may_call_which_is_not_joined(
    called: ArchyStep, said: dict[str, str], tmp_path: Path
) -> None:
    actions = {f"{number}.custom.json": action_export("Get", category="CRM") for number in range(2)}
    write_files(tmp_path, actions | {"f.yaml": archy_yaml([called]), "m.custom.json": action_export("Merge")})

    assert notes(tmp_path) == said


def test_in_an_org_a_name_is_a_name_whatever_it_looks_like() -> None:
    org = inventory(
        [listed()], [reading(step(1, Suggested(), action_name="local.name"))], [action("local", name="local.name")]
    )

    assert [use.note for use in uses_of(org)] == [UNUSED]
