"""The rules of a policy held against one step: which decides, and what of the others does not fit."""

from collections.abc import Callable

from timeouts.model.durations import format_duration
from timeouts.model.org import DataAction
from timeouts.model.wording import kind_in_words
from timeouts.planning.deciding.context import PlanningContext
from timeouts.planning.deciding.evaluated import EvaluatedStep
from timeouts.planning.explaining.explanation import RuleFact
from timeouts.policy.names import names_of
from timeouts.policy.patterns import matches
from timeouts.policy.rules import Match, Rule


def rules_against(one: EvaluatedStep, context: PlanningContext) -> tuple[RuleFact, ...]:
    """Return each rule of the policy, in its order, as it is held against a step."""
    effective_ms = context.effective_ms(one.step, one.action)
    return tuple(
        RuleFact(
            rule=rule.name,
            wants=_wants(rule),
            mismatch=_mismatch(rule.match, one, effective_ms),
            decides=one.rule is not None and rule.name == one.rule.name,
        )
        for rule in context.policy.rules
    )


def _wants(rule: Rule) -> str:
    if rule.leave:
        return "leaves it"
    if rule.by_evidence is not None:
        return "at least what the figures ask for"
    kind = "at least" if rule.at_least is not None else "exactly"
    return f"{kind} {format_duration(rule.fixed_ms or 0)}"


def _as_named(field: str, name: str, action: DataAction | None) -> str:
    """Return what is there in place of what a pattern names: of a renamed action, or category, both names."""
    there = name or "not named"
    if action is None or field not in {"action", "category"}:
        return there
    now, shown = (action.name, action.label) if field == "action" else (action.category, action.category)
    if now == name:
        return shown or there
    return f"{there}, now {shown}" if now else there


def _mismatch(match: Match, one: EvaluatedStep, effective_ms: int | None) -> str:
    """Return what of a rule does not fit, each with what is there instead; as `Match.fits` decides."""
    names = names_of(one.architect_flow, one.step, one.action)
    found = [
        f"{field} is {_as_named(field, names[field][0], one.action)}, not {pattern}"
        for field, pattern in match.patterns().items()
        if not matches(pattern, *names[field])
    ]
    alone: dict[str, Callable[[], str]] = {
        "setting": lambda: f"its setting is {kind_in_words(one.step.setting)}, not {' or '.join(match.setting or ())}",
        "kind": lambda: f"its kind is {one.step.kind}, not {' or '.join(match.kind or ())}",
        "published_by": lambda: f"it was not published by {match.published_by}",
        "effective_below": lambda: (
            f"callers wait {'an unknown time' if effective_ms is None else format_duration(effective_ms)}, "
            f"not less than {format_duration(match.effective_below or 0)}"
        ),
    }
    for field, said in alone.items():
        only = Match.model_construct(**{field: getattr(match, field)})
        if getattr(match, field) is not None and not only.fits_beside_names(one.architect_flow, one.step, effective_ms):
            found.append(said())
    return "; ".join(found)
