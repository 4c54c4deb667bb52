"""What is ours of an Architect flow while we work on it: the lock, and the drafts that we know we made."""

from timeouts.model.org import ArchitectFlow, Holder


class ShownLocks:
    """The ids that locks of ours have shown after check-outs of one run, whose attempts share them.

    They only tell which locks are not ours: every client may show the same id.
    """

    def __init__(self) -> None:
        self.ids: set[str] = set()


class OwnLocks:
    """Tells our own lock and drafts from everybody else's.

    A client-credentials lock shows as `lockedClient` (docs/platform.md#flow-fields). Whether its id is the OAuth
    client's is an open question (docs/platform.md#open-own-lock): until a check-out of the run has shown what our locks
    look like, any client's lock may be ours.
    """

    def __init__(self, identity: str, shown: ShownLocks) -> None:
        self._clients = {identity}
        self._shown = shown
        self._has_seen_one = False
        self._drafts: set[str] = set()

    def checked_out(self, architect_flow: ArchitectFlow) -> None:
        """Take the lock that the platform shows after a check-out of ours as what our locks look like."""
        self.learn(architect_flow)
        if architect_flow.locked_by is not None and architect_flow.locked_by.kind == "client":
            self._shown.ids.add(architect_flow.locked_by.id)

    def learn(self, architect_flow: ArchitectFlow) -> None:
        """Take the lock that the platform shows as our own."""
        holder = architect_flow.locked_by
        if holder is not None and holder.kind == "client":
            self._clients.add(holder.id)
            self._has_seen_one = True

    def add_draft(self, label: str | None) -> None:
        """Take a saved version as one of ours."""
        if label is not None:
            self._drafts.add(label)

    def holds(self, holder: Holder | None) -> bool:
        """Return whether the lock is known to be ours."""
        return holder is not None and holder.kind == "client" and holder.id in self._clients

    def may_hold(self, holder: Holder | None) -> bool:
        """Return whether the lock is ours, or of a client that may be ours under an id that we have not seen yet."""
        if self.holds(holder):
            return True
        if holder is None or holder.kind != "client" or self._has_seen_one:
            return False
        return not self._shown.ids or holder.id in self._shown.ids

    def knows_draft(self, architect_flow: ArchitectFlow) -> bool:
        """Return whether there is no saved draft, or one that we know as ours."""
        return architect_flow.saved_version is None or architect_flow.saved_version in self._drafts
