"""Prefect's result storage, for synchronous code: Prefect's own functions may give a coroutine or a value.

What lies there may have been put there by anybody who reaches it: it is read as bytes of a bounded number, it has to
carry our seal (seals.py), it is parsed by our own models, and it never decides how it is read.
"""

import errno
import os
import re
import zlib
from collections.abc import Callable
from typing import Any, cast

from prefect.filesystems import LocalFileSystem, RemoteFileSystem, WritableFileSystem
from prefect.results import get_default_result_storage, get_result_store

from genesys import ConfigurationProblem
from tasks.running.addresses import without_secrets
from tasks.running.warning import warn
from tasks.storage.files.access import Access, access_to
from tasks.storage.files.local_files import LocalFiles
from tasks.storage.seal_keys import KEYS, KEYS_FILE, SealKeys, place_of_keys, seal_keys
from tasks.storage.seals import RefusedFile, opened, seal_of
from timeouts.text.bounds import GZIP, gunzipped

STORAGE = "GENESYS_TIMEOUTS_STORAGE"
"""The environment variable that says whose area of the storage a run has: one of AREAS; without it there is one."""

AUDITS, WRITES = "audits", "writes"
AREAS = (AUDITS, WRITES)

MOST_STORED_BYTES = 256 * 2**20
"""No file of ours comes near: the record of a run in an org of 5,000 Architect flows has 15 MB (docs/sizes.md)."""

MOST_UNPACKED_BYTES = 2 * MOST_STORED_BYTES
"""Of what is stored in less room than that."""

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,200}")
"""It leads out of no folder, and has no new line, which ends it in a seal."""

_NEVER_STORED = "genesys-timeouts-never-stored"
_ABSENT = frozenset({404, "404", "NoSuchKey"})


class ResultStorage:
    """A place for bytes by name, shared by all runs and workers that share Prefect's result storage.

    `area`: one of AREAS, a folder of its own; '' for a storage that has none. `keys`: this process's unless given.
    """

    def __init__(self, filesystem: WritableFileSystem, area: str = "", keys: SealKeys | None = None) -> None:
        self._filesystem = filesystem
        self._area = area
        self._files = LocalFiles(filesystem.basepath or ".", area) if isinstance(filesystem, LocalFileSystem) else None
        place = None if keys else place_of_keys()
        if self._files and place and self._files.holds(place):  # before a key is made there
            raise ConfigurationProblem(
                f"The key that seals what runs keep lies in the storage that it is to seal: {place}. Set "
                f"GENESYS_TIMEOUTS_HOME to another folder, {KEYS_FILE} to a file elsewhere, or {KEYS}."
            )
        self._keys = keys or seal_keys()

    def read(self, name: str) -> bytes:
        """Read what is stored under `name`.

        Raises FileNotFoundError when there is nothing, RefusedFile, a ValueError, for what is nothing of ours (it is no
        file, has too many bytes, or its seal does not fit), and another OSError where it cannot be read.
        """
        return opened(self._label(name), self._stored(name), self._keys)

    def has(self, name: str) -> bool:
        """Tell whether anything is stored under `name`, be it refused or not to be read now."""
        try:
            self._stored(name)
        except FileNotFoundError:
            return False
        except (ValueError, OSError):
            return True
        return True

    def check_that_it_stayed(self, name: str) -> None:
        """Raise OSError where what was stored under `name` is in its folder no more, without reading it.

        A folder that goes away, as a share that is unmounted, is made anew by the next write. A storage that is no
        folder does not make itself anew, and is not asked: that would be to read all of it.
        """
        if self._files is not None:
            self._files.check(name)

    def write(self, name: str, content: bytes) -> None:
        """Store `content` under `name`, over what was there: whole or not at all. Raises OSError where it cannot."""
        self._write(name, seal_of(self._label(name), content, self._keys), content)

    def keep(self, name: str, content: bytes) -> None:
        """Store what only saves later runs some work; where it cannot be stored, that is logged. Call it in a run."""
        try:
            self.write(name, content)
        except OSError as problem:
            warn("%s could not be kept for the next run: %s", name, problem)

    def write_and_check(self, name: str, content: bytes, is_as_good: Callable[[bytes], bool] = lambda _: False) -> None:
        """Store `content` so that a power cut leaves it there, and read it back.

        Raises OSError unless it is there as it was written. `is_as_good`: for a name that several runs write, whether
        what is there may be another one's, written meanwhile; it may raise ValueError for what is none of ours.
        """
        self._write(name, seal_of(self._label(name), content, self._keys), content, to_disk=True)
        try:
            found = self.read(name)
            is_there = found == content or is_as_good(found)
        except ValueError as problem:
            raise OSError(str(problem)) from problem
        if not is_there:
            raise OSError(f"{name} is not there as it was written")

    def export(self, name: str, content: bytes) -> None:
        """Store a table for people, without a seal: no run reads it. Raises OSError where it cannot.

        `name` ends in .csv, as nothing does that a run reads.
        """
        assert name.endswith(".csv"), name
        self._write(name, content)

    def access(self) -> Access:
        """Find out what may be done here, and write nothing for it: of a folder its rights are asked for."""
        if self._files is not None:
            return access_to(self._files.path_of(""))
        try:
            self._stored(_NEVER_STORED)
        except FileNotFoundError:
            return Access(is_readable=True, is_writable=None)
        except (ValueError, OSError) as problem:
            return Access(is_readable=False, is_writable=None, problem=str(problem))
        return Access(is_readable=True, is_writable=None)

    def where(self, name: str) -> str:
        """Say where a person finds what is stored under `name`: a path, an address without secrets, or the block."""
        if self._files is not None:
            return str(self._files.path_of(name))
        name = self._label(name)
        storage = self._filesystem
        if isinstance(storage, RemoteFileSystem):
            return f"{without_secrets(storage.basepath).rstrip('/')}/{name}"
        block = getattr(storage, "_block_document_name", None) or "without a name"
        return f"{name} in the block {type(storage).get_block_type_slug()}/{block}"

    def _label(self, name: str) -> str:
        """Return the whole name, as the seal covers it: what was sealed for one area is nothing in another."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a file of ours")
        return f"{self._area}/{name}" if self._area else name

    def _stored(self, name: str) -> bytes:
        label = self._label(name)
        if self._files is not None:
            try:
                return self._files.read(name, MOST_STORED_BYTES)
            except FileNotFoundError:
                raise FileNotFoundError(f"there is no {label}") from None
        try:
            stored = cast("bytes", self._filesystem.read_path(label))
        except Exception as problem:  # each storage block has errors of its own, none of them about what is in the file
            if _says_absent(problem):
                raise FileNotFoundError(f"there is no {label}: {problem}") from problem
            if isinstance(problem, OSError) and not isinstance(problem, ValueError):
                raise
            raise OSError(f"{label} could not be read: {problem}") from problem
        if len(stored) > MOST_STORED_BYTES:
            raise RefusedFile(f"{label} has {len(stored)} bytes, more than anything of ours: it is not read")
        return stored

    def _write(self, name: str, *parts: bytes, to_disk: bool = False) -> None:
        label = self._label(name)
        if self._files is not None:
            self._files.replace(name, *parts, to_disk=to_disk)
            return
        try:
            _ = self._filesystem.write_path(label, b"".join(parts))  # done when it returns
        except OSError:
            raise
        except Exception as problem:  # each storage block has errors of its own
            raise OSError(f"{label} could not be stored: {problem}") from problem


def own_area() -> str:
    """Return whose area of the storage this process has. Raises ConfigurationProblem for one that does not exist."""
    named = os.environ.get(STORAGE, "").strip()
    if named and named not in AREAS:
        raise ConfigurationProblem(f"{STORAGE} is {named}: set it to {' or '.join(AREAS)}, or leave it out.")
    return named


def storage_of_run() -> ResultStorage:
    """Return the storage that the current Prefect flow or task run keeps what it leaves in."""
    return ResultStorage(_of_prefect(), own_area())


def storage_of_writers() -> ResultStorage:
    """Return the storage of the runs that write: an audit reads there what only they know, and never writes there."""
    area = own_area()
    return ResultStorage(_of_prefect(), WRITES if area == AUDITS else area)


def storages_of_all() -> list[ResultStorage]:
    """Return every area of the storage, in a run or outside of one, to show what runs have left wherever they have."""
    # What an audit's process could put beside the record of a run that writes is asked last.
    return [ResultStorage(_of_prefect(), area) for area in ("", WRITES, AUDITS)]


def default_storage() -> ResultStorage:
    """Return the storage that runs of this machine use unless they say otherwise."""
    return ResultStorage(cast("WritableFileSystem", get_default_result_storage()), own_area())


def _of_prefect() -> WritableFileSystem:
    return get_result_store().result_storage or cast("WritableFileSystem", get_default_result_storage())


def packed(content: bytes) -> bytes:
    """Make `content` small; the same content is always the same bytes."""
    packer = zlib.compressobj(level=1, wbits=GZIP)
    return packer.compress(content) + packer.flush()


def unpacked(stored: bytes) -> bytes:
    """Return what was packed. Raises ValueError for what is damaged, or has more bytes than anything of ours."""
    try:
        return gunzipped(stored, MOST_UNPACKED_BYTES)
    except ValueError as problem:
        raise ValueError(f"it is damaged, or has more bytes than anything of ours: {problem}") from problem


def _says_absent(problem: Any) -> bool:
    """Tell whether a storage says that there is nothing, in the words of the clients of S3, Google, Azure and SMB."""
    if isinstance(problem, FileNotFoundError):
        return True
    if isinstance(problem, OSError) and problem.errno == errno.ENOENT:
        return problem.filename is not None  # to TLS and to the resolver of names the same number is another error
    response = getattr(problem, "response", None)
    error = response.get("Error", {}) if isinstance(response, dict) else {}
    said = (getattr(problem, "code", None), getattr(problem, "status_code", None), error.get("Code"))
    return any(isinstance(each, int | str) and each in _ABSENT for each in said)
