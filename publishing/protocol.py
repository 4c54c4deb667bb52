"""Publishing one Architect flow by the editing cycle: a state machine (design.md, "The publishing protocol").

| state     | reads to decide                        | writes   | then                                              |
|-----------|----------------------------------------|----------|---------------------------------------------------|
| LOOK      | the Architect flow                     |          | CHECK_OUT; TAKE_UP: the lock is ours; MOVED:      |
|           |                                        |          | another version is live; else DONE, skipped       |
| TAKE_UP   | its operation, latest and published    |          | RELEASE, then LOOK; DONE, skipped: the draft is   |
|           | configuration                          |          | not one of ours                                   |
| MOVED     | planned and live configuration         |          | DONE: an earlier attempt of ours, or stale        |
| CHECK_OUT | lost answer: the Architect flow        | checkout | COMPARE; RELEASE: version or draft moved; DONE,   |
|           |                                        |          | skipped: somebody holds it                        |
| COMPARE   | latest configuration under the lock    |          | SAVE; RELEASE: not the planned content, or the    |
|           |                                        |          | edit cannot be proved                             |
| SAVE      | lost answer: latest configuration      | version  | PUBLISH; RELEASE                                  |
| PUBLISH   | lost answer: the Architect flow        | publish  | FOLLOW; RELEASE                                   |
| FOLLOW    | the Architect flow, until the end      |          | DONE: published, or unknown; RELEASE: failed      |
| RELEASE   | lost answer: the Architect flow        | revert   | LOOK after TAKE_UP; else DONE                     |

No write is ever sent a second time without a read in between that shows that the first one did nothing.
"""

import enum
from collections.abc import Callable
from typing import Any

from genesys import AmbiguousWrite, Conflict, GenesysError, Gone, NotFound, WriteClient
from publishing.drafts import fingerprint_after, fingerprint_of, is_made_by_this_tool
from publishing.lock import LockReader, let_go
from publishing.operations import PUBLISH, follow, is_running
from publishing.order import Order, Pace, Publication
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.org import ArchitectFlow
from timeouts.outcomes import Failed, Outcome, Published, Skipped, Unknown
from timeouts.proof import ProofFailed, prove_edit


class State(enum.Enum):
    """Where the protocol is."""

    LOOK = enum.auto()
    TAKE_UP = enum.auto()
    MOVED = enum.auto()
    CHECK_OUT = enum.auto()
    COMPARE = enum.auto()
    SAVE = enum.auto()
    PUBLISH = enum.auto()
    FOLLOW = enum.auto()
    RELEASE = enum.auto()
    DONE = enum.auto()


_DOING = {
    State.LOOK: "it could not be read",
    State.TAKE_UP: "what an interrupted run had left there could not be read",
    State.MOVED: "its versions could not be compared",
    State.CHECK_OUT: "it could not be checked out",
    State.COMPARE: "its latest configuration could not be read",
    State.SAVE: "the new version could not be saved",
    State.PUBLISH: "the publish was refused",
}


class Protocol:
    """One attempt at one order. Call `run` once.

    Raises nothing that the gateway raises: every such failure becomes an outcome. Anything else (an interruption, a
    mistake of ours) is raised again after our lock has been let go.
    """

    def __init__(self, client: WriteClient, order: Order, pace: Pace) -> None:
        self._client = client
        self._order = order
        self._pace = pace
        self._lock = LockReader(client.identity)
        self._outcome: Outcome | None = None
        self._seen: ArchitectFlow | None = None
        self._edited = b""
        self._expected = ""
        self._operation_id = ""
        self._holding = False
        """The lock is or may be ours and nothing is being published: whatever happens now ends with a revert."""
        self._publishing = False
        """A publish is or may be under way: a revert could cross it, so what fails now is unknown, not failed."""
        self._taken_up = False
        self._notes: list[str] = []

    def run(self) -> Publication:
        """Go from state to state until DONE."""
        steps: dict[State, Callable[[], State]] = {
            State.LOOK: self._look,
            State.TAKE_UP: self._take_up,
            State.MOVED: self._moved,
            State.CHECK_OUT: self._check_out,
            State.COMPARE: self._compare,
            State.SAVE: self._save,
            State.PUBLISH: self._publish,
            State.FOLLOW: self._follow,
            State.RELEASE: self._release,
        }
        state = State.LOOK
        while state is not State.DONE:
            try:
                state = steps[state]()
            except GenesysError as problem:
                state = self._after_failure(state, problem)
            except BaseException:
                if self._holding:
                    let_go(self._client, self._order.architect_flow_id, self._lock)
                raise
        if self._outcome is None:
            raise AssertionError("DONE without an outcome")
        outcome = self._outcome.model_copy(update={"notes": (*self._outcome.notes, *self._notes)})
        return Publication(outcome=outcome, expected_fingerprint=self._expected)

    # What is true there?

    def _look(self) -> State:
        seen = self._read()
        if self._lock.is_ours(seen.locked_by):
            return State.TAKE_UP
        if seen.locked_by is not None:
            return self._skip(f"locked by {seen.locked_by.label}")
        if seen.published_version != self._order.version:
            return State.MOVED
        if seen.newer_draft is not None:
            return self._skip(f"has a draft that is newer than the published version ({seen.newer_draft})")
        return State.CHECK_OUT

    def _take_up(self) -> State:
        """A lock of ours that this attempt did not take: an earlier run died. Finish its publish, or revert it."""
        seen = self._last_seen()
        if self._taken_up:
            return self._skip("our own client holds the lock and it could not be released")
        self._taken_up = True
        if seen.operation is not None and is_running(seen.operation):
            ended = follow(self._client, seen.id, seen.operation.id, seen.published_version, self._pace)
            return (
                State.LOOK if ended.ended else self._unknown("a publish that an earlier run started has not ended yet")
            )
        if seen.published_version is not None:
            published = self._client.configuration(seen.id, seen.published_version)
            if not is_made_by_this_tool(published, self._client.latest_configuration(seen.id)):
                return self._skip("our own client holds the lock with a draft that this tool did not make")
        self._notes.append("took up what an interrupted run had left: its draft was discarded and its lock released")
        return State.RELEASE

    def _moved(self) -> State:
        """Another version is live than the plan's; it may be an earlier attempt at this very order."""
        seen = self._last_seen()
        if self._order.version is not None and seen.published_version is not None:
            before = self._client.configuration(seen.id, self._order.version)
            now = self._client.configuration(seen.id, seen.published_version)
            self._expected = fingerprint_after(before, self._order)
            if self._expected and self._expected == fingerprint_of(now):
                self._outcome = Published(
                    **self._naming(seen.published_version), reason="already published by an earlier attempt"
                )
                return State.DONE
        by = f" by {seen.published_by}" if seen.published_by else ""
        return self._skip(
            f"stale: {seen.published_version} was published{by} after the plan, which knows {self._order.version}"
        )

    # Change it.

    def _check_out(self) -> State:
        try:
            seen = self._seen = self._client.checkout(self._order.architect_flow_id)
            self._holding = True
            self._lock.learn(seen)
        except Conflict as refusal:
            return self._refused_check_out(refusal)
        except AmbiguousWrite as lost:
            self._holding = True
            seen = self._read()
            if not self._lock.is_ours(seen.locked_by):
                self._holding = False
                if seen.locked_by is not None:
                    return self._skip(f"locked by {seen.locked_by.label}")
                return self._fail(f"the check-out was lost on the way and did not happen ({lost})")
        if seen.published_version != self._order.version:
            return self._skip(f"stale: {seen.published_version} is live now, the plan knows {self._order.version}")
        if seen.checked_in_version not in (None, seen.published_version):
            return self._skip(f"has a checked-in draft that nobody published ({seen.checked_in_version})")
        return State.COMPARE

    def _refused_check_out(self, refusal: Conflict) -> State:
        seen = self._read()
        if seen.locked_by is not None and not self._lock.is_ours(seen.locked_by):
            return self._skip(f"locked by {seen.locked_by.label}")
        return self._fail(f"the platform refused the check-out ({refusal})")

    def _compare(self) -> State:
        latest = self._client.latest_configuration(self._order.architect_flow_id)
        try:
            definition = read_definition(latest)
            if definition.fingerprint != self._order.fingerprint:
                return self._skip("stale: under our lock lies other content than the plan was made from")
            self._edited = definition.with_timeouts(self._order.timeouts_ms)
            prove_edit(latest, self._edited, self._order.timeouts_ms)
            self._expected = read_definition(self._edited).fingerprint
        except (UnreadableDefinition, ProofFailed, ValueError) as problem:
            return self._fail(f"the edit could not be proved, so nothing was saved: {problem}")
        return State.SAVE

    def _save(self) -> State:
        try:
            self._client.save_version(self._order.architect_flow_id, self._edited)
        except AmbiguousWrite as lost:
            latest = self._client.latest_configuration(self._order.architect_flow_id)
            if fingerprint_of(latest) != self._expected:
                return self._fail(f"the save was lost on the way and did not happen ({lost})")
        return State.PUBLISH

    def _publish(self) -> State:
        known = self._seen.operation.id if self._seen and self._seen.operation else ""
        try:
            self._operation_id = self._client.publish(self._order.architect_flow_id).id
        except AmbiguousWrite as lost:
            self._publishing = True
            seen = self._read()
            operation = seen.operation
            if operation is not None and operation.action == PUBLISH and operation.id != known:
                self._operation_id = operation.id
            elif seen.published_version != self._order.version:
                return self._published(seen)
            else:
                self._publishing = False
                return self._fail(f"the publish was lost on the way and did not start ({lost})")
        self._publishing = True
        return State.FOLLOW

    def _follow(self) -> State:
        ended = follow(self._client, self._order.architect_flow_id, self._operation_id, self._order.version, self._pace)
        if not ended.ended or ended.architect_flow is None:
            because = f"; the last read failed: {ended.error}" if ended.error else ""
            return self._unknown(f"the publish had not ended after {self._pace.deadline_ms // 1000} s{because}")
        if ended.error:
            self._publishing = False
            return self._fail(f"the platform did not publish it: {ended.error}")
        return self._published(ended.architect_flow)

    def _release(self) -> State:
        self._note(let_go(self._client, self._order.architect_flow_id, self._lock))
        self._holding = False
        return State.LOOK if self._outcome is None else State.DONE

    # How it ends.

    def _after_failure(self, state: State, problem: GenesysError) -> State:
        if self._publishing:
            return self._unknown(f"the publish was sent, but how it ended could not be read: {problem}")
        if state is State.LOOK and isinstance(problem, (NotFound, Gone)):
            return self._skip("it does not exist any more")
        return self._fail(f"{_DOING[state]}: {problem}")

    def _published(self, seen: ArchitectFlow) -> State:
        if self._lock.is_ours(seen.locked_by):
            self._note(let_go(self._client, seen.id, self._lock))
        self._outcome = Published(**self._naming(seen.published_version))
        return State.DONE

    def _skip(self, reason: str) -> State:
        self._outcome = Skipped(**self._naming(), reason=reason)
        return State.RELEASE if self._holding else State.DONE

    def _fail(self, reason: str) -> State:
        self._outcome = Failed(**self._naming(), reason=f"{reason}; the published version is as it was")
        return State.RELEASE if self._holding else State.DONE

    def _unknown(self, reason: str) -> State:
        self._outcome = Unknown(**self._naming(), reason=f"{reason}; run again to resolve it")
        return State.DONE

    # Small things.

    def _read(self) -> ArchitectFlow:
        self._seen = self._client.architect_flow(self._order.architect_flow_id)
        return self._seen

    def _last_seen(self) -> ArchitectFlow:
        assert self._seen is not None
        return self._seen

    def _note(self, note: str) -> None:
        if note:
            self._notes.append(note)

    def _naming(self, version_after: str | None = None) -> dict[str, Any]:
        return {
            "architect_flow_id": self._order.architect_flow_id,
            "name": self._order.name,
            "version_before": self._order.version,
            "version_after": version_after,
        }
