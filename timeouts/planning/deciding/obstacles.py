"""What stands against raising the limit of an action: the action itself, the policy, and who else it would affect."""

from collections.abc import Callable, Iterable, Sequence

from timeouts.model.durations import format_duration
from timeouts.model.effective import limit_of, with_limit
from timeouts.model.org import DataAction
from timeouts.planning.advice import what_forbids
from timeouts.planning.deciding.context import PlanningContext
from timeouts.planning.deciding.evaluated import EvaluatedStep
from timeouts.planning.deciding.verdicts import Leave, RaiseLimit, Verdict


def limit_change_blocker(
    callers: Sequence[EvaluatedStep],
    limit_ms: int,
    context: PlanningContext,
    *,
    all_read: bool,
    may_set: Callable[[EvaluatedStep], bool],
) -> str:
    """Say why an action's limit must not become `limit_ms`, empty where it may.

    `callers`: every step that was read and calls it. `all_read`: no Architect flow is unread that might call it.
    `may_set`: whether a step would be set where its rule asks for it.
    """
    action = callers[0].action
    assert action is not None, "callers of an action that is listed"
    return (
        impossible(action, limit_ms, context)
        or _said_otherwise(callers, limit_ms, context, may_set)
        or _kept_and_unread(context)
        or _would_shorten(callers, limit_ms, context, all_read=all_read)
    )


def impossible(action: DataAction, limit_ms: int, context: PlanningContext) -> str:
    """Say what about an action itself, or the ceiling, rules such a limit out; empty where nothing does."""
    return what_forbids(action, limit_ms) or _cannot_be_done(action, limit_ms, context)


def _cannot_be_done(action: DataAction, limit_ms: int, context: PlanningContext) -> str:
    if limit_ms > context.policy.ceiling:
        rounded = f"a limit is whole seconds, and {format_duration(limit_ms)} is over the ceiling"
        return f"{rounded} of {format_duration(context.policy.ceiling)}"
    if action.version is None:
        return "the platform shows no version of it, so a colleague's change could not be told from ours"
    if action.kind == "function" and action.function_ms is None:
        if context.limits_elsewhere:  # files: what they hold was read, and they hold no such line
            return "its file sets no timeout of its function (timeout_seconds of function_config): add it by hand"
        return "the function behind it could not be read (permission integrations:actionFunction:view)"
    if (limit_of(with_limit(action, limit_ms)) or limit_ms) < limit_ms:
        own = format_duration(action.limit_ms or 0)
        return f"beside its function its configuration sets a limit of {own}: change that by hand"
    return ""


def _said_otherwise(
    callers: Iterable[EvaluatedStep],
    limit_ms: int,
    context: PlanningContext,
    may_set: Callable[[EvaluatedStep], bool],
) -> str:
    """Say which of the steps that it would affect must not be: left, protected, or pinned to another wait."""
    for one in sorted(callers, key=lambda each: each.key):
        objection = _objection(one, limit_ms, context, keeps=not may_set(one) or _is_not_set(one.verdict))
        if objection:
            return f"step {one.step.name} of {one.architect_flow.label} would be affected, and {objection}"
    return ""


def _objection(one: EvaluatedStep, limit_ms: int, context: PlanningContext, *, keeps: bool) -> str:
    now_ms, after_ms = context.effective_ms(one.step, one.action), _effective_with(one, limit_ms, context)
    if now_ms is not None and after_ms == now_ms:
        return ""
    if one.is_protected:
        return "the policy protects that Architect flow: name it to have it changed"
    if one.rule is not None and one.rule.leave:
        return f"rule {one.rule.name!r} leaves that as it is"
    if one.rule is None or one.rule.exactly is None or not keeps:
        return ""
    is_longer = after_ms is not None and after_ms > one.rule.exactly
    return f"rule {one.rule.name!r} wants exactly {format_duration(one.rule.exactly)} there" if is_longer else ""


def _kept_and_unread(context: PlanningContext) -> str:
    """Say which Architect flow nobody could read that is to be left as it is: what it calls is not known."""
    may_call = "it may call this action"
    for each in sorted(context.unread.values(), key=lambda one: (one.label, one.id)):
        if context.protects(each):
            way_out = "name it with --protected to have limits raised all the same"
            return f"{each.label} is protected and could not be read: {may_call}; {way_out}"
        if (rule := context.rules.leaving(each)) is not None:
            way_out = "take it out of the rule to have limits raised all the same"
            return f"rule {rule.name!r} leaves {each.label}, which could not be read: {may_call}; {way_out}"
    return ""


def _would_shorten(callers: Iterable[EvaluatedStep], limit_ms: int, context: PlanningContext, *, all_read: bool) -> str:
    """Say whom a first limit, where there was none, would make wait less; a raise makes nobody wait less."""
    if any(limit_of(one.action) is not None for one in callers):
        return ""
    if not all_read:
        return "it sets no limit, and an Architect flow that could not be read may wait longer than a new one"
    for one in sorted(callers, key=lambda each: each.key):
        now_ms = context.longest_ms(one.step, one.action)
        named = f"step {one.step.name} of {one.architect_flow.label}"
        if now_ms is None:
            return f"it sets no limit, and what {named} waits is not known: a new one might shorten it"
        if now_ms > limit_ms:
            return f"it sets no limit, and {named} waits {format_duration(now_ms)}: a new one would shorten it"
    return ""


def _effective_with(one: EvaluatedStep, limit_ms: int, context: PlanningContext) -> int | None:
    assert one.action is not None, "a caller of the action"
    return context.effective_ms(one.step, with_limit(one.action, limit_ms))


def _is_not_set(verdict: Verdict | None) -> bool:
    """Return whether a rule leaves a step as it is, whatever becomes of its action."""
    return isinstance(verdict, Leave) or (isinstance(verdict, RaiseLimit) and verdict.step is None)
