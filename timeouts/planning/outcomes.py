"""What a plan changes, an Architect flow or an action, and what became of it in a run: one of five outcomes."""

import typing
from collections import Counter
from collections.abc import Iterable

from pydantic import Field

from timeouts.doctor.needs import LACKS
from timeouts.model.values import Value

TargetKind = typing.Literal["architect_flow", "action"]
OutcomeKind = typing.Literal["published", "unchanged", "skipped", "failed", "unknown"]
KINDS: tuple[OutcomeKind, ...] = typing.get_args(OutcomeKind)

REFUSED_AS_IT_IS = (
    "the platform does not take it as it is: mend it there, or leave it out of later runs by a rule with `leave: true`"
)
RUN_INTERRUPTED = "the run was interrupted"
WINDOW_CLOSED = f"{RUN_INTERRUPTED}, for "
"""What follows is what the window of the policy says."""

NOT_STARTED = "not started: "
INTERRUPTED_BEFORE = "interrupted before it was "
"""How the reasons begin of what was left because its run was ended; no name of others stands before them."""

FILE_REFUSED_AS_IT_IS = "the file cannot be changed as it is: mend that, or leave it out of later runs with --exclude"


class Target(Value):
    """What is changed: an Architect flow, whose steps get other timeouts, or an action, which gets another limit."""

    kind: TargetKind
    id: str
    name: str


class Outcome(Value):
    """What became of one target of a plan.

    published  the change is live and was verified from a fresh read
    unchanged  everything the plan asks for was there already
    skipped    left as it was on purpose: locked, drafted, stale, gone; `reason` names who and what
    failed     not done; `reason` says what happened, what was left as it was and what to do next
    unknown    the platform did not say in time whether it is done; the next run resolves it by reading

    `version_after` is None unless it was published, or was found so in a version newer than the plan's. The limits, in
    milliseconds, are an action's as planned, None where it sets none. `notes`: what else people should know, such as a
    lock that stayed or a colleague's later version. `fingerprint_after`: of a file, that of what was written; empty for
    all else. `is_refused`: it failed because the platform does not take it, for
    a reason of its own such as an error elsewhere in it, that anybody's publish would meet; nothing of it is live. It
    is no sign that others would fail.
    """

    target: Target
    outcome: OutcomeKind
    reason: str = ""
    version_before: str | None = None
    version_after: str | None = None
    limit_before_ms: int | None = None
    limit_after_ms: int | None = None
    notes: tuple[str, ...] = ()
    fingerprint_after: str = Field(default="", exclude_if=lambda fingerprint: not fingerprint)
    is_refused: bool = False

    @property
    def is_done(self) -> bool:
        """Whether everything that the plan asks for is live."""
        return self.outcome in ("published", "unchanged")

    @property
    def is_bad(self) -> bool:
        """Whether it makes a run fail."""
        return self.outcome in ("failed", "unknown")

    @property
    def is_cut_short(self) -> bool:
        """Whether nothing stood in its way but the end of the run: the next run goes on from there."""
        return self.outcome == "skipped" and self.reason.startswith((INTERRUPTED_BEFORE, NOT_STARTED + RUN_INTERRUPTED))

    @property
    def is_left_by_window(self) -> bool:
        """Whether it was not started because the window of the policy had closed."""
        return self.reason.startswith(NOT_STARTED + WINDOW_CLOSED)

    @property
    def is_doubtful(self) -> bool:
        """Whether it is bad in a way that others could be, too: by our doing, our client's rights, or unknown."""
        return self.is_bad and not self.is_refused

    @property
    def is_for_lack_of_rights(self) -> bool:
        """Whether the platform refused it because the role of our OAuth client lacks a permission."""
        return self.is_bad and LACKS in self.reason

    @property
    def may_be_live(self) -> bool:
        """Whether the run that came to this outcome may have published, so that its roll back has to look at it.

        What was there already is another run's work, or a person's. What was published, and then found to be other
        than planned or gone, has failed or is skipped, and carries its version.
        """
        if self.outcome in ("failed", "skipped"):
            return self.version_after is not None
        return self.outcome in ("published", "unknown")

    def turned(self, outcome: OutcomeKind, reason: str) -> "Outcome":
        """Return the outcome as another one, for that reason."""
        return self.model_copy(update={"outcome": outcome, "reason": reason})

    def refused(self) -> "Outcome":
        """Return the outcome as one that the platform refused for a reason of its own."""
        return self.model_copy(update={"is_refused": True})

    def noted(self, *notes: str) -> "Outcome":
        """Return the outcome with more notes; '' is none."""
        return self.model_copy(update={"notes": (*self.notes, *filter(None, notes))})


def of_kind(outcomes: Iterable[Outcome], kind: TargetKind) -> tuple[Outcome, ...]:
    """Return the outcomes of the Architect flows or of the actions alone, in the order given."""
    return tuple(outcome for outcome in outcomes if outcome.target.kind == kind)


def counts_of(outcomes: Iterable[Outcome]) -> dict[OutcomeKind, int]:
    """Return how many outcomes there are of each of the five kinds, those that there are none of included."""
    counts = Counter(outcome.outcome for outcome in outcomes)
    return {kind: counts[kind] for kind in KINDS}


def counted(outcomes: Iterable[Outcome], *, is_files: bool = False) -> str:
    """Return how many outcomes there are of each kind, in words; '' for none at all.

    What was there already is told apart from what the run published. `is_files`: they are of files, which a run writes,
    and which go live by somebody's deploy.
    """
    in_words = {"unchanged": "unchanged (live already)"}
    if is_files:
        in_words = {"published": "written", "unchanged": "unchanged (there already)"}
    return ", ".join(f"{count} {in_words.get(kind, kind)}" for kind, count in counts_of(outcomes).items() if count)
