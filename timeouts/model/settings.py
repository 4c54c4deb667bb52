"""What a step says of its timeout: a closed union of five. Match it with `assert_never`."""

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
class LiteralOrSuggested:
    """A literal in a file that keeps no flag, of the duration that an export writes for the suggested timeout, too.

    Which of both it is cannot be told, so it is nobody's choice. Source: docs/platform.md#yaml-timeouts.
    """

    kind: typing.Literal["literal_or_suggested"] = "literal_or_suggested"
    timeout_ms: int


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class Expression:
    """Computed at run time; `text` is the expression as the platform shows it. Shown, never changed."""

    kind: typing.Literal["expression"] = "expression"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class Unreadable:
    """None of the other four: kept, shown with its reason, never changed."""

    kind: typing.Literal["unreadable"] = "unreadable"
    reason: str


TimeoutSetting = typing.Annotated[
    Suggested | LiteralTimeout | LiteralOrSuggested | Expression | Unreadable, Field(discriminator="kind")
]


def matched_kinds(setting: TimeoutSetting) -> tuple[str, ...]:
    """Return the kinds that a setting is matched by; one that may be read in two ways by either."""
    return ("literal", "suggested") if isinstance(setting, LiteralOrSuggested) else (setting.kind,)


def literal_ms(setting: TimeoutSetting) -> int | None:
    """Return the duration of a literal, in milliseconds; None where a setting is none."""
    return setting.timeout_ms if isinstance(setting, LiteralTimeout | LiteralOrSuggested) else None
