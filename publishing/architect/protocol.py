"""Publishing one Architect flow by the editing cycle: a state machine, whose table stands in states.py."""

from collections.abc import Callable

from genesys import AmbiguousWrite, Conflict, GenesysError, NotFound, WriteClient, is_refusal
from publishing.architect.attempt import Attempt
from publishing.architect.contents import Contents, is_abandoned_by_us
from publishing.architect.drafts import fingerprint_of
from publishing.architect.lock import ShownLocks
from publishing.architect.operations import LockWatch, Started, await_end, follow, is_running, named, not_ended, watch
from publishing.architect.release import Lock
from publishing.architect.states import State
from publishing.edit import EditRefused, StaleBasis, edited_by
from publishing.order import TWICE, ArchitectFlowOrder, Publication, Timing
from publishing.settling import settle
from timeouts.model.org import ArchitectFlow, Holder


class Protocol:
    """One attempt at one order. Call `run` once.

    Raises nothing that the gateway raises: every such failure becomes an outcome. Anything else (an interruption, a
    mistake of ours) is raised again after our lock has been let go.
    """

    def __init__(self, client: WriteClient, order: ArchitectFlowOrder, pace: Timing, shown: ShownLocks) -> None:
        self._client = client
        self._order = order
        self._id = order.target.id
        self._pace = pace
        self._contents = Contents(client, order)
        self._attempt = Attempt(client, order, pace, self._contents.may_discard, shown)
        self._own = self._attempt.own
        self._expected = ""
        self._draft_before: str | None = None
        self._operation_id = ""
        self._why = ""
        self._is_refused = False
        self._taken_up = False
        self._leftover = False
        self._had_draft = False

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
                state = self._attempt.interrupted(state) or steps[state]()
            except GenesysError as problem:
                state = self._attempt.after_failure(state, problem)
            except BaseException:
                if self._attempt.is_holding:
                    self._attempt.let_go()
                raise
        return self._attempt.publication(self._expected)

    # What is true there?

    def _look(self) -> State:
        seen = self._attempt.read()
        if self._attempt.is_holding and self._own.holds(seen.locked_by):
            self._had_draft = seen.saved_version is not None
            return self._under_our_lock(seen)
        if (there := self._is_in_the_way(seen)) or not is_running(seen.operation):
            return there or State.CHECK_OUT
        seen = self._attempt.seen = await_end(self._attempt.read, seen, self._pace)
        if is_running(seen.operation) and not self._pace.stopped():
            return self._attempt.skip(not_ended(seen.operation))
        return self._is_in_the_way(seen) or State.CHECK_OUT

    def _is_in_the_way(self, seen: ArchitectFlow) -> State | None:
        if seen.locked_by is not None:
            return self._look_at_lock(seen.locked_by)
        if there := self._attempt.moved_or_deactivated():
            return there
        if seen.newer_draft is not None:
            self._leftover = self._contents.is_leftover(seen)
            if not self._leftover:
                return self._attempt.skip(f"has a draft that is newer than the published version ({seen.newer_draft})")
        return None

    def _look_at_lock(self, holder: Holder) -> State:
        if self._own.may_hold(holder) and not self._taken_up:
            return State.TAKE_UP
        if self._own.holds(holder):
            return self._attempt.skip("our own client holds the lock again, or it could not be released")
        return self._attempt.skip(f"locked by {holder.label}")

    def _take_up(self) -> State:
        """Take up a lock that may not be this attempt's: wait for a living run, discard what a dead one left."""
        self._taken_up = True
        self._attempt.seen, watched = watch(self._attempt.read, self._attempt.last_seen, self._own, self._pace)
        seen = self._attempt.seen
        if watched is LockWatch.LEFT:
            return State.LOOK
        if watched is LockWatch.BUSY:
            if is_running(seen.operation):
                return self._attempt.in_doubt(not_ended(seen.operation))
            return self._attempt.skip("another run of our own client is at work on it")
        if not is_abandoned_by_us(self._client, seen):
            holder = seen.locked_by.label if seen.locked_by else "nobody"
            return self._attempt.skip(f"locked by {holder}, with a draft that this tool did not make")
        self._own.add_draft(seen.saved_version)
        self._attempt.is_holding = True
        return State.RELEASE

    def _moved(self) -> State:
        """Another version is live than the plan's; it may be ours, or an earlier attempt's at this very order."""
        seen = self._attempt.last_seen
        if self._contents.is_ordered_live(seen, is_ours=self._attempt.was_sent):
            self._expected = fingerprint_of(self._contents.ordered())
            if self._attempt.may_have_made_it:
                self._attempt.note(self._attempt.refusal)
                return self._attempt.done(seen.published_version)
            live = f"live already as version {seen.published_version}"
            return self._attempt.unchanged(f"{live}: an earlier attempt or another run")
        return self._attempt.stale()

    # Change it.

    def _check_out(self) -> State:
        self._had_draft = self._attempt.last_seen.saved_version is not None
        try:
            seen = self._attempt.seen = self._client.checkout(self._id)
        except (Conflict, NotFound) as refusal:
            why = f"the platform refused the check-out ({refusal})"
            return self._not_checked_out(self._attempt.read(), why, self._attempt.skip)
        except AmbiguousWrite as lost:
            self._attempt.settle_check_out()
            why = f"the check-out was lost on the way and did not happen ({lost})"
            return self._not_checked_out(self._attempt.last_seen, why, self._attempt.fail)
        self._own.checked_out(seen)
        self._attempt.is_holding = True
        if not self._had_draft:
            self._own.add_draft(seen.saved_version)
        return self._under_our_lock(seen)

    def _not_checked_out(self, seen: ArchitectFlow, why: str, end: Callable[[str], State]) -> State:
        if self._own.may_hold(seen.locked_by):
            if not self._taken_up:
                return State.TAKE_UP
            self._attempt.is_holding = True
            return self._attempt.fail(why)
        if seen.locked_by is not None:
            return self._attempt.skip(f"locked by {seen.locked_by.label}")
        return State.MOVED if self._attempt.has_moved else end(why)

    def _under_our_lock(self, seen: ArchitectFlow) -> State:
        if there := self._attempt.moved_or_deactivated():
            return there
        if self._attempt.has_unpublished:
            return self._attempt.skip(f"has a checked-in draft that nobody published ({seen.checked_in_version})")
        return State.COMPARE

    def _compare(self) -> State:
        basis = self._contents.basis(self._attempt.last_seen, is_leftover=self._leftover, had_draft=self._had_draft)
        if not basis.body:
            if not self._taken_up and self._contents.is_ordered(basis.latest):
                return State.TAKE_UP
            return self._attempt.skip(basis.stale)
        self._attempt.note(basis.note)
        try:
            edited = edited_by(self._order, basis.body)
        except StaleBasis as moved:
            return self._attempt.skip(str(moved))
        except EditRefused as refused:
            return self._attempt.fail(str(refused))
        self._draft_before = self._attempt.last_seen.saved_version
        self._own.add_draft(self._draft_before)
        self._contents.edited, self._expected = edited, fingerprint_of(edited)
        return State.SAVE

    def _save(self) -> State:
        try:
            self._own.add_draft(self._client.save_version(self._id, self._contents.edited))
        except AmbiguousWrite as lost:
            if settle(self._saved_or_overtaken, self._pace) is None:
                return self._attempt.fail(f"the save was lost on the way and did not happen ({lost})")
        except (Conflict, NotFound) as refusal:
            self._why, self._is_refused = f"the platform refused the save ({refusal})", is_refusal(refusal)
            return State.OVERTAKEN
        return State.CONFIRM

    def _saved_or_overtaken(self) -> ArchitectFlow | None:
        """Return the Architect flow where our edit is saved, or our lock is gone."""
        seen = self._attempt.held_or_changed()
        if seen is None or not self._own.holds(seen.locked_by):
            return seen
        if seen.saved_version == self._draft_before:
            return None
        return seen if self._contents.is_what_we_saved() else None

    def _confirm(self) -> State:
        """Look once more before the publish, which takes no condition: it would ship whatever lies there."""
        seen = settle(self._attempt.looks(), self._pace) or self._attempt.last_seen
        seen = self._attempt.seen = await_end(self._attempt.read, seen, self._pace)
        if not self._own.holds(seen.locked_by) or self._attempt.has_moved or self._attempt.has_unpublished:
            self._why = "our lock was taken away after the save"
            return State.OVERTAKEN
        if there := self._attempt.moved_or_deactivated():
            return there
        if is_running(seen.operation):
            return self._attempt.in_doubt(f"{not_ended(seen.operation)}, so that our publish was not sent")
        if not self._own.knows_draft(seen):
            if not self._contents.is_what_we_saved():
                return self._attempt.skip("another draft was saved over ours")
            self._own.add_draft(seen.saved_version)
        return State.PUBLISH

    def _publish(self) -> State:
        operation = self._attempt.last_seen.operation
        known = operation.id if operation else ""
        try:
            self._operation_id = self._client.publish(self._id).id
        except (Conflict, NotFound) as refusal:
            self._why, self._is_refused = f"the platform refused the publish ({refusal})", is_refusal(refusal)
            self._attempt.refusal = f"{self._why}, and it is live: {TWICE}"
            return State.OVERTAKEN
        except AmbiguousWrite as lost:
            self._attempt.was_sent = self._attempt.is_in_flight = True
            self._why = f"the publish was lost on the way and did not start ({lost})"
            seen = settle(lambda: self._attempt.started_or_moved(known), self._pace)
            if seen is None:
                return State.WITHDRAW
            started = seen.operation
            if started is not None and started.id != known and not started.user_id:
                self._operation_id = started.id
        self._attempt.was_sent = self._attempt.is_in_flight = True
        return State.FOLLOW

    def _follow(self) -> State:
        started = Started(self._operation_id, self._order.version)
        ended = follow(self._attempt.read, started, self._own, self._pace)
        self._attempt.seen = ended.architect_flow or self._attempt.seen
        if not ended.ended:
            because = f"; {ended.error}" if ended.error else ""
            return self._attempt.in_doubt(f"the publish had not ended when this run stopped waiting for it{because}")
        if ended.says_success and ended.came_to_nothing:
            return self._attempt.in_doubt("the platform says that it was published, and shows no new version")
        if ended.came_to_nothing:
            self._why = "the platform took the publish, and nothing came of it"
            return State.WITHDRAW
        self._attempt.is_in_flight = False
        if ended.error and not self._attempt.has_moved:
            return self._attempt.fail(f"the platform did not publish it: {ended.error}", is_refused=True)
        version = None if ended.error else self._contents.our_version(ended, self._attempt.last_seen)
        return State.OVERTAKEN if version is None else self._attempt.done(version)

    def _withdraw(self) -> State:
        """Nothing came of a publish: without our draft and our lock it can ship nothing of ours any more."""
        released = self._attempt.let_go()
        self._attempt.is_holding = False
        self._attempt.note(released.note)
        self._attempt.read()
        if self._attempt.has_moved:
            return State.MOVED
        if released.lock in (Lock.BUSY, Lock.UNCLEAR) or self._pace.stopped():
            return self._attempt.in_doubt(self._why)
        self._attempt.is_in_flight = False
        return self._attempt.fail(f"{self._why}; our lock was let go" if released.lock is Lock.FREE else self._why)

    def _overtaken(self) -> State:
        """Somebody came between, or the platform refused: what is there once nothing runs any more says which."""
        seen = self._attempt.seen = await_end(self._attempt.read, self._attempt.read(), self._pace)
        if is_running(seen.operation):
            return self._attempt.in_doubt(f"{self._why}, and {named(seen.operation)} has not ended yet")
        if self._attempt.has_moved:
            return State.MOVED
        if seen.locked_by is not None and not self._own.may_hold(seen.locked_by):
            return self._attempt.skip(f"{seen.locked_by.label} took the lock from us")
        if self._own.holds(seen.locked_by):
            return self._attempt.fail(self._why, is_refused=self._is_refused)
        return self._attempt.skip(self._why)

    def _release(self) -> State:
        released = self._attempt.let_go()
        self._attempt.is_holding = released.lock is Lock.STAYS
        if self._attempt.is_over:
            self._attempt.note(released.note)
            return State.DONE
        if released.lock in (Lock.FREE, Lock.STAYS):
            self._attempt.note("took up the lock of an interrupted run or a lost check-out; its draft was discarded")
        return State.LOOK
