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

SECRETS = "/run/secrets/"

_INTERPOLATION = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<rest>[^}]*))?\}")


def documents(path: Path) -> list[Any]:
    """All documents of a YAML file."""
    return list(YAML(typ="safe").load_all(path.read_text("utf-8")))


def composed(given: Mapping[str, str]) -> dict[str, Any]:
    """What compose.yaml says where `given` is the environment of `docker compose`."""
    found = _interpolated(documents(DEPLOYMENTS / "compose.yaml")[0], given)
    assert isinstance(found, dict)
    return found


def environment(service: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """The variables of one service's processes: one without a value is handed on where it is given, and one that names
    a file of secrets becomes what is in it, as the entrypoint does with Prefect's, and our workers with theirs.
    """
    secrets = contents_of_secrets(given)
    found = {}
    for name, value in service["environment"].items():
        if value is None and name in given:
            found[name] = given[name]
        elif str(value).startswith(SECRETS):
            found[name.removesuffix("_FILE")] = secrets[value.removeprefix(SECRETS)]
        elif value is not None:
            found[name] = value
    return found


def contents_of_secrets(given: Mapping[str, str]) -> dict[str, str]:
    """What the files hold that deployments/containers/secrets.sh makes, with given passwords in the place of random."""
    redis = given.get("REDIS_PASSWORD", "")
    return {
        "postgres_password": given.get("POSTGRES_SUPERUSER_PASSWORD", ""),
        "database_password": given.get("POSTGRES_PASSWORD", ""),
        "redis.conf": f"requirepass {redis}",
        "redis_url": f"redis://:{redis}@redis:6379/0",
        "encryption_key": given.get("PREFECT_SERVER_ENCRYPTION_KEY", ""),
        "seal_keys": given.get("GENESYS_TIMEOUTS_SEAL_KEYS", ""),
        "api_auth": given.get("PREFECT_SERVER_API_AUTH_STRING", ""),
    }


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
    return given.get(match["name"]) or match["rest"] or ""
