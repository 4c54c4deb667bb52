"""Terraform written as JSON, as the provider exports it: its actions as those of HCL, and edits of nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from files.formats.action_file import FileAction
from files.formats.flow_file import UnreadableFile
from files.formats.terraform_json import read_terraform_json
from files.reader import FilesReader
from tests.files.conftest import folders, limited, reading_of, write_files
from tests.files.samples import archy_yaml

NAMED: dict[str, Any] = {"name": "Look up customer", "category": "CRM"}


def exported(body: Any, label: str = "a", indent: int | None = 2) -> bytes:
    resource = {"genesyscloud_flow": {"f": {"name": "x"}}, "genesyscloud_integration_action": {label: body}}
    return json.dumps({"resource": resource, "terraform": {}}, indent=indent).encode()


def the_action(body: Any) -> FileAction:
    (action,) = read_terraform_json(exported(body)).actions
    return action


def test_a_step_calls_the_action_of_a_file_that_the_provider_exported(tmp_path: Path) -> None:
    limit = {"config_timeout_seconds": 3}
    write_files(tmp_path, {"f.yaml": archy_yaml(), "genesyscloud.tf.json": exported(NAMED | limit)})
    reader = FilesReader(folders(tmp_path))

    (action,) = reader.listing().actions

    assert (action.id, action.name, action.limit_ms) == ("genesyscloud.tf.json#a", "Look up customer", 3_000)
    assert [step.action_id for step in reading_of(reader, "f.yaml").steps] == [action.id]
    assert limited(tmp_path, action.id, 20_000) == exported(NAMED | {"config_timeout_seconds": 20})


@pytest.mark.parametrize("around", [lambda each: each, lambda each: [each], lambda each: [{"//": 1}, each]])
def test_a_block_may_be_an_object_or_stand_in_a_list(around: Any) -> None:
    resource = around({"genesyscloud_integration_action": around({"a": [NAMED]})})

    assert [each.name for each in read_terraform_json(json.dumps({"resource": resource}).encode()).actions] == [
        "Look up customer"
    ]


@pytest.mark.parametrize("label", ["\ud800", "a" * 200_000])
def test_whatever_the_label_is_a_report_can_name_the_action(label: str, tmp_path: Path) -> None:
    write_files(tmp_path, {"genesyscloud.tf.json": exported(NAMED, label)})

    (action,) = FilesReader(folders(tmp_path)).listing().actions

    assert action.name in action.model_dump_json()
    assert len(action.id) < 10_100


@pytest.mark.parametrize(("said", "limit_ms"), [(20, 20_000), ("20", 20_000), (0, None), (None, None)])
def test_a_literal_is_the_limit_and_0_and_null_are_none(said: Any, limit_ms: int | None) -> None:
    action = the_action({"config_timeout_seconds": said})

    assert (action.limit_ms, action.unknown_limit) == (limit_ms, "")


@pytest.mark.parametrize("said", ["${var.limit}", True, 2.5, -3, [20], {}])
def test_any_other_limit_is_not_known(said: Any) -> None:
    assert the_action({"config_timeout_seconds": said}).unknown_limit.startswith("config_timeout_seconds is ")


def test_a_name_that_is_computed_joins_nothing() -> None:
    action = the_action({"name": "${var.name}", "category": "${module.a.name}"})

    assert (action.name, action.is_named, action.is_categorised) == ("${var.name}", False, False)
    assert (the_action({}).name, the_action({}).is_named) == ("a", False)


@pytest.mark.parametrize("ignored", ["all", ["config_timeout_seconds"], ["category", "${config_timeout_seconds}"]])
def test_a_limit_whose_changes_terraform_ignores_is_not_known(ignored: Any) -> None:
    body = {"config_timeout_seconds": 3, "lifecycle": {"ignore_changes": ignored}}

    assert the_action(body).unknown_limit == "Terraform ignores changes of config_timeout_seconds"


def test_a_resource_that_is_switched_off_is_no_action() -> None:
    assert read_terraform_json(exported({"count": 0})).actions == ()
    assert len(read_terraform_json(exported({"count": "${var.on}"})).actions) == 1


def test_a_function_has_its_own_limit() -> None:
    body = {"function_config": [{"handler": "x", "timeout_seconds": 9}]}
    found = read_terraform_json(exported(body))
    (action,) = found.actions

    assert (action.kind, action.limit_ms, action.function_ms) == ("function", None, 9_000)
    assert found.with_limit("a", 12_000) == exported({"function_config": [{"handler": "x", "timeout_seconds": 12}]})
    dynamic = the_action({"dynamic": {"function_config": {"for_each": []}}})
    assert dynamic.unknown_limit == "its function_config is computed"
    assert the_action({"function_config": "${var.x}"}).unknown_limit == "its function_config is computed"


def test_a_function_data_action_whose_function_is_not_in_the_file_has_no_known_limit() -> None:
    action = the_action({"category": "Function Data Actions", "config_timeout_seconds": 5})

    assert (action.kind, action.unknown_limit) == ("function", "its function is not in the file")


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("before", [{}, {"config_timeout_seconds": 4}, {"config_timeout_seconds": "4"}])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_limit_is_set_and_put_back_to_the_byte(indent: int | None, before: dict[str, Any], mark: bytes) -> None:
    body = mark + exported(NAMED | before, indent=indent)
    found = read_terraform_json(body)

    after = found.with_limit("a", 9_000)

    again = read_terraform_json(after)
    assert after == mark + exported(NAMED | {"config_timeout_seconds": 9}, indent=indent)
    assert again.frame("a") == found.frame("a")
    assert again.with_texts("a", found.texts("a")) == body


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"name": "A", "name": "B"}', "line 1 is not understood: the key name stands more than once"),
        ('{"function_config": [{}, {}]}', "line 1 is not understood: it has 2 blocks function_config"),
        ("[{}, {}]", "line 1 has the name of another one"),
    ],
)
def test_a_resource_that_is_not_understood_is_told_with_its_line(body: str, problem: str) -> None:
    text = f'{{"resource": {{"genesyscloud_integration_action": {{"a": {body}}}}}}}'

    assert read_terraform_json(text.encode()).problems == (f"the resource in {problem}",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff", "it is not UTF-8 from byte 0 on"),
        (b"[]", "it is not JSON of Terraform: an object is expected"),
        (exported({})[:-1], "it is not JSON of Terraform: "),
        (exported({}) + b"x", "it is not JSON of Terraform: Extra data"),
        (b'{"resource": NaN}', "it is not JSON of Terraform: "),
        (b'{"resource": ' + b"[" * 100_000, "it is nested too deeply"),
        (b'{"a": [' + b"1," * 5_000_000, "it holds more than 4,000,000 values"),
    ],
)
def test_a_file_that_is_no_terraform_is_told(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match="^" + reason):
        read_terraform_json(body)
