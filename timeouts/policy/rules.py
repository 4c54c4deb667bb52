"""One rule of a policy: which steps it is for, and how long those should wait."""

import typing
from collections.abc import Mapping

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationInfo, field_validator, model_validator

from timeouts.model.durations import TYPED_PATTERN, DurationMs, format_duration, parse_duration
from timeouts.model.effective import wait_at_most
from timeouts.model.form_text import typed_as
from timeouts.model.org import ARCHITECT_FLOW_TYPES, ArchitectFlow, DataAction
from timeouts.model.settings import matched_kinds
from timeouts.model.steps import Step, StepKind
from timeouts.model.values import Value, may_be_empty
from timeouts.policy.names import PATTERN_FIELDS, names_of
from timeouts.policy.patterns import LONGEST_PATTERN, Pattern, covers, matches, takes_everything
from timeouts.text.bounds import quoted
from timeouts.text.nearest import did_you_mean, nearest

PublishedBy = typing.Literal["code", "person", "us"]
"""Who published what is live: an OAuth client that is not ours, from a repository perhaps; a person; a client of ours.

Source: docs/platform.md#as-code.
"""

_PUBLISHED_BY: Mapping[str, PublishedBy] = {"client": "code", "person": "person", "us": "us"}
"""By the kind of a `Publisher`."""

EVIDENCE: typing.Literal["evidence"] = "evidence"
"""What `at_least` says where the org's own figures decide."""


SAID = ("at_least", "exactly", "leave")
"""The keys of a rule of which exactly one says what it asks for."""

ONE_THING = "say exactly one of at_least: 10s, exactly: 10s and leave: true"

_OF_ARCHITECT_FLOWS = frozenset({"architect_flow", "type", "division", "named", "published_by"})
"""The fields of a `Match` that an Architect flow fits without a step of its own."""


class Match(Value):
    """Which steps a rule is for: all that are named have to fit. `*` and `?` are wildcards, case does not count."""

    action: Pattern | None = Field(
        default=None,
        json_schema_extra=may_be_empty,
        description="Name or id of the integration action that the step calls: in the org, or in the step.",
    )
    category: Pattern | None = Field(
        default=None, json_schema_extra=may_be_empty, description="Category (integration) of that action."
    )
    step: Pattern | None = Field(default=None, json_schema_extra=may_be_empty, description="Name of the step.")
    architect_flow: Pattern | None = Field(
        default=None, json_schema_extra=may_be_empty, description="Name or id of the Architect flow."
    )
    type: Pattern | None = Field(
        default=None, json_schema_extra=may_be_empty, description="Type of the Architect flow, such as inboundcall."
    )
    division: Pattern | None = Field(
        default=None, json_schema_extra=may_be_empty, description="Name or id of the Architect flow's division."
    )
    named: Pattern | None = Field(
        default=None,
        json_schema_extra=may_be_empty,
        exclude_if=lambda pattern: pattern is None,  # the checksums of plans that name none stay
        description="Name or id of the Architect flow, or of the action that the step calls: either will do.",
    )
    published_by: PublishedBy | None = Field(
        default=None,
        description="Who published what is live: code (an OAuth client that is not ours, whose next deploy may "
        "overwrite a change), person, or us.",
    )
    setting: tuple[typing.Literal["suggested", "literal"], ...] | None = Field(
        default=None,
        max_length=2,
        description="What the step says of its timeout: suggested, literal or both. Everything, where nothing "
        "is named.",
    )
    kind: tuple[StepKind, ...] | None = Field(
        default=None,
        max_length=3,
        description="Kind of step: data, secure, bridge or several of them. Everything, where nothing is named; bridge "
        "steps are never changed.",
    )
    effective_below: DurationMs | None = Field(
        default=None,
        json_schema_extra=may_be_empty,
        description="Only steps at which a caller really waits less than this, such as 10s; what is not known "
        "counts as what it is at most, and as not less where that is not known either.",
    )

    @field_validator(*PATTERN_FIELDS)
    @classmethod
    def _names_something(cls, pattern: str | None, info: ValidationInfo) -> str | None:
        if pattern is not None and not pattern.strip():
            raise ValueError(f"{info.field_name} is empty, so nothing can match: name something, or leave the line out")
        return pattern

    @field_validator("type")
    @classmethod
    def _is_a_type(cls, pattern: str | None) -> str | None:
        if pattern is not None and not any(matches(pattern, name) for name in ARCHITECT_FLOW_TYPES):
            hint = did_you_mean(nearest(pattern, ARCHITECT_FLOW_TYPES))
            raise ValueError(f"type {quoted(pattern)} is none of {', '.join(ARCHITECT_FLOW_TYPES)}{hint}")
        return pattern

    @field_validator("setting", "kind")
    @classmethod
    def _lists_something(cls, listed: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        if listed is not None and not listed:
            choices = {"setting": "suggested, literal or both", "kind": "data, secure, bridge or several"}
            name = info.field_name or ""
            raise ValueError(f"{name} is an empty list, so nothing can match: name {choices[name]}")
        return listed

    @field_validator("effective_below")
    @classmethod
    def _is_a_wait(cls, effective_below: int | None) -> int | None:
        if effective_below is not None and effective_below <= 1:
            raise ValueError("effective_below is so short that nothing can match: name a wait such as 10s")
        return effective_below

    def patterns(self) -> dict[str, str]:
        """Return the wildcard patterns that are set, by field."""
        return {field: getattr(self, field) for field in PATTERN_FIELDS if getattr(self, field) is not None}

    @property
    def is_of_architect_flows(self) -> bool:
        """Whether it names Architect flows, and nothing of their steps. A pattern that takes everything names none."""
        said = {field for field in type(self).model_fields if getattr(self, field) is not None}
        named = said - {field for field, pattern in self.patterns().items() if takes_everything(pattern)}
        return bool(named) and named <= _OF_ARCHITECT_FLOWS

    def fits(
        self, architect_flow: ArchitectFlow, step: Step, action: DataAction | None, effective_ms: int | None
    ) -> bool:
        """Return whether a step is one of those meant; `effective_ms`: how long callers wait there, None: not known."""
        names = names_of(architect_flow, step, action)
        return self.fits_beside_names(architect_flow, step, effective_ms) and all(
            matches(pattern, *names[field]) for field, pattern in self.patterns().items()
        )

    def fits_beside_names(self, architect_flow: ArchitectFlow, step: Step, effective_ms: int | None) -> bool:
        """Return the same of all that is no pattern."""
        if self.setting is not None and set(self.setting).isdisjoint(matched_kinds(step.setting)):
            return False
        if self.kind is not None and step.kind not in self.kind:
            return False
        if not self.fits_publisher(architect_flow):
            return False
        if self.effective_below is None:
            return True
        most_ms = wait_at_most(effective_ms, step.setting, step.default_ms)
        return most_ms is not None and most_ms < self.effective_below

    def fits_publisher(self, architect_flow: ArchitectFlow) -> bool:
        """Return whether what is live of an Architect flow was published by whom it names."""
        return self.published_by in {None, _publisher_of(architect_flow)}

    def covers(self, later: "Match") -> bool:
        """Return whether every step that `later` means is meant by this one too."""
        if self.setting is not None and (later.setting is None or not set(later.setting) <= set(self.setting)):
            return False
        if self.kind is not None and not set(later.kind or typing.get_args(StepKind)) <= set(self.kind):
            return False
        if self.effective_below is not None and not 0 < (later.effective_below or 0) <= self.effective_below:
            return False  # one that names none is for waits that are not known, too
        if self.published_by not in {None, later.published_by}:
            return False
        narrower = later.patterns()
        return all(covers(pattern, narrower.get(field, "*")) for field, pattern in self.patterns().items())


def _publisher_of(architect_flow: ArchitectFlow) -> PublishedBy | None:
    by = architect_flow.published_by
    return None if by is None else _PUBLISHED_BY[by.kind]


class FromEvidence(Value):
    """How the org's own figures become a timeout: a percentile of the durations, times a factor, within bounds."""

    percentile: float = Field(
        default=95.0,
        ge=50,
        le=99.9,
        allow_inf_nan=False,
        description="So many percent of the calls should be answered in time.",
    )
    factor: float = Field(
        default=1.5,
        ge=1,
        le=10,
        allow_inf_nan=False,
        description="The percentile is multiplied by this, for slower days to come.",
    )
    floor: DurationMs = Field(default=3_000, json_schema_extra={"default": "3s"}, description="Never less than this.")
    ceiling: DurationMs | None = Field(
        default=None,
        json_schema_extra=may_be_empty,
        description="Never more than this; the policy's ceiling, where nothing is said.",
    )
    calls: int = Field(
        default=100, ge=1, le=1_000_000_000, description="Fewer calls than this are not enough to go by."
    )

    @model_validator(mode="after")
    def _has_room(self) -> typing.Self:
        if self.ceiling is not None and self.floor > self.ceiling:
            floor, ceiling = format_duration(self.floor), format_duration(self.ceiling)
            raise ValueError(f"its floor of {floor} is over its ceiling of {ceiling}: swap them, or take one out")
        return self


def _duration_or_evidence(text: object) -> object:
    return text if text == EVIDENCE else parse_duration(text)


def _in_text(asked: object) -> str:
    return format_duration(asked) if isinstance(asked, int) else str(asked)


AtLeast = typing.Annotated[
    int | typing.Literal["evidence"],
    BeforeValidator(_duration_or_evidence),
    PlainSerializer(_in_text, return_type=str),
    typed_as(f"({EVIDENCE}|{TYPED_PATTERN})", "10s", "1m30s", EVIDENCE),
]
"""A duration as in `DurationMs`, or the word `evidence`."""


class Rule(Value):
    """What the steps that match should do; exactly one of `at_least`, `exactly` and `leave` is named."""

    name: str = Field(min_length=1, max_length=LONGEST_PATTERN, description="What tables and plans call this rule.")
    at_least: AtLeast | None = Field(
        default=None,
        json_schema_extra=may_be_empty,
        description="Raise those that wait less to this, such as 10s; or evidence: to what the org's own "
        "figures ask for.",
    )
    exactly: DurationMs | None = Field(
        default=None,
        json_schema_extra=may_be_empty,
        description="Make them wait this long, whatever they said before, such as 10s.",
    )
    leave: bool = Field(default=False, description="Leave them as they are.")
    evidence: FromEvidence | None = Field(
        default=None, title="Evidence", description="With at_least: evidence, how the figures become a timeout."
    )
    match: Match = Field(default=Match(), description="Which steps it is for; all, where nothing is named.")

    @field_validator("evidence")
    @classmethod
    def _is_used(cls, evidence: FromEvidence | None, info: typing.Any) -> FromEvidence | None:
        if evidence is not None and info.data.get("at_least") != EVIDENCE:
            raise ValueError("it has no effect here: say at_least: evidence, or take it out")
        return evidence

    @model_validator(mode="after")
    def _says_one_thing(self) -> typing.Self:
        said = [self.at_least is not None, self.exactly is not None, self.leave]
        if sum(said) != 1:
            raise ValueError(ONE_THING)
        return self

    @property
    def fixed_ms(self) -> int | None:
        """The timeout it names, in milliseconds; None for `leave`, and where evidence decides."""
        if isinstance(self.at_least, int):
            return self.at_least
        return self.exactly

    @property
    def by_evidence(self) -> FromEvidence | None:
        """How evidence decides; None where it does not."""
        return (self.evidence or FromEvidence()) if self.at_least == EVIDENCE else None

    @property
    def asked_ms(self) -> tuple[int, ...]:
        """The timeouts that it names itself, bounds included, in milliseconds."""
        named = (self.fixed_ms,) if self.by_evidence is None else (self.by_evidence.floor, self.by_evidence.ceiling)
        return tuple(each for each in named if each is not None)


class RuleError(ValueError):
    """A rule that cannot stand in its policy; `place` counts from 0, for pointing at its line."""

    def __init__(self, place: int, rule: Rule, problem: str) -> None:
        self.place = place
        super().__init__(f"rule {rule.name!r} {problem}")
