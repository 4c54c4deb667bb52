"""What became of one Architect flow of a plan: a closed union of five. Match it with `assert_never`."""

import typing

from pydantic import Field

from timeouts.values import Value


class _Outcome(Value):
    architect_flow_id: str
    name: str
    version_before: str | None = None
    version_after: str | None = None
    notes: tuple[str, ...] = ()
    """What else people should know: a lock that stayed, differences the server made, a colleague's later version."""


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
