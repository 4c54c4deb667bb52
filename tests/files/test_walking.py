"""Which files of a folder are looked at, and what is said of what is not."""

import os
import tempfile
from pathlib import Path

import pytest
from pydantic import ValidationError

from files import walking
from files.errors import FilesError
from files.folders import Folders
from files.reader import FilesReader
from files.walking import walk
from tests.files.conftest import folders, without_rights, write_files
from tests.files.samples import archy_yaml, i3_export, write_repository
from timeouts.model.values import reasons_of


def shown(*given: Path, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> list[str]:
    return [each.shown for each in walk(folders(*given, include=include, exclude=exclude)).files]


def test_files_are_found_by_their_names_and_sorted(tmp_path: Path) -> None:
    ours = ("b/x.YAML", "a.i3WorkFlow", "b/c.tf", "a.json")
    write_files(tmp_path, dict.fromkeys((*ours, "README.md", "i3.log", "i3lock", "config.i3", "config.i3-old"), b""))

    assert shown(tmp_path) == ["a.i3WorkFlow", "a.json", "b/c.tf", "b/x.YAML"]


def test_hidden_folders_and_node_modules_are_passed_by(tmp_path: Path) -> None:
    write_files(tmp_path, dict.fromkeys((".git/a.yaml", "x/node_modules/b/a.yaml", "x/.hidden.yaml", "x/a.yaml"), b""))

    assert shown(tmp_path) == ["x/a.yaml"]


def test_patterns_choose_files_below_a_folder(tmp_path: Path) -> None:
    write_files(tmp_path, dict.fromkeys(("flows/a.yaml", "flows/old/b.yaml", "c.yaml"), b""))

    assert shown(tmp_path, include=("flows/**",), exclude=("old",)) == ["flows/a.yaml"]


def test_files_of_several_folders_begin_with_the_name_of_theirs(tmp_path: Path) -> None:
    write_files(tmp_path, dict.fromkeys(("one/a.yaml", "two/a.yaml", "x/one/a.yaml"), b""))

    assert shown(tmp_path / "one", tmp_path / "two", tmp_path / "x" / "one") == [
        "one/a.yaml",
        "two/a.yaml",
        "one (2)/a.yaml",
    ]


def test_a_folder_in_a_folder_is_read_once(tmp_path: Path) -> None:
    write_files(tmp_path, {"in/a.yaml": b"", "b.yaml": b""})

    found = walk(folders(tmp_path, tmp_path / "in")).files

    assert sorted(each.path.relative_to(tmp_path).as_posix() for each in found) == ["b.yaml", "in/a.yaml"]


def test_a_link_is_not_followed_and_named_where_it_leads_out(tmp_path: Path) -> None:
    write_files(tmp_path, {"in/a.yaml": b"", "out/b.yaml": b"", "out/c.log": b""})
    (tmp_path / "in" / "link.yaml").symlink_to(tmp_path / "out" / "b.yaml")
    (tmp_path / "in" / "link.log").symlink_to(tmp_path / "out" / "c.log")
    (tmp_path / "in" / "again.yaml").symlink_to("a.yaml")
    (tmp_path / "in" / "up").symlink_to("..")
    (tmp_path / "in" / "gone").symlink_to("nowhere")
    (tmp_path / "in" / "endless").symlink_to("x" * 300)

    found = walk(folders(tmp_path / "in"))

    assert [each.shown for each in found.files] == ["a.yaml"]
    assert found.notes == ("Links are not followed, so these count as not there: link.yaml, up",)


def test_a_link_to_what_is_read_nowhere_else_is_named_unless_it_was_left_out(tmp_path: Path) -> None:
    write_files(tmp_path, {"flows/a.yaml": b"", ".hidden/b.yaml": b"", "node_modules/c/c.yaml": b"", "old/d.yaml": b""})
    (tmp_path / "flows" / "b.yaml").symlink_to("../.hidden/b.yaml")
    (tmp_path / "flows" / "team").symlink_to("../node_modules/c")
    (tmp_path / "flows" / "d.yaml").symlink_to("../old/d.yaml")
    (tmp_path / "same").symlink_to("flows")

    found = walk(Folders(paths=(str(tmp_path),), exclude=("old",)))

    assert [each.shown for each in found.files] == ["flows/a.yaml"]
    assert found.notes == ("Links are not followed, so these count as not there: flows/b.yaml, flows/team",)


def test_folders_of_one_name_are_numbered_alike_in_whichever_order_they_are_named(tmp_path: Path) -> None:
    write_files(tmp_path, {"dev/flows/a.yaml": b"", "prod/flows/a.yaml": b""})
    dev, prod = tmp_path / "dev" / "flows", tmp_path / "prod" / "flows"

    first, second = walk(folders(dev, prod)), walk(folders(prod, dev))

    shown = {each.shown: each.folder for each in first.files}
    assert shown == {"flows/a.yaml": dev, "flows (2)/a.yaml": prod}
    assert {each.shown: each.folder for each in second.files} == shown


def test_pipes_and_folders_called_like_files_are_none(tmp_path: Path) -> None:
    write_files(tmp_path, {"folder.yaml/a.json": b""})
    os.mkfifo(tmp_path / "pipe.yaml")

    assert shown(tmp_path) == ["folder.yaml/a.json"]


def test_a_folder_that_must_not_be_listed_is_named() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = write_files(
            Path(made), {"a.i3InboundFlow": i3_export(), "closed/b.yaml": b"", "secret.yaml": archy_yaml()}
        )
        folder.chmod(0o755)
        (folder / "closed").chmod(0)
        (folder / "secret.yaml").chmod(0)
        try:
            with without_rights():
                notes = FilesReader(folders(folder)).listing().notes
        finally:
            (folder / "closed").chmod(0o700)

    assert notes == (
        "There is no permission to list these folders, so they count as empty: closed",
        "secret.yaml counts as not there: there is no permission to read it",
    )


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("none", "There is no folder "),
        ("a.yaml", "is no folder: name the folder that it lies in, and the file with --include"),
        ("empty", "holds nothing that is read here: no Architect export (*.i3*), configuration, Archy YAML"),
    ],
)
def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path, path: str, said: str) -> None:
    write_files(tmp_path, {"a.yaml": b"a: 1\n", "empty/x.yaml": b"a: 1\n"})

    with pytest.raises(FilesError) as told:
        FilesReader(folders(tmp_path / path)).listing()

    assert said in str(told.value)
    assert str(tmp_path / path) in str(told.value)


def test_more_entries_than_are_looked_at_end_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "MOST_ENTRIES", 3)
    write_files(tmp_path, dict.fromkeys(("a.yaml", "b.log", "c", "d"), b""))

    with pytest.raises(FilesError, match="has more than the 3 entries that are looked at: name the folders below it"):
        walk(folders(tmp_path))


def test_a_name_that_is_no_text_is_shown_as_what_can_be_printed(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    for name in (b"\xff.yaml", b"a\nb.yaml", b"\\udcff.yaml", "\u202e.yaml".encode()):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(archy_yaml())

    ids = [each.id for each in FilesReader(folders(tmp_path)).listing().architect_flows]

    assert sorted(ids) == ["\\u202e.yaml", "\\udcff.yaml", "\\udcff.yaml (2)", "a b.yaml"]
    assert all(each.encode() for each in ids)


def test_six_architect_flows_are_found_among_20_000_other_files(tmp_path: Path) -> None:
    write_repository(tmp_path)
    (tmp_path / "other.ts").write_bytes(b'{"steps": []}\n')
    for number in range(200):
        below = tmp_path / f"packages-{number}"
        below.mkdir()
        for name in range(100):  # links are made faster than files
            os.link(tmp_path / "other.ts", below / f"{name}.{('ts', 'json', 'yaml', 'md')[name % 4]}")

    assert len(FilesReader(folders(tmp_path)).listing().architect_flows) == 6


def test_a_path_cannot_hold_what_no_system_takes() -> None:
    with pytest.raises(ValueError, match="a path cannot hold the character NUL"):
        Folders(paths=("a\0b",))


@pytest.mark.parametrize("given", [{"paths": ("f\udcdc",)}, {"paths": (".",), "include": ("f\udcdc",)}])
def test_a_name_that_is_not_utf_8_cannot_be_given_and_what_helps_is_said(given: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValidationError) as refused:
        Folders.model_validate(given)

    assert reasons_of(refused.value).startswith("a name that is not UTF-8 cannot be given: name the folder that it")


def test_a_folder_whose_name_begins_with_a_tilde_is_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("~", "~root", "~nobody-of-that-name", "~/flows")
    for each in names:
        (tmp_path / each).mkdir()
    monkeypatch.chdir(tmp_path)

    assert Folders(paths=names).absolute == tuple(tmp_path / each for each in names)


def test_a_home_is_found_where_nothing_here_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert Folders(paths=("~", "~/flows")).absolute == (tmp_path, tmp_path / "flows")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"paths": ()}, "at least 1 item"),
        ({"paths": ("a",) * 101}, "at most 100 items"),
        ({"paths": ("a" * 4_097,)}, "at most 4096 characters"),
        ({"paths": ("a",), "include": ("a" * 501,)}, "at most 500 characters"),
        ({"paths": ("a",), "exclude": ("a",) * 1_001}, "at most 1000 items"),
    ],
)
def test_what_is_asked_for_is_bounded(given: dict[str, tuple[str, ...]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Folders.model_validate(given)
