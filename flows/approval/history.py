"""An org's history of decisions, added to and read: entries in result storage, their head on the Prefect server.

The entry is stored first and then the head is moved: a process that is killed between the two leaves a chain that is
one entry longer than its head, which the next one takes up.
"""

from dataclasses import dataclass

from prefect import get_client, get_run_logger
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import VariableCreate, VariableUpdate
from pydantic import ValidationError

from flows.guards.apply_lock import history_lock
from tasks.storage import ResultStorage
from tasks.storage.history import read_chain, read_entry, stored_entry
from timeouts.model.org import Organization
from timeouts.planning.approval.history import (
    EMPTY,
    Happened,
    Head,
    HistoryEntry,
    HistoryProblem,
    Read,
    end_of,
    next_entry,
)

_PREFIX = "genesys-timeouts-history-head-"


_CLOSING = frozenset({"rejected", "expired"})
_READS = 5
"""How often a chain is read whose head moves meanwhile: one decision takes longer to make than a chain to read."""


class NotInHistoryError(Exception):
    """A decision could not be added to the history, so that it does not count. Nothing was published."""


@dataclass(frozen=True, slots=True)
class Chain:
    """An org's history as it lies there: all entries from the first on, and the head, None where there is none."""

    entries: tuple[Read, ...]
    head: Head | None


def append(storage: ResultStorage, organization: Organization, what: Happened) -> None:
    """Add to the history of an org. Raises NotInHistoryError where that is not possible, or what is there is broken."""
    try:
        with history_lock(organization), get_client(sync_client=True) as client:
            head = _head(client, organization.id)
            entry = next_entry(organization, _end(storage, organization.id, head), what)
            stored_entry(storage, organization.id, entry.number).put(entry)
            if read_entry(storage, organization.id, entry.number) != entry:
                raise HistoryProblem(f"entry {entry.number} is not there as it was written")  # noqa: TRY301
            _move(client, organization.id, head, Head(number=entry.number, digest=entry.digest))
    except Exception as problem:  # storage, lock and server each have errors of their own, and none may pass
        raise NotInHistoryError(
            f"what was decided ({what.what}) could not be added to the history of {organization.name}: {problem}. "
            "Nothing was published. `genesys-timeouts history --verify` shows what is there; docs/operate.md says how "
            "to begin a new one."
        ) from problem


def read_history(storage: ResultStorage, organization_id: str) -> Chain:
    """Read an org's history. Raises OSError, or what Prefect's client raises, where it cannot be read now.

    Who adds to it meanwhile moves its head: then it is read anew, for a chain beside an older head looks replayed.
    """
    with get_client(sync_client=True) as client:
        head = _head(client, organization_id)
        for _ in range(_READS):
            entries = read_chain(storage, organization_id)
            before, head = head, _head(client, organization_id)
            if head == before:
                return Chain(entries, head)
    raise TimeoutError("decisions were added to it each time that it was read: run the same command again")


def closed_by(storage: ResultStorage, organization: Organization, run_id: str) -> Happened | None:
    """Return the entry by which a run's plan was rejected or expired, None where it was not: no file can undo that.

    Read are the entries back to the one that proposed the plan, from the end on, be it ahead of the head. Raises
    HistoryProblem where one of them is broken.
    """
    with get_client(sync_client=True) as client:
        number = _end(storage, organization.id, _head(client, organization.id)).number
    while number:
        entry = read_entry(storage, organization.id, number)
        if not isinstance(entry, HistoryEntry):
            raise HistoryProblem(f"entry {number} of the history of {organization.name} is missing or damaged")
        if entry.happened.run_id == run_id and entry.happened.what in _CLOSING:
            return entry.happened
        if entry.happened.run_id == run_id and entry.happened.what == "proposed":
            return None
        number -= 1
    return None


def _end(storage: ResultStorage, organization_id: str, head: Head | None) -> Head:
    number = (head or EMPTY).number
    last, beyond, after_that = (read_entry(storage, organization_id, number + more) for more in range(3))
    end = end_of(head, last, beyond, after_that)
    if end.number != number:
        get_run_logger().warning(
            "entry %d of the history was stored by a process that ended before it moved the head: it is taken up",
            end.number,
        )
    return end


def _head(client: SyncPrefectClient, organization_id: str) -> Head | None:
    found = client.read_variable_by_name(f"{_PREFIX}{organization_id}")
    if found is None:
        return None
    try:
        return Head.model_validate(found.value)
    except ValidationError:
        raise HistoryProblem(f"the head of the chain ({_PREFIX}{organization_id}) was edited on the server") from None


def _move(client: SyncPrefectClient, organization_id: str, before: Head | None, after: Head) -> None:
    name = f"{_PREFIX}{organization_id}"
    if before is None:
        client.create_variable(VariableCreate(name=name, value=after.model_dump(), tags=["genesys-timeouts"]))
    else:
        client.update_variable(VariableUpdate(name=name, value=after.model_dump()))
