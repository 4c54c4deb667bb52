"""What .dockerignore lets into the image, by the rules of Docker's documentation, and names of files to try it with.

Docker's Python library does not take `**` for any number of folders, as the builder does. `make containers` asks the
builder itself about the same names.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tests.deployments.files import ROOT

UNWANTED = (
    ".git/config", ".venv/bin/python", ".demo/org.json", "secrets/client.txt", "flows/__pycache__/audit.pyc",
    "tests/conftest.py", "docs/safety.md", "timeouts/model/notes.txt", "reports/page/old.html",
    # environments and secrets
    ".env", ".env.production", "deployments/.env", "deployments/.env.local", "deployments/production.env", "cli/.envrc",
    "deployments/secrets/api_auth", "deployments/approvers/approvers.yaml", "deployments/company.yaml",
    # keys and dumps
    "deployments/server.pem", "genesys/client.key", "deployments/prefect.dump", "deployments/containers/database.sql",
    "tasks/storage/seal.key", "flows/results.tgz", "deployments/approver.pub", "simulator/org.sqlite",
    # what editors and people leave
    "flows/audit.py~", "flows/audit.py.bak", "flows/.audit.py.swp", "flows/#audit.py#", "flows/.#audit.py",
    "flows/audit.py.orig", "flows/audit.py.rej", "deployments/prefect.yaml~", "pyproject.toml.bak", "cli/.DS_Store",
    "requirements.lock.new", "flows/.hidden/audit.py",
)  # fmt: skip
WANTED = ("flows/audit.py", "timeouts/model/policy/rules.py", "deployments/prefect.yaml", "pyproject.toml")


def make_files(root: Path) -> None:
    """Make all of these files, empty, with our .dockerignore beside them."""
    for path in (*UNWANTED, *WANTED):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    (root / ".dockerignore").write_bytes((ROOT / ".dockerignore").read_bytes())


def context_of(root: Path) -> set[str]:
    """Return the files below a folder that its .dockerignore lets in."""
    lines = [line.strip() for line in (root / ".dockerignore").read_text("utf-8").splitlines()]
    patterns = [
        (line.startswith("!"), _expression(line.removeprefix("!"))) for line in lines if line and line[0] != "#"
    ]
    return {path for path in _files_below(root) if _is_let_in(path, patterns)}


def _is_let_in(path: str, patterns: list[tuple[bool, re.Pattern[str]]]) -> bool:
    """The last pattern that matches a path, or a folder above it, decides."""
    itself_and_above = [path, *(str(folder) for folder in PurePosixPath(path).parents if folder.name)]
    decided = [lets_in for lets_in, pattern in patterns if any(pattern.fullmatch(each) for each in itself_and_above)]
    return not decided or decided[-1]


def _expression(pattern: str) -> re.Pattern[str]:
    parts = {"**/": "(.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    found = re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern.strip("/"))
    return re.compile("".join(parts.get(part, re.escape(part)) for part in found))


def _files_below(root: Path) -> Iterator[str]:
    for folder, _, names in os.walk(root):
        for name in names:
            yield (Path(folder) / name).relative_to(root).as_posix()
