"""What a command on files writes beside them: a patch of one repository, and never over a file that it reads."""

import json
from pathlib import Path

import pytest

from tests.cli.scenes import assert_wrong_usage, command
from tests.files.conftest import contents, write_files
from tests.files.samples import ArchyStep, action_export, archy_yaml
from tests.git import committed

TO_10S = ("raise", "--to", "10s", "--files")
FIVE_S = "lit:\n  seconds: 5"
FLOW = archy_yaml([ArchyStep(timeout=FIVE_S)])


@pytest.fixture
def crm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files in the working directory, and a state folder of one's own."""
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return write_files(tmp_path / "crm", {"Orders.yaml": FLOW, "a.custom.json": action_export()})


@pytest.mark.parametrize(
    ("option", "path"),
    [
        ("--patch", "crm/Orders.yaml"),
        ("--patch", "crm/../crm/Orders.yaml"),
        ("--json", "crm/a.custom.json"),
        ("--html", "link.yaml"),
    ],
)
def test_no_output_takes_the_place_of_a_file_that_is_read(crm: Path, option: str, path: str) -> None:
    Path("link.yaml").symlink_to(crm / "Orders.yaml")
    before = contents(crm)

    assert_wrong_usage(
        f"{option} {path}: it is one of the files that are read: name another file", *TO_10S, "crm", option, path
    )

    assert contents(crm) == before


@pytest.mark.usefixtures("crm")
@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "Call Data Action", "--files", "crm", "--json", "crm/Orders.yaml"),
        ("policy", "init", "--files", "crm", "--force", "--output", "crm/Orders.yaml"),
    ],
)
def test_nor_does_what_is_explained_or_drafted(arguments: tuple[str, ...]) -> None:
    assert_wrong_usage("crm/Orders.yaml: it is one of the files that are read", *arguments)


@pytest.mark.usefixtures("prefect")
def test_what_was_left_among_the_files_the_last_time_is_written_over(crm: Path) -> None:
    (crm / "audit.json").write_text("{}", encoding="utf-8")

    said = command("audit", "--files", "crm", "--json", "crm/audit.json")

    assert said.code == 0, said.all
    assert json.loads((crm / "audit.json").read_bytes())["coverage"]["listed"] == 1


@pytest.mark.usefixtures("prefect")
def test_a_patch_of_two_repositories_is_refused_and_the_rest_is_written(crm: Path, tmp_path: Path) -> None:
    committed(crm)
    shop = committed(write_files(tmp_path / "shop", {"Orders.yaml": FLOW}))
    twice = (*TO_10S, "crm", "--files", "shop", "--patch")

    printed = command(*twice, "-")
    written = command(*twice, "raise.patch", "--json", "raise.json")

    for said in (printed, written):
        assert said.code == 2, said.all
        assert f"The changes lie in 2 repositories, and one patch cannot say that: {crm}, {shop}." in " ".join(
            said.problems.split()
        )
    assert printed.out == ""
    assert not Path("raise.patch").exists()
    assert Path("raise.json").exists()
