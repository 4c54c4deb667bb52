"""Prefect's result storage, for synchronous code: Prefect's own functions may give a coroutine or a value.

What lies there may have been put there by anybody who reaches it: it is read as bytes of a bounded number, parsed by
our own models, and never decides how it is read.
"""

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from prefect import get_run_logger
from prefect.filesystems import LocalFileSystem, RemoteFileSystem, WritableFileSystem
from prefect.results import get_default_result_storage, get_result_store

MOST_STORED_BYTES = 256 * 2**20
"""No file of ours comes near: the record of a run in an org of 5,000 Architect flows has 15 MB (docs/sizes.md)."""

MOST_UNPACKED_BYTES = 2 * MOST_STORED_BYTES
"""Of what is stored in less room than that."""

_NEVER_STORED = "genesys-timeouts-never-stored"
_GZIP = 16 + zlib.MAX_WBITS
_ABSENT = frozenset({404, "404", "NoSuchKey"})


@dataclass(frozen=True, slots=True)
class Access:
    """What may be done in a storage; None where only doing it would show. `problem`: what stands against it."""

    is_readable: bool | None
    is_writable: bool | None
    problem: str = ""


class ResultStorage:
    """A place for bytes by name, shared by all runs and workers that share Prefect's result storage."""

    def __init__(self, filesystem: WritableFileSystem) -> None:
        self._filesystem = filesystem

    def read(self, name: str) -> bytes:
        """Read what is stored under `name`.

        Raises FileNotFoundError when there is nothing, ValueError for what is nothing of ours (it has too many bytes,
        or is no file), and another OSError where it cannot be read.
        """
        path = self._path(name)
        if path is not None:
            if not os.path.lexists(path):
                raise FileNotFoundError(f"there is no {name}")
            _check_size(name, path.stat().st_size)
        try:
            content = cast("bytes", self._filesystem.read_path(name))
        except (ValueError, OSError):
            raise
        except Exception as problem:  # each storage block has errors of its own
            kind = FileNotFoundError if _says_absent(problem) else OSError
            raise kind(f"{name} could not be read: {problem}") from problem
        _check_size(name, len(content))
        return content

    def write(self, name: str, content: bytes) -> None:
        """Store `content` under `name`, over what was there: whole or not at all. Raises OSError where it cannot."""
        self._write(name, content, to_disk=False)

    def keep(self, name: str, content: bytes) -> None:
        """Store what only saves later runs some work; where it cannot be stored, that is logged. Call it in a run."""
        try:
            self.write(name, content)
        except OSError as problem:
            get_run_logger().warning("%s could not be kept for the next run: %s", name, problem)

    def write_and_check(self, name: str, content: bytes) -> None:
        """Store `content` so that a power cut leaves it there, and read it back.

        Raises OSError unless it is there as it was written.
        """
        self._write(name, content, to_disk=True)
        try:
            found = self.read(name)
        except ValueError as problem:
            raise OSError(str(problem)) from problem
        if found != content:
            raise OSError(f"{name} is not there as it was written")

    def access(self) -> "Access":
        """Find out what may be done here, and write nothing for it: of a folder its rights are asked for."""
        folder = self._path("")
        if folder is not None:
            return _access_to(folder)
        try:
            self.read(_NEVER_STORED)
        except FileNotFoundError:
            return Access(is_readable=True, is_writable=None)
        except (ValueError, OSError) as problem:
            return Access(is_readable=False, is_writable=None, problem=str(problem))
        return Access(is_readable=True, is_writable=None)

    def where(self, name: str) -> str:
        """Say where a person finds what is stored under `name`: a path, an address without secrets, or the block."""
        if (path := self._path(name)) is not None:
            return str(path)
        storage = self._filesystem
        if isinstance(storage, RemoteFileSystem):
            parts = urlsplit(storage.basepath)
            without_secrets = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
            return f"{urlunsplit(without_secrets).rstrip('/')}/{name}"
        block = getattr(storage, "_block_document_name", None) or "without a name"
        return f"{name} in the block {type(storage).get_block_type_slug()}/{block}"

    def _path(self, name: str) -> Path | None:
        """Return the file of that name; None where the storage is no folder."""
        if isinstance(self._filesystem, LocalFileSystem):
            return Path(self._filesystem.basepath or ".").expanduser().resolve() / name
        return None

    def _write(self, name: str, content: bytes, *, to_disk: bool) -> None:
        path = self._path(name)
        if path is not None:
            _replace(path, content, to_disk=to_disk)
            return
        try:
            _ = self._filesystem.write_path(name, content)  # done when it returns: nothing awaits here
        except OSError:
            raise
        except Exception as problem:  # each storage block has errors of its own
            raise OSError(f"{name} could not be stored: {problem}") from problem


def storage_of_run() -> ResultStorage:
    """Return the storage that the current Prefect flow or task run keeps its results in."""
    filesystem = get_result_store().result_storage
    assert filesystem is not None, "every run has a result storage"
    return ResultStorage(filesystem)


def default_storage() -> ResultStorage:
    """Return the storage that runs of this machine use unless they say otherwise."""
    return ResultStorage(cast("WritableFileSystem", get_default_result_storage()))


def packed(content: bytes) -> bytes:
    """Make `content` small; the same content is always the same bytes."""
    packer = zlib.compressobj(level=1, wbits=_GZIP)
    return packer.compress(content) + packer.flush()


def unpacked(stored: bytes) -> bytes:
    """Return what was packed. Raises ValueError for what is damaged, or has more bytes than anything of ours."""
    unpacker = zlib.decompressobj(wbits=_GZIP)
    try:
        content = unpacker.decompress(stored, MOST_UNPACKED_BYTES)
    except zlib.error as problem:
        raise ValueError(f"it is damaged: {problem}") from problem
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it is damaged, or has more bytes than anything of ours")
    return content


def _replace(path: Path, content: bytes, *, to_disk: bool) -> None:
    """Write a file beside the old one and put it in its place: Prefect's own way leaves half a file after a kill."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            if to_disk:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    if to_disk:
        _flush_folder(path.parent)


def _access_to(folder: Path) -> Access:
    """Ask for the rights of a folder, or of the one in which it would be made."""
    there = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    if not there.is_dir():
        return Access(is_readable=False, is_writable=False, problem=f"{there} is no folder")
    is_readable, is_writable = os.access(there, os.R_OK | os.X_OK), os.access(there, os.W_OK | os.X_OK)
    missing = "" if is_readable and is_writable else f"{there} cannot be {'written' if is_readable else 'read'}"
    return Access(is_readable=is_readable, is_writable=is_writable, problem=missing)


def _flush_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _check_size(name: str, size: int) -> None:
    if size > MOST_STORED_BYTES:
        raise ValueError(f"{name} has {size} bytes, more than anything of ours: it is not read")


def _says_absent(problem: Any) -> bool:
    """Tell whether a storage says that there is nothing, in the words of the clients of S3, Google and Azure."""
    response = getattr(problem, "response", None)
    error = response.get("Error", {}) if isinstance(response, dict) else {}
    said = (getattr(problem, "code", None), getattr(problem, "status_code", None), error.get("Code"))
    return any(isinstance(each, int | str) and each in _ABSENT for each in said)
