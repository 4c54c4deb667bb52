"""Prefect's result storage, for synchronous code: Prefect's own functions may give a coroutine or a value."""

from pathlib import Path
from typing import cast
from urllib.parse import urlsplit, urlunsplit

from prefect.filesystems import LocalFileSystem, RemoteFileSystem, WritableFileSystem
from prefect.results import get_default_result_storage, get_result_store


class ResultStorage:
    """A place for bytes by name, shared by all runs and workers that share Prefect's result storage."""

    def __init__(self, filesystem: WritableFileSystem) -> None:
        self._filesystem = filesystem

    def read(self, name: str) -> bytes:
        """Read what is stored under `name`; raises ValueError or OSError when there is nothing."""
        try:
            return cast("bytes", self._filesystem.read_path(name))
        except (ValueError, OSError):
            raise
        except Exception as problem:  # each storage block has errors of its own for what is not there
            raise OSError(f"{name} could not be read: {problem}") from problem

    def write(self, name: str, content: bytes) -> None:
        """Store `content` under `name`, over what was there."""
        _ = self._filesystem.write_path(name, content)  # done when it returns: nothing awaits here

    def where(self, name: str) -> str:
        """Say where a person finds what is stored under `name`: a path, an address without secrets, or the block."""
        storage = self._filesystem
        if isinstance(storage, LocalFileSystem):
            return str(Path(storage.basepath or ".").expanduser().resolve() / name)
        if isinstance(storage, RemoteFileSystem):
            parts = urlsplit(storage.basepath)
            without_secrets = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
            return f"{urlunsplit(without_secrets).rstrip('/')}/{name}"
        block = getattr(storage, "_block_document_name", None) or "without a name"
        return f"{name} in the block {type(storage).get_block_type_slug()}/{block}"


def storage_of_run() -> ResultStorage:
    """Give the storage that the current Prefect flow or task run keeps its results in."""
    filesystem = get_result_store().result_storage
    assert filesystem is not None, "every run has a result storage"
    return ResultStorage(filesystem)


def default_storage() -> ResultStorage:
    """Give the storage that runs of this machine use unless they say otherwise."""
    return ResultStorage(cast("WritableFileSystem", get_default_result_storage()))
