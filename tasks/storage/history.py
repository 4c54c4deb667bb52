"""The chain of decisions of each org in Prefect's result storage: one file an entry, numbered from 1."""

from tasks.storage.results import ResultStorage
from tasks.storage.seal_keys import KEYS
from tasks.storage.seals import UnknownKey
from tasks.storage.stored import Stored, name_of
from timeouts.planning.approval.history import BrokenEntry, HistoryEntry, Read

_MOST_MISSING = 20
"""So many entries in a row that are not there are its end: a head that somebody wrote may name any number."""


def stored_entry(storage: ResultStorage, organization_id: str, number: int) -> Stored[HistoryEntry]:
    """Return one entry of an org's chain; one of another org or place counts as damaged."""

    def is_ours(entry: HistoryEntry) -> bool:
        return (entry.organization_id, entry.number) == (organization_id, number)

    return Stored(storage, f"{name_of('history', organization_id)}-{number}", HistoryEntry, is_ours=is_ours)


def read_entry(storage: ResultStorage, organization_id: str, number: int) -> Read:
    """Read one entry. Raises OSError where it cannot be read now: it may be there."""
    if number < 1:
        return None
    try:
        return stored_entry(storage, organization_id, number).read()
    except FileNotFoundError:
        return None
    except UnknownKey as problem:
        why = (
            f"is sealed with the key {problem.key_id}, which is not known here: add it to {KEYS}, behind the newest one"
        )
        return BrokenEntry(number=number, why=why, may_be_whole=True)
    except ValueError as problem:
        return BrokenEntry(number=number, why=f"is damaged or of something else ({_first_line(problem)})")


def read_chain(storage: ResultStorage, organization_id: str) -> tuple[Read, ...]:
    """Read a chain to its end, beyond what is missing in between. Raises OSError where it cannot be read now."""
    entries: list[Read] = []
    missing = 0
    while missing < _MOST_MISSING:
        entries.append(read_entry(storage, organization_id, len(entries) + 1))
        missing = missing + 1 if entries[-1] is None else 0
    return tuple(entries[: len(entries) - missing])


def _first_line(problem: ValueError) -> str:
    return str(problem).partition("\n")[0]
