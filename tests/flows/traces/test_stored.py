"""One value under one name: what is damaged or of something else counts as none, and what may be there is not lost."""

import os
from pathlib import Path
from typing import Any

import pytest

from tasks.storage import ResultStorage, default_storage
from tasks.storage.ids import StoredIds, our_drafts
from tasks.storage.stored import Stored, name_of
from tests.flows.writing.test_record import Bucket


def stored(*, is_packed: bool = False) -> Stored[frozenset[str]]:
    return Stored(
        default_storage(),
        name_of("test", "org-1"),
        frozenset[str],
        is_ours=lambda ids: "theirs" not in ids,
        is_packed=is_packed,
    )


@pytest.mark.parametrize("is_packed", [False, True])
def test_what_is_stored_is_read_back(is_packed: bool) -> None:
    stored(is_packed=is_packed).put(frozenset({"a", "b"}))

    assert stored(is_packed=is_packed).read() == {"a", "b"}


def test_names_that_are_not_utf_8_are_told_apart() -> None:
    assert len({name_of("left", path) for path in ("/f\udcdc", "/f\udcdd", "/f\\udcdc", "/fÜ")}) == 4


def test_what_is_not_there_is_none() -> None:
    assert (stored().find(), stored().get()) == (None, None)


@pytest.mark.parametrize("content", [b"", b"[1", b"null", b'["theirs"]'])
def test_what_is_damaged_or_of_something_else_counts_as_none_and_can_be_told_from_nothing(content: bytes) -> None:
    default_storage().write(stored().name, content)

    assert (stored().find(), stored().get()) == (None, None)
    with pytest.raises(ValueError):  # noqa: PT011 - of pydantic's, or our own
        stored().read()


def test_what_cannot_be_read_now_is_not_written_over() -> None:
    """What may be there must not be taken for nothing."""
    path = Path(default_storage().where(stored().name))
    path.mkdir(parents=True)

    assert stored().get() is None
    with pytest.raises(OSError):  # noqa: PT011 - of the file system
        StoredIds(default_storage(), stored().name).put("a")


def test_what_another_version_wrote_is_told_and_not_written_over(caplog: pytest.LogCaptureFixture) -> None:
    marks = our_drafts(default_storage(), "org-1")
    default_storage().write(marks.name, b'{"schema_version": 2, "drafts": ["a"]}')

    assert not marks.has("a")
    assert f"{marks.name} was written by another version of this program, or is damaged" in caplog.text
    with pytest.raises(OSError, match="It is left as it is: use that version, or delete it"):
        marks.put("b")
    marks.drop("a")
    assert default_storage().read(marks.name) == b'{"schema_version": 2, "drafts": ["a"]}'


def test_what_is_only_out_of_date_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    stored().put(frozenset({"theirs"}))

    assert (stored().find(), caplog.text) == (None, "")


def test_a_mark_that_a_draft_is_ours_outlives_a_power_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was left to the machine when it reached the disk; the draft, which the platform has, counted as somebody's."""
    marks, to_disk = our_drafts(default_storage(), "org-1"), os.fsync
    file = Path(default_storage().where(marks.name))
    forced: list[int] = []

    def force(number: int) -> None:
        forced.append(os.fstat(number).st_ino)
        to_disk(number)

    monkeypatch.setattr(os, "fsync", force)
    marks.put("a")

    assert forced == [file.stat().st_ino, file.parent.stat().st_ino]


def test_what_is_not_there_as_it_was_stored_is_not_taken_for_stored() -> None:
    class Losing(Bucket):
        def write_path(self, path: str, content: bytes) -> Any:
            super().write_path(path, content[:-1])

    with pytest.raises(OSError, match="is not as it was sealed"):
        our_drafts(ResultStorage(Losing()), "org-1").put("a")
