"""A patch is what `git apply` makes the same files of that a run would have written."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from files.errors import FilesError
from files.patch import lines_of, unified_diff
from files.reader import FileChange
from files.writing import FilesDraft, FilesWriter
from tests.files.conftest import contents, folders, set_all, write_files
from tests.files.samples import ArchyStep, SampleAction, action_export, archy_yaml, terraform_actions, write_repository
from tests.git import committed, git


def drafted(*paths: Path) -> FilesDraft:
    """Raise everything that can be raised, as a draft."""
    draft = FilesDraft(folders(*paths))
    change_all(draft)
    return draft


def change_all(writer: FilesDraft | FilesWriter) -> None:
    listed = writer.listing()
    for architect_flow in listed.architect_flows:
        reading = writer.read(architect_flow)
        edits = set_all(reading, 17_000)
        if edits:
            writer.write(writer.with_edits(architect_flow.id, reading.fingerprint, edits))
    for action in listed.actions:
        if action.kind != "custom_auth":
            writer.write(writer.with_limit(action.id, action.version or 0, 14_000))


def test_it_makes_of_a_checkout_what_a_run_would_have_written(tmp_path: Path) -> None:
    for name in ("patched", "written"):
        write_repository(tmp_path / name / "flows of a team")
        write_files(tmp_path / name, {'ü "q"\t\\.yaml': archy_yaml(newline="\r\n", last_newline=False)})
        committed(tmp_path / name)
    draft = drafted(tmp_path / "patched")
    (tmp_path / "a.patch").write_bytes(unified_diff(draft).encode("utf-8", "surrogateescape"))

    git(tmp_path / "patched", "apply", "--check", "../a.patch")
    git(tmp_path / "patched", "apply", "../a.patch")

    writer = FilesWriter(folders(tmp_path / "written"))
    change_all(writer)
    assert contents(tmp_path / "patched") == contents(tmp_path / "written")
    git(tmp_path / "patched", "apply", "--reverse", "../a.patch")
    git(tmp_path / "patched", "diff", "--exit-code")


def test_paths_are_those_of_the_repository_wherever_the_folder_lies_in_it(tmp_path: Path) -> None:
    write_files(tmp_path, {"deep/er/a.custom.json": action_export(pretty=False)})
    committed(tmp_path)

    lines = unified_diff(drafted(tmp_path / "deep" / "er")).splitlines()

    assert lines[:3] == [
        "diff --git a/deep/er/a.custom.json b/deep/er/a.custom.json",
        "--- a/deep/er/a.custom.json",
        "+++ b/deep/er/a.custom.json",
    ]
    assert lines.count("\\ No newline at end of file") == 2


def test_outside_of_git_paths_are_those_of_the_folder(tmp_path: Path) -> None:
    write_files(tmp_path, {"x/a.custom.json": action_export()})

    assert unified_diff(drafted(tmp_path)).startswith("diff --git a/x/a.custom.json b/x/a.custom.json\n")


def test_changes_in_two_repositories_are_no_one_patch(tmp_path: Path) -> None:
    """Its paths would be below both tops, and `git apply` take it in neither."""
    for name in ("one", "two"):
        committed(write_files(tmp_path / name, {"a.custom.json": action_export()}))
    (one, two) = (tmp_path / name for name in ("one", "two"))

    with pytest.raises(FilesError, match=rf"^The changes lie in 2 repositories, .* that: {one}, {two}\. Name one with"):
        unified_diff(drafted(one, two))


def test_nor_are_changes_in_a_repository_and_one_within_it(tmp_path: Path) -> None:
    committed(write_files(tmp_path, {"a.custom.json": action_export(), ".gitignore": b"module\n"}))
    committed(write_files(tmp_path / "module", {"b.custom.json": action_export()}))

    with pytest.raises(FilesError, match="leave the others out with --exclude"):
        unified_diff(drafted(tmp_path))


def test_nor_are_changes_in_two_folders_that_lie_in_none(tmp_path: Path) -> None:
    (one, two) = (write_files(tmp_path / name, {"a.custom.json": action_export()}) for name in ("one", "two"))

    with pytest.raises(FilesError, match=r"^The changes lie in 2 folders, "):
        unified_diff(drafted(one, two))


def test_a_second_repository_in_which_nothing_changes_is_no_matter(tmp_path: Path) -> None:
    committed(write_files(tmp_path / "one", {"a.custom.json": action_export()}))
    committed(write_files(tmp_path / "two", {"f.yaml": archy_yaml([ArchyStep(timeout=None)])}))
    draft = FilesDraft(folders(tmp_path / "one", tmp_path / "two"))
    (action,) = draft.listing().actions
    draft.write(draft.with_limit(action.id, action.version or 0, 14_000))

    assert unified_diff(draft).startswith("diff --git a/a.custom.json b/a.custom.json\n")


def test_it_reads_as_people_expect_it(tmp_path: Path) -> None:
    write_files(tmp_path, {"a b.tf": terraform_actions([SampleAction()])})

    assert unified_diff(drafted(tmp_path)) == (
        "diff --git a/a b.tf b/a b.tf\n"
        "--- a/a b.tf\t\n"
        "+++ b/a b.tf\t\n"
        "@@ -7,6 +7,7 @@\n"
        '   name                   = "Look up customer"\n'
        '   category               = "CRM"\n'
        '   integration_id         = "${data.genesyscloud_integration.crm.id}"\n'
        "+  config_timeout_seconds = 14\n"
        "   contract_input = jsonencode({\n"
        '     "type" = "object",\n'
        '     "properties" = {}\n'
    )


def test_where_nothing_is_changed_there_is_no_patch(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.custom.json": action_export()})

    assert unified_diff(FilesDraft(folders(tmp_path))) == ""


def test_each_of_many_changes_in_a_long_file_is_one_of_its_own(tmp_path: Path) -> None:
    steps = [ArchyStep(name=f"Step {number}", timeout="lit:\n  seconds: 4") for number in range(2_000)]
    write_files(tmp_path, {"f.yaml": archy_yaml(steps)})
    draft = drafted(tmp_path)

    lines = unified_diff(draft).splitlines()

    assert lines.count("-                  seconds: 4") == lines.count("+                  seconds: 17") == 2_000


LINES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=30)


@settings(max_examples=25, deadline=None)
@given(LINES, LINES, LINES, LINES, LINES)
@example(before=["a"], old=[], new=["b"], between=[], after=["a"] * 4)  # alike around the change
def test_it_makes_the_new_text_of_the_old_one_whatever_was_changed(
    before: list[str], old: list[str], new: list[str], between: list[str], after: list[str]
) -> None:
    was, now = ("\n".join([*before, *changed, *between, *changed, *after]).encode() for changed in (old, new))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "f.yaml")
        file.write_bytes(was)
        made = "".join(lines_of(FileChange(file, "f.yaml", was, now), Path(folder)))
        Path(folder, "a.patch").write_text(made, encoding="utf-8")
        if made:
            git(Path(folder), "apply", "a.patch")

        assert file.read_bytes() == now


@pytest.mark.parametrize("lines", [40_000])
def test_a_long_file_of_equal_lines_makes_a_short_patch(tmp_path: Path, lines: int) -> None:
    write_files(tmp_path, {"f.yaml": archy_yaml() + b"# the same\n" * lines + b"# end\n"})

    assert len(unified_diff(drafted(tmp_path)).splitlines()) < 30
