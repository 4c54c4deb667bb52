"""Publishing one Architect flow by the editing cycle: a state machine (docs/design.md#the-publishing-protocol).

| state     | reads to decide                       | writes   | then                                                |
|-----------|---------------------------------------|----------|-----------------------------------------------------|
| LOOK      | the Architect flow; an unlocked draft | -        | CHECK_OUT; TAKE_UP: a lock that may be ours; MOVED: |
|           |                                       |          | another version is live; COMPARE: the lock is ours  |
|           |                                       |          | and revert did not release it; else skipped         |
| TAKE_UP   | the Architect flow, as long as        | -        | LOOK: the lock went; RELEASE, then LOOK: it stays   |
|           | something moves; both configurations  |          | still and the draft is ours; else skipped           |
| MOVED     | planned and live configuration        | -        | published, where a publish of ours was sent;        |
|           |                                       |          | unchanged: live already; skipped: stale; unknown    |
| CHECK_OUT | lost answer: the Architect flow, until| checkout | COMPARE; TAKE_UP: ours, but not known to be from    |
|           | it settles                            |          | now; MOVED; else skipped or failed                  |
| COMPARE   | latest configuration under the lock   | -        | SAVE; TAKE_UP: another run saved this already; else |
|           |                                       |          | skipped or failed                                   |
| SAVE      | lost answer: the Architect flow and   | version  | CONFIRM; OVERTAKEN: refused; failed: nothing came   |
|           | its draft, until it settles           |          | of it                                               |
| CONFIRM   | the Architect flow; lost answer or    | -        | PUBLISH: lock, draft and versions are as we left    |
|           | another draft: latest configuration   |          | them; OVERTAKEN; else skipped                       |
| PUBLISH   | lost answer: the Architect flow, until| publish  | FOLLOW; OVERTAKEN: refused; WITHDRAW: nothing came  |
|           | it settles                            |          | of it                                               |
| FOLLOW    | the Architect flow, until the end     | -        | published; unknown; failed; OVERTAKEN; WITHDRAW     |
| WITHDRAW  | the Architect flow, before and after  | revert   | MOVED; failed: the draft is gone and nothing moved; |
|           |                                       |          | unknown: that could not be settled                  |
| OVERTAKEN | the Architect flow, until what runs   | -        | MOVED; else skipped, naming who, failed or unknown  |
|           | there has ended                       |          |                                                     |
| RELEASE   | the Architect flow, before each write | revert   | LOOK after TAKE_UP; else DONE                       |

Every ending (published, skipped, failed) goes through RELEASE where we may hold the lock, and then to DONE; unknown
goes there at once where a publish may still be under way. No write is ever sent a second time without a read in
between that shows that the first one did nothing. A lost answer is read for a settle period, with lock and draft kept:
its effect may land seconds later. Nothing is taken back while an operation runs. Nobody is unlocked, ever.
"""

from collections.abc import Callable

from genesys import AmbiguousWrite, Conflict, GenesysError, Gone, NotFound, Stopped, WriteClient
from publishing.contents import Contents, is_abandoned_by_us
from publishing.drafts import fingerprint_of, is_same_content
from publishing.lock import Ours
from publishing.operations import PUBLISH, Started, Watched, await_end, follow, is_running, watch
from publishing.order import Order, Publication, Timing
from publishing.record import Record
from publishing.release import Lock, Release, let_go
from publishing.settling import settle
from publishing.states import State
from timeouts.basis import lowered_by, moved_since_the_plan
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.org import ArchitectFlow, Holder
from timeouts.proof import ProofFailed, prove_edit


class Protocol:
    """One attempt at one order. Call `run` once.

    Raises nothing that the gateway raises: every such failure becomes an outcome. Anything else (an interruption, a
    mistake of ours) is raised again after our lock has been let go.
    """

    def __init__(self, client: WriteClient, order: Order, pace: Timing) -> None:
        self._client = client
        self._order = order
        self._id = order.architect_flow_id
        self._pace = pace
        self._ours = Ours(client.identity)
        self._contents = Contents(client, order)
        self._record = Record(order)
        self._seen: ArchitectFlow | None = None
        self._expected = ""
        self._draft_before: str | None = None
        self._operation_id = ""
        self._why = ""
        self._holding = False
        self._was_sent = False
        self._in_flight = False
        self._taken_up = False
        self._leftover = False

    def run(self) -> Publication:
        """Go from LOOK to DONE."""
        steps: dict[State, Callable[[], State]] = {
            State.LOOK: self._look,
            State.TAKE_UP: self._take_up,
            State.MOVED: self._moved,
            State.CHECK_OUT: self._check_out,
            State.COMPARE: self._compare,
            State.SAVE: self._save,
            State.CONFIRM: self._confirm,
            State.PUBLISH: self._publish,
            State.FOLLOW: self._follow,
            State.WITHDRAW: self._withdraw,
            State.OVERTAKEN: self._overtaken,
            State.RELEASE: self._release,
        }
        state = State.LOOK
        while state is not State.DONE:
            try:
                state = self._interrupted(state) or steps[state]()
            except GenesysError as problem:
                state = self._after_failure(state, problem)
            except BaseException:
                if self._holding:
                    self._let_go()
                raise
        return self._record.publication(self._expected)

    # What is true there?

    def _look(self) -> State:
        seen = self._read()
        if self._holding and self._ours.holds(seen.locked_by):
            return self._under_our_lock(seen)
        if seen.locked_by is not None:
            return self._look_at_lock(seen.locked_by)
        if seen.published_version != self._order.version:
            return State.MOVED
        if seen.newer_draft is not None:
            self._leftover = self._contents.is_leftover(seen)
            if not self._leftover:
                return self._skip(f"has a draft that is newer than the published version ({seen.newer_draft})")
        return State.CHECK_OUT

    def _look_at_lock(self, holder: Holder) -> State:
        if self._ours.may_hold(holder) and not self._taken_up:
            return State.TAKE_UP
        if self._ours.holds(holder):
            return self._skip("our own client holds the lock again, or it could not be released")
        return self._skip(f"locked by {holder.label}")

    def _take_up(self) -> State:
        """A lock of ours that is not known to be this attempt's: wait for who lives, and discard what the dead left."""
        self._taken_up = True
        self._seen, watched = watch(self._client, self._last_seen(), self._ours, self._pace)
        seen = self._seen
        if watched is Watched.LEFT:
            return State.LOOK
        if watched is Watched.BUSY:
            if is_running(seen.operation):
                return self._in_doubt("a publish that another run started has not ended yet")
            return self._skip("another run of our own client is at work on it")
        if not is_abandoned_by_us(self._client, seen):
            holder = seen.locked_by.label if seen.locked_by else "nobody"
            return self._skip(f"locked by {holder}, with a draft that this tool did not make")
        self._ours.add_draft(seen.saved_version)
        self._holding = True
        return State.RELEASE

    def _moved(self) -> State:
        """Another version is live than the plan's; it may be ours, or an earlier attempt's at this very order."""
        seen = self._last_seen()
        if self._contents.is_ordered_live(seen):
            self._expected = fingerprint_of(self._contents.ordered())
            if self._was_sent:
                return self._done(seen.published_version)
            return self._unchanged(
                f"live already as version {seen.published_version}: an earlier attempt or another run"
            )
        by = f" by {seen.published_by}" if seen.published_by else ""
        return self._skip(
            f"stale: {seen.published_version} was published{by} after the plan, which knows {self._order.version}"
        )

    # Change it.

    def _check_out(self) -> State:
        had_draft = self._last_seen().saved_version is not None
        try:
            seen = self._seen = self._client.checkout(self._id)
        except (Conflict, NotFound) as refusal:
            return self._not_checked_out(self._read(), f"the platform refused the check-out ({refusal})", self._skip)
        except AmbiguousWrite as lost:
            self._settle_check_out()
            why = f"the check-out was lost on the way and did not happen ({lost})"
            return self._not_checked_out(self._last_seen(), why, self._fail)
        self._ours.learn(seen)
        self._holding = True
        if not had_draft:
            self._ours.add_draft(seen.saved_version)
        return self._under_our_lock(seen)

    def _settle_check_out(self) -> None:
        try:
            settle(self._unless_untouched, self._pace)
        except (NotFound, Gone):
            raise
        except GenesysError:
            self._record.note("whether our check-out holds a lock there is not known; the next run takes it up")
            raise

    def _not_checked_out(self, seen: ArchitectFlow, why: str, end: Callable[[str], State]) -> State:
        if self._ours.may_hold(seen.locked_by):
            if not self._taken_up:
                return State.TAKE_UP
            self._holding = True
            return self._fail(why)
        if seen.locked_by is not None:
            return self._skip(f"locked by {seen.locked_by.label}")
        return State.MOVED if seen.published_version != self._order.version else end(why)

    def _unless_untouched(self) -> ArchitectFlow | None:
        """Return the Architect flow where it is locked, or another version is live than the plan's."""
        seen = self._read()
        is_free = seen.locked_by is None and seen.published_version == self._order.version
        return None if is_free else seen

    def _under_our_lock(self, seen: ArchitectFlow) -> State:
        if seen.published_version != self._order.version:
            return State.MOVED
        if seen.checked_in_version not in (None, seen.published_version):
            return self._skip(f"has a checked-in draft that nobody published ({seen.checked_in_version})")
        return State.COMPARE

    def _compare(self) -> State:
        base = self._contents.latest()
        if self._leftover and fingerprint_of(base) != self._order.fingerprint:
            base = self._contents.planned()
        if fingerprint_of(base) != self._order.fingerprint:
            if not self._taken_up and is_same_content(self._contents.ordered(), base):
                return State.TAKE_UP
            return self._skip("stale: under our lock lies other content than the plan was made from")
        try:
            definition = read_definition(base)
            if moved := moved_since_the_plan(definition, self._order.originals):
                return self._skip(f"stale: {moved}")
            if not self._order.may_lower and (lowered := lowered_by(definition, self._order.edits)):
                return self._fail(f"refused, for it would lower a wait: {lowered}")
            edited = definition.with_edits(self._order.edits)
            prove_edit(base, edited, self._order.edits)
        except (UnreadableDefinition, ProofFailed, ValueError) as problem:
            return self._fail(f"the edit could not be proved, so nothing was saved: {problem}")
        self._draft_before = self._last_seen().saved_version
        self._ours.add_draft(self._draft_before)
        self._contents.edited, self._expected = edited, fingerprint_of(edited)
        return State.SAVE

    def _save(self) -> State:
        try:
            self._ours.add_draft(self._client.save_version(self._id, self._contents.edited))
        except AmbiguousWrite as lost:
            if settle(self._saved_or_overtaken, self._pace) is None:
                return self._fail(f"the save was lost on the way and did not happen ({lost})")
        except (Conflict, NotFound) as refusal:
            self._why = f"the platform refused the save ({refusal})"
            return State.OVERTAKEN
        return State.CONFIRM

    def _saved_or_overtaken(self) -> ArchitectFlow | None:
        """Return the Architect flow where our edit is saved, or our lock is gone."""
        seen = self._read()
        if not self._ours.holds(seen.locked_by):
            return seen
        if seen.saved_version == self._draft_before:
            return None
        return seen if self._contents.is_what_we_saved() else None

    def _confirm(self) -> State:
        """The last look before the publish, which takes no condition: it would ship whatever lies there."""
        seen = self._read()
        as_left = seen.published_version == self._order.version and seen.checked_in_version in (
            None,
            seen.published_version,
        )
        if not self._ours.holds(seen.locked_by) or not as_left or is_running(seen.operation):
            self._why = "our lock was taken away after the save"
            return State.OVERTAKEN
        if not self._ours.knows_draft(seen):
            if not self._contents.is_what_we_saved():
                return self._skip("another draft was saved over ours")
            self._ours.add_draft(seen.saved_version)
        return State.PUBLISH

    def _publish(self) -> State:
        known = self._seen.operation.id if self._seen and self._seen.operation else ""
        try:
            self._operation_id = self._client.publish(self._id).id
        except (Conflict, NotFound) as refusal:
            self._why = f"the platform refused the publish ({refusal})"
            return State.OVERTAKEN
        except AmbiguousWrite as lost:
            self._was_sent = self._in_flight = True
            self._why = f"the publish was lost on the way and did not start ({lost})"
            seen = settle(lambda: self._started_or_moved(known), self._pace)
            if seen is None:
                return State.WITHDRAW
            started = seen.operation
            if started is not None and started.id != known and not started.user_id:
                self._operation_id = started.id
        self._was_sent = self._in_flight = True
        return State.FOLLOW

    def _started_or_moved(self, known: str) -> ArchitectFlow | None:
        """Return the Architect flow where a publish shows that was not known, or its version or lock moved."""
        seen = self._read()
        started = seen.operation is not None and seen.operation.action == PUBLISH and seen.operation.id != known
        has_moved = seen.published_version != self._order.version or not self._ours.holds(seen.locked_by)
        return seen if started or has_moved else None

    def _follow(self) -> State:
        started = Started(self._id, self._operation_id, self._order.version)
        ended = follow(self._client, started, self._ours, self._pace)
        self._seen = ended.architect_flow or self._seen
        if not ended.ended:
            because = f"; {ended.error}" if ended.error else ""
            return self._in_doubt(f"the publish had not ended when this run stopped waiting for it{because}")
        if ended.came_to_nothing:
            self._why = "the platform took the publish, and nothing came of it"
            return State.WITHDRAW
        self._in_flight = False
        if ended.error:
            return self._fail(f"the platform did not publish it: {ended.error}")
        version = self._contents.our_version(ended, self._last_seen())
        return State.OVERTAKEN if version is None else self._done(version)

    def _withdraw(self) -> State:
        """Nothing came of a publish: without our draft and our lock it can ship nothing of ours any more."""
        released = self._let_go()
        self._holding = False
        self._record.note(released.note)
        seen = self._read()
        if seen.published_version != self._order.version:
            return State.MOVED
        if released.lock in (Lock.BUSY, Lock.UNCLEAR) or self._pace.stopped():
            return self._in_doubt(self._why)
        self._in_flight = False
        return self._fail(f"{self._why}; our lock was let go" if released.lock is Lock.FREE else self._why)

    def _overtaken(self) -> State:
        """Somebody came between, or the platform refused: what is there once nothing runs any more says which."""
        seen = self._seen = await_end(self._client, self._read(), self._pace)
        if is_running(seen.operation):
            return self._in_doubt(f"{self._why}, and an operation that this run did not start has not ended yet")
        if seen.published_version != self._order.version:
            return State.MOVED
        if seen.locked_by is not None and not self._ours.may_hold(seen.locked_by):
            return self._skip(f"{seen.locked_by.label} took the lock from us")
        if self._ours.holds(seen.locked_by):
            return self._fail(self._why)
        return self._skip(self._why)

    def _release(self) -> State:
        released = self._let_go()
        self._holding = released.lock is Lock.STAYS
        if self._record.is_said:
            self._record.note(released.note)
            return State.DONE
        if released.lock in (Lock.FREE, Lock.STAYS):
            self._record.note("took up the lock of an interrupted run or a lost check-out; its draft was discarded")
        return State.LOOK

    # How it ends.

    def _interrupted(self, state: State) -> State | None:
        """What to do instead of going on, once the run is asked to stop: nothing new is begun."""
        if self._in_flight or self._record.is_said or state is State.RELEASE or not self._pace.stopped():
            return None
        return self._skip("interrupted before it was published; the published version is as it was")

    def _after_failure(self, state: State, problem: GenesysError) -> State:
        """A read failed for good, or a write was refused or never left. Missing: the listing confirmed it."""
        if isinstance(problem, (NotFound, Gone)):
            self._holding = False
            return self._skip("it does not exist any more")
        if self._in_flight:
            return self._in_doubt(f"the publish was sent, but how it ended could not be read: {problem}")
        if self._was_sent or state is State.MOVED:
            self._record.unknown(f"{state.value}: {problem}")
            return State.RELEASE if self._holding else State.DONE
        if isinstance(problem, Stopped):
            return self._skip("interrupted before it was published; the published version is as it was")
        return self._fail(f"{state.value}: {problem}")

    def _done(self, version: str | None, reason: str = "") -> State:
        self._record.published(version, reason)
        return State.RELEASE if self._ours.holds(self._last_seen().locked_by) else State.DONE

    def _unchanged(self, reason: str) -> State:
        self._record.unchanged(reason)
        return State.RELEASE if self._holding else State.DONE

    def _skip(self, reason: str) -> State:
        self._record.skipped(reason)
        return State.RELEASE if self._holding else State.DONE

    def _fail(self, reason: str) -> State:
        self._record.failed(reason)
        return State.RELEASE if self._holding else State.DONE

    def _in_doubt(self, reason: str) -> State:
        """Something may still be under way: our lock is left as it is, and told, for the next run to take up."""
        self._record.unknown(reason)
        if self._holding and self._ours.holds(self._last_seen().locked_by):
            self._record.note("our lock stays until that is known; the next run takes it up")
        return State.DONE

    # Small things.

    def _let_go(self) -> Release:
        return let_go(self._client, self._id, self._ours, self._contents.may_discard, self._pace)

    def _read(self) -> ArchitectFlow:
        self._seen = self._client.architect_flow(self._id)
        return self._seen

    def _last_seen(self) -> ArchitectFlow:
        assert self._seen is not None
        return self._seen
