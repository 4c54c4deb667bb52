"""Which Call Data Action steps an Architect flow has, and what each says of its timeout.

Steps that the platform's validation would refuse stand only where nobody can save: under a person's lock.

Source: docs/platform.md#timeout-field.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from simulator.demo.actions import DemoAction
from simulator.demo.population import FlowProfile
from simulator.demo.vocabulary import STEP_NAMES

Form = Literal[
    "suggested",
    "suggested_out_of_service",
    "literal",
    "expression",
    "unset",
    "flag_missing",
    "flag_text",
    "texts_differ",
    "no_duration",
]

_SHORT_MS = (1_000, 1_500, 2_000, 3_000, 3_000, 4_000, 5_000, 5_000, 6_000, 8_000)
_LONG_MS = (10_000, 12_000, 15_000, 20_000, 20_000, 30_000, 45_000, 60_000)
_STORED_MS = (60_000,) * 8 + (3_000, 5_000, 10_000, 90_000)
"""What a suggested step still has in its text: mostly the editor's own default of one minute."""

_STEPS_BY_SIZE = (
    (19_000, (0, 2)),
    (22_000, (1, 3)),
    (40_000, (4, 8)),
    (70_000, (9, 14)),
    (120_000, (14, 20)),
    (600_000, (20, 40)),
)
"""Below so many bytes, between so many steps."""

_MASKED_PLACE, _LONG_PLACE, _ODD_PLACE = 6, 8, 14
_TWO_RAISABLE_FROM = 16
_EXPRESSION_SHARE, _LITERAL_SHARE = 0.05, 0.01


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step to be: its name, the action that it calls, the form of its setting, and the duration that it holds."""

    name: str
    action: DemoAction
    form: Form
    timeout_ms: int


def plan_steps(profile: FlowProfile, actions: Sequence[DemoAction]) -> list[StepPlan]:
    """Decide the steps of an Architect flow, in the order of its definition."""
    rng = random.Random(f"{profile.source}/steps")
    callable_ones = [action for action in actions if action.popularity]
    patient = [action for action in callable_ones if action.waits_enough]
    hasty = [action for action in callable_ones if not action.waits_enough]
    least, most = next(bounds for size, bounds in _STEPS_BY_SIZE if profile.size_bytes < size)
    wanted = rng.randint(least, most)
    steps: list[StepPlan] = []
    if profile.raisable:
        steps += [_literal(rng, patient, _SHORT_MS) for _ in range(1 + (wanted >= _TWO_RAISABLE_FROM))]
    if profile.place == _MASKED_PLACE:
        steps.append(_literal(rng, hasty, _SHORT_MS))
    if profile.place == _LONG_PLACE:
        steps.append(_literal(rng, callable_ones, _LONG_MS))
    steps += [_step(rng, callable_ones, form) for form in _rare_forms(rng, profile)]
    steps += [_usual(rng, profile, callable_ones) for _ in range(wanted - len(steps))]
    rng.shuffle(steps)
    return steps


def _rare_forms(rng: random.Random, profile: FlowProfile) -> list[Form]:
    forms: list[Form] = []
    if profile.type == "workflow":
        forms.append("expression")
    if profile.place == _ODD_PLACE:
        forms.append(rng.choice(("unset", "flag_missing", "flag_text")))
    if profile.garbled:
        forms.append(rng.choice(("texts_differ", "no_duration")))
    return forms


def _usual(rng: random.Random, profile: FlowProfile, actions: Sequence[DemoAction]) -> StepPlan:
    if profile.type == "workflow" and rng.random() < _EXPRESSION_SHARE:
        return _step(rng, actions, "expression")
    if rng.random() < _LITERAL_SHARE:
        return _literal(rng, actions, (*_SHORT_MS, *_LONG_MS, *_LONG_MS))
    return _step(rng, actions, rng.choice(("suggested", "suggested", "suggested", "suggested_out_of_service")))


def _literal(rng: random.Random, actions: Sequence[DemoAction], timeouts_ms: Sequence[int]) -> StepPlan:
    return _step(rng, actions, "literal", rng.choice(timeouts_ms))


def _step(rng: random.Random, actions: Sequence[DemoAction], form: Form, timeout_ms: int | None = None) -> StepPlan:
    action = rng.choices(actions, [action.popularity for action in actions])[0]
    name = rng.choice(STEP_NAMES[action.subject])
    return StepPlan(name, action, form, timeout_ms or rng.choice(_STORED_MS))
