"""The outcome of choosing levers: what a plan moves, and what a step and its action are once all of it is moved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from timeouts.definitions import setting_after
from timeouts.model.effective import with_limit
from timeouts.model.org import DataAction
from timeouts.model.step_edits import SetTimeout
from timeouts.model.steps import Step
from timeouts.planning.deciding.evaluated import EvaluatedStep
from timeouts.planning.deciding.verdicts import Fine, Leave, SetStep


@dataclass(frozen=True, slots=True)
class ByAction:
    """The raised limit of its action alone makes the step wait long enough."""


StepDecision = SetStep | ByAction | Leave | Fine | None
"""What becomes of a step; None where no rule matches it."""


@dataclass(frozen=True, slots=True)
class LeverChoice:
    """What a plan moves. `limits_ms`: the new limits by action id. `refused`: why an action's limit stays.

    `decisions`: what becomes of each step, by `EvaluatedStep.key`. `shortened`: by the ids of the Architect flows that
    are not published, which copy in them would wait less then.
    """

    limits_ms: Mapping[str, int]
    refused: Mapping[str, str]
    decisions: Mapping[tuple[str, str], StepDecision]
    shortened: Mapping[str, str]


def as_changed(one: EvaluatedStep, choice: LeverChoice) -> tuple[Step, DataAction | None]:
    """Return a step and its action as they are once all is moved."""
    step, action = one.step, one.action
    decision = None if one.module_id else choice.decisions[one.key]
    if isinstance(decision, SetStep):
        step = as_set(step, decision.after_ms)
    if action is not None and action.id in choice.limits_ms:
        action = with_limit(action, choice.limits_ms[action.id])
    return step, action


def as_set(step: Step, timeout_ms: int) -> Step:
    """Return a step as it is once it is set to a literal timeout."""
    assert step.raw_timeout is not None, "what can be changed was kept as text"
    return replace(step, setting=setting_after(SetTimeout(timeout_ms=timeout_ms), step.raw_timeout))
