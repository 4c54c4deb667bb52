"""What a step says of its timeout: a closed union of four. Match it with `assert_never`."""

import typing

from pydantic import Field

from timeouts.values import Value


class Suggested(Value):
    """The default: the action's own limit rules, whatever duration is still stored in the step.

    `stored_ms`: the duration text that the step still carries, in milliseconds; it has no effect.
    Source: genesys-cloud.md 4.6 (only `useSuggestedTimeout` decides).
    """

    kind: typing.Literal["suggested"] = "suggested"
    stored_ms: int | None = None


class Literal(Value):
    """Hardcoded in the step, in milliseconds."""

    kind: typing.Literal["literal"] = "literal"
    timeout_ms: int


class Expression(Value):
    """Computed at run time; `text` is the expression as the platform shows it. Shown, never changed."""

    kind: typing.Literal["expression"] = "expression"
    text: str


class Unreadable(Value):
    """None of the other three: kept, shown with its reason, never changed."""

    kind: typing.Literal["unreadable"] = "unreadable"
    reason: str


TimeoutSetting = typing.Annotated[Suggested | Literal | Expression | Unreadable, Field(discriminator="kind")]
