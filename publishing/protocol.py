"""Publishing one Architect flow by the editing cycle: a state machine (design.md, "The publishing protocol").

| state     | reads to decide                       | writes   | then                                                |
|-----------|---------------------------------------|----------|-----------------------------------------------------|
| LOOK      | the Architect flow; an unlocked draft | -        | CHECK_OUT; TAKE_UP: a lock that may be ours; MOVED: |
|           |                                       |          | another version is live; COMPARE: the lock is ours  |
|           |                                       |          | and revert did not release it; else skipped         |
| TAKE_UP   | the Architect flow, as long as        | -        | LOOK: the lock went; RELEASE, then LOOK: it stays   |
|           | something moves; both configurations  |          | still and the draft is ours; else skipped           |
| MOVED     | planned and live configuration        | -        | published by an earlier attempt, or skipped: stale  |
| CHECK_OUT | lost answer: the Architect flow       | checkout | COMPARE; TAKE_UP: ours, but not known to be from    |
|           |                                       |          | now; MOVED; else skipped or failed                  |
| COMPARE   | latest configuration under the lock   | -        | SAVE; TAKE_UP: another run saved this already; else |
|           |                                       |          | skipped or failed                                   |
| SAVE      | -                                     | version  | CONFIRM, whatever the answer; failed: refused       |
| CONFIRM   | the Architect flow; lost answer or    | -        | PUBLISH: lock, draft and versions are as we left    |
|           | another draft: latest configuration   |          | them; MOVED; else skipped or failed                 |
| PUBLISH   | lost answer: the Architect flow       | publish  | FOLLOW; OVERTAKEN: refused; failed: did not start   |
| FOLLOW    | the Architect flow, until the end     | -        | published; unknown; failed; OVERTAKEN               |
| OVERTAKEN | the Architect flow                    | -        | MOVED; else skipped, naming who                     |
| RELEASE   | the Architect flow, before each write | revert   | LOOK after TAKE_UP; else DONE                       |

Every ending (published, skipped, failed) goes through RELEASE where we may hold the lock, and then to DONE; unknown
goes there at once. No write is ever sent a second time without a read in between that shows that the first one did
nothing. Nobody is unlocked, ever.
"""

from collections.abc import Callable

from genesys import AmbiguousWrite, Conflict, GenesysError, Gone, NotFound, Stopped, WriteClient
from publishing.contents import Contents
from publishing.drafts import fingerprint_of, is_same_content
from publishing.lock import Ours
from publishing.operations import PUBLISH, Started, Watched, follow, is_running, watch
from publishing.order import Order, Pace, Publication
from publishing.record import Record
from publishing.release import Lock, Release, let_go
from publishing.states import State
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.org import ArchitectFlow, Holder
from timeouts.proof import ProofFailed, prove_edit


class Protocol:
    """One attempt at one order. Call `run` once.

    Raises nothing that the gateway raises: every such failure becomes an outcome. Anything else (an interruption, a
    mistake of ours) is raised again after our lock has been let go.
    """

    def __init__(self, client: WriteClient, order: Order, pace: Pace) -> None:
        self._client = client
        self._order = order
        self._id = order.architect_flow_id
        self._pace = pace
        self._ours = Ours(client.identity)
        self._contents = Contents(client, order)
        self._record = Record(order)
        self._seen: ArchitectFlow | None = None
        self._expected = ""
        self._operation_id = ""
        self._why = ""
        self._holding = False
        self._publish_sent = False
        self._was_answered = False
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
                return self._unknown("a publish that another run started has not ended yet")
            return self._skip("another run of our own client is at work on it")
        if not self._contents.is_abandoned_by_us(seen):
            holder = seen.locked_by.label if seen.locked_by else "nobody"
            return self._skip(f"locked by {holder}, with a draft that this tool did not make")
        self._ours.add_draft(seen.saved_version)
        self._holding = True
        return State.RELEASE

    def _moved(self) -> State:
        """Another version is live than the plan's; it may be an earlier attempt at this very order."""
        seen = self._last_seen()
        if self._contents.is_ordered_live(seen):
            self._expected = fingerprint_of(self._contents.ordered())
            return self._done(seen.published_version, "already published by an earlier attempt")
        by = f" by {seen.published_by}" if seen.published_by else ""
        return self._skip(
            f"stale: {seen.published_version} was published{by} after the plan, which knows {self._order.version}"
        )

    # Change it.

    def _check_out(self) -> State:
        try:
            seen = self._seen = self._client.checkout(self._id)
        except Conflict as refusal:
            return self._not_checked_out(f"the platform refused the check-out ({refusal})", self._skip)
        except AmbiguousWrite as lost:
            return self._not_checked_out(f"the check-out was lost on the way and did not happen ({lost})", self._fail)
        self._ours.learn(seen)
        self._holding = True
        return self._under_our_lock(seen)

    def _not_checked_out(self, why: str, end: Callable[[str], State]) -> State:
        seen = self._read()
        if self._ours.may_hold(seen.locked_by):
            if not self._taken_up:
                return State.TAKE_UP
            self._holding = True
            return self._fail(why)
        if seen.locked_by is not None:
            return self._skip(f"locked by {seen.locked_by.label}")
        return State.MOVED if seen.published_version != self._order.version else end(why)

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
            edited = read_definition(base).with_edits(self._order.edits)
            prove_edit(base, edited, self._order.edits)
        except (UnreadableDefinition, ProofFailed, ValueError) as problem:
            return self._fail(f"the edit could not be proved, so nothing was saved: {problem}")
        self._ours.add_draft(self._last_seen().saved_version)
        self._contents.edited, self._expected = edited, fingerprint_of(edited)
        return State.SAVE

    def _save(self) -> State:
        try:
            self._ours.add_draft(self._client.save_version(self._id, self._contents.edited))
        except AmbiguousWrite as lost:
            self._why = f"the save was lost on the way and did not happen ({lost})"
        except Conflict as refusal:
            self._why = f"the platform refused the save ({refusal})"
            return State.OVERTAKEN
        return State.CONFIRM

    def _confirm(self) -> State:
        """The last look before the publish, which takes no condition: it would ship whatever lies there."""
        seen = self._read()
        lost, self._why = self._why, ""
        as_left = seen.published_version == self._order.version and seen.checked_in_version in (
            None,
            seen.published_version,
        )
        if not self._ours.holds(seen.locked_by) or not as_left or is_running(seen.operation):
            self._why = "our lock was taken away after the save"
            return State.OVERTAKEN
        if lost or not self._ours.knows_draft(seen):
            if not self._contents.is_what_we_saved():
                return self._fail(lost) if lost else self._skip("another draft was saved over ours")
            self._ours.add_draft(seen.saved_version)
        return State.PUBLISH

    def _publish(self) -> State:
        known = self._seen.operation.id if self._seen and self._seen.operation else ""
        try:
            self._operation_id = self._client.publish(self._id).id
            self._was_answered = True
        except Conflict as refusal:
            self._why = f"the platform refused the publish ({refusal})"
            return State.OVERTAKEN
        except AmbiguousWrite as lost:
            self._publish_sent = True
            operation = self._read().operation
            if operation is not None and operation.action == PUBLISH and operation.id != known:
                self._operation_id = operation.id if not operation.user_id else ""
            elif self._last_seen().published_version == self._order.version:
                self._publish_sent = False
                return self._fail(f"the publish was lost on the way and did not start ({lost})")
        self._publish_sent = True
        return State.FOLLOW

    def _follow(self) -> State:
        started = Started(self._id, self._operation_id, self._order.version, was_answered=self._was_answered)
        ended = follow(self._client, started, self._ours, self._pace)
        self._seen = ended.architect_flow or self._seen
        if not ended.ended:
            because = f"; {ended.error}" if ended.error else ""
            return self._unknown(f"the publish had not ended when this run stopped waiting for it{because}")
        if ended.error:
            self._publish_sent = False
            return self._fail(f"the platform did not publish it: {ended.error}")
        version = self._contents.our_version(ended, self._last_seen())
        if version is not None:
            return self._done(version)
        self._publish_sent = False
        return State.OVERTAKEN

    def _overtaken(self) -> State:
        """Somebody came between, or the platform refused: what is there now says which."""
        seen = self._read()
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
        if state in (State.FOLLOW, State.RELEASE) or self._record.is_said or not self._pace.stopped():
            return None
        return self._skip("interrupted before it was published; the published version is as it was")

    def _after_failure(self, state: State, problem: GenesysError) -> State:
        if isinstance(problem, (NotFound, Gone)):
            self._holding = False
            return self._skip("it does not exist any more")
        if self._publish_sent:
            return self._unknown(f"the publish was sent, but how it ended could not be read: {problem}")
        if isinstance(problem, Stopped):
            return self._skip("interrupted before it was published; the published version is as it was")
        return self._fail(f"{state.value}: {problem}")

    def _done(self, version: str | None, reason: str = "") -> State:
        self._record.published(version, reason)
        return State.RELEASE if self._ours.holds(self._last_seen().locked_by) else State.DONE

    def _skip(self, reason: str) -> State:
        self._record.skipped(reason)
        return State.RELEASE if self._holding else State.DONE

    def _fail(self, reason: str) -> State:
        self._record.failed(reason)
        return State.RELEASE if self._holding else State.DONE

    def _unknown(self, reason: str) -> State:
        self._record.unknown(reason)
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
