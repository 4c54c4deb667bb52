"""What an operator asks for: which steps should wait how long. The first rule that matches a step decides."""

import typing
from collections.abc import Iterator, Sequence

from pydantic import BeforeValidator, Field, PlainSerializer, field_validator, model_validator

from timeouts.model.durations import DurationMs, format_duration
from timeouts.model.effective import LONGEST_LIMIT_MS, SUGGESTED_DEFAULT_MS
from timeouts.model.form_text import typed_as
from timeouts.model.values import Value, may_be_empty
from timeouts.policy.patterns import LONGEST_PATTERN, Pattern
from timeouts.policy.rule_table import RuleTable
from timeouts.policy.rules import Rule, RuleError
from timeouts.policy.window import Window
from timeouts.text.bounds import quoted

DEFAULT_CEILING_MS = 30_000
"""The longest timeout that a policy may set unless it names another ceiling (docs/design.md#safety)."""

MOST_RULES = 2_000
"""Of a policy: planning takes them for 5,000 Architect flows in seconds (docs/bounds.md)."""

MOST_PROTECTED = 1_000
"""Names and patterns of Architect flows that a policy protects."""

_MOST_OF_ANYTHING = 1_000_000
"""The most that a limit of a policy may name: more than any org has of anything that is counted here."""

MOST_CANARIES = 16
"""So many may have to go live one after the other before the rest; more would be a run that never goes on."""

MOST_AT_A_TIME = 16
"""So many Architect flows may be published at once, and so many task runs of a Prefect flow go on at once."""

Lever = typing.Literal["step", "action"]
"""Where a wait can be set: on the step, or on the action that it calls (docs/design.md#which-lever)."""


def _percent(text: object) -> float:
    number = text.strip().removesuffix("%").strip() if isinstance(text, str) else ""
    if not isinstance(text, str) or not text.strip().endswith("%") or not number.replace(".", "", 1).isdecimal():
        raise ValueError(f"{quoted(text)} is not a share: write one such as 25%")
    return float(number)


Percent = typing.Annotated[
    float,
    BeforeValidator(_percent),
    PlainSerializer(lambda percent: f"{percent:g}%", return_type=str),
    typed_as("[0-9]{1,3}([.][0-9]+)? ?%", "25%"),
]
"""A share, typed as `25%` and 25.0 inside."""


class Limits(Value):
    """How much one run may change."""

    architect_flows: int = Field(
        default=100, ge=1, le=_MOST_OF_ANYTHING, description="At most so many Architect flows."
    )
    changes: int = Field(default=500, ge=1, le=_MOST_OF_ANYTHING, description="At most so many steps.")
    share: Percent = Field(
        default=25.0,
        gt=0,
        le=100,
        json_schema_extra={"default": "25%"},
        description="At most this share of all steps that were read, such as 25%.",
    )
    actions: int = Field(default=10, ge=1, le=_MOST_OF_ANYTHING, description="At most so many action limits.")
    reach: Percent = Field(
        default=50.0,
        gt=0,
        le=100,
        json_schema_extra={"default": "50%"},
        description="At most this share of all steps may be affected by a changed action limit, such as 50%.",
    )


class Capacity(Value):
    """How many executions of data actions the org may have, for the cost of waiting; it says so itself where asked.

    Source: docs/platform.md#concurrency, #org-limits.
    """

    concurrent: int | None = Field(
        default=None,
        ge=1,
        le=_MOST_OF_ANYTHING,
        json_schema_extra=may_be_empty,
        description="So many data actions run at once at most; what the org's own limits say, else 50, where nothing "
        "is said.",
    )
    function_concurrent: int | None = Field(
        default=None,
        ge=1,
        le=_MOST_OF_ANYTHING,
        json_schema_extra=may_be_empty,
        description="So many function data actions, which count with the others too, run at once at most; what the "
        "org's own limits say, where nothing is said.",
    )
    a_minute: int | None = Field(
        default=None,
        ge=1,
        le=_MOST_OF_ANYTHING,
        json_schema_extra=may_be_empty,
        description="So many executions begin in a minute at most; what the org's own limits say, else 2,500, where "
        "nothing is said.",
    )
    warn_above: Percent = Field(
        default=80.0,
        gt=0,
        le=100,
        json_schema_extra={"default": "80%"},
        description="Warn where the worst case takes more than this share of them, such as 80%.",
    )


class Policy(Value):
    """Which steps should wait how long, and how far a run may go."""

    rules: tuple[Rule, ...] = Field(
        default=(), max_length=MOST_RULES, description="The rules; the first that matches a step decides."
    )
    levers: tuple[Lever, ...] = Field(
        default=("step",),
        max_length=2,
        description="What may be changed: step, action or both. A changed action affects every caller of "
        "it, scripts included.",
    )
    ceiling: DurationMs = Field(
        default=DEFAULT_CEILING_MS,
        json_schema_extra={"default": "30s"},
        description="No rule may ask for more; 60s at most.",
    )
    allow_lowering: bool = Field(
        default=False,
        description="Whether a rule with exactly may shorten a wait that somebody chose, and a publish may take in a "
        "common module that waits less.",
    )
    suggested_default: DurationMs = Field(
        default=SUGGESTED_DEFAULT_MS,
        json_schema_extra={"default": "1m"},
        description="What a suggested timeout is worth where the action sets no limit.",
    )
    limits: Limits = Field(default=Limits(), description="At most how much one run may change.")
    capacity: Capacity = Field(default=Capacity(), description="How many executions the org may have.")
    republish_callers: bool = Field(
        default=False,
        description="Whether Architect flows that embed a changed common module are republished, so that their callers "
        "get the change; otherwise they are named.",
    )
    leave_if_it_ships: tuple[typing.Literal["modules", "prompts"], ...] = Field(
        default=(),
        max_length=2,
        description="Leave Architect flows whose republish would also bring live newer modules, or newer recordings "
        "of user prompts.",
    )
    protected: tuple[Pattern, ...] = Field(
        default=(),
        max_length=MOST_PROTECTED,
        description="Names or ids of Architect flows that are left alone unless a run names them, such as Main line*.",
    )
    window: Window | None = Field(
        default=None, title="Window", description="When changes may be published; at any time, where nothing is said."
    )
    canary: int = Field(
        default=1,
        ge=1,
        le=MOST_CANARIES,
        exclude_if=lambda canary: canary == 1,  # plans and records from before there was this keep their checksums
        description="So many have to go live one after the other before the rest. One that the platform refuses for "
        "reasons of its own is followed by the next; any other failure among them ends the run.",
    )
    at_a_time: int = Field(
        default=4,
        ge=1,
        le=MOST_AT_A_TIME,
        description="So many Architect flows are published at once, after the canary.",
    )
    failure_budget: int = Field(
        default=3, ge=1, le=_MOST_OF_ANYTHING, description="So many that failed end the run; the rest is not started."
    )

    @field_validator("levers")
    @classmethod
    def _moves_something(cls, levers: tuple[Lever, ...]) -> tuple[Lever, ...]:
        if not levers:
            raise ValueError("levers is an empty list, so nothing could change: name step, action or both")
        return tuple(lever for lever in typing.get_args(Lever) if lever in levers)

    @field_validator("protected")
    @classmethod
    def _protects_something(cls, protected: tuple[str, ...]) -> tuple[str, ...]:
        if not all(pattern.strip() for pattern in protected):
            raise ValueError("one of the names is empty, so it protects nothing: name something, or take it out")
        return protected

    @field_validator("ceiling")
    @classmethod
    def _ceiling_is_possible(cls, ceiling: int) -> int:
        if not 1 <= ceiling <= LONGEST_LIMIT_MS:
            raise ValueError(f"{format_duration(ceiling)} is no ceiling, as actions wait 60s at most: name 1ms to 60s")
        return ceiling

    @field_validator("suggested_default")
    @classmethod
    def _default_is_possible(cls, suggested_default: int) -> int:
        if suggested_default < 1:
            raise ValueError("0s is no default: name the wait of a step whose action sets no limit, such as 1m")
        return suggested_default

    @model_validator(mode="after")
    def _is_possible(self) -> typing.Self:
        for problem in problems_of(self.rules, self.ceiling):
            raise problem
        return self

    @property
    def needs_evidence(self) -> bool:
        """Whether a rule goes by the org's own figures."""
        return any(rule.by_evidence is not None for rule in self.rules)

    @classmethod
    def raise_to(
        cls,
        timeout_ms: int,
        action: Sequence[str] = (),
        architect_flow: Sequence[str] = (),
        levers: Sequence[str] = ("step",),
        *,
        exclude: Sequence[str] = (),
        republish_callers: bool = False,
    ) -> "Policy":
        """Make the policy of `raise --to`: every step, or those that match, waits at least `timeout_ms`.

        Of several patterns for one field any will do: there is a rule for each, so that one that matches nothing is
        told. Before them stands a rule for each pattern of `exclude`, which leaves what it matches. Raises pydantic's
        `ValidationError` for an impossible timeout, pattern or lever.
        """
        wanted = format_duration(timeout_ms)
        left: list[dict[str, typing.Any]] = [
            {"name": _short(f"excluded: {pattern}"), "match": {"named": pattern}, "leave": True} for pattern in exclude
        ]
        raised: list[dict[str, typing.Any]] = []
        for match in _each_with_each(action, architect_flow):
            several = len(action) > 1 or len(architect_flow) > 1
            which = f", {' in '.join(filter(None, match.values()))}" if several else ""
            raised.append({"name": _short(f"at least {wanted}{which}"), "match": match, "at_least": wanted})
        given = {"rules": [*left, *raised], "levers": list(levers), "republish_callers": republish_callers}
        return cls.model_validate(given)

    @classmethod
    def set_to(cls, timeout_ms: int, architect_flow_id: str, *, allow_lowering: bool) -> "Policy":
        """Make the policy of `set`: what it is held against, one step, waits exactly `timeout_ms`."""
        rule = {"name": "set", "match": {"architect_flow": architect_flow_id}, "exactly": format_duration(timeout_ms)}
        return cls.model_validate({"rules": [rule], "allow_lowering": allow_lowering, "limits": {"share": "100%"}})


def _short(name: str) -> str:
    """Return a name of a rule, as long as one may be."""
    return name if len(name) <= LONGEST_PATTERN else f"{name[: LONGEST_PATTERN - 1]}…"


def _each_with_each(action: Sequence[str], architect_flow: Sequence[str]) -> Iterator[dict[str, str | None]]:
    for called in action or (None,):
        for named in architect_flow or (None,):
            yield {"action": called, "architect_flow": named}


def problems_of(rules: Sequence[Rule], ceiling_ms: int) -> Iterator[RuleError]:
    """Return what is wrong with rules beside each other, in their order: each rule by itself is right already."""
    table = RuleTable(rules)
    known: set[str] = set()
    for place, rule in enumerate(rules):
        yield from _wrong_waits(place, rule, ceiling_ms)
        if rule.name in known:
            yield RuleError(place, rule, "has the name of an earlier rule: give each its own")
        known.add(rule.name)
        if (other := table.hidden_behind(place)) is not None:
            hint = "put it before that one or take it out"
            yield RuleError(place, rule, f"can never match, for rule {other.name!r} takes all its steps: {hint}")


def _wrong_waits(place: int, rule: Rule, ceiling_ms: int) -> Iterator[RuleError]:
    for asked_ms in rule.asked_ms:
        if asked_ms < 1:
            yield RuleError(place, rule, "asks for 0s: Architect takes 1ms and more")
        elif asked_ms > LONGEST_LIMIT_MS:
            yield RuleError(place, rule, f"asks for {format_duration(asked_ms)}, but no action waits longer than 60s")
        elif asked_ms > ceiling_ms:
            over = f"{format_duration(asked_ms)}, over the ceiling of {format_duration(ceiling_ms)}"
            yield RuleError(
                place, rule, f"asks for {over}: ask for less, or set a higher `ceiling` in a policy file (60s at most)"
            )
