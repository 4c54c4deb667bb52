"""`make release`: wheel, source archive, bills of materials and checksums of a tagged commit, in dist/.

Built from what is committed and from nothing else that lies in the folder, with the time of the commit as the time of
every file: whoever builds the same commit with the same lock gets the same bytes.
"""

import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from deployments.supply.lock import PATH, LockError
from deployments.supply.sbom import version_of, write_bills

CHECKSUMS = "SHA256SUMS"
_NEWEST = re.compile(r"^## \[([^\]]+)\]", re.MULTILINE)


class ReleaseError(Exception):
    """A release cannot be made; the text says everything that stands against it, and what to do."""


def release(repository: Path, into: Path) -> tuple[Path, ...]:
    """Build the release of the commit that is checked out into an empty folder; returns its files.

    Raises ReleaseError where tag, version and changelog disagree, or something is not committed.
    """
    if against := list(_what_stands_against(repository)):
        raise ReleaseError("\n".join(against))
    return build(repository, into)


def build(repository: Path, into: Path) -> tuple[Path, ...]:
    """Build what is committed, whatever its tag; returns the files."""
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise ReleaseError(f"{into} is not empty: move what lies there away, for it would become part of the release")
    committed_s = int(_git(repository, "log", "-1", "--format=%ct"))
    with tempfile.TemporaryDirectory() as clean:
        with tarfile.open(fileobj=io.BytesIO(_git_bytes(repository, "archive", "HEAD"))) as archive:
            archive.extractall(clean, filter="data")
        made = _run([sys.executable, "-m", "hatchling", "build", "-d", str(into.resolve())], Path(clean), committed_s)
        if made.returncode:
            raise ReleaseError(f"hatchling could not build it: {made.stderr.strip()}")
        write_bills(into, version=version_of(Path(clean)), moment=datetime.fromtimestamp(committed_s, UTC))
    files = sorted(into.iterdir())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (into / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
    return (*files, into / CHECKSUMS)


def _what_stands_against(repository: Path) -> Iterator[str]:
    """Say each thing that keeps the commit that is checked out from being a release."""
    version = version_of(repository)
    tags = _git(repository, "tag", "--points-at", "HEAD").split()
    if f"v{version}" not in tags:
        found = ", ".join(tags) or "none"
        yield f"pyproject.toml says {version}, and the tags of this commit are: {found}. Tag it: git tag -s v{version}"
    newest = _NEWEST.search((repository / "CHANGELOG.md").read_text("utf-8"))
    if newest is None or newest[1] != version:
        top = f"[{newest[1]}]" if newest else "nothing"
        what_to_do = f"Head its section [{version}], with the date"
        yield f"pyproject.toml says {version}, and the top of CHANGELOG.md is {top}. {what_to_do}"
    if changed := _git(repository, "status", "--porcelain").splitlines():
        yield f"{len(changed)} files are not as they are committed, {changed[0][3:]} among them. Commit or remove them"


def _git(repository: Path, *arguments: str) -> str:
    return _git_bytes(repository, *arguments).decode().rstrip("\n")


def _git_bytes(repository: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(repository), *arguments]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own commands
    if done.returncode:
        raise ReleaseError(f"git {arguments[0]} failed: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout


def _run(command: list[str], folder: Path, moment_s: int) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(moment_s)}
    return subprocess.run(  # noqa: S603 - our own command
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )


def main() -> int:
    """Make the release of this repository; returns the exit code."""
    try:
        files = release(PATH.parent, PATH.parent / "dist")
    except (ReleaseError, LockError) as problem:
        sys.stderr.write(f"No release was made:\n{problem}\n")
        return 2
    sys.stdout.write("".join(f"{path.relative_to(PATH.parent)}\n" for path in files))
    return 0


if __name__ == "__main__":
    sys.exit(main())
