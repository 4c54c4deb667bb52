"""The bills of materials: all of the lock, valid by the schema of CycloneDX, and the same bytes each time."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.validation.json import JsonStrictValidator

from deployments.supply.lock import PATH, PROJECT, needed_by, read_lock
from deployments.supply.sbom import IMAGE, SCHEMA, WHOLE, bill_of_materials, main, write_bills
from tests.deployments.files import ROOT

PINS = read_lock(PATH.read_text("utf-8"))
Json = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("dist")
    write_bills(found, version="1.2.0", moment=None)
    return found


def bill(folder: Path, name: str = WHOLE) -> Json:
    found: Json = json.loads((folder / name).read_text())
    return found


@pytest.mark.parametrize("name", [WHOLE, IMAGE])
def test_a_bill_is_valid_by_the_schema(folder: Path, name: str) -> None:
    assert JsonStrictValidator(SCHEMA).validate_str((folder / name).read_text()) is None


def test_it_lists_every_pin_with_its_hashes(folder: Path) -> None:
    listed = {
        (each["purl"], *sorted(sha["content"] for sha in each["externalReferences"][0]["hashes"]))
        for each in bill(folder)["components"]
    }
    assert listed == {(f"pkg:pypi/{pin.name}@{pin.version}", *sorted(pin.hashes)) for pin in PINS}


def test_that_of_the_image_lists_what_the_image_installs(folder: Path) -> None:
    listed = [each["name"] for each in bill(folder, IMAGE)["components"]]

    assert sorted(listed) == sorted(pin.name for pin in needed_by(PINS, [PROJECT]))
    assert {each["scope"] for each in bill(folder, IMAGE)["components"]} == {"required"}


def test_tools_of_the_tests_are_told_from_what_runs(folder: Path) -> None:
    scopes = {each["name"]: each["scope"] for each in bill(folder)["components"]}

    assert (scopes["prefect"], scopes["pytest"]) == ("required", "excluded")


def test_licences_are_those_of_the_packages_own_metadata(folder: Path) -> None:
    licences = {each["name"]: each.get("licenses") for each in bill(folder)["components"]}

    assert licences["pandas"] == [{"license": {"id": "BSD-3-Clause"}}]
    assert licences["prefect"] == [{"license": {"id": "Apache-2.0"}}]
    assert sum(found is None for found in licences.values()) < 10, "those that this machine does not install"


def test_it_says_what_needs_what(folder: Path) -> None:
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill(folder)["dependencies"]}
    direct = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]

    assert len([ref for ref in needs["genesys-timeouts"] if "prefect@" in ref]) == 1
    assert len(needs["genesys-timeouts"]) >= len(direct)
    assert any(ref.startswith("pkg:pypi/numpy@") for ref in next(v for k, v in needs.items() if "/pandas@" in k))


def test_it_is_the_same_bytes_each_time_and_names_no_moment(folder: Path) -> None:
    again = bill_of_materials(PINS[::-1], version="1.2.0", moment=None)
    first = json.loads((folder / WHOLE).read_text())

    assert bill_of_materials(PINS, version="1.2.0", moment=None) == (folder / WHOLE).read_text()
    assert json.loads(again)["components"] == first["components"]
    assert "timestamp" not in first["metadata"]


def test_its_moment_is_that_of_the_source() -> None:
    made = bill_of_materials(PINS, version="1.2.0", moment=datetime.fromtimestamp(1_795_900_000, UTC))

    assert json.loads(made)["metadata"]["timestamp"] == "2026-11-28T21:06:40+00:00"


def test_the_command_writes_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "dist")]) == 0
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "dist" / name) for name in (WHOLE, IMAGE)]
