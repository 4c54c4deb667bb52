"""Why one step waits as long as it does, what a policy makes of it, what each lever would do, and for whom else."""

import typing
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from timeouts.inventory import Inventory, OrgStep
from timeouts.model.durations import format_duration
from timeouts.model.effective import effective_literal, is_limit_known, limit_of, with_limit
from timeouts.model.settings import LiteralOrSuggested, LiteralTimeout, Suggested, TimeoutSetting
from timeouts.model.values import Value
from timeouts.model.wording import kind_in_words
from timeouts.planning.changes import StepIdentity, identity_of
from timeouts.planning.computing import context_of
from timeouts.planning.deciding.evaluated import EvaluatedStep, evaluate_all, evaluate_copies
from timeouts.planning.deciding.levers import ByAction, StepDecision, choose_levers
from timeouts.planning.deciding.obstacles import limit_change_blocker
from timeouts.planning.deciding.verdicts import EitherLever, Fine, Leave, PlanningContext, RaiseLimit, SetStep
from timeouts.policy.patterns import matches
from timeouts.policy.policy import Policy
from timeouts.policy.rules import Match, Rule, names_of

_SECOND_MS = 1_000

Source = typing.Literal[
    "own timeout",
    "action limit",
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
    """What one lever would do. Times in milliseconds.

    `to_ms`: what it would be set to; `after_ms`: what callers would wait at the step then, None where not known.
    `against`: why it is not moved, '' where nothing stands against it. `steps`, `architect_flows`, `copies`: how many
    others would wait another time.
    """

    lever: typing.Literal["step", "action"]
    to_ms: int
    after_ms: int | None
    against: str = ""
    steps: int = 0
    architect_flows: int = 0
    copies: int = 0


class Explanation(StepIdentity):
    """One step, explained. Times in milliseconds, None where there is none or it is not known.

    `ended_by_action`: its own timeout is longer than the limit of its action, which ends the call. `same_action_*`: the
    other steps that call its action, the Architect flows that they are in, and the copies of modules' steps.
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


def steps_meant(inventory: Inventory, text: str, architect_flow: str | None = None) -> list[OrgStep]:
    """Return the steps that somebody may mean by a step's id or its name, with its container before it or without.

    The tables show a step as `container / step`; the Architect flow may stand before either. Where no step is called
    so, those that call an action of that name are meant. `architect_flow`: the name or id of the one that it is in,
    `*` allowed. Case does not count.
    """
    asked = text.strip().casefold()
    within = steps_within(inventory, architect_flow)

    def is_called_so(each: OrgStep) -> bool:
        step, home = each.step, each.architect_flow
        called = {step.id, step.name, *([f"{step.container} / {step.name}"] if step.container else ())}
        called |= {f"{one} / {place}" for one in home.names for place in called}
        return asked in {one.casefold() for one in called}

    return list(filter(is_called_so, within)) or [each for each in within if each.step.action_name.casefold() == asked]


def steps_within(inventory: Inventory, architect_flow: str | None) -> list[OrgStep]:
    """Return the steps of an Architect flow, by its name or id, `*` allowed; those of all where none is named."""
    return [
        each
        for each in inventory.steps
        if architect_flow is None or matches(architect_flow, *each.architect_flow.names)
    ]


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
    own_ms = step.setting.timeout_ms if isinstance(step.setting, LiteralTimeout) else step.default_ms
    if own_ms is not None:
        ended = limit_ms is not None and limit_ms < own_ms
        named: Source = "definition" if isinstance(step.setting, Suggested) else "own timeout"
        return ("action limit" if ended else named), ended
    return ("platform default" if limit_ms is None else "action limit"), False


def _by_policy(inventory: Inventory, meant: OrgStep, policy: Policy, named: Collection[str]) -> dict[str, object]:
    context = context_of(inventory, policy, named)
    evaluated, copies = tuple(evaluate_all(inventory, context)), tuple(evaluate_copies(inventory, context))
    choice = choose_levers(evaluated, context, all_read=inventory.is_read, copies=copies)
    one = next(each for each in evaluated if each.key == (meant.architect_flow.id, meant.step.id))
    decision, reason = _decided(choice.decisions[one.key])
    wanted_ms = _wanted_ms(one)
    levers: tuple[LeverFact, ...] = ()
    if wanted_ms is not None:
        levers = (_by_step(one, wanted_ms), *_by_action(one, wanted_ms, (*evaluated, *copies), context, inventory))
    return {"rules": _rules(one, policy, context), "decision": decision, "reason": reason, "levers": levers}


def _decided(decision: StepDecision) -> tuple[Decision, str]:
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


def _wanted_ms(one: EvaluatedStep) -> int | None:
    match one.verdict:
        case (
            SetStep(after_ms=wanted_ms)
            | RaiseLimit(wanted_ms=wanted_ms)
            | EitherLever(step=SetStep(after_ms=wanted_ms))
        ):
            return wanted_ms
        case _:
            return None


def _by_step(one: EvaluatedStep, wanted_ms: int) -> LeverFact:
    against = "" if one.kept_back is None else one.kept_back.reason
    after_ms = effective_literal(one.step, one.action, wanted_ms)
    return LeverFact(lever="step", to_ms=wanted_ms, after_ms=after_ms, against=against)


def _by_action(
    one: EvaluatedStep,
    wanted_ms: int,
    callers: Iterable[EvaluatedStep],
    context: PlanningContext,
    inventory: Inventory,
) -> Iterable[LeverFact]:
    action, now_ms = one.action, limit_of(one.action)
    limit_ms = -(-wanted_ms // _SECOND_MS) * _SECOND_MS  # a limit is whole seconds (docs/platform.md#action-limits)
    if action is None or now_ms is None or now_ms >= limit_ms:
        return  # it does not end these calls, and a limit is never lowered
    same = [each for each in callers if each.action is not None and each.action.id == action.id]
    raised = with_limit(action, limit_ms)
    moved = [
        each
        for each in same
        if each.key != one.key
        and context.effective_ms(each.step, raised) != context.effective_ms(each.step, each.action)
    ]
    own = [each for each in moved if not each.module_id]
    yield LeverFact(
        lever="action",
        to_ms=limit_ms,
        after_ms=context.effective_ms(one.step, raised),
        against=limit_change_blocker(same, limit_ms, context, all_read=inventory.is_read),
        steps=len(own),
        architect_flows=len({each.architect_flow.id for each in own}),
        copies=len(moved) - len(own),
    )


def _rules(one: EvaluatedStep, policy: Policy, context: PlanningContext) -> tuple[RuleFact, ...]:
    effective_ms = context.effective_ms(one.step, one.action)
    return tuple(
        RuleFact(
            rule=rule.name,
            wants=_wants(rule),
            mismatch=_mismatch(rule.match, one, effective_ms),
            decides=one.rule is not None and rule.name == one.rule.name,
        )
        for rule in policy.rules
    )


def _wants(rule: Rule) -> str:
    if rule.leave:
        return "leaves it"
    if rule.by_evidence is not None:
        return "at least what the figures ask for"
    kind = "at least" if rule.at_least is not None else "exactly"
    return f"{kind} {format_duration(rule.fixed_ms or 0)}"


def _mismatch(match: Match, one: EvaluatedStep, effective_ms: int | None) -> str:
    """Return what of a rule does not fit, each with what is there instead; as `Match.fits` decides."""
    names = names_of(one.architect_flow, one.step)
    found = [
        f"{field} is {names[field][0] or 'not named'}, not {pattern}"
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
