"""Why one step waits as long as it does, what a policy makes of it, what each lever would do, and for whom else."""

import typing
from collections.abc import Collection
from dataclasses import replace

from timeouts.inventory import Inventory, OrgStep
from timeouts.model.effective import is_limit_known, limit_of, own_bound
from timeouts.model.settings import LiteralOrSuggested, Suggested
from timeouts.planning.changes import identity_of
from timeouts.planning.deciding.choice import ByAction, StepDecision
from timeouts.planning.deciding.decide import decide
from timeouts.planning.deciding.verdicts import Fine, Leave, SetStep, is_useless
from timeouts.planning.explaining.explanation import Decision, Explanation, Source
from timeouts.planning.explaining.levers import levers_for
from timeouts.planning.explaining.rules import rules_against
from timeouts.policy.policy import Policy


def explain(inventory: Inventory, meant: OrgStep, policy: Policy | None, named: Collection[str] = ()) -> Explanation:
    """Explain one step of an org. `policy`: what it is held against; None: only where its wait comes from.

    `named`: of what the policy protects, what may change all the same, as of `compute_plan`.
    """
    default_ms = inventory.suggested_default_ms if policy is None else policy.suggested_default
    known = replace(inventory, suggested_default_ms=default_ms)
    step, action = meant.step, meant.action
    limit_ms = limit_of(action)
    others = [
        each
        for each in known.steps
        if action is not None
        and each.step.action_id == action.id
        and (each.architect_flow.id, each.step.id) != (meant.architect_flow.id, step.id)
    ]
    copies = list(known.copies)
    source, ended = _source(meant, limit_ms)
    explained = Explanation(
        **identity_of(meant.architect_flow.id, meant.architect_flow.label, step),
        setting=step.setting,
        default_ms=step.default_ms,
        suggested_default_ms=default_ms,
        action_limit_ms=limit_ms,
        is_limit_known=is_limit_known(step, action),
        effective_ms=known.effective_ms(step),
        source=source,
        ended_by_action=ended,
        same_action_steps=len(others),
        same_action_architect_flows=len({each.architect_flow.id for each in others}),
        same_action_copies=sum(action is not None and each.step.action_id == action.id for each in copies),
        carriers=tuple(
            dict.fromkeys(
                each.architect_flow.label
                for each in copies
                if (each.snapshot.module_id, each.step.id) == (meant.architect_flow.id, step.id)
            )
        ),
    )
    return explained if policy is None else explained.model_copy(update=_by_policy(known, meant, policy, named))


def _source(meant: OrgStep, limit_ms: int | None) -> tuple[Source, bool]:
    """Return what decides, and whether the action ends what the step itself would wait longer for."""
    step = meant.step
    if step.setting.kind in {"expression", "unreadable"}:
        return ("run time" if step.setting.kind == "expression" else "unreadable"), False
    if not is_limit_known(step, meant.action):
        return ("unknown action" if meant.action is None else "unknown limit"), False
    if isinstance(step.setting, LiteralOrSuggested):
        return ("platform default" if limit_ms is None else "action limit"), False
    own_ms = own_bound(step.setting, step.default_ms)
    if limit_ms is None and is_useless(step):
        return "longest limit", True
    if own_ms is not None:
        ended = limit_ms is not None and limit_ms < own_ms
        named: Source = "definition" if isinstance(step.setting, Suggested) else "own timeout"
        return ("action limit" if ended else named), ended
    return ("platform default" if limit_ms is None else "action limit"), False


def _by_policy(inventory: Inventory, meant: OrgStep, policy: Policy, named: Collection[str]) -> dict[str, object]:
    decided = decide(inventory, policy, named)
    one = next(each for each in decided.steps if each.key == (meant.architect_flow.id, meant.step.id))
    decision, reason = _in_words(decided.choice.decisions[one.key])
    levers = levers_for(one, decided)
    return {"rules": rules_against(one, decided.context), "decision": decision, "reason": reason, "levers": levers}


def _in_words(decision: StepDecision) -> tuple[Decision, str]:
    match decision:
        case None:
            return "no rule", ""
        case SetStep(reason=reason):
            return "set", reason
        case ByAction():
            return "by action", ""
        case Leave(reason=reason):
            return "left", reason
        case Fine():
            return "fine", ""
        case _:
            typing.assert_never(decision)
