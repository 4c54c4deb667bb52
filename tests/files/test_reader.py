"""Folders as an org: what is listed, read and changed, and that nothing beside the planned timeouts is."""

from pathlib import Path

import pytest

from files.errors import FileChanged, FileRefused, FilesError
from files.reader import FilesReader
from files.writing import FilesWriter
from tests.files.conftest import (
    action_of,
    folders,
    limited,
    put_back,
    raised,
    reading_of,
    set_all,
    write_files,
)
from tests.files.samples import (
    ArchyStep,
    SampleStep,
    action_export,
    archy_yaml,
    as_exported,
    configuration_json,
    i3_export,
    terraform_actions,
    write_repository,
)
from timeouts.model.request_figures import RequestCounts
from timeouts.model.step_edits import SetTimeout

BOM = b"\xef\xbb\xbf"
ONE = (SampleStep(timeout_ms=4_000, suggested=False),)

FLOWS = {
    "an export": ("f.i3InboundFlow", i3_export(ONE) + b"\n"),
    "a configuration": ("f.json", configuration_json(ONE, pretty=True)),
    "a configuration with a byte order mark": ("f.json", BOM + configuration_json(ONE)),
    "Archy YAML": ("f.yaml", archy_yaml([ArchyStep()], comments=True, newline="\r\n", last_newline=False)),
    "Archy YAML with a byte order mark": ("f.yaml", BOM + archy_yaml([ArchyStep(timeout="lit:\n  seconds: 4")])),
    "Archy YAML without a timeout": ("f.yml", archy_yaml([ArchyStep(timeout=None)], name='"{{flow_name}}"')),
}


def test_a_repository_is_an_org(tmp_path: Path) -> None:
    sample = write_repository(tmp_path)

    reader = FilesReader(folders(tmp_path))
    listed = reader.listing()
    readings = [reader.read(each) for each in listed.architect_flows]

    assert (len(listed.architect_flows), len(listed.actions)) == (sample.architect_flows, sample.actions)
    assert sum(len(each.steps) for each in readings) == sample.steps
    assert tuple(each.architect_flow_id for each in readings if each.coverage == "unreadable") == sample.unreadable
    assert listed.organization == reader.organization()
    assert reader.request_counts() == RequestCounts(requests={})
    assert listed.limits_elsewhere


def test_an_architect_flow_has_the_name_and_type_that_its_file_says(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.yaml": archy_yaml(name="Orders", kind="inqueueCall"), "b.i3BotFlow": b"torn"})

    listed = FilesReader(folders(tmp_path)).listing().architect_flows

    assert [(each.id, each.name, each.type, each.published_version) for each in listed] == [
        ("a.yaml", "Orders", "inqueuecall", None),
        ("b.i3BotFlow", "b.i3BotFlow", "", None),
    ]


def test_twins_in_two_forms_give_the_same_steps_and_waits(tmp_path: Path) -> None:
    steps = (
        SampleStep(timeout_ms=4_000, suggested=False),
        SampleStep("Read order", "Shop", "Read", out_of_service=True),
    )
    write_files(tmp_path, {"f.i3WorkFlow": i3_export(steps), "f.yaml": archy_yaml(map(as_exported, steps))})
    reader = FilesReader(folders(tmp_path))
    listed = reader.listing()

    export, yaml = (reader.read(each).steps for each in listed.architect_flows)

    assert [(each.name, each.action_name, each.category) for each in export] == [
        (each.name, each.action_name, each.category) for each in yaml
    ]
    assert export[0].setting == yaml[0].setting
    assert [each.setting.kind for each in (export[1], yaml[1])] == ["suggested", "suggested"]


@pytest.mark.parametrize(("name", "body"), FLOWS.values(), ids=FLOWS)
def test_a_raise_is_done_once_and_undone_to_the_byte(tmp_path: Path, name: str, body: bytes) -> None:
    write_files(tmp_path, {name: body})
    before = reading_of(FilesReader(folders(tmp_path)), name)
    edits = set_all(before, 17_000)

    once = raised(tmp_path, name)

    reader = FilesReader(folders(tmp_path))
    after = reading_of(reader, name)
    assert once != body
    assert reader.holds_edits(name, edits)
    assert not reader.holds_edits(name, put_back(before))
    assert raised(tmp_path, name) == once
    writer = FilesWriter(folders(tmp_path))
    writer.write(writer.with_edits(name, after.fingerprint, put_back(before)))
    assert (tmp_path / name).read_bytes() == body
    assert writer.holds_edits(name, put_back(before))


@pytest.mark.parametrize(
    ("name", "body"),
    [("a.custom.json", action_export()), ("a.json", action_export(timeout_seconds=3)), ("a.tf", terraform_actions())],
)
def test_a_limit_is_set_once_and_taken_back_to_the_byte(tmp_path: Path, name: str, body: bytes) -> None:
    write_files(tmp_path, {name: body})
    (before,) = FilesReader(folders(tmp_path)).listing().actions

    once = limited(tmp_path, before.id, 20_000)

    reader = FilesReader(folders(tmp_path))
    assert action_of(reader, before.id).limit_ms == 20_000
    assert reader.holds_limit(before.id, 20_000)
    assert not reader.holds_limit(before.id, before.limit_ms)
    assert limited(tmp_path, before.id, 20_000) == once
    assert limited(tmp_path, before.id, before.limit_ms) == body


def test_a_version_is_a_number_that_changes_with_the_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.custom.json": action_export()})
    first = action_of(FilesReader(folders(tmp_path)), "a.custom.json").version
    limited(tmp_path, "a.custom.json", 20_000)
    second = action_of(FilesReader(folders(tmp_path)), "a.custom.json").version

    assert first is not None
    assert second is not None
    assert first != second
    assert max(first, second) < 2**53


def test_a_file_that_changed_since_the_plan_is_stale(tmp_path: Path) -> None:
    write_files(tmp_path, {"f.yaml": archy_yaml(), "a.custom.json": action_export()})
    reader = FilesReader(folders(tmp_path))
    reading = reading_of(reader, "f.yaml")
    action = action_of(reader, "a.custom.json")
    write_files(tmp_path, {"f.yaml": archy_yaml() + b"# more\n", "a.custom.json": action_export() + b"\n"})

    with pytest.raises(FileChanged, match=r"^f\.yaml is no longer what the plan was made from"):
        reader.with_edits("f.yaml", reading.fingerprint, set_all(reading, 9_000))
    with pytest.raises(FileChanged, match=r"^a\.custom\.json is no longer what the plan was made from"):
        reader.with_limit("a.custom.json", action.version or 0, 9_000)


def test_what_is_not_in_the_folders_any_more_is_stale(tmp_path: Path) -> None:
    write_files(tmp_path, {"f.yaml": archy_yaml(), "a.custom.json": action_export()})
    reader = FilesReader(folders(tmp_path))
    reader.listing()
    (tmp_path / "f.yaml").unlink()

    with pytest.raises(FileChanged, match=r"^f\.yaml is not there any more"):
        reader.holds_edits("f.yaml", {})
    with pytest.raises(FileChanged, match=r"^g\.yaml is no Architect flow in these folders any more"):
        reader.with_edits("g.yaml", "", {})
    with pytest.raises(FileChanged, match=r"^b\.json is no action in these folders any more"):
        reader.holds_limit("b.json", 1_000)


def test_an_export_that_is_encoded_otherwise_is_shown_and_not_changed(tmp_path: Path) -> None:
    export = i3_export(ONE)
    write_files(tmp_path, {"f.i3WorkFlow": export[:76] + b"\n" + export[76:]})
    reader = FilesReader(folders(tmp_path))
    reading = reading_of(reader, "f.i3WorkFlow")

    with pytest.raises(FileRefused, match="it is encoded otherwise than Architect encodes an export"):
        reader.with_edits("f.i3WorkFlow", reading.fingerprint, set_all(reading, 9_000))


def test_an_edit_that_is_not_possible_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"f.yaml": archy_yaml()})
    reader = FilesReader(folders(tmp_path))
    reading = reading_of(reader, "f.yaml")

    with pytest.raises(FileRefused, match=r"^f\.yaml was left as it is: no step has the id x"):
        reader.with_edits("f.yaml", reading.fingerprint, {"x": SetTimeout(timeout_ms=9_000)})


def test_a_limit_that_is_no_whole_second_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.custom.json": action_export()})
    reader = FilesReader(folders(tmp_path))
    version = action_of(reader, "a.custom.json").version or 0

    with pytest.raises(FileRefused, match="1500 ms is no whole number of seconds"):
        reader.with_limit("a.custom.json", version, 1_500)


@pytest.mark.parametrize("before", ["version: 1\n", "x-defaults:\n  wait: 5\n", "# ours\r", "meta: 1\n---\n"])
def test_an_architect_flow_whose_type_is_not_the_first_thing_in_its_file_is_listed(tmp_path: Path, before: str) -> None:
    write_files(tmp_path, {"f.yaml": before.encode() + archy_yaml()})
    reader = FilesReader(folders(tmp_path))

    (listed,) = reader.listing().architect_flows

    reading = reader.read(listed)
    assert len(reading.steps) == 1 or reading.reason == "a second document begins in line 2"


def test_of_other_yaml_with_a_type_somewhere_in_it_nothing_is_said(tmp_path: Path) -> None:
    pipeline = b"stages: [build]\nworkflow:\n  rules: []\n"
    routing = b'{"routing": {"inboundCall": {"name": "x"}}}'
    others = {"ci.yml": pipeline, "values.yaml": routing, "bot.yaml": b"bot: discord\ntoken: x\n"}
    write_files(tmp_path, {"f.yaml": archy_yaml(), **others})
    listed = FilesReader(folders(tmp_path)).listing()

    assert [each.id for each in listed.architect_flows] == ["f.yaml"]
    assert (listed.notes, listed.remarks[1:]) == ((), ())


def test_of_json_that_names_the_sequences_and_holds_none_nothing_is_said(tmp_path: Path) -> None:
    text = b'{"text": "{\\"flowSequenceItemList\\": []}", "all": ["flowSequenceItemList"]}'
    schema = b'{"properties": {"flowSequenceItemList": {"type": "array"}}}'
    write_files(tmp_path, {"f.json": configuration_json(ONE), "text.json": text, "schema.json": schema})
    listed = FilesReader(folders(tmp_path)).listing()

    assert [each.id for each in listed.architect_flows] == ["f.json"]
    assert listed.notes == ()


BROKEN = {
    "truncated base64": ("f.i3BotFlow", i3_export()[:-2], "it ends within a group of base64"),
    "an invalid percent code": (
        "f.i3BotFlow",
        b"JTdCJXp6JTdE",
        "'%zz' at byte 3 of what it encodes is no percent code",
    ),
    "JSON that ends early": ("f.json", configuration_json()[:-9], "it is not JSON"),
    "a configuration below the top": (
        "f.json",
        b'{"flow": ' + configuration_json() + b"}",
        "it holds a configuration below its top, which is not read",
    ),
    "actions below the top": (
        "a.json",
        b'{"entities": [' + action_export() + b"]}",
        "it holds an action below its top, which is not read",
    ),
    "YAML with an error": ("f.yaml", archy_yaml() + b"  bad: [\n", "line"),
    "UTF-16": ("f.yaml", archy_yaml().decode().encode("utf-16"), "it is not UTF-8 from byte 0 on"),
    "an action in UTF-16": ("a.json", action_export().decode().encode("utf-16"), "it is not UTF-8 from byte 0 on"),
    "a file without anything": ("f.i3BotFlow", b"", "it is empty"),
    "too large a file": ("f.i3BotFlow", b"A" * 60_000_000, "it has 60,000,000 bytes, 50,000,000 at most are read"),
}


@pytest.mark.parametrize(("name", "body", "reason"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_named_with_the_reason(tmp_path: Path, name: str, body: bytes, reason: str) -> None:
    write_files(tmp_path, {name: body, "whole.yaml": archy_yaml()})
    reader = FilesReader(folders(tmp_path))

    listed = reader.listing()

    reasons = [reader.read(each).reason for each in listed.architect_flows if each.id == name]
    assert reason in (*reasons, *listed.notes)[0]
    assert [reader.read(each).coverage for each in listed.architect_flows if each.id != name] == ["read"]


def test_an_action_that_cannot_be_read_is_a_note(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "a.custom.json": b"{",
            "b.tf": b'resource "genesyscloud_integration_action" "x" {\n  name = = 1\n}\n',
            "c.tf.json": b'{"resource": {"genesyscloud_integration_action": {}}',
            "d.yaml": archy_yaml(),
        },
    )

    notes = FilesReader(folders(tmp_path)).listing().notes

    assert [note.partition(" is not read: ")[0] for note in notes] == [
        f"{name} looks like integration actions and is not read"[: -len(" and is not read")] + " and"
        for name in ("a.custom.json", "b.tf", "c.tf.json")
    ]
    assert "line 2 is not understood as HCL" in notes[1]
    assert "it is not JSON of Terraform: Expecting" in notes[2]


def test_of_many_notes_the_first_are_told(tmp_path: Path) -> None:
    write_files(tmp_path, {f"{number}.custom.json": b"{" for number in range(70)})

    notes = FilesReader(folders(tmp_path)).listing().notes

    assert (len(notes), notes[-1]) == (51, "20 more files or actions could not be read")


def test_a_folder_with_nothing_of_ours_is_told_with_what_would_be(tmp_path: Path) -> None:
    write_files(tmp_path, {"one/f.yaml": archy_yaml(), "two/compose.yaml": b"services: {}\n"})

    with pytest.raises(FilesError, match="two holds nothing that is read here"):
        FilesReader(folders(tmp_path / "one", tmp_path / "two")).listing()


def test_a_folder_within_another_one_that_was_named_first_holds_what_it_holds(tmp_path: Path) -> None:
    write_files(tmp_path, {"one/f.yaml": archy_yaml(), "one/in/g.yaml": archy_yaml()})

    listed = FilesReader(folders(tmp_path / "one", tmp_path / "one" / "in")).listing()

    assert [each.id for each in listed.architect_flows] == ["one/f.yaml", "one/in/g.yaml"]
