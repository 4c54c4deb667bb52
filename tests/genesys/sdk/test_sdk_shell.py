"""The SDK without its models: a client is there at once, and nobody else in the process can tell the difference."""

import ast
import os
import re
from importlib.metadata import distribution
from pathlib import Path

import pytest

from genesys.sdk.shell import KNOWN_VERSION
from tests.genesys.conftest import python

NAME = "PureCloudPlatformClientV2"
SDK = Path(str(distribution(NAME).locate_file(NAME)))
LOCK = Path(__file__).parents[3] / "requirements.lock"
APIS = ("analytics", "architect", "integrations", "organization")

ASK = f"""
import logging, sys
logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
logging.getLogger("genesys").setLevel(logging.WARNING)
logging.getLogger("genesys.sdk.shell").setLevel(logging.INFO)
from genesys import Credentials, connect
client = connect(Credentials.from_environment())
print(client.organization().name, sum(name.startswith("{NAME}") for name in sys.modules))
"""


def another_version(at: Path) -> dict[str, str]:
    """The same SDK under another version number; gives the way to it."""
    (at / NAME).symlink_to(SDK)
    record = at / f"{NAME}-270.0.0.dist-info" / "METADATA"
    record.parent.mkdir()
    record.write_text(f"Metadata-Version: 2.4\nName: {NAME}\nVersion: 270.0.0\n")
    return {"PYTHONPATH": os.pathsep.join([str(at), os.environ.get("PYTHONPATH", "")])}


def test_a_client_works_without_the_thousands_of_modules_of_the_sdk(environment: dict[str, str]) -> None:
    assert python(ASK, **environment) == "Acme 0\n"


def test_an_sdk_of_another_version_is_imported_whole_and_works(environment: dict[str, str], tmp_path: Path) -> None:
    told, end = python(ASK, **environment, **another_version(tmp_path)).splitlines()

    assert told == f"The SDK is imported whole, which takes seconds: version 270.0.0 is not {KNOWN_VERSION}"
    assert re.fullmatch(r"Acme [0-9]{4}", end)


def test_an_sdk_that_is_there_already_is_used_as_it_is(environment: dict[str, str]) -> None:
    program = (
        f"import {NAME}\n{ASK}\nimport genesys.sdk.api\nprint(genesys.sdk.api.ArchitectApi is {NAME}.ArchitectApi)"
    )

    assert python(program, **environment).splitlines()[1:] == ["True"]


def test_who_imports_the_sdk_beside_us_gets_all_of_it(environment: dict[str, str]) -> None:
    program = f"""{ASK}
import {NAME} as sdk
from {NAME}.models import Flow
print(sdk.models.Flow is Flow, Flow().name, sdk.Queue.__module__, sdk.ArchitectApi.__module__)
print(client.organization().name)
"""
    assert python(program, **environment).splitlines()[1:] == [
        f"True None {NAME}.models.queue {NAME}.apis.architect_api",
        "Acme",
    ]


def test_the_version_in_the_lock_is_the_one_that_is_known() -> None:
    assert f"\npurecloudplatformclientv2=={KNOWN_VERSION} " in LOCK.read_text()


@pytest.mark.parametrize("api", APIS)
def test_an_api_names_models_in_quoted_annotations_alone_and_runs_without_them(api: str) -> None:
    tree = ast.parse((SDK / "apis" / f"{api}_api.py").read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "models"]
    models = {alias.asname or alias.name for node in imports for alias in node.names}

    assert models
    assert models & {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} == set()
