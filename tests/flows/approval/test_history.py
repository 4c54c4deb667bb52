"""The history in result storage and on a Prefect server: one writer at a time, crashes taken up, tampering named."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from prefect import flow, get_client
from prefect.client.schemas.actions import VariableUpdate
from prefect.settings import PREFECT_RESULTS_LOCAL_STORAGE_PATH

from flows.approval import history as module
from flows.approval.history import NotInHistoryError, append, closed_by, read_history
from tasks.storage import ResultStorage, default_storage
from tasks.storage.history import read_chain, stored_entry
from tests.approvers import ANA, register
from tests.timeouts.planning.approval.test_approval import NOW_MS, PROPOSAL
from tests.timeouts.planning.approval.test_history import EVENTS
from timeouts.model.org import Organization
from timeouts.planning.approval.history import (
    Happened,
    HistoryEntry,
    HistoryProblem,
    Read,
    breaks_in,
    happened,
    unsigned_in,
)


@pytest.fixture
def org() -> Organization:
    """An org that no other test writes the history of."""
    return Organization(id=str(uuid4()), name="An org")


@flow
def deciding(org: Organization, *events: Happened) -> None:
    for event in events:
        append(default_storage(), org, event)


@flow
def asked_in_a_run(org: Organization, run_id: str) -> str:
    closing = closed_by(default_storage(), org, run_id)
    return closing.what if closing else ""


def event(number: int = 0) -> Happened:
    return happened("refused", PROPOSAL, NOW_MS + number, why=f"number {number}")


def whats(org: Organization) -> list[str]:
    return [
        each.happened.what for each in read_history(default_storage(), org.id).entries if isinstance(each, HistoryEntry)
    ]


def entry_file(org: Organization, number: int) -> Path:
    folder: Path = PREFECT_RESULTS_LOCAL_STORAGE_PATH.value()
    return folder / stored_entry(default_storage(), org.id, number).name


def breaks(org: Organization) -> str:
    chain = read_history(default_storage(), org.id)
    return "; ".join(breaks_in(chain.entries, chain.head))


def test_what_is_decided_is_kept_in_order_and_holds(org: Organization) -> None:
    deciding(org, *EVENTS[:2])
    deciding(org, *EVENTS[2:])

    chain = read_history(default_storage(), org.id)
    assert whats(org) == ["proposed", "asked", "approved", "ended"]
    assert chain.head is not None
    assert chain.head.number == 4
    assert breaks_in(chain.entries, chain.head) == ()
    assert entry_file(org, 4).exists()


def test_of_many_runs_that_decide_at_once_each_is_in_the_chain(org: Organization) -> None:
    start = threading.Barrier(4)

    def decide(number: int) -> None:
        start.wait()
        deciding(org, event(number))

    with ThreadPoolExecutor(4) as threads:
        under_way = [threads.submit(copy_context().run, decide, number) for number in range(4)]
        for each in under_way:
            each.result()

    chain = read_history(default_storage(), org.id)
    assert breaks_in(chain.entries, chain.head) == ()
    said = [each.happened.why for each in chain.entries if isinstance(each, HistoryEntry)]
    assert sorted(said) == [f"number {each}" for each in range(4)]


@pytest.mark.parametrize("before", [0, 1])
def test_a_crash_between_the_entry_and_the_head_is_taken_up_by_the_next_one(
    org: Organization, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    deciding(org, *EVENTS[:before])

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_move", crash)
        with pytest.raises(KeyboardInterrupt):
            append(default_storage(), org, EVENTS[before])
    assert breaks(org) == ""

    deciding(org, EVENTS[before + 1])

    chain = read_history(default_storage(), org.id)
    assert (len(chain.entries), chain.head and chain.head.number) == (before + 2, before + 2)
    assert breaks_in(chain.entries, chain.head) == ()


def test_a_history_that_is_added_to_while_it_is_read_is_no_broken_one(
    org: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read beside the head of before, two entries more than that look replayed."""
    deciding(org, event(1))
    to_come = [event(2), event(3)]

    def read(storage: ResultStorage, organization_id: str) -> tuple[Read, ...]:
        deciding(org, *to_come)
        to_come.clear()
        return read_chain(storage, organization_id)

    monkeypatch.setattr(module, "read_chain", read)

    chain = read_history(default_storage(), org.id)
    assert breaks_in(chain.entries, chain.head) == ()
    assert len(chain.entries) == 3


def test_a_history_that_never_rests_is_neither_whole_nor_broken(
    org: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(storage: ResultStorage, organization_id: str) -> tuple[Read, ...]:
        deciding(org, event())
        return read_chain(storage, organization_id)

    monkeypatch.setattr(module, "read_chain", read)

    with pytest.raises(OSError, match="decisions were added to it each time that it was read"):
        read_history(default_storage(), org.id)


def truncate(org: Organization) -> None:
    entry_file(org, 4).unlink()


def edit(org: Organization) -> None:
    """Edit an entry as who has the key that seals may."""
    stored = json.loads(default_storage().read(entry_file(org, 4).name))
    stored["happened"]["why"] = "Completed: nothing"
    default_storage().write(entry_file(org, 4).name, json.dumps(stored).encode())


def edit_without_the_key(org: Organization) -> None:
    file = entry_file(org, 4)
    file.write_bytes(file.read_bytes().replace(b"Completed", b"Cancelled"))


def damage(org: Organization) -> None:
    entry_file(org, 4).write_bytes(b"\x80\x04")


def replay_another(org: Organization) -> None:
    entry_file(org, 4).write_bytes(entry_file(org, 3).read_bytes())


def forget_the_head(org: Organization) -> None:
    with get_client(sync_client=True) as client:
        client.delete_variable_by_name(f"genesys-timeouts-history-head-{org.id}")


def replay_the_head(org: Organization) -> None:
    chain = read_history(default_storage(), org.id)
    second = chain.entries[1]
    assert isinstance(second, HistoryEntry)
    with get_client(sync_client=True) as client:
        value = {"number": 2, "digest": second.digest}
        client.update_variable(VariableUpdate(name=f"genesys-timeouts-history-head-{org.id}", value=value))


@pytest.mark.parametrize(
    ("attack", "told"),
    [
        (truncate, "entry 4 is missing"),
        (edit, "entry 4 was changed"),
        (edit_without_the_key, "entry 4 is damaged or of something else .*not as it was sealed"),
        (damage, "entry 4 is damaged or of something else"),
        (replay_another, "entry 4 is damaged or of something else"),
        (forget_the_head, "the head of the chain is missing"),
        (replay_the_head, "the head or the chain was replayed"),
    ],
)
def test_an_approval_cannot_be_added_to_a_history_that_somebody_changed_so_that_nothing_is_published(
    org: Organization, attack: Callable[[Organization], None], told: str
) -> None:
    deciding(org, *EVENTS)

    attack(org)

    with pytest.raises(NotInHistoryError, match=f"({told}).*Nothing was published"):
        deciding(org, event())
    assert breaks(org)


def test_an_entry_of_another_org_is_none_of_this_ones(org: Organization) -> None:
    other = Organization(id=str(uuid4()), name="Another")
    deciding(org, EVENTS[0])
    deciding(other, EVENTS[0])
    entry_file(org, 1).write_bytes(entry_file(other, 1).read_bytes())

    assert "entry 1 is damaged or of something else" in breaks(org)


def test_where_it_cannot_be_stored_the_decision_does_not_count(org: Organization) -> None:
    PREFECT_RESULTS_LOCAL_STORAGE_PATH.value().write_text("no folder")

    with pytest.raises(NotInHistoryError, match="could not be added to the history of An org"):
        deciding(org, EVENTS[0])


def test_a_head_that_names_any_number_is_read_in_no_time(org: Organization) -> None:
    deciding(org, EVENTS[0])
    with get_client(sync_client=True) as client:
        value = {"number": 10**12, "digest": "0" * 64}
        client.update_variable(VariableUpdate(name=f"genesys-timeouts-history-head-{org.id}", value=value))

    assert "the chain has 1 entry, and 1000000000000 were written" in breaks(org)


def test_a_head_of_no_entries_that_has_a_hash_was_edited(org: Organization) -> None:
    deciding(org, EVENTS[0])
    with get_client(sync_client=True) as client:
        value = {"number": 0, "digest": "0" * 64}
        client.update_variable(VariableUpdate(name=f"genesys-timeouts-history-head-{org.id}", value=value))

    with pytest.raises(HistoryProblem, match="was edited on the server"):
        read_history(default_storage(), org.id)


def test_who_is_told_to_have_approved_is_who_signed(org: Organization) -> None:
    here = PROPOSAL.model_copy(update={"organization": org})
    deciding(
        org,
        happened("approved", here, NOW_MS, name=ANA, fingerprint=EVENTS[2].fingerprint, signature=EVENTS[2].signature),
    )

    chain = read_history(default_storage(), org.id)
    assert unsigned_in(chain.entries, register())[0] == (f"entry 1: {ANA} has not signed it",)


@pytest.mark.parametrize("what", ["rejected", "expired"])
def test_a_plan_that_was_answered_stays_answered_whatever_lies_in_storage(org: Organization, what: Any) -> None:
    here = PROPOSAL.model_copy(update={"organization": org})
    another = here.model_copy(update={"run_id": "another-run"})
    deciding(org, happened("proposed", here, NOW_MS), happened("rejected", another, NOW_MS))
    assert closed_by(default_storage(), org, here.run_id) is None

    deciding(org, happened(what, here, NOW_MS, name=ANA), happened("proposed", another, NOW_MS))

    closing = closed_by(default_storage(), org, here.run_id)
    assert closing is not None
    assert (closing.what, closing.name) == (what, ANA)


def test_a_rejection_whose_writer_was_killed_before_it_moved_the_head_counts(
    org: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = PROPOSAL.model_copy(update={"organization": org})
    deciding(org, happened("proposed", here, NOW_MS))

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_move", crash)
        with pytest.raises(KeyboardInterrupt):
            append(default_storage(), org, happened("rejected", here, NOW_MS, name=ANA))

    assert asked_in_a_run(org, here.run_id) == "rejected"
