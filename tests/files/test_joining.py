"""Which action a step in a file calls."""

import unicodedata
from pathlib import Path

import pytest

from files.reader import FilesReader
from tests.files.conftest import folders, reading_of, write_files
from tests.files.samples import (
    ArchyStep,
    SampleAction,
    SampleStep,
    action_export,
    archy_yaml,
    i3_export,
    terraform_actions,
)


def joined(folder: Path, architect_flow_id: str = "f.yaml") -> list[str]:
    """The actions that the steps of an Architect flow are told to call."""
    return [step.action_id for step in reading_of(FilesReader(folders(folder)), architect_flow_id).steps]


def remarks(folder: Path) -> tuple[str, ...]:
    return FilesReader(folders(folder)).listing().remarks


def test_a_step_calls_the_action_of_its_name(tmp_path: Path) -> None:
    write_files(tmp_path, {"f.yaml": archy_yaml(), "a.custom.json": action_export()})

    assert joined(tmp_path) == ["a.custom.json"]
    assert remarks(tmp_path) == ()


def test_an_export_of_the_editor_is_joined_by_name_for_its_ids_are_those_of_an_org(tmp_path: Path) -> None:
    write_files(tmp_path, {"f.i3WorkFlow": i3_export(), "a.tf": terraform_actions()})

    assert joined(tmp_path, "f.i3WorkFlow") == ["a.tf#look_up_customer"]


def test_an_action_that_says_its_id_is_joined_by_that(tmp_path: Path) -> None:
    named = action_export("Another name").replace(b"{", b'{"id": "custom_-_1",', 1)
    write_files(tmp_path, {"f.i3WorkFlow": i3_export([SampleStep(action_id="custom_-_1")]), "a.custom.json": named})

    assert joined(tmp_path, "f.i3WorkFlow") == ["a.custom.json"]


def test_an_action_that_says_another_id_is_another_one_whatever_its_name(tmp_path: Path) -> None:
    """A limit of another org's would be taken for that of the step."""
    other = action_export().replace(b"{", b'{"id": "custom_-_2",', 1)
    write_files(tmp_path, {"f.i3WorkFlow": i3_export([SampleStep(action_id="custom_-_1")]), "a.custom.json": other})

    assert joined(tmp_path, "f.i3WorkFlow") == ["custom_-_1"]
    assert remarks(tmp_path) == (
        "1 step calls an action that no file holds, so how long those wait counts as unknown: Look up customer",
    )
    write_files(tmp_path, {"b.custom.json": action_export()})
    assert joined(tmp_path, "f.i3WorkFlow") == ["b.custom.json"], "it says no id"
    write_files(tmp_path, {"b.custom.json": action_export().replace(b"{", b'{"id": "{{id}}",', 1)})
    assert joined(tmp_path, "f.i3WorkFlow") == ["b.custom.json"], "a deploy fills it in"


def test_an_accent_joins_however_a_file_writes_it(tmp_path: Path) -> None:
    name, category = "Größe lesen", "Menü"
    apart = ArchyStep(unicodedata.normalize("NFD", name), unicodedata.normalize("NFD", category))
    write_files(
        tmp_path,
        {
            "f.yaml": archy_yaml([apart]),
            "a.custom.json": action_export(name, category=category),
            "b.custom.json": action_export(name, category="Shop"),
        },
    )

    assert joined(tmp_path) == ["a.custom.json"]


def test_where_both_name_a_category_it_has_to_be_the_same(tmp_path: Path) -> None:
    write_files(tmp_path, {"f.yaml": archy_yaml(), "a.custom.json": action_export(category="Shop")})

    assert joined(tmp_path) == [""]
    assert remarks(tmp_path) == (
        "1 step calls an action that no file holds, so how long those wait counts as unknown: Look up customer",
    )


def test_an_action_whose_name_a_deploy_fills_in_may_be_the_one_that_is_missing(tmp_path: Path) -> None:
    """No file was said to hold it, where one may well do."""
    actions = [SampleAction(name="local.name"), SampleAction("b", "each.value.name"), SampleAction("c", '"Other"')]
    write_files(tmp_path, {"f.yaml": archy_yaml(), "a.tf": terraform_actions(actions[::2])})
    one = remarks(tmp_path)
    write_files(tmp_path, {"f.yaml": archy_yaml([ArchyStep(), ArchyStep("Score")])})
    write_files(tmp_path, {"a.tf": terraform_actions(actions)})

    assert one == (
        (
            "1 step calls an action that no file holds, or whose name a deploy fills in (1 such action), so how long "
            "those wait counts as unknown: Look up customer"
        ),
    )
    assert remarks(tmp_path) == (
        (
            "2 steps call 2 actions that no file holds, or whose name a deploy fills in (2 such actions), so how long "
            "those wait counts as unknown: Look up customer, Score"
        ),
    )


def test_an_action_whose_name_and_limit_are_computed_may_be_it_too(tmp_path: Path) -> None:
    computed = terraform_actions([SampleAction(name="local.name", timeout="var.limit")])
    write_files(tmp_path, {"f.yaml": archy_yaml(), "a.tf": computed})

    assert "or whose name a deploy fills in (1 such action)" in remarks(tmp_path)[-1]


def test_the_category_tells_two_of_one_name_apart(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "f.yaml": archy_yaml([ArchyStep(), ArchyStep(category="Shop"), ArchyStep(category="Third")]),
            "a.custom.json": action_export(category="CRM"),
            "b.custom.json": action_export(category="Shop"),
            "c.custom.json": action_export(),
        },
    )

    assert joined(tmp_path) == ["a.custom.json", "b.custom.json", "c.custom.json"]


def test_two_files_that_hold_one_action_are_not_told_apart(tmp_path: Path) -> None:
    write_files(tmp_path, {"f.yaml": archy_yaml(), "a.custom.json": action_export(), "a.tf": terraform_actions()})
    write_files(tmp_path, {"b.json": action_export()})

    assert joined(tmp_path) == ["a.tf#look_up_customer"]  # the one that names the category
    (tmp_path / "a.tf").unlink()
    assert joined(tmp_path) == [""]
    assert remarks(tmp_path) == (
        (
            "1 step calls an action that more than one file holds, so which of them is meant is not known: "
            "Look up customer"
        ),
    )


def test_what_is_computed_joins_nothing(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "f.yaml": archy_yaml([ArchyStep('"{{action}}"'), ArchyStep("var.name")]),
            "a.tf": terraform_actions([SampleAction(name="var.name"), SampleAction("b", '"{{action}}"')]),
        },
    )

    assert joined(tmp_path) == ["", ""]


def test_what_a_person_fills_in_joins_nothing_and_contradicts_no_category(tmp_path: Path) -> None:
    action = action_export("Look up customer", category="<integrationName>")
    write_files(
        tmp_path,
        {
            "f.yaml": archy_yaml([ArchyStep(), ArchyStep('"<action>"')]),
            "a.custom.json": action,
            "b.custom.json": action_export("<action>"),
        },
    )

    assert joined(tmp_path) == ["a.custom.json", ""]


def test_an_action_with_angle_brackets_in_its_name_is_joined_by_it(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "f.yaml": archy_yaml([ArchyStep('"Lookup <VIP>"', category='"CRM <EMEA>"')]),
            "a.custom.json": action_export("Lookup <VIP>", category="CRM <EMEA>"),
            "b.custom.json": action_export("Lookup <VIP>", category="CRM <APAC>"),
        },
    )

    assert joined(tmp_path) == ["a.custom.json"]
    assert remarks(tmp_path) == ()


def test_a_limit_that_is_computed_is_told_and_makes_no_gap(tmp_path: Path) -> None:
    write_files(tmp_path, {"f.yaml": archy_yaml(), "a.tf": terraform_actions([SampleAction(timeout="var.limit")])})
    listed = FilesReader(folders(tmp_path)).listing()

    assert listed.actions == ()
    assert [each.unknown_limit for each in listed.unjoined_actions] == ["config_timeout_seconds is var.limit"]
    assert listed.notes == ()
    assert listed.remarks == (
        (
            "The limit of a.tf#look_up_customer counts as unknown and is never changed: "
            "config_timeout_seconds is var.limit"
        ),
        "1 action whose limit is unknown stands in no table and no count of actions",
    )
    assert joined(tmp_path) == [""]


@pytest.mark.parametrize("limit", ["var.limit", "5"])
def test_an_action_is_not_joined_where_another_file_holds_one_whose_limit_is_computed(
    tmp_path: Path, limit: str
) -> None:
    computed = terraform_actions([SampleAction(timeout="var.limit")])
    write_files(tmp_path, {"f.yaml": archy_yaml(), "dev/a.tf": computed})
    write_files(tmp_path, {"prod/a.tf": terraform_actions([SampleAction(timeout=limit)])})

    assert joined(tmp_path) == [""]
    assert remarks(tmp_path)[-1] == (
        "1 step calls an action that more than one file holds, so which of them is meant is not known: Look up customer"
    )


def test_many_that_are_not_joined_make_one_sentence(tmp_path: Path) -> None:
    write_files(tmp_path, {"f.yaml": archy_yaml([ArchyStep(f"Action {number}") for number in range(1_200)])})

    assert remarks(tmp_path) == (
        (
            "1,200 steps call 1,200 actions that no file holds, so how long those wait counts as unknown: "
            "Action 0, Action 1, Action 10, Action 100, Action 1000 and 1,195 more"
        ),
    )
