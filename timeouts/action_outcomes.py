"""What became of the limit of one action of a plan."""

import typing

from timeouts.values import Value

ActionOutcomeKind = typing.Literal["published", "unchanged", "skipped", "failed", "unknown"]


class ActionOutcome(Value):
    """One action. The kinds are those of `timeouts.outcomes`; `reason` is empty for one that was simply done.

    `limit_before_ms`, `limit_after_ms`: as planned, None where it sets none. `version_after` is None unless it was
    published, or was found so in a version newer than the plan's.
    """

    action_id: str
    name: str
    outcome: ActionOutcomeKind
    reason: str = ""
    limit_before_ms: int | None = None
    limit_after_ms: int | None = None
    version_before: int | None = None
    version_after: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether the limit is as planned."""
        return self.outcome in {"published", "unchanged"}

    @property
    def is_bad(self) -> bool:
        """Whether it makes a run fail."""
        return self.outcome in {"failed", "unknown"}

    @property
    def may_be_live(self) -> bool:
        """Whether the run that came to this outcome may have changed the limit; see `timeouts.outcomes`."""
        if self.outcome in {"failed", "skipped"}:
            return self.version_after is not None
        return self.outcome in {"published", "unknown"}
