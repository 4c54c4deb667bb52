"""How the files that run it in containers are read: their services, images and variables."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from tests.deployments.files import IMAGE_FILES, KUBERNETES, ROOT, composed, documents, instructions

PASSWORDS = {
    "POSTGRES_PASSWORD": "of-postgres",
    "REDIS_PASSWORD": "of-redis",
    "PREFECT_SERVER_ENCRYPTION_KEY": "b2YgdGhlIGJsb2NrcyBpbiB0ZXN0cywgMzIgYnl0ZXM=",
    "PREFECT_SERVER_API_AUTH_STRING": "operator:a-long-password",
    "GENESYS_TIMEOUTS_SEAL_KEYS": "5ea1" * 16,
}
FILES = [*IMAGE_FILES, *(str(path.relative_to(ROOT)) for path in sorted(KUBERNETES.glob("*.yaml")))]
DOCS = "docs/containers.md"
OURS = "genesys-timeouts:"
PINNED = re.compile(r"^[\w./-]+:v?\d+(\.\d+)+(-[\w.-]+)?$|^postgres:\d+-[a-z]+$")
SECRET = re.compile(r"PASSWORD|SECRET|SEAL_KEYS|AUTH_STRING|TOKEN|NOTIFY_URL|DOCKET_URL|REDIS_\w*URL|CONNECTION_URL")


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = composed(PASSWORDS)["services"]
    return found


def ours() -> dict[str, dict[str, Any]]:
    return {name: service for name, service in services().items() if service["image"].startswith(OURS)}


def images(file: str) -> list[str]:
    if file == "deployments/Dockerfile":
        defaults = dict(rest.split("=", 1) for keyword, rest in instructions() if keyword == "ARG")
        stages = [rest.split(" AS ") for keyword, rest in instructions() if keyword == "FROM"]
        stages = [[re.sub(r"^\$\{(\w+)\}$", lambda found: defaults[found[1]], name), *more] for name, *more in stages]
        made_here = {stage[-1] for stage in stages if len(stage) > 1}
        return [stage[0] for stage in stages if stage[0] not in made_here]
    if file == "deployments/compose.yaml":
        return [service["image"] for service in services().values()]
    return [image for document in documents(ROOT / file) for image in images_in(document)]


def images_in(value: Any) -> Iterator[str]:
    """Return the images of a manifest, and of a chart's values, where name and tag stand apart."""
    if isinstance(value, dict):
        if isinstance(value.get("image"), str):
            yield value["image"]
        if "prefectTag" in value:
            yield f"{value['repository']}:{value['prefectTag']}"
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from images_in(one)


def variables(value: Any) -> Iterator[dict[str, Any]]:
    """Return all lists of environment variables in a manifest or a chart's values."""
    if isinstance(value, dict) and re.fullmatch(r"[A-Z_]+", str(value.get("name"))):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from variables(one)


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return found
