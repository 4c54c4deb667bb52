"""One attempt at one order: what it last saw, what it holds and has sent, and how it ends, in words for people."""

from collections.abc import Callable

from genesys import GenesysError, Gone, NotFound, Stopped, WriteClient, is_refusal
from publishing.architect.lock import OwnLocks, ShownLocks
from publishing.architect.operations import PUBLISH
from publishing.architect.release import Release, let_go
from publishing.architect.states import State
from publishing.order import ArchitectFlowOrder, Publication, Timing
from publishing.settling import believed, caught_up, settle
from publishing.verification import DEFINITION
from timeouts.model.org import DEACTIVATED, ArchitectFlow
from timeouts.planning.outcomes import INTERRUPTED_BEFORE, Outcome, OutcomeKind
from timeouts.text.labels import is_before, is_next

_INTERRUPTED = f"{INTERRUPTED_BEFORE}published; the published version is as it was"
_ONLY_TELLS = (State.MOVED, State.OVERTAKEN, State.RELEASE)


class Attempt:
    """What the states of the protocol share. The first outcome stays: what comes after it is cleaning up.

    `is_holding`: the lock there is ours, so that it has to be let go. `was_sent`: a publish of ours was sent;
    `is_in_flight`: and may not have ended. `refusal`: what to note where our publish was refused and ours is live all
    the same, '' where it was not refused. `may_discard`: whether the draft that lies there may go. Each ending returns
    the state that comes next.
    """

    def __init__(
        self,
        client: WriteClient,
        order: ArchitectFlowOrder,
        pace: Timing,
        may_discard: Callable[[ArchitectFlow], bool],
        shown: ShownLocks,
    ) -> None:
        self._client = client
        self._may_discard = may_discard
        self._order = order
        self._pace = pace
        self._outcome: Outcome | None = None
        self._notes: list[str] = []
        self._believed: str | None = order.version
        self.own = OwnLocks(client.identity, shown)
        self.seen: ArchitectFlow | None = None
        self.is_holding = False
        self.was_sent = False
        self.is_in_flight = False
        self.refusal = ""

    def read(self) -> ArchitectFlow:
        """Read the Architect flow anew, until it shows no version that is older than the plan's, or that is believed.

        Raises GenesysError.
        """
        self.seen = caught_up(self._read, self._is_behind, self._pace)
        self._believed = self.seen.published_version
        return self.seen

    def _read(self) -> ArchitectFlow:
        return self._client.architect_flow(self._order.target.id)

    def _is_behind(self, seen: ArchitectFlow) -> bool:
        return is_before(seen.published_version, self._order.version) and seen.published_version != self._believed

    @property
    def last_seen(self) -> ArchitectFlow:
        """The Architect flow as it was read last."""
        assert self.seen is not None, "it was read first"
        return self.seen

    @property
    def has_moved(self) -> bool:
        """Whether another version is live than the plan's."""
        return self.last_seen.published_version != self._order.version

    def moved_or_deactivated(self) -> State | None:
        """Return what to do where what is in service is not as the plan knows it; None where it is."""
        if self.has_moved:
            return State.MOVED
        return self.skip(DEACTIVATED) if self.last_seen.is_deactivated else None

    @property
    def may_have_made_it(self) -> bool:
        """Whether what is live may be what we published: after a publish that was sent, or refused as it came twice."""
        version, by = self.last_seen.published_version, self.last_seen.published_by
        if self.refusal:
            return is_next(self._order.version, version or "") and (by is None or by.kind != "person")
        return self.was_sent and not is_before(version, self._order.version)

    @property
    def has_unpublished(self) -> bool:
        """Whether somebody checked a draft in that is not published."""
        return self.last_seen.unpublished_version is not None

    def settle_check_out(self) -> None:
        """Wait for what a check-out without an answer may still bring. Raises GenesysError where it cannot be read."""
        try:
            settle(self._locked_or_moved, self._pace)
        except (NotFound, Gone):
            raise
        except GenesysError:
            self.note("whether our check-out holds a lock there is not known; the next run takes it up")
            raise

    def held_or_changed(self) -> ArchitectFlow | None:
        """Return the Architect flow, read anew, where it is locked or changed; None where it shows neither.

        We have checked it out, so such a read may be a replica's that lags behind: it proves nothing yet.
        """
        seen = self.read()
        return seen if self._is_held_or_changed(seen) else None

    def looks(self) -> Callable[[], ArchitectFlow | None]:
        """Return what reads so; what still shows neither lock nor change after the lag of replicas is believed."""
        return believed(self.read, self._is_held_or_changed, self._pace)

    def _is_held_or_changed(self, seen: ArchitectFlow) -> bool:
        return seen.locked_by is not None or self.has_moved or self.has_unpublished

    def _locked_or_moved(self) -> ArchitectFlow | None:
        seen = self.read()
        return seen if seen.locked_by is not None or self.has_moved else None

    def started_or_moved(self, known: str) -> ArchitectFlow | None:
        """Return the Architect flow, read anew, where a publish shows that is not `known`, or version or lock moved."""
        seen = self.read()
        started = seen.operation is not None and seen.operation.action == PUBLISH and seen.operation.id != known
        return seen if started or self.has_moved or not self.own.holds(seen.locked_by) else None

    def let_go(self) -> Release:
        """Discard our draft and release our lock."""
        return let_go(self._client, self._order.target.id, self.own, self._may_discard, self._pace, look=self.looks())

    def note(self, note: str) -> None:
        """Add what else people should know; '' is nothing."""
        if note and note not in self._notes:
            self._notes.append(note)

    @property
    def is_over(self) -> bool:
        """Whether there is an outcome."""
        return self._outcome is not None

    def publication(self, fingerprint: str) -> Publication:
        """Return what came of it; `fingerprint`: that of what must be live, '' when unknown."""
        assert self._outcome is not None, "the protocol ends with an outcome"
        expected = {DEFINITION: fingerprint} if fingerprint else {}
        return Publication(outcome=self._outcome.noted(*self._notes), expected=expected)

    def done(self, version: str | None) -> State:
        """End: it is live as `version`."""
        self._tell("published", "", version)
        return State.RELEASE if self.own.holds(self.last_seen.locked_by) else State.DONE

    def unchanged(self, reason: str) -> State:
        """End: it was live before this run did anything."""
        return self._ended("unchanged", reason)

    def skip(self, reason: str) -> State:
        """End: it was left as it was, on purpose."""
        return self._ended("skipped", reason)

    def stale(self) -> State:
        """End: another version is live than the plan's, and it is not ours."""
        seen = self.last_seen
        by = f" by {seen.publisher}" if seen.publisher else ""
        what = "it was unpublished" if seen.published_version is None else f"{seen.published_version} was published{by}"
        return self.skip(f"stale: {what} after the plan, which knows {self._order.version}")

    def fail(self, reason: str, *, is_refused: bool = False) -> State:
        """End: it was not done, and what is live is as it was; `is_refused`: for a reason of the platform's own."""
        state = self._ended("failed", f"{reason}; the published version is as it was")
        if is_refused and self._outcome is not None and self._outcome.outcome == "failed":
            self._outcome = self._outcome.refused()
        return state

    def in_doubt(self, reason: str) -> State:
        """End where something may be under way: our lock stays for the next run to take up, and a note says so."""
        self._tell("unknown", f"{reason}; run again to resolve it")
        if self.is_holding and self.own.holds(self.last_seen.locked_by):
            self.note("our lock stays until that is known; the next run takes it up")
        return State.DONE

    def interrupted(self, state: State) -> State | None:
        """Return what to do instead of going on, once the run is asked to stop: nothing new is begun.

        What another version means, or what somebody else did, is found out all the same: else it would not be true
        that the published version is as it was.
        """
        if self.is_in_flight or self.is_over or state in _ONLY_TELLS or not self._pace.stopped():
            return None
        return self.skip(_INTERRUPTED)

    def after_failure(self, state: State, problem: GenesysError) -> State:
        """End where a read failed for good, or a write was refused or never left. Missing: the listing confirmed it."""
        if isinstance(problem, (NotFound, Gone)):
            self.is_holding = False
            return self.skip("it does not exist any more")
        if self.is_in_flight:
            return self.in_doubt(f"the publish was sent, but how it ended could not be read: {problem}")
        if self.was_sent or self.refusal or state is State.MOVED:
            return self._ended("unknown", f"{state.value}: {problem}; run again to resolve it")
        if isinstance(problem, Stopped):
            return self.skip(_INTERRUPTED)
        return self.fail(f"{state.value}: {problem}", is_refused=is_refusal(problem))

    def _ended(self, kind: OutcomeKind, reason: str) -> State:
        self._tell(kind, reason)
        return State.RELEASE if self.is_holding else State.DONE

    def _tell(self, kind: OutcomeKind, reason: str, version: str | None = None) -> None:
        self._outcome = self._outcome or self._order.outcome(kind, reason, version)
