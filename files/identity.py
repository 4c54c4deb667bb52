"""Which org a set of folders stands for: the repository that they are a checkout of, else where they lie."""

import hashlib
import os
import re
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from files.errors import FilesError
from files.folders import Folders
from files.git import Repository, repository_of
from timeouts.model.org import Organization
from timeouts.text.visible import one_line

_DIGITS = 16

_HOST_AND_PATH = re.compile(r"(\[[^]]*\]|[^:]*):?(.*)", re.DOTALL)
"""A host of IPv6 stands in brackets."""


def organization_of(folders: Folders) -> Organization:
    """Return the org that folders stand for: the same for every checkout of the same repository."""
    marks, names = zip(*(_mark_and_name(folder) for folder in folders.absolute), strict=True)
    digest = hashlib.sha256("\0".join(sorted(marks)).encode("utf-8", "surrogateescape")).hexdigest()
    return Organization(id=f"files-{digest[:_DIGITS]}", name=", ".join(map(one_line, names)))


def mark_of(folder: Path) -> str:
    """Return what tells a folder from all others, in every checkout of the same repository."""
    return _mark_and_name(folder)[0]


def _mark_and_name(folder: Path) -> tuple[str, str]:
    """Return what tells a folder from all others, and how people call it: a checkout goes by its repository."""
    of_itself = os.fspath(folder), folder.name or str(folder)
    try:
        repository = repository_of(folder)
    except FilesError:
        repository = None
    if repository is None:
        return of_itself
    try:
        address = _plain(repository)
    finally:
        repository.close()
    if not address:
        return of_itself
    below, name = folder.relative_to(repository.top).as_posix(), PurePosixPath(address).name.removesuffix(".git")
    return f"{address} {below}", name if below == "." else f"{name}/{below}"


def _plain(repository: Repository) -> str:
    """Return the address of the remote without who logs in, and without what an address may or may not end with."""
    address = repository.remote_address()
    if "://" not in address and ":" in address:  # git@host:path
        found = _HOST_AND_PATH.fullmatch(address.rpartition("@")[2])
        assert found is not None, "it takes any text"
        address = f"ssh://{found[1]}/{found[2]}"
    try:
        parts = urlsplit(address)
    except ValueError:  # brackets that hold no address
        return address
    if not parts.netloc:
        return address
    host = parts.netloc.rpartition("@")[2].lower()
    return f"{host}/{parts.path.strip('/').removesuffix('.git')}"
