"""The history of decisions in one org: a chain of entries in which what is missing, changed or foreign shows.

Each entry holds the hash of the one before it. How long the chain is and the hash of its last entry, its head, are kept
elsewhere, so that a chain which lost its end shows, too.
"""

import hashlib
import typing
from collections.abc import Sequence

from pydantic import model_validator

from timeouts.model.org import Organization
from timeouts.model.values import Value
from timeouts.planning.approval.register import Register
from timeouts.planning.approval.request import Decision, SignatureProblem, is_of
from timeouts.planning.approval.ruling import NOBODY, Answer, Proposal, Ruling, request_of
from timeouts.planning.changes import LimitName
from timeouts.text.phrases import number_of

What = typing.Literal["proposed", "asked", "approved", "rejected", "refused", "expired", "publishes", "ended"]
"""What happened. Proposed: a run made a plan. Publishes: an attempt of an approved run begins to. Ended: with what."""

SIGNED: dict[What, Decision] = {"asked": "ask", "approved": "approve", "rejected": "reject", "publishes": "approve"}
"""What the signature of an entry decides."""

_MUST_BE_SIGNED: frozenset[What] = frozenset({"asked", "approved", "publishes"})
_FIRST = ""


class HistoryProblem(Exception):  # noqa: N818 - the name says what it is
    """The history is not what it was: the message says where it breaks."""


class Happened(Value):
    """One decision, or what came of it. Times are milliseconds since 1970; `expires_ms` and `waive` are the request's.

    `name`: the approver's by their key; what somebody typed for `proposed`. `why`: a note, a reason, or the outcomes.
    """

    what: What
    at_ms: int
    run_id: str
    checksum: str
    expires_ms: int
    waive: tuple[LimitName, ...] = ()
    name: str = ""
    fingerprint: str = ""
    signature: str = ""
    why: str = ""


class HistoryEntry(Value):
    """One entry of an org's chain; `previous` is the hash of the entry before it, '' for the first one."""

    organization_id: str
    number: int
    previous: str
    happened: Happened

    @property
    def digest(self) -> str:
        """The hash that the next entry, or the head, holds of this one."""
        return hashlib.sha256(self.to_json()).hexdigest()


class Head(Value):
    """The end of a chain: how many entries it has, and the hash of the last one."""

    number: int
    digest: str

    @model_validator(mode="after")
    def _is_an_end(self) -> typing.Self:
        if self.number < 0 or (self.number == 0) != (self.digest == _FIRST):
            raise ValueError("a chain without entries has no hash, and every other one has")
        return self


class BrokenEntry(Value):
    """An entry that is there and cannot be read as one of this chain; `why` says how.

    `may_be_whole`: whether it is can be told where its seal can be checked, which is not here.
    """

    number: int
    why: str
    may_be_whole: bool = False


Read = HistoryEntry | BrokenEntry | None
"""What lies at one place of a chain; None where there is nothing."""


def happened(what: What, proposal: Proposal, at_ms: int, **more: typing.Any) -> Happened:
    """Return what happened to a plan that a run asks to have approved."""
    return Happened(
        what=what, at_ms=at_ms, run_id=proposal.run_id, checksum=proposal.checksum, expires_ms=proposal.expires_ms,
        waive=proposal.waive, **more,
    )  # fmt: skip


def decided(answer: Answer, ruling: Ruling, proposal: Proposal, at_ms: int) -> Happened:
    """Return the entry of an answer and what it came to."""
    words: dict[Decision, What] = {"ask": "asked", "approve": "approved", "reject": "rejected"}
    stands = ruling.verdict in {"signed", "approved"}
    what: What = words[answer.decision] if stands else typing.cast("What", ruling.verdict)
    by = ruling.by
    signed = {"fingerprint": by.fingerprint, "signature": "".join(answer.signature.split())} if by else {}
    return happened(what, proposal, at_ms, name=by.name if by else NOBODY, why=ruling.reason, **signed)


def next_entry(organization: Organization, head: Head, what: Happened) -> HistoryEntry:
    """Return the entry that goes on from the end of a chain."""
    return HistoryEntry(organization_id=organization.id, number=head.number + 1, previous=head.digest, happened=what)


EMPTY = Head(number=0, digest=_FIRST)


def end_of(head: Head | None, last: Read, beyond: Read, after_that: Read) -> Head:
    """Return where a chain goes on, from its head and what lies at it, right behind it and behind that.

    A chain that is one entry longer than its head is one whose writer was killed between the two: that entry counts.
    Raises HistoryProblem where they do not fit.
    """
    end = head or EMPTY
    if end.number and not isinstance(last, HistoryEntry):
        raise HistoryProblem(_gap(end.number, last))
    if isinstance(last, HistoryEntry) and last.digest != end.digest:
        raise HistoryProblem(f"entry {end.number} was changed after it was written")
    if beyond is None:
        return end
    if isinstance(beyond, BrokenEntry) or beyond.previous != end.digest:
        raise HistoryProblem(f"entry {end.number + 1} does not go on from entry {end.number}")
    if after_that is not None:
        raise HistoryProblem(_longer(head, end.number + 2))
    return Head(number=beyond.number, digest=beyond.digest)


def breaks_in(entries: Sequence[Read], head: Head | None) -> tuple[str, ...]:
    """Return where a chain is broken, a sentence each; `entries` from the first on, as far as there are any or more.

    Those of which that cannot be told here are in `unknown_in`.
    """
    broken = []
    previous: str | None = _FIRST
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, HistoryEntry):
            if not _may_be_whole(entry):
                broken.append(_gap(number, entry))
            previous = None
            continue
        if previous is not None and entry.previous != previous:
            broken.append(f"entry {number} does not go on from entry {number - 1}: one of them was changed or replaced")
        previous = entry.digest
    return (*broken, *_against_head(entries, head))


def unknown_in(entries: Sequence[Read]) -> tuple[str, ...]:
    """Return, a sentence each, of which entries it cannot be told here whether they are whole."""
    return tuple(_gap(number, entry) for number, entry in enumerate(entries, 1) if _may_be_whole(entry))


def _may_be_whole(entry: Read) -> bool:
    return isinstance(entry, BrokenEntry) and entry.may_be_whole


def _against_head(entries: Sequence[Read], head: Head | None) -> list[str]:
    count, end = len(entries), head or EMPTY
    if count < end.number:
        return [f"the chain has {_entries(count)}, and {end.number} were written: its end is missing"]
    if count > end.number + 1:
        return [_longer(head, count)]
    at_head = entries[end.number - 1] if end.number else None
    if isinstance(at_head, HistoryEntry) and at_head.digest != end.digest:
        return [f"entry {end.number} is not the one that was written last: the chain was changed or replayed"]
    return []


def unsigned_in(entries: Sequence[Read], register: Register) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return, a sentence each, which signatures do not fit, and which cannot be told without their key."""
    wrong, unknown = [], []
    for entry in entries:
        if not isinstance(entry, HistoryEntry) or entry.happened.what not in SIGNED:
            continue
        made = entry.happened
        if not made.signature and made.what not in _MUST_BE_SIGNED:
            continue
        if register.find(made.fingerprint) is None and made.signature:
            unknown.append(f"entry {entry.number}: the key {made.fingerprint} of {made.name} is not registered here")
        elif not _is_signed(entry, register):
            wrong.append(f"entry {entry.number}: {made.name} has not signed it")
    return tuple(wrong), tuple(unknown)


def _is_signed(entry: HistoryEntry, register: Register) -> bool:
    made = entry.happened
    approver = register.find(made.fingerprint)
    if approver is None or approver.name != made.name:
        return False
    try:
        request = request_of(entry.organization_id, made.run_id, made.checksum, made.expires_ms, made.waive)
        return made.signature.startswith(made.fingerprint) and is_of(
            made.signature, request, SIGNED[made.what], register
        )
    except (ValueError, SignatureProblem):
        return False


def _gap(number: int, read: Read) -> str:
    return f"entry {number} {read.why}" if isinstance(read, BrokenEntry) else f"entry {number} is missing"


def _entries(count: int) -> str:
    return number_of(count, "entry", "entries")


def _longer(head: Head | None, count: int) -> str:
    if head is None:
        return f"the head of the chain is missing on the Prefect server, and the chain has {_entries(count)} or more"
    return (
        f"the chain has {_entries(count)} or more, and {head.number} were written: the head or the chain was replayed"
    )
