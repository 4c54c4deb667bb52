"""An explanation of one step, as plain values."""

import typing

from timeouts.model.settings import TimeoutSetting
from timeouts.model.values import Value
from timeouts.planning.changes import StepIdentity

Source = typing.Literal[
    "own timeout",
    "action limit",
    "longest limit",
    "definition",
    "platform default",
    "run time",
    "unreadable",
    "unknown action",
    "unknown limit",
]
"""What decides how long a caller waits at a step."""

Decision = typing.Literal["set", "by action", "left", "fine", "no rule", "no policy"]


class RuleFact(Value):
    """One rule as it is held against the step. `mismatch`: what of it does not fit, '' where all does.

    `decides`: it is the first that fits. `wants`: what it asks for, in words.
    """

    rule: str
    wants: str
    mismatch: str = ""
    decides: bool = False


class LeverFact(Value):
    """What one lever would do by itself. Times in milliseconds.

    `to_ms`: what it would be set to, by the plan or else for this step; `after_ms`: what callers would wait at the step
    then, None where not known. `against`: why it is not moved, '' where nothing stands against it. `is_planned`: the
    plan moves it. `steps`, `architect_flows`, `copies`: how many others would wait another time.
    """

    lever: typing.Literal["step", "action"]
    to_ms: int
    after_ms: int | None
    against: str = ""
    is_planned: bool = False
    steps: int = 0
    architect_flows: int = 0
    copies: int = 0


class Explanation(StepIdentity):
    """One step, explained. Times in milliseconds, None where there is none or it is not known.

    `ended_by_action`: its own timeout is longer than the limit of its action, or than any, which ends the call.
    `same_action_*`: the other steps that call its action, the Architect flows that they are in, and the copies of
    modules' steps.
    `carriers`: the Architect flows that carry a copy of this step, and wait as it says until they are republished.
    """

    schema_version: typing.Literal[1] = 1
    setting: TimeoutSetting
    default_ms: int | None
    suggested_default_ms: int
    action_limit_ms: int | None
    is_limit_known: bool = True
    effective_ms: int | None
    source: Source
    ended_by_action: bool = False
    rules: tuple[RuleFact, ...] = ()
    decision: Decision = "no policy"
    reason: str = ""
    levers: tuple[LeverFact, ...] = ()
    same_action_steps: int = 0
    same_action_architect_flows: int = 0
    same_action_copies: int = 0
    carriers: tuple[str, ...] = ()
