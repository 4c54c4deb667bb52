"""Whose publish would shorten what copies of modules' steps wait, which a plan never does unless it may lower.

An Architect flow takes in its modules as they are with every publish, whatever it is published for
(docs/decisions/0027-snapshots.md).
"""

from collections.abc import Iterable, Mapping, Sequence

from timeouts.model.settings import Suggested
from timeouts.planning.copies import Settled, may_shorten_unread, shortening
from timeouts.planning.deciding.choice import ByAction, LeverChoice, as_changed
from timeouts.planning.deciding.context import PlanningContext
from timeouts.planning.deciding.evaluated import EvaluatedStep
from timeouts.planning.deciding.verdicts import Fine, SetStep, chosen_wait


def shortened_by_publish(
    evaluated: Iterable[EvaluatedStep], copies: Sequence[EvaluatedStep], choice: LeverChoice, context: PlanningContext
) -> Mapping[str, str]:
    """Say of each Architect flow that must not be published, by its id, which copy in it would wait less."""
    if context.policy.allow_lowering:
        return {}
    modules = {one.key: one for one in evaluated} if copies else {}
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for copy in copies:
        why = _why(copy, modules.get((copy.module_id, copy.step.id)), choice, context)
        order = (copy.module_id, copy.step.id, why)  # however an org is listed, the same copy is named
        if why and order < found.get(copy.architect_flow.id, (("\U0010ffff",), ""))[0]:
            found[copy.architect_flow.id] = order, why
    return {architect_flow_id: why for architect_flow_id, (_, why) in found.items()}


def _why(copy: EvaluatedStep, of: EvaluatedStep | None, choice: LeverChoice, context: PlanningContext) -> str:
    if of is None:  # the step is gone, unless nobody knows
        module = context.unread.get(copy.module_id)
        if module is None:
            return ""
        newer = any(each.module_id == copy.module_id for each in context.ships.get(copy.architect_flow.id, ()))
        return may_shorten_unread(module) if newer or module.published_version is None else ""
    if _is_asked_for(copy, of, choice):
        return ""
    before, after = Settled(*as_changed(copy, choice)), Settled(*as_changed(of, choice))
    return shortening(of.architect_flow, before, after, context.policy.suggested_default)


def _is_asked_for(copy: EvaluatedStep, of: EvaluatedStep, choice: LeverChoice) -> bool:
    """Return whether `exactly` replaces a default that nobody chose, which is no lowering (decision 4)."""
    is_pinned = of.rule is not None and of.rule.exactly is not None
    is_decided = isinstance(choice.decisions[of.key], SetStep | ByAction | Fine)
    is_default = isinstance(copy.step.setting, Suggested) and chosen_wait(copy.step, copy.action) is None
    return is_pinned and is_decided and is_default
