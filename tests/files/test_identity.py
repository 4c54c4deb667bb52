"""Which org folders stand for."""

from pathlib import Path

import pytest

from files.identity import organization_of
from tests.files.conftest import folders, write_files
from tests.git import committed, git


def checkout(folder: Path, address: str) -> Path:
    write_files(folder, {"flows/a.yaml": b""})
    committed(folder)
    git(folder, "remote", "add", "origin", address)
    return folder


def identity(*given: Path) -> str:
    return organization_of(folders(*given)).id


def test_checkouts_of_one_repository_are_the_same_org_wherever_they_lie(tmp_path: Path) -> None:
    one = checkout(tmp_path / "one", "https://git.example.com/crm/flows.git")
    other = checkout(tmp_path / "other", "https://somebody:secret@git.example.com/crm/flows")
    third = checkout(tmp_path / "third", "git@git.example.com:crm/flows.git")

    assert identity(one) == identity(other) == identity(third)
    assert identity(one).startswith("files-")
    assert len(identity(one)) == len("files-") + 16


def test_another_folder_of_it_is_another_org(tmp_path: Path) -> None:
    one = checkout(tmp_path / "one", "https://git.example.com/crm/flows.git")

    assert len({identity(one), identity(one / "flows"), identity(one, one / "flows")}) == 3


def test_the_order_of_folders_makes_no_difference(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/x.yaml": b"", "b/x.yaml": b""})

    assert identity(tmp_path / "a", tmp_path / "b") == identity(tmp_path / "b", tmp_path / "a")


def test_outside_of_git_the_place_is_what_counts(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/x.yaml": b"", "b/x.yaml": b""})

    assert identity(tmp_path / "a") != identity(tmp_path / "b")
    assert identity(tmp_path / "a") == identity(tmp_path / "b" / ".." / "a")


@pytest.mark.parametrize("junk", [b"", b"[core", b"[include]\n\tpath = /dev/zero/x\n", b"\xff\xfe"])
def test_what_is_no_repository_stands_for_its_place(tmp_path: Path, junk: bytes) -> None:
    write_files(tmp_path, {"x.yaml": b"", ".git/config": junk})

    assert organization_of(folders(tmp_path)).name == tmp_path.name
    assert identity(tmp_path).startswith("files-")


def test_an_address_in_ipv6_is_one_like_any_other(tmp_path: Path) -> None:
    one = checkout(tmp_path / "one", "git@[2001:db8::1]:crm/flows.git")
    other = checkout(tmp_path / "other", "ssh://git@[2001:db8::1]/crm/flows")

    assert identity(one) == identity(other)
    assert organization_of(folders(one)).name == "flows"


def test_an_address_that_is_none_tells_a_folder_all_the_same(tmp_path: Path) -> None:
    torn = checkout(tmp_path / "torn", "https://[x/flows.git")

    assert organization_of(folders(torn)).name == "flows"


def test_the_name_is_that_of_the_folders(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/x.yaml": b"", "b/x.yaml": b""})

    assert organization_of(folders(tmp_path / "a", tmp_path / "b")).name == "a, b"
