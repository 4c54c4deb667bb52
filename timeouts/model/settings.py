"""What a step says of its timeout: a closed union of four. Match it with `assert_never`."""

import typing

from pydantic import Field
from pydantic.dataclasses import dataclass

from timeouts.model.values import MANY


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class Suggested:
    """The default: the action's own limit rules, whatever duration is still stored in the step.

    `stored_ms`: the duration text that the step still carries, in milliseconds; it has no effect.
    Source: docs/platform.md#timeout-field (only `useSuggestedTimeout` decides).
    """

    kind: typing.Literal["suggested"] = "suggested"
    stored_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class LiteralTimeout:
    """Hardcoded in the step, in milliseconds."""

    kind: typing.Literal["literal"] = "literal"
    timeout_ms: int


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class Expression:
    """Computed at run time; `text` is the expression as the platform shows it. Shown, never changed."""

    kind: typing.Literal["expression"] = "expression"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class Unreadable:
    """None of the other three: kept, shown with its reason, never changed."""

    kind: typing.Literal["unreadable"] = "unreadable"
    reason: str


TimeoutSetting = typing.Annotated[Suggested | LiteralTimeout | Expression | Unreadable, Field(discriminator="kind")]
