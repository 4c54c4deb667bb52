"""What the last audit saw of an org, kept in Prefect's result storage for the next one to compare with.

Two files an org: the last audit and the one before it, which a run that is retried compares with again.
"""

import hashlib
from typing import NamedTuple

from tasks.storage import ResultStorage, packed, unpacked
from timeouts.snapshot import AuditStamp, Snapshot
from timeouts.values import Value

FIRST = "This is the first audit of this org here, so there is nothing to compare it with."
DAMAGED = (
    "What the last audit saw is damaged or was kept by another version of this program, so there is nothing to compare "
    "this one with."
)
OVERTAKEN = "An audit that began later has ended before this one: what moved is told there."


_CONTENT = b',"architect_flows":'
"""Where the content of a stored snapshot begins; in a text of JSON, the quotes would be escaped."""


class Earlier(NamedTuple):
    """The audit to compare with, or why there is none."""

    snapshot: Snapshot | None
    note: str = ""


class _Head(Value):
    """What stands before the content of a stored snapshot."""

    schema_version: int
    reader: int
    organization_id: str
    stamp: AuditStamp


class LastAudit:
    """The last audits of one org. `reader`: which version of the reading of definitions counts, any other as none."""

    def __init__(self, storage: ResultStorage, organization_id: str, reader: int) -> None:
        self._storage = storage
        self._organization_id = organization_id
        self._reader = reader
        self._parsed: dict[bytes, Earlier] = {}
        self._written: tuple[Snapshot, bytes] | None = None

    def before(self, seen: Snapshot) -> Earlier:
        """Give the audit before this one: not an earlier attempt of the same run, and not one that began later."""
        last = self._read("last", seen)
        if last.snapshot is not None and last.snapshot.stamp.run_id == seen.stamp.run_id:
            last = self._read("previous", seen)
        if last.snapshot is not None and last.snapshot.stamp.began_ms > seen.stamp.began_ms:
            return Earlier(None, OVERTAKEN)
        return last

    def keep(self, seen: Snapshot) -> None:
        """Keep what an audit saw, unless one that began later is kept already.

        What it could not read is kept as it was known before.
        """
        last = self._read("last", seen).snapshot
        if last is None:
            self._write("last", seen)
            return
        if last.stamp.began_ms > seen.stamp.began_ms and last.stamp.run_id != seen.stamp.run_id:
            return
        if last.stamp.run_id != seen.stamp.run_id:
            self._storage.write(self._name("previous"), self._storage.read(self._name("last")))
        self._write("last", seen.keeping_what_was_known(last))

    def _read(self, which: str, seen: Snapshot) -> Earlier:
        try:
            stored = self._storage.read(self._name(which))
        except FileNotFoundError:
            return Earlier(None, FIRST)  # any other OSError may pass: what is kept must not be taken for nothing
        except ValueError:
            return Earlier(None, DAMAGED)
        if stored not in self._parsed:
            self._parsed[stored] = self._parse(stored, seen)
        return self._parsed[stored]

    def _parse(self, stored: bytes, seen: Snapshot) -> Earlier:
        try:
            found = self._snapshot_in(unpacked(stored), seen)
        except ValueError:
            return Earlier(None, DAMAGED)
        is_it = found.organization_id == self._organization_id and found.reader == self._reader
        return Earlier(found) if is_it else Earlier(None, DAMAGED)

    def _snapshot_in(self, text: bytes, seen: Snapshot) -> Snapshot:
        """Read a stored snapshot. Where nothing moved its content is that of `seen`, which need not be made anew."""
        head, found, content = text.partition(_CONTENT)
        if found and content == self._json_of(seen).partition(_CONTENT)[2]:
            was = _Head.model_validate_json(head + b"}")
            return Snapshot(**dict(was), architect_flows=seen.architect_flows, actions=seen.actions)
        return Snapshot.model_validate_json(text)

    def _write(self, which: str, snapshot: Snapshot) -> None:
        self._storage.write(self._name(which), packed(self._json_of(snapshot)))

    def _json_of(self, snapshot: Snapshot) -> bytes:
        """Give its JSON, which is asked for twice of the same one in most audits."""
        if self._written is None or self._written[0] is not snapshot:
            self._written = snapshot, snapshot.to_json()
        return self._written[1]

    def _name(self, which: str) -> str:
        return f"genesys-timeouts-audit-{hashlib.sha256(self._organization_id.encode()).hexdigest()}-{which}"
