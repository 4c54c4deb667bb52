"""What the files that run it in containers say together: valid, pinned, one version, settings that Prefect knows.

No container engine is at hand here: what their own tools can tell, they tell (hadolint, the schema of the Compose
specification, Docker's own reading of .dockerignore), and what can be known from the files themselves is checked. What
the images would run, test_topology.py runs. docs/containers.md says what was checked besides, with the Helm charts.
"""

import importlib.metadata
import importlib.util
import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from prefect.server.utilities import encryption
from prefect.settings.base import PrefectBaseSettings
from pydantic import AliasChoices

from tests.deployments.containers.reading import DOCS, FILES, OURS, PINNED, images, project, services
from tests.deployments.files import DEPLOYMENTS, KUBERNETES, ROOT, documents, instructions


def test_the_dockerfile_satisfies_its_linter() -> None:
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    if hadolint is None:
        pytest.skip("hadolint is not made for this machine; the lock names those that it is made for")
    done = subprocess.run([hadolint, DEPLOYMENTS / "Dockerfile"], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("folder", [DEPLOYMENTS, DEPLOYMENTS / "monitoring"])
def test_the_compose_file_is_valid_by_the_schema_of_its_specification(folder: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, folder / "compose.yaml"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", [*FILES, DOCS])
def test_prefect_knows_every_setting_that_a_file_names(file: str) -> None:
    named = set(re.findall(r"\bPREFECT_[A-Z0-9_]+", (ROOT / file).read_text("utf-8")))
    named = {name if name in known_settings() else name.removesuffix("_FILE") for name in named}  # the entrypoint's
    beside_settings = {name for name in named if name in inspect.getsource(encryption)}
    assert named - known_settings() - beside_settings == set()


@pytest.mark.parametrize("file", FILES)
def test_every_module_that_a_setting_names_is_there(file: str) -> None:
    for module in re.findall(r"prefect_redis(?:\.\w+)+", (ROOT / file).read_text("utf-8")):
        import_module(module)


@pytest.mark.parametrize("file", FILES)
def test_every_image_has_a_pinned_tag(file: str) -> None:
    assert [image for image in images(file) if not PINNED.match(image)] == []


def test_every_file_means_the_same_version() -> None:
    version = project()["version"]
    of_ours = [image for file in FILES for image in images(file) if image.startswith(OURS)]
    assert {f"ARG VERSION={version}", f"{OURS}{version}"} == {
        *(f"{keyword} {rest}" for keyword, rest in instructions() if rest.startswith("VERSION=") and keyword == "ARG"),
        *of_ours,
    }


def test_both_ways_register_by_the_same_commands() -> None:
    job = documents(KUBERNETES / "register.yaml")[0]
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == services()["register"]["command"]


def test_what_is_started_by_a_module_name_can_be_imported() -> None:
    deployed = documents(DEPLOYMENTS / "prefect.yaml")[0]["deployments"]
    for module, flow in (one["entrypoint"].rsplit(".", 1) for one in deployed):
        assert callable(getattr(import_module(module), flow))
    for file in (*FILES, DOCS):
        for module in re.findall(r"python -m ((?!venv|pip)[\w.]+)", (ROOT / file).read_text("utf-8")):
            assert importlib.util.find_spec(module), module


def known_settings() -> set[str]:
    """Every environment variable that Prefect or prefect-redis reads, by their settings' own classes."""
    for module in ("client", "messaging", "cleanup_queue"):
        import_module(f"prefect_redis.{module}")
    return {name.upper() for settings in classes_below(PrefectBaseSettings) for name in names_of(settings)}


def classes_below(settings: type[PrefectBaseSettings]) -> Iterator[type[PrefectBaseSettings]]:
    yield settings
    for below in settings.__subclasses__():
        yield from classes_below(below)


def names_of(settings: type[PrefectBaseSettings]) -> Iterator[str]:
    for name, field in settings.model_fields.items():
        yield f"{settings.model_config.get('env_prefix', '')}{name}"
        if isinstance(field.validation_alias, AliasChoices):
            yield from (choice for choice in field.validation_alias.choices if isinstance(choice, str))
