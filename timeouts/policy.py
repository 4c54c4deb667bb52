"""What an operator asks for: which steps should wait how long. The first rule that matches a step decides."""

import typing

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from timeouts.durations import DurationMs, format_duration
from timeouts.effective import LONGEST_LIMIT_MS, SUGGESTED_DEFAULT_MS
from timeouts.org import ArchitectFlow
from timeouts.patterns import covers, matches
from timeouts.steps import Step
from timeouts.values import Asked
from timeouts.window import Window

ARCHITECT_FLOW_TYPES = (
    *("bot", "commonmodule", "digitalbot", "emailsend", "inboundcall", "inboundchat", "inboundemail"),
    *("inboundshortmessage", "inqueuecall", "inqueueemail", "inqueueshortmessage", "outboundcall", "securecall"),
    *("speech", "surveyinvite", "voice", "voicemail", "voicesurvey", "workflow", "workitem"),
)
"""The types of Architect flow (genesys-cloud.md 3.1)."""

DEFAULT_CEILING_MS = 30_000
"""The longest timeout that a policy may set unless it names another ceiling (design.md "Safety, always on")."""


def _percent(text: object) -> float:
    number = text.strip().removesuffix("%").strip() if isinstance(text, str) else ""
    if not isinstance(text, str) or not text.strip().endswith("%") or not number.replace(".", "", 1).isdecimal():
        raise ValueError(f"{text!r} is not a share: write one such as 25%")
    return float(number)


Percent = typing.Annotated[
    float,
    BeforeValidator(_percent),
    PlainSerializer(lambda percent: f"{percent:g}%", return_type=str),
    WithJsonSchema({"type": "string", "examples": ["25%"]}),
]
"""A share, typed as `25%` and 25.0 inside."""


class Match(Asked):
    """Which steps a rule is for: all that are named have to fit. `*` and `?` are wildcards, case does not count."""

    action: str | None = None
    """Name or id of the integration action that the step calls."""
    category: str | None = None
    """Category (integration) of that action."""
    step: str | None = None
    """Name of the step."""
    architect_flow: str | None = None
    """Name or id of the Architect flow."""
    type: str | None = None
    """Type of the Architect flow, such as inboundcall."""
    division: str | None = None
    """Name or id of the Architect flow's division."""
    setting: tuple[typing.Literal["suggested", "literal"], ...] | None = None
    """What the step says of its timeout: suggested, literal or both. Everything, where nothing is named."""

    @model_validator(mode="after")
    def _can_match(self) -> typing.Self:
        for field, pattern in self.patterns().items():
            if not pattern.strip():
                raise ValueError(f"{field} is empty, so nothing can match: name something, or leave the line out")
        if self.type is not None and not any(matches(self.type, name) for name in ARCHITECT_FLOW_TYPES):
            raise ValueError(f"type {self.type!r} is none of {', '.join(ARCHITECT_FLOW_TYPES)}")
        if self.setting is not None and not self.setting:
            raise ValueError("setting is an empty list, so nothing can match: name suggested, literal or both")
        return self

    def patterns(self) -> dict[str, str]:
        """Give the wildcard patterns that are set, by field."""
        fields = ("action", "category", "step", "architect_flow", "type", "division")
        return {field: getattr(self, field) for field in fields if getattr(self, field) is not None}

    def fits(self, architect_flow: ArchitectFlow, step: Step) -> bool:
        """Tell whether a step of an Architect flow is one of those meant."""
        names = {
            "action": (step.action_name, step.action_id),
            "category": (step.category,),
            "step": (step.name,),
            "architect_flow": (architect_flow.name, architect_flow.id),
            "type": (architect_flow.type,),
            "division": (architect_flow.division_name, architect_flow.division_id),
        }
        if self.setting is not None and step.setting.kind not in self.setting:
            return False
        return all(matches(pattern, *names[field]) for field, pattern in self.patterns().items())

    def covers(self, later: "Match") -> bool:
        """Tell whether every step that `later` means is meant by this one too."""
        if self.setting is not None and (later.setting is None or not set(later.setting) <= set(self.setting)):
            return False
        narrower = later.patterns()
        return all(covers(pattern, narrower.get(field, "*")) for field, pattern in self.patterns().items())


class Rule(Asked):
    """What the steps that match should do; exactly one of `at_least`, `exactly` and `leave` is named."""

    name: str = Field(min_length=1)
    """What tables and plans call this rule."""
    match: Match = Match()
    """Which steps it is for; all, where nothing is named."""
    at_least: DurationMs | None = None
    """Raise those that wait less to this, such as 10s."""
    exactly: DurationMs | None = None
    """Make them wait this long, whatever they said before, such as 10s."""
    leave: bool = False
    """Leave them as they are."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> typing.Self:
        said = [self.at_least is not None, self.exactly is not None, self.leave]
        if sum(said) != 1:
            raise ValueError("say exactly one of at_least: 10s, exactly: 10s and leave: true")
        return self

    @property
    def target_ms(self) -> int | None:
        """The timeout it asks for, in milliseconds; None for `leave`."""
        return self.at_least if self.at_least is not None else self.exactly


class Limits(Asked):
    """How much one run may change."""

    architect_flows: int = Field(default=100, ge=1)
    """At most so many Architect flows."""
    changes: int = Field(default=500, ge=1)
    """At most so many steps."""
    share: Percent = Field(default=25.0, gt=0, le=100, json_schema_extra={"default": "25%"})
    """At most this share of all steps that were read, such as 25%."""


class Policy(Asked):
    """Which steps should wait how long, and how far a run may go."""

    rules: tuple[Rule, ...] = ()
    """The rules; the first that matches a step decides."""
    ceiling: DurationMs = Field(default=DEFAULT_CEILING_MS, json_schema_extra={"default": "30s"})
    """No rule may ask for more; 60s at most."""
    allow_lowering: bool = False
    """Whether a rule with exactly may shorten a wait that somebody chose."""
    suggested_default: DurationMs = Field(default=SUGGESTED_DEFAULT_MS, json_schema_extra={"default": "1m"})
    """What a suggested timeout is worth where the action sets no limit."""
    limits: Limits = Limits()
    """At most how much one run may change."""
    protected: tuple[str, ...] = ()
    """Names or ids of Architect flows that are left alone unless a run names them, such as Main line*."""
    window: Window | None = None
    """When changes may be published; at any time, where nothing is said."""
    at_a_time: int = Field(default=4, ge=1, le=16)
    """So many Architect flows are published at once, after the first one."""
    failure_budget: int = Field(default=3, ge=1)
    """So many that failed end the run; the rest is not started."""

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
        for index, rule in enumerate(self.rules):
            self._check_rule(rule, self.rules[:index])
        return self

    def _check_rule(self, rule: Rule, earlier: tuple[Rule, ...]) -> None:
        target_ms = rule.target_ms
        if target_ms is not None and target_ms < 1:
            raise RuleError(rule, "asks for 0s: Architect takes 1ms and more")
        if target_ms is not None and target_ms > LONGEST_LIMIT_MS:
            raise RuleError(rule, f"asks for {format_duration(target_ms)}, but no action waits longer than 60s")
        if target_ms is not None and target_ms > self.ceiling:
            over = f"{format_duration(target_ms)}, over the ceiling of {format_duration(self.ceiling)}"
            raise RuleError(rule, f"asks for {over}: ask for less or raise the ceiling (60s at most)")
        for other in earlier:
            if other.name == rule.name:
                raise RuleError(rule, "has the name of an earlier rule: give each its own")
            if other.match.covers(rule.match):
                hint = "put it before that one or take it out"
                raise RuleError(rule, f"can never match, for rule {other.name!r} takes all its steps: {hint}")

    def protects(self, architect_flow: ArchitectFlow) -> bool:
        """Tell whether an Architect flow is left alone unless a run names it."""
        return any(matches(pattern, architect_flow.name, architect_flow.id) for pattern in self.protected)

    @classmethod
    def raise_to(cls, timeout_ms: int, action: str | None = None, architect_flow: str | None = None) -> "Policy":
        """Make the policy of `raise --to`: every step, or those that match, waits at least `timeout_ms`.

        Raises pydantic's `ValidationError` for an impossible timeout or pattern.
        """
        wanted = format_duration(timeout_ms)
        match = {"action": action, "architect_flow": architect_flow}
        return cls.model_validate({"rules": [{"name": f"at least {wanted}", "match": match, "at_least": wanted}]})


class RuleError(ValueError):
    """A rule that cannot stand in its policy; `rule` is its name, for pointing at its line."""

    def __init__(self, rule: Rule, problem: str) -> None:
        self.rule = rule.name
        super().__init__(f"rule {rule.name!r} {problem}")
