"""What became of one Architect flow of a plan: a closed union of five. Match it with `assert_never`."""

import typing
from collections import Counter
from collections.abc import Iterable

from pydantic import Field

from timeouts.values import Value


class _Outcome(Value):
    architect_flow_id: str
    name: str
    version_before: str | None = None
    version_after: str | None = None
    notes: tuple[str, ...] = ()
    """What else people should know: a lock that stayed, differences the server made, a colleague's later version."""

    @property
    def is_done(self) -> bool:
        """Whether everything that the plan asks for is live."""
        return isinstance(self, Published | Unchanged)

    @property
    def is_bad(self) -> bool:
        """Whether it makes a run fail."""
        return isinstance(self, Failed | Unknown)

    @property
    def may_be_live(self) -> bool:
        """Whether the run that came to this outcome may have published, so that its roll back has to look at it.

        What was there already is another run's work, or a person's. What was published, and then found to be other
        than planned or gone, has failed or is skipped, and carries its version.
        """
        if isinstance(self, Failed | Skipped):
            return self.version_after is not None
        return isinstance(self, Published | Unknown)


class Published(_Outcome):
    """The new version is live and was verified from a fresh read."""

    outcome: typing.Literal["published"] = "published"
    reason: str = ""


class Unchanged(_Outcome):
    """Everything the plan asks for was there already."""

    outcome: typing.Literal["unchanged"] = "unchanged"
    reason: str = ""


class Skipped(_Outcome):
    """Left as it was on purpose: locked, drafted, stale, gone. `reason` names who and what."""

    outcome: typing.Literal["skipped"] = "skipped"
    reason: str


class Failed(_Outcome):
    """Not done; `reason` says what happened, what was left as it was and what to do next."""

    outcome: typing.Literal["failed"] = "failed"
    reason: str


class Unknown(_Outcome):
    """The platform did not say in time whether it is done. The next run resolves it by reading."""

    outcome: typing.Literal["unknown"] = "unknown"
    reason: str


Outcome = typing.Annotated[Published | Unchanged | Skipped | Failed | Unknown, Field(discriminator="outcome")]

_SAID = {"unchanged": "unchanged (live already)"}


class _HasKind(typing.Protocol):
    @property
    def outcome(self) -> str: ...


def counted(outcomes: Iterable[_HasKind]) -> str:
    """Return how many outcomes there are of each kind, of Architect flows or actions, in words; '' for none at all.

    What was live already is told apart from what the run published.
    """
    counts = Counter(outcome.outcome for outcome in outcomes)
    kinds = ("published", "unchanged", "skipped", "failed", "unknown")
    return ", ".join(f"{counts[kind]} {_SAID.get(kind, kind)}" for kind in kinds if counts[kind])
