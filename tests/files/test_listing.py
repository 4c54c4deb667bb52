"""What of all files is ours, where the form of one does not tell, or one file says something of another."""

from pathlib import Path

import pytest

from files.errors import FilesError
from files.reader import FilesReader
from tests.files.conftest import folders, limited, write_files
from tests.files.samples import SampleAction, action_export, archy_yaml, terraform_actions
from tests.timeouts.conftest import action, inventory
from timeouts.as_code.comparing import compare_with_files
from timeouts.inventory import Inventory

ONE = terraform_actions([SampleAction(timeout="3")])
LONGER = b'resource "genesyscloud_integration_action" "look_up_customer" {\n  config_timeout_seconds = 20\n}\n'


def listing_of(folder: Path, **files: bytes) -> Inventory:
    write_files(folder, {name.replace("__", "/") + ".tf": body for name, body in files.items()})
    return FilesReader(folders(folder)).listing()


def test_an_action_whose_schema_names_the_sequences_is_an_action(tmp_path: Path) -> None:
    named = action_export(timeout_seconds=3).replace(b'"timeoutSeconds": {', b'"flowSequenceItemList": {')
    write_files(tmp_path, {"a.json": named})

    (action,) = FilesReader(folders(tmp_path)).listing().actions

    assert (action.name, action.limit_ms) == ("Look up customer", 3_000)
    assert limited(tmp_path, "a.json", 20_000) == named.replace(b'"timeoutSeconds": 3', b'"timeoutSeconds": 20')


def test_a_folder_in_which_nothing_turns_out_to_be_ours_is_told(tmp_path: Path) -> None:
    schema = b'{"properties": {"flowSequenceItemList": {"type": "array"}}}'
    write_files(tmp_path, {"schema.json": schema, "theme.custom.json": b'{"color": "red"}'})

    with pytest.raises(FilesError, match="holds nothing that is read here"):
        FilesReader(folders(tmp_path)).listing()


@pytest.mark.parametrize("name", ["override", "dev_override"])
def test_what_an_override_file_of_terraform_says_belongs_to_the_action_it_overrides(tmp_path: Path, name: str) -> None:
    listed = listing_of(tmp_path, a=ONE, **{name: LONGER})

    assert (listed.actions, [each.id for each in listed.unjoined_actions]) == ((), ["a.tf#look_up_customer"])
    assert listed.remarks[0] == (
        f"The limit of a.tf#look_up_customer counts as unknown and is never changed: {name}.tf overrides it"
    )
    assert listed.notes == ()


def test_an_override_file_is_about_its_own_folder(tmp_path: Path) -> None:
    listed = listing_of(tmp_path, one__a=ONE, two__a=ONE, two__override=LONGER)

    assert [each.id for each in listed.actions] == ["one/a.tf#look_up_customer"]
    assert [each.id for each in listed.unjoined_actions] == ["two/a.tf#look_up_customer"]


def test_an_action_whose_limit_is_computed_stays_so_where_it_is_overridden(tmp_path: Path) -> None:
    listed = listing_of(tmp_path, a=terraform_actions([SampleAction(timeout="var.limit")]), override=LONGER)

    assert [each.unknown_limit for each in listed.unjoined_actions] == ["override.tf overrides it"]


def test_an_override_of_what_is_not_there_is_told(tmp_path: Path) -> None:
    listed = listing_of(tmp_path, override=LONGER, b=terraform_actions([SampleAction("b")]))

    assert [each.id for each in listed.actions] == ["b.tf#b"]
    assert listed.notes == ("override.tf: the resource look_up_customer that it overrides was not found",)


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("var.category", "${var.category}"),
        ("data.genesyscloud_integration.crm.name", "${data.genesyscloud_integration.crm.name}"),
        ('var.prod ? "CRM" : "CRM test"', '${var.prod ? "CRM" : "CRM test"}'),
        ('"${var.category}"', '"${var.category}"'),
    ],
)
def test_what_is_no_literal_is_listed_as_what_a_deploy_fills_in(tmp_path: Path, written: str, listed: str) -> None:
    """Beside an org it contradicts no category, and is no name: the action was not in the org."""
    by_category = SampleAction("a", category=written, timeout="3")
    found = listing_of(tmp_path, a=terraform_actions([by_category, SampleAction("b", name=written)]))
    org = inventory([], [], [action("crm", 10_000, name="Look up customer", category="CRM")])

    beside = compare_with_files(org, found)

    assert [(each.name, each.category) for each in found.actions] == [("Look up customer", listed), (listed, "CRM")]
    assert [(each.path, each.difference) for each in beside.actions] == [("a.tf#a", "file shorter")]
    assert [(each.path, each.reason) for each in beside.not_compared] == [
        ("a.tf#b", "its name is filled in by a deploy")
    ]


def test_a_category_that_is_not_said_stays_empty(tmp_path: Path) -> None:
    body = b'resource "genesyscloud_integration_action" "a" {\n  name = "Look up"\n}\n'

    assert [(each.name, each.category) for each in listing_of(tmp_path, a=body).actions] == [("Look up", "")]


def test_a_name_that_looks_like_an_expression_and_is_a_literal_is_a_name(tmp_path: Path) -> None:
    found = listing_of(tmp_path, a=terraform_actions([SampleAction(name='"data.lookup (v2)"', timeout="3")]))
    org = inventory([], [], [action("crm", 3_000, name="data.lookup (v2)", category="CRM")])

    assert [each.difference for each in compare_with_files(org, found).actions] == ["same"]


@pytest.mark.parametrize("name", ["flow.yaml", "flow.json", "a.custom.json", "main.tf", "main.tf.json"])
def test_a_pointer_of_git_lfs_is_told_whatever_it_stands_for(tmp_path: Path, name: str) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    write_files(tmp_path, {name: pointer, "other.yaml": archy_yaml()})

    listed = FilesReader(folders(tmp_path)).listing()

    assert listed.notes == (f"{name} counts as not there: it is a pointer of Git LFS: run `git lfs pull`",)


def test_templates_with_steps_are_told_in_one_note(tmp_path: Path) -> None:
    """What a deploy makes of them has steps that no table shows."""
    ours = ("a.yaml.tftpl", "b.yml.j2", "flows/c.YAML.tpl", "d.tftpl")
    others = {"values.yaml.tpl": b"workflow: {{ x }}\n", "old.yaml.bak": archy_yaml(), "e.tpl": archy_yaml()}
    write_files(tmp_path, dict.fromkeys(ours, archy_yaml()) | others | {"other.yaml": archy_yaml()})

    listed = FilesReader(folders(tmp_path)).listing()
    chosen = FilesReader(folders(tmp_path, exclude=("*.tftpl", "b.*", "flows"))).listing()

    assert listed.notes == (
        (
            "Templates are not read, so the Call Data Action steps in these count as not there: "
            "a.yaml.tftpl, b.yml.j2, d.tftpl, flows/c.YAML.tpl"
        ),
    )
    assert [each.id for each in listed.architect_flows] == ["other.yaml"]
    assert chosen.notes == ()


def test_a_folder_of_nothing_but_a_template_says_so(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.yaml.j2": archy_yaml()})

    assert FilesReader(folders(tmp_path)).listing().notes == (
        "Templates are not read, so the Call Data Action steps in these count as not there: a.yaml.j2",
    )
