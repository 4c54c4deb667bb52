"""What storage blocks raise: each has errors of its own, and only one that says so means that there is nothing."""

import errno
import json
import socket
import ssl
from typing import Any

import pytest
from pydantic import PrivateAttr

from flows.record.recording import Record, RecordError
from flows.record.records import kept_report
from tasks.storage import ResultStorage
from tests.flows.writing.test_record import Bucket, report


class SmbError(OSError):
    """What the client of Windows shares raises: an OSError of its own, with the number of the error."""


class Raising(Bucket):
    """A block that raises this for what is not there, or at its first reads."""

    _absent: Exception = PrivateAttr(default_factory=lambda: FileNotFoundError(errno.ENOENT, "nothing"))
    _first: list[Exception] = PrivateAttr(default_factory=list)

    def read_path(self, path: str) -> Any:
        if self._first:
            raise self._first.pop()
        if path not in self._files:
            raise self._absent
        return super().read_path(path)


def raising(*first: Exception, absent: Exception | None = None) -> Raising:
    block = Raising()
    block._first += first
    if absent is not None:
        block._absent = absent
    return block


def test_a_share_that_says_by_number_that_there_is_no_file_has_none() -> None:
    """Every run on Prefect's block of Windows shares was refused: whether there was an attempt was not known."""
    share = ResultStorage(raising(absent=SmbError(errno.ENOENT, "No such file or directory", "//host/share/anything")))
    with pytest.raises(FileNotFoundError):
        share.read("anything")

    Record(share, report()).open()

    assert kept_report(share, "run-1").run.id == "run-1"


def not_json() -> Exception:
    """What a block raises that got a proxy's page in place of a token."""
    with pytest.raises(json.JSONDecodeError) as raised:
        json.loads("<html>busy</html>")
    return raised.value


@pytest.mark.parametrize(
    "problem",
    [
        ssl.SSLCertVerificationError(1, "verify failed"),
        not_json(),
        SmbError(errno.EACCES, "denied", "//host/share/anything"),
        ssl.SSLWantReadError(errno.ENOENT, "not done"),  # the same number, which here is of TLS
        socket.gaierror(errno.ENOENT, "not known"),  # and here of the resolver, on a Mac
    ],
)
def test_what_a_block_raises_is_neither_a_damaged_file_of_ours_nor_none_at_all(problem: Exception) -> None:
    with pytest.raises(OSError, match=r"verify failed|Expecting value|denied|not done|not known") as raised:
        ResultStorage(raising(problem)).read("anything")
    assert not isinstance(raised.value, ValueError | FileNotFoundError)

    with pytest.raises(RecordError, match="nothing was changed"):
        Record(ResultStorage(raising(problem)), report()).open()
