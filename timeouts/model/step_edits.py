"""What a definition has written of one step's timeout, as raw text, and the two things an edit can make of it.

Raw text is what makes a roll back exact: a restored step has the very bytes that stood there before.
"""

import typing

from pydantic import Field
from pydantic.dataclasses import dataclass

from timeouts.model.values import MANY, Value


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class ArchitectRawTimeout:
    """`useSuggestedTimeout` and the JSON text of `timeout`, None where the node has no such key."""

    kind: typing.Literal["architect"] = "architect"
    suggested: bool
    timeout: str | None


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class FlowDataRawTimeout:
    """Whether the node has `dataAction`, and the JSON text of its `timeout`, None where there is no such key."""

    kind: typing.Literal["flowData"] = "flowData"
    data_action: bool
    timeout: str | None


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class ArchyRawTimeout:
    """The YAML text of what stands behind the colon of `timeout`, None where the step has no such key."""

    kind: typing.Literal["archy"] = "archy"
    timeout: str | None


RawTimeout = typing.Annotated[ArchitectRawTimeout | FlowDataRawTimeout | ArchyRawTimeout, Field(discriminator="kind")]
"""The text of a step's timeout in its definition. To be stored and given back to `Restore`, not to be looked into."""


class SetTimeout(Value):
    """Make the step wait `timeout_ms`, as a literal."""

    kind: typing.Literal["set"] = "set"
    timeout_ms: int


class Restore(Value):
    """Put back, to the byte, what a definition had written of the step's timeout before."""

    kind: typing.Literal["restore"] = "restore"
    original: RawTimeout


StepEdit = typing.Annotated[SetTimeout | Restore, Field(discriminator="kind")]
"""What one step is to become. Match it with `assert_never`."""
