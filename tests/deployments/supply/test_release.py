"""A release is what is committed and tagged, said the same everywhere, and the same bytes whoever builds it."""

import hashlib
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from deployments.supply.release import CHECKSUMS, ReleaseError, build, release
from tests.deployments.files import ROOT
from tests.git import commit, committed, git

PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "tiny"
version = "1.2.0"
requires-python = ">=3.11"
[tool.hatch.build.targets.wheel]
packages = ["tiny"]
"""
CHANGELOG = "# Changelog\n\n## [1.2.0] - 2026-11-29\n\n- New.\n\n## [1.1.0] - 2026-10-01\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small project, committed and tagged."""
    folder = tmp_path / "repository"
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "__init__.py").write_text('"""Nothing."""\n')
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "CHANGELOG.md").write_text(CHANGELOG)
    (folder / ".gitignore").write_text("ignored.py\n")
    committed(folder)
    git(folder, "tag", "v1.2.0")
    return folder


def contents(files: tuple[Path, ...]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in files}


def test_a_release_is_a_wheel_a_source_archive_two_bills_and_their_checksums(repository: Path, tmp_path: Path) -> None:
    files = release(repository, tmp_path / "dist")

    assert [path.name for path in files] == [
        "sbom-image.json", "sbom.json", "tiny-1.2.0-py3-none-any.whl", "tiny-1.2.0.tar.gz", CHECKSUMS,
    ]  # fmt: skip
    *rest, sums = files
    assert sums.read_text() == "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in rest
    )


def test_the_same_commit_gives_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    first = contents(release(repository, tmp_path / "first"))
    again = tmp_path / "elsewhere"
    git(tmp_path, "clone", str(repository), str(again))

    assert contents(release(again, tmp_path / "second")) == first


def test_this_project_gives_the_same_bytes_and_nothing_that_is_not_committed(tmp_path: Path) -> None:
    first, second = (contents(build(ROOT, tmp_path / name)) for name in ("first", "second"))
    assert first == second

    listed = subprocess.run(["git", "-C", ROOT, "ls-files"], check=True, capture_output=True, text=True).stdout
    (source,) = (tmp_path / "first").glob("*.tar.gz")
    with tarfile.open(source) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert held - {"PKG-INFO"} <= set(listed.split())
    (wheel,) = (tmp_path / "first").glob("*.whl")
    assert not [
        name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(("tests/", "deployments/supply/"))
    ]


def test_what_git_ignores_is_no_part_of_it(repository: Path, tmp_path: Path) -> None:
    (repository / "tiny" / "ignored.py").write_text("secret = 1\n")
    *_, wheel, source, _ = release(repository, tmp_path / "dist")

    assert not [name for name in zipfile.ZipFile(wheel).namelist() if "ignored.py" in name]
    with tarfile.open(source) as archive:
        assert not [name for name in archive.getnames() if name.endswith("/ignored.py")]


def test_a_commit_without_its_tag_is_refused(repository: Path, tmp_path: Path) -> None:
    git(repository, "tag", "--delete", "v1.2.0")
    git(repository, "tag", "v1.3.0")

    with pytest.raises(
        ReleaseError, match=r"says 1\.2\.0, and the tags of this commit are: v1\.3\.0\. Tag it: git tag"
    ):
        release(repository, tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize("top", ["Unreleased", "1.3.0"])
def test_a_changelog_that_begins_with_another_version_is_refused(repository: Path, tmp_path: Path, top: str) -> None:
    (repository / "CHANGELOG.md").write_text(f"# Changelog\n\n## [{top}]\n\n{CHANGELOG}")
    commit(repository)
    git(repository, "tag", "--force", "v1.2.0")

    with pytest.raises(ReleaseError, match=rf"the top of CHANGELOG\.md is \[{top}\]\. Head its section \[1\.2\.0\]"):
        release(repository, tmp_path / "dist")


def test_what_is_not_committed_is_refused_and_named(repository: Path, tmp_path: Path) -> None:
    (repository / "tiny" / "new.py").write_text("")

    with pytest.raises(ReleaseError, match=r"1 files are not as they are committed, tiny/new\.py among them"):
        release(repository, tmp_path / "dist")


def test_all_that_stands_against_it_is_said_at_once(repository: Path, tmp_path: Path) -> None:
    (repository / "pyproject.toml").write_text(PROJECT.replace("1.2.0", "2.0.0"))

    with pytest.raises(ReleaseError) as refused:
        release(repository, tmp_path / "dist")
    assert len(str(refused.value).splitlines()) == 3


def test_a_folder_that_holds_something_is_refused(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "old.whl").write_text("")

    with pytest.raises(ReleaseError, match="is not empty"):
        release(repository, tmp_path)
