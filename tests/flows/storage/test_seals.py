"""What is read from storage is what a run of ours stored under that name; everything else is refused by name."""

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest
from prefect.filesystems import LocalFileSystem
from pydantic import SecretBytes

from tasks.storage import ResultStorage, default_storage
from tasks.storage.results import AUDITS, WRITES
from tasks.storage.seal_keys import SealKeys, id_of
from tasks.storage.seals import RefusedFile
from tests.flows.writing.test_record import Bucket

NAME = "genesys-timeouts-run-run-1-1-before"
OLD, NEW = SecretBytes(b"o" * 32), SecretBytes(b"n" * 32)


def file_of(name: str = NAME) -> Path:
    return Path(default_storage().where(name))


def kept_with(*keys: SecretBytes, area: str = "") -> ResultStorage:
    """The same storage, as a process with these keys sees it."""
    return ResultStorage(LocalFileSystem(basepath=str(file_of().parent)), area, SealKeys(keys))


def test_a_file_is_one_line_that_seals_it_and_its_content_as_it_is() -> None:
    kept_with(OLD).write(NAME, b'{"a": 1}\n')

    line, _, content = file_of().read_bytes().partition(b"\n")
    assert line.startswith(f"genesys-timeouts-sealed/1 {id_of(OLD)} ".encode())
    assert content == b'{"a": 1}\n'
    assert kept_with(OLD).read(NAME) == content


@pytest.mark.parametrize("position", [0, 30, 60, -1])
def test_one_bit_anywhere_is_noticed(position: int) -> None:
    default_storage().write(NAME, b'{"outcome":"skipped"}')
    stored = bytearray(file_of().read_bytes())
    stored[position] ^= 1
    file_of().write_bytes(stored)

    with pytest.raises(RefusedFile, match=NAME):
        default_storage().read(NAME)


def test_what_was_edited_and_what_was_cut_off_is_refused_by_name() -> None:
    default_storage().write(NAME, b'{"outcome":"unknown"}')
    stored = file_of().read_bytes()

    for changed in (stored.replace(b"unknown", b"skipped"), stored[:-1], stored + b" "):
        file_of().write_bytes(changed)
        with pytest.raises(RefusedFile, match=f"^{NAME} is not as it was sealed: .* Restore it from a backup"):
            default_storage().read(NAME)


@pytest.mark.parametrize(
    "content",
    [b"", b'{"schema_version": 5}', gzip.compress(b"readings"), b"x" * 200],
    ids=["no", "JSON", "packed", "x"],
)
def test_what_carries_no_seal_is_refused_by_name_as_of_an_earlier_version_or_planted(content: bytes) -> None:
    file_of().parent.mkdir(parents=True)
    file_of().write_bytes(content)

    with pytest.raises(RefusedFile, match=f"^{NAME} carries no seal: an earlier version wrote it, or somebody put it"):
        default_storage().read(NAME)


def test_what_another_machine_sealed_is_refused_and_says_which_variable_takes_its_key() -> None:
    kept_with(OLD).write(NAME, b"content")

    with pytest.raises(RefusedFile, match=rf"^{NAME} is sealed with the key {id_of(OLD)}.*GENESYS_TIMEOUTS_SEAL_KEYS"):
        kept_with(NEW).read(NAME)


def test_who_names_a_key_that_is_known_has_not_sealed_with_it() -> None:
    kept_with(OLD).write(NAME, b"content")
    file_of().write_bytes(file_of().read_bytes().replace(id_of(OLD).encode(), id_of(NEW).encode()))

    with pytest.raises(RefusedFile, match="is not as it was sealed"):
        kept_with(NEW, OLD).read(NAME)


def test_a_new_key_seals_and_the_old_one_is_still_accepted() -> None:
    kept_with(OLD).write(NAME, b"of before")
    rotating = kept_with(NEW, OLD)

    assert rotating.read(NAME) == b"of before"
    rotating.write(NAME, b"of now")
    assert kept_with(NEW).read(NAME) == b"of now"
    with pytest.raises(RefusedFile, match="is not known here"):
        kept_with(OLD).read(NAME)


@pytest.mark.parametrize(
    "other",
    [
        "genesys-timeouts-run-run-2-1-before",
        "genesys-timeouts-run-run-1-2-before",
        "genesys-timeouts-run-run-1-1-end",
        "genesys-timeouts-approval-run-1",
    ],
    ids=["another run", "another attempt", "another part of the record", "another purpose"],
)
def test_what_was_moved_to_another_name_is_refused_there(other: str) -> None:
    default_storage().write(NAME, b"content")
    shutil.copy(file_of(), file_of(other))

    with pytest.raises(RefusedFile, match=f"^{other} .* moved here from another name"):
        default_storage().read(other)


def test_what_was_moved_from_the_area_of_audits_to_that_of_writers_is_refused_there() -> None:
    audits, writers = kept_with(OLD, area=AUDITS), kept_with(OLD, area=WRITES)
    audits.write(NAME, b"content")
    writers.write("another", b"so that the folder is there")
    shutil.copy(audits.where(NAME), writers.where(NAME))

    with pytest.raises(RefusedFile, match=f"^writes/{NAME} "):
        writers.read(NAME)


def test_an_older_file_under_its_own_name_is_taken_for_the_newer_one() -> None:
    """What a seal cannot tell (docs/decisions/0028-seals.md): whoever may write there can put back an older file."""
    default_storage().write(NAME, b"older")
    older = file_of().read_bytes()
    default_storage().write(NAME, b"newer")
    file_of().write_bytes(older)

    assert default_storage().read(NAME) == b"older"


def test_a_storage_that_is_no_folder_is_sealed_as_well() -> None:
    bucket = Bucket()
    storage = ResultStorage(bucket, WRITES)
    storage.write_and_check(NAME, b"content")
    assert storage.read(NAME) == b"content"

    bucket._files[f"writes/{NAME}"] = bucket._files[f"writes/{NAME}"].replace(b"content", b"CONTENT")
    with pytest.raises(RefusedFile, match="is not as it was sealed"):
        storage.read(NAME)


def test_what_was_changed_while_it_was_stored_is_not_taken_for_stored() -> None:
    class Spoiling(Bucket):
        def write_path(self, path: str, content: bytes) -> Any:
            super().write_path(path, content[:-1])

    with pytest.raises(OSError, match="is not as it was sealed"):
        ResultStorage(Spoiling()).write_and_check(NAME, b"content")


def test_a_table_for_people_has_no_seal_and_no_run_reads_it() -> None:
    default_storage().export("genesys-timeouts-run-run-1-steps.csv", b"a,b\n")

    assert file_of("genesys-timeouts-run-run-1-steps.csv").read_bytes() == b"a,b\n"
    with pytest.raises(RefusedFile, match="carries no seal"):
        default_storage().read("genesys-timeouts-run-run-1-steps.csv")
