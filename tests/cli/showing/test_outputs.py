"""What a command leaves and shows is checked before it does anything, and written whole."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from cli.outputs import Files, Shown
from tests.cli.scenes import assert_wrong_usage, command
from tests.reports.org_of_rows import REPORTS

STANDARD_OUTPUT = Path("-")
OUT = Console(quiet=True)


def problem(tmp_path: Path, files: dict[str, str], shown: Shown) -> str:
    places = {option: STANDARD_OUTPUT if name == "-" else tmp_path / name for option, name in files.items()}
    return Files(**places, shown=shown).problem


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"json": "a", "html": "a"}, "--json and --html both name"),
        ({"json": "a", "csv": "./b/../a"}, "--json and --csv both name"),
        ({"json": "-", "csv": "-"}, "--json and --csv both name -"),
        ({"html": "-"}, "--html -: it is not printed, name a file"),
        ({"xlsx": "-"}, "--xlsx -: it is not printed"),
        ({"csv": "nowhere/a.csv"}, "it cannot be written there; does the folder exist?"),
        ({"xlsx": "b"}, "it cannot be written there"),
        ({"json": f"{'a' * 300}.json"}, "it cannot be written there"),
    ],
)
def test_files_that_cannot_be_written_or_would_hide_each_other_are_refused(
    tmp_path: Path, files: dict[str, str], told: str
) -> None:
    (tmp_path / "b").mkdir()

    assert told in problem(tmp_path, files, Shown())


@pytest.mark.parametrize(
    ("shown", "files", "told"),
    [
        (Shown(where=("nwo<1s",)), {}, "--where: there is no column 'nwo'"),
        (Shown(sort=("-nwo",)), {}, "--sort: there is no column 'nwo'"),
        (Shown(all=True, quiet=True), {}, "--all shows tables, and --quiet shows none"),
        (Shown(all=True), {"json": "-"}, "--all shows tables, and --json - shows none"),
        (Shown(where=("now<1s",), quiet=True), {}, "--where and --sort are for tables, and --quiet shows none"),
        (Shown(where=("now<1s",), quiet=True), {"csv": "-"}, ""),
        (Shown(where=("now<1s",), all=True, sort=("now",)), {}, ""),
    ],
)
def test_what_would_be_dropped_is_refused(shown: Shown, files: dict[str, str], told: str, tmp_path: Path) -> None:
    found = problem(tmp_path, files, shown)

    assert told in found
    assert bool(told) == bool(found)


def test_csv_has_the_steps_that_are_asked_for_and_a_file_has_the_mark_for_excel(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    shown = Shown(where=("now=5s",))
    assert Files(csv=tmp_path / "a.csv", shown=shown).write(REPORTS["audit"], OUT) == []
    assert Files(csv=STANDARD_OUTPUT, shown=shown).write(REPORTS["audit"], OUT) == []

    written = (tmp_path / "a.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert len(written.splitlines()) == 2
    assert capfdbinary.readouterr().out == written.removeprefix(b"\xef\xbb\xbf")


def test_json_on_standard_output_is_one_document_in_utf_8(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert Files(json=STANDARD_OUTPUT).write(REPORTS["audit"], OUT) == []

    document = json.loads(capfdbinary.readouterr().out.decode())
    assert document["org"]["name"] == "Grünwald [& Söhne]"
    assert document["run"]["began"] == "2025-11-29 07:06 UTC"
    assert document["run"]["began_ms"] == 1_764_400_000_000


def test_a_workbook_is_written_beside_the_others(tmp_path: Path) -> None:
    assert Files(xlsx=tmp_path / "a.xlsx", html=tmp_path / "a.html").write(REPORTS["audit"], OUT) == []

    assert (tmp_path / "a.xlsx").read_bytes()[:2] == b"PK"
    assert "2025-11-29 07:06 UTC" in (tmp_path / "a.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("told", "arguments"),
    [
        ("--to was given twice", ("raise", "--to", "10s", "--to=12s")),
        ("--org was given twice", ("audit", "--org", "demo", "--org", "prod")),
        ("--json was given twice", ("audit", "--json", "a", "--policy", "x", "--json", "b")),
        ("--days was given twice", ("effect", "run", "--days", "1d", "--days", "2d")),
        ("--name was given twice", ("approver", "init", "--name", "Ada", "--name", "Bob")),
    ],
)
def test_an_option_of_one_value_that_is_given_twice_is_refused(told: str, arguments: tuple[str, ...]) -> None:
    assert_wrong_usage(told, *arguments)


def test_options_of_many_values_and_switches_may_be_repeated() -> None:
    said = command("audit", "--where", "now<1s", "--where", "nwo<1s", "--quiet", "--quiet", "--org", "demo")

    assert "--where: there is no column 'nwo'" in said.problems
