"""Reads what is under deployments/ as Docker and Compose would read it, as far as these files go."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
DEPLOYMENTS = ROOT / "deployments"
KUBERNETES = DEPLOYMENTS / "kubernetes"
IMAGE_FILES = ("deployments/Dockerfile", "deployments/compose.yaml")

_INTERPOLATION = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


class MissingVariableError(Exception):
    """A variable that compose.yaml asks for with `:?` and that is not set."""


def documents(path: Path) -> list[Any]:
    """All documents of a YAML file."""
    return list(YAML(typ="safe").load_all(path.read_text("utf-8")))


def composed(given: Mapping[str, str]) -> dict[str, Any]:
    """What compose.yaml says where `given` is the environment of `docker compose`; a missing password is an error."""
    found = _interpolated(documents(DEPLOYMENTS / "compose.yaml")[0], given)
    assert isinstance(found, dict)
    return found


def environment(service: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """The variables of one service: one without a value is handed on where it is given."""
    all_of_them = {name: given.get(name) if value is None else value for name, value in service["environment"].items()}
    return {name: value for name, value in all_of_them.items() if value is not None}


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with their arguments, each on one line."""
    text = (DEPLOYMENTS / "Dockerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    return [(keyword, rest.strip()) for keyword, _, rest in (line.partition(" ") for line in whole.splitlines())]


def image_environment() -> dict[str, str]:
    """The variables that the last stage of the Dockerfile sets."""
    last_stage = [index for index, (keyword, _) in enumerate(instructions()) if keyword == "FROM"][-1]
    pairs = [shlex.split(rest) for keyword, rest in instructions()[last_stage:] if keyword == "ENV"]
    return dict(pair.split("=", 1) for line in pairs for pair in line)


def _interpolated(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _interpolated(one, given) for key, one in value.items()}
    if isinstance(value, list):
        return [_interpolated(one, given) for one in value]
    if isinstance(value, str):
        return _INTERPOLATION.sub(lambda match: _variable(match, given), value)
    return value


def _variable(match: re.Match[str], given: Mapping[str, str]) -> str:
    name, rest = match["name"], match["rest"] or ""
    if given.get(name):
        return given[name]
    if match["kind"] == "?":
        raise MissingVariableError(f"{name}: {rest}")
    return rest
