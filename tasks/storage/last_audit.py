"""What the last audit saw of an org, kept in Prefect's result storage for the next one to compare with.

Two files an org and OAuth client: the last audit and the one before it, which a run that is retried compares with
again. Another client may be shown other divisions: what it does not see is not gone.
"""

from typing import NamedTuple

from tasks.running.clock import now_ms
from tasks.storage.results import ResultStorage
from tasks.storage.seals import RefusedFile
from tasks.storage.stored import Stored, name_of
from timeouts.drift.snapshot import AuditStamp, Snapshot

FIRST = "This is the first audit of this org here with this OAuth client, so there is nothing to compare it with."
DAMAGED = (
    "What the last audit saw is damaged or was kept by another version of this program, so there is nothing to compare "
    "this one with."
)
OVERTAKEN = "An audit that began later has ended before this one: what moved is told there."
STILL_TO_COME = (
    "The last audit began at a time that is still to come ({when}): the clock of its machine or of this one is wrong. "
    "So there is nothing to compare this one with; the next audit is compared with this one."
)


class Earlier(NamedTuple):
    """The audit to compare with, or why there is none."""

    snapshot: Snapshot | None
    note: str = ""


class LastAudit:
    """The last audits of one org. `reader`: which version of the reading of definitions counts, any other as none.

    `seen_by`: the id of the OAuth client, or what was chosen of folders, where not everything: each has its own audits.
    """

    def __init__(self, storage: ResultStorage, org_key: str, reader: int, seen_by: str = "") -> None:
        def is_ours(snapshot: Snapshot) -> bool:
            return (snapshot.org_key, snapshot.reader) == (org_key, reader)

        name = name_of("audit", org_key + seen_by)
        self.last, self.previous = (
            Stored[Snapshot](storage, f"{name}-{which}", Snapshot, is_ours=is_ours, is_packed=True)
            for which in ("last", "previous")
        )

    def before(self, seen: Snapshot) -> Earlier:
        """Return the audit before this one: not an earlier attempt of the same run, and not one that began later."""
        earlier = _earlier(self.last)
        if earlier.snapshot is not None and earlier.snapshot.stamp.run_id == seen.stamp.run_id:
            earlier = _earlier(self.previous)
        if earlier.snapshot is None or earlier.snapshot.stamp.began_ms <= seen.stamp.began_ms:
            return earlier
        stamp = earlier.snapshot.stamp
        return Earlier(None, STILL_TO_COME.format(when=stamp.began) if _is_to_come(stamp) else OVERTAKEN)

    def keep(self, seen: Snapshot) -> None:
        """Keep what an audit saw, unless one that began later, at a time that has been, is kept already.

        What it could not read is kept as it was known before. Raises OSError where what is kept cannot be read now.
        """
        last = self.last.find()
        if last is None:
            self.last.put(seen)
            return
        if last.stamp.run_id != seen.stamp.run_id:
            if last.stamp.began_ms > seen.stamp.began_ms and not _is_to_come(last.stamp):
                return
            self.previous.put(last)
        self.last.put(seen.keeping_what_was_known(last))


def _is_to_come(stamp: AuditStamp) -> bool:
    return stamp.began_ms > now_ms()


def _earlier(stored: Stored[Snapshot]) -> Earlier:
    try:
        return Earlier(stored.read())
    except FileNotFoundError:
        return Earlier(None, FIRST)  # any other OSError may pass: what is kept must not be taken for nothing
    except RefusedFile as problem:
        return Earlier(
            None, f"What the last audit saw is refused: {problem}. So there is nothing to compare this one with."
        )
    except ValueError:
        return Earlier(None, DAMAGED)
