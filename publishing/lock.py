"""Whose lock it is, and letting go of ours. There is no unlock here: it could commit a person's half-done draft."""

from genesys import AmbiguousWrite, Conflict, GenesysError, WriteClient
from timeouts.org import ArchitectFlow, Holder

_TRIES = 3


class LockReader:
    """Tells our own lock from everybody else's.

    A client-credentials lock shows as `lockedClient` (genesys-cloud.md 3.2). Whether its id is the OAuth client's is
    an open question (13.8), so the id that our own check-out shows counts as ours too.
    """

    def __init__(self, identity: str) -> None:
        self._ours = {identity}

    def learn(self, architect_flow: ArchitectFlow) -> None:
        """Take the lock that our confirmed check-out shows as our own."""
        if architect_flow.locked_by is not None and architect_flow.locked_by.kind == "client":
            self._ours.add(architect_flow.locked_by.id)

    def is_ours(self, holder: Holder | None) -> bool:
        """Whether the lock is held by our own client."""
        return holder is not None and holder.kind == "client" and holder.id in self._ours


def let_go(client: WriteClient, architect_flow_id: str, lock: LockReader) -> str:
    """Discard our draft and release our lock; returns a note for people where that could not be confirmed, else ''.

    Sends `revert` again only after a read has shown that the lock is still ours. A 409 means that the lock is not
    ours any more: somebody released it, and what is there now is theirs.
    """
    for _ in range(_TRIES):
        try:
            answer = client.revert(architect_flow_id)
            if not lock.is_ours(answer.locked_by):
                return ""
        except Conflict:
            pass
        except AmbiguousWrite:
            pass
        except GenesysError as problem:
            return f"our lock could not be released ({problem}); the next run takes it up"
        try:
            if not lock.is_ours(client.architect_flow(architect_flow_id).locked_by):
                return ""
        except GenesysError as problem:
            return f"whether our lock is released could not be read ({problem}); the next run takes it up"
    return "our lock is still there after revert; release it in Architect, or the next run takes it up"
