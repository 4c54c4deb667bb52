"""Whoever reaches our files in result storage runs no code of theirs, and takes no run down.

Not even with our key: what is sealed and wrong is damaged, what is not sealed is refused.
"""

import base64
import functools
import gzip
import hashlib
import importlib
import json
import os
import pickle
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow, Task
from prefect.cache_policies import NO_CACHE
from prefect.settings import (
    PREFECT_RESULTS_LOCAL_STORAGE_PATH,
    PREFECT_RESULTS_PERSIST_BY_DEFAULT,
    PREFECT_TASKS_DEFAULT_PERSIST_RESULT,
    temporary_settings,
)

import flows
import tasks
from flows.apply_plan import apply_plan
from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from flows.record.records import NoRecordError, saved_plan_text
from flows.roll_back import roll_back
from simulator.org.org import Org
from simulator.server import Running
from tasks.storage import ResultStorage, default_storage
from tasks.storage.approvals import stored_approval
from tasks.storage.function_limits import FunctionLimits
from tasks.storage.ids import our_drafts
from tasks.storage.known_readings import EXTRACTOR_VERSION
from tasks.storage.results import MOST_STORED_BYTES, MOST_UNPACKED_BYTES, unpacked
from tasks.storage.seal_keys import seal_keys
from tasks.storage.seals import seal_of
from tests.flows.conftest import org_of_a_module, plan_of, run_id_of
from tests.flows.writing.test_roll_back import TEN_SECONDS
from tests.publishing.scenes import FLOW, configuration, org_seed
from tests.timeouts.conftest import action

KINDS = ("readings", "audit", "org", "ours", "run", "plan")
"""What the runs below leave: `genesys-timeouts-<kind>-...`."""


class Payload:
    """Unpickled, it creates a file."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.proof),)


def pickled(proof: Path) -> bytes:
    return pickle.dumps(Payload(proof))


def as_prefects_result(proof: Path, key: str = "any") -> bytes:
    """A result of Prefect's whose own metadata say that it is to be unpickled."""
    return json.dumps(
        {
            "metadata": {
                "storage_key": key,
                "expiration": None,
                "serializer": {"type": "pickle", "picklelib": "cloudpickle"},
                "prefect_version": "3.8.8",
                "storage_block_id": None,
            },
            "result": base64.encodebytes(pickled(proof)).decode(),
        }
    ).encode()


@functools.cache
def bomb() -> bytes:
    """Half a gigabyte and more in half a megabyte."""
    return gzip.compress(bytes(MOST_UNPACKED_BYTES + 1), compresslevel=1)


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MOST_STORED_BYTES + 1)


HOSTILE: dict[str, Callable[[Path, Path], Any]] = {
    "a pickle": lambda path, proof: path.write_bytes(pickled(proof)),
    "a packed pickle": lambda path, proof: path.write_bytes(gzip.compress(pickled(proof))),
    "a result of Prefect's": lambda path, proof: path.write_bytes(as_prefects_result(proof)),
    "a bomb": lambda path, _proof: path.write_bytes(bomb()),
    "too many bytes": lambda path, _proof: _huge(path),
    "deep JSON": lambda path, _proof: path.write_bytes(b"[" * 100_000),
    "JSON of nothing": lambda path, _proof: path.write_bytes(b"null"),
    "a pickle, sealed": lambda path, proof: path.write_bytes(sealed(path.name, pickled(proof))),
    "a packed pickle, sealed": lambda path, proof: path.write_bytes(sealed(path.name, gzip.compress(pickled(proof)))),
    "a bomb, sealed": lambda path, _proof: path.write_bytes(sealed(path.name, bomb())),
    "deep JSON, sealed": lambda path, _proof: path.write_bytes(sealed(path.name, b"[" * 100_000)),
    "a pipe that nobody writes to": lambda path, _proof: os.mkfifo(path),
    "a folder": lambda path, _proof: path.mkdir(),
    "a link to itself": lambda path, _proof: path.symlink_to(path.name),
}


def sealed(name: str, content: bytes) -> bytes:
    """What a run of ours would have stored."""
    return seal_of(name, content, seal_keys()) + content


def results() -> Path:
    return Path(str(PREFECT_RESULTS_LOCAL_STORAGE_PATH.value()))


def plant(proof: Path, how: Callable[[Path, Path], Any]) -> None:
    """Put something else in the place of every file in storage."""
    paths = list(results().iterdir())
    assert {kind for kind in KINDS if any(path.name.startswith(f"genesys-timeouts-{kind}-") for path in paths)} == {
        *KINDS
    }
    for path in paths:
        path.unlink()
        how(path, proof)


@dataclass(frozen=True)
class Raised:
    """A raise of the small org after two audits, its plan, and where the three runs keep what they keep."""

    org: Org
    run_id: str
    checksum: str
    kept: Path


@pytest.fixture(scope="module")
def raised(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raised]:
    kept = tmp_path_factory.mktemp("kept")
    with org_of_a_module(org_seed(), kept) as simulator:
        audit(return_state=True)
        audit(return_state=True)
        done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
        yield Raised(simulator.org, run_id_of(done), plan_of(done).checksum, kept)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_is_planted_in_storage_is_executed_and_a_run_goes_on_or_refuses_by_name(
    raised: Raised, tmp_path: Path, hostile: str
) -> None:
    shutil.copytree(raised.kept, results())
    proof = tmp_path / "executed"
    plant(proof, HOSTILE[hostile])
    raised.org.clear_log()

    seen = audit(return_state=True)
    back = roll_back(raised.run_id, mode="apply", return_state=True)
    again = apply_plan(raised.checksum, return_state=True)

    assert seen.is_completed(), seen.message
    assert back.is_failed()
    what = "damaged" if "sealed" in hostile else "refused"
    assert f"the record of the run {raised.run_id} is {what}" in (back.message or "")
    assert f"genesys-timeouts-run-{raised.run_id}-1-before" in (back.message or "")
    assert again.is_failed()
    assert not proof.exists()
    assert raised.org.configuration(FLOW) == configuration(10)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_planted_limit_mark_or_approval_counts_as_none(tmp_path: Path, hostile: str) -> None:
    proof, storage = tmp_path / "executed", default_storage()
    function = action("f", version=3).model_copy(update={"kind": "function"})
    limits, marks = FunctionLimits(storage, "org-1"), our_drafts(storage, "org-1")
    names = (limits._stored(function).name, marks.name, "genesys-timeouts-approval-run-1")
    results().mkdir(parents=True)
    for name in names:
        HOSTILE[hostile](results() / name, proof)

    assert limits.with_known(function).function_ms is None
    assert not marks.has("f")
    assert stored_approval(storage, "run-1").get() is None
    assert not proof.exists()


@pytest.mark.parametrize("limit", [b"0", b"-1", b"60001", b"true", b"15.5", b'"15000"', b"1" * 5_000])
@pytest.mark.parametrize("whole", [b"%s", b'{"limit_ms":%s,"first_ms":0,"is_confirmed":true}'])
def test_a_limit_that_no_function_can_have_counts_as_none(limit: bytes, whole: bytes) -> None:
    function = action("f", version=3).model_copy(update={"kind": "function"})
    limits = FunctionLimits(default_storage(), "org-1")
    default_storage().write(limits._stored(function).name, whole % limit)

    assert limits.with_known(function).function_ms is None


def test_a_pickle_in_the_place_of_a_batch_that_was_read_is_not_executed(small_org: Running, tmp_path: Path) -> None:
    """Prefect takes the serializer of a cached result from the file, whatever the task names."""
    key = repr((small_org.org.seed.id, EXTRACTOR_VERSION, [(FLOW, "4.0")]))
    name = f"genesys-timeouts-extract-actions-{hashlib.sha256(key.encode()).hexdigest()}"
    default_storage().write(name, as_prefects_result(tmp_path / "executed", name))

    assert audit(return_state=True).is_completed()
    assert not (tmp_path / "executed").exists()


@pytest.mark.usefixtures("small_org")
def test_who_tells_prefect_to_keep_results_keeps_none_of_ours() -> None:
    """With PREFECT_RESULTS_PERSIST_BY_DEFAULT, results of our tasks would be pickles in shared storage."""
    with temporary_settings({PREFECT_RESULTS_PERSIST_BY_DEFAULT: True, PREFECT_TASKS_DEFAULT_PERSIST_RESULT: True}):
        audit(policy=TEN_SECONDS, return_state=True)
        done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
        back = roll_back(run_id_of(done), return_state=True)

    assert back.is_completed(), back.message
    assert [path.name for path in results().iterdir() if not path.name.startswith("genesys-timeouts-")] == []


def test_every_task_and_flow_of_ours_keeps_prefect_from_storing_and_taking_results() -> None:
    modules = [
        importlib.import_module(module.name)
        for package in (flows, tasks)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    ours = {each.name: each for module in modules for each in vars(module).values() if isinstance(each, Flow | Task)}

    assert {"audit", "raise-approved", "fleet", "extract-actions", "publish"} <= ours.keys()
    assert [name for name, each in ours.items() if each.persist_result is not False] == []
    assert [name for name, each in ours.items() if isinstance(each, Task) and each.cache_policy != NO_CACHE] == []


@pytest.mark.parametrize(
    "stored",
    [b"", b"\x1f\x8b", gzip.compress(b"whole")[:-1], gzip.compress(b"a") + b"more"],
    ids=["nothing", "a head alone", "cut off", "with more behind it"],  # by their bytes they would hold the time
)
def test_what_is_packed_and_damaged_is_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="it is damaged"):
        unpacked(stored)


def test_a_link_to_what_lies_elsewhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("secret")
    results().mkdir(parents=True)
    (results() / f"genesys-timeouts-plan-{'0' * 64}").symlink_to(tmp_path / "elsewhere")
    storage: ResultStorage = default_storage()

    with pytest.raises(NoRecordError, match=r"saved plan 0+ is refused: .* is a link, a pipe or a folder"):
        saved_plan_text(storage, "0" * 64)
