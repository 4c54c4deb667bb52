"""The planner against brute force: never more republished Architect flows than the best, callers of modules too."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.org import ArchitectFlow, DataAction, Holder
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, TimeoutSetting
from timeouts.model.steps import Reading, Snapshot, Step
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

WANTED_MS = 10_000
CEILING_MS = 30_000
SHORTEST_MS, LONGEST_FUNCTION_MS = 1_000, 15_000

settings: st.SearchStrategy[TimeoutSetting] = st.sampled_from(
    [
        Suggested(),
        LiteralTimeout(timeout_ms=3_000),
        LiteralTimeout(timeout_ms=12_000),
        LiteralTimeout(timeout_ms=40_000),
        Expression(text="Flow.wait"),
    ]
)
kinds = st.sampled_from(["custom", "custom", "custom", "static", "function"])


@dataclass(frozen=True)
class Small:
    """A small org. `default_ms`: what a suggested timeout is worth where the action sets no limit."""

    architect_flows: Sequence[ArchitectFlow]
    readings: Sequence[Reading]
    actions: Mapping[str, DataAction]
    default_ms: int

    def plan(self) -> Plan:
        asked = {
            "rules": [{"name": "r", "at_least": "10s"}],
            "levers": ["step", "action"],
            "suggested_default": f"{self.default_ms}ms",
            "republish_callers": True,
        }
        known = self.actions.values()
        return compute_plan(inventory(self.architect_flows, self.readings, known), Policy.model_validate(asked))


@st.composite
def snapshots_of(draw: st.DrawFn, modules: Sequence[Reading]) -> tuple[Snapshot, ...]:
    """Embed some of the Architect flows that are there already, as they are or as they were."""
    embeds = draw(st.lists(st.booleans(), min_size=len(modules), max_size=len(modules)))
    found = []
    for module in itertools.compress(modules, embeds):
        steps = tuple(draw(st.sampled_from([one, replace(one, setting=Suggested())])) for one in module.steps)
        found.append(Snapshot(module_id=module.architect_flow_id, name="m", version="4.0", steps=steps))
    return tuple(found)


@st.composite
def small_orgs(draw: st.DrawFn) -> Small:
    actions = {}
    for name in "abc":
        kind, limit_ms = draw(kinds), draw(st.sampled_from([None, 5_000, 10_000]))
        own = {"function_ms": limit_ms or 5_000} if kind == "function" else {"limit_ms": limit_ms}
        actions[name] = action(name, version=1, kind=kind, **own)
    architect_flows: list[ArchitectFlow] = []
    readings: list[Reading] = []
    for number in range(draw(st.integers(1, 3))):
        held: dict[str, Any] = (
            {"locked_by": Holder(kind="person", id="u", name="Ada")} if draw(st.integers(0, 4)) == 0 else {}
        )
        architect_flows.append(listed(f"af-{number}", **held))
        found = draw(st.lists(st.tuples(settings, st.sampled_from("abc")), max_size=3))
        steps = [step(n, setting, called) for n, (setting, called) in enumerate(found, 1)]
        readings.append(reading(*steps, of=f"af-{number}", snapshots=draw(snapshots_of(readings))))
    return Small(architect_flows, readings, actions, draw(st.sampled_from([5_000, 60_000])))


@dataclass(frozen=True)
class Way:
    """One way to move the levers: who waits long enough afterwards, and which Architect flows that republishes.

    A copy is served where callers wait as long as in its module, which has to be long enough.
    """

    served: frozenset[tuple[str, ...]]
    republished: frozenset[str]


def limit_ms(called: DataAction) -> int | None:
    return called.function_ms if called.kind == "function" else called.limit_ms


def wait_ms(setting: TimeoutSetting, limit: int | None, default_ms: int) -> int | None:
    if isinstance(setting, Expression):
        return None
    if isinstance(setting, Suggested):
        return default_ms if limit is None else limit
    assert isinstance(setting, LiteralTimeout)
    return setting.timeout_ms if limit is None else min(setting.timeout_ms, limit)


def callers(org: Small, name: str) -> list[TimeoutSetting]:
    own = [one.setting for found in org.readings for one in found.steps if one.action_id == name]
    return own + [one.setting for _, _, one in copies(org) if one.action_id == name]


def copies(org: Small) -> Iterator[tuple[str, str, Step]]:
    """Every copy, with the ids of its caller and its module."""
    for found in org.readings:
        for snapshot in found.snapshots:
            for one in snapshot.steps:
                yield found.architect_flow_id, snapshot.module_id, one


def allowed_limits(org: Small, name: str) -> list[int | None]:
    """What an action's limit may become: what it is, or longer, as long as nobody is known or feared to wait less.

    Rules are about steps: where a limit helps none of them, a copy that lags behind one is left to the republish.
    """
    called, now = org.actions[name], limit_ms(org.actions[name])
    own = [one.setting for found in org.readings for one in found.steps if one.action_id == name]
    behind = [each for each in own if now is not None or isinstance(each, Suggested)]
    helped = any((wait_ms(each, now, org.default_ms) or WANTED_MS) < WANTED_MS for each in behind)
    if called.kind == "static" or not helped:
        return [now]
    top = LONGEST_FUNCTION_MS if called.kind == "function" else CEILING_MS
    longer = [limit for limit in range(SHORTEST_MS, top + 1, 1_000) if now is None or limit > now]
    if now is None:
        waits = [wait_ms(setting, None, org.default_ms) for setting in callers(org, name)]
        longer = [limit for limit in longer if all(wait is not None and wait <= limit for wait in waits)]
    useful = [limit for limit in longer if limit >= WANTED_MS]
    return [now, *useful[:1]]


def ways(org: Small) -> Iterator[Way]:
    """Every choice of action limits; then each step that helps is set, and each caller that this leaves behind."""
    names = sorted(org.actions)
    for choice in itertools.product(*(allowed_limits(org, name) for name in names)):
        yield way_with(org, dict(zip(names, choice, strict=True)))


def way_with(org: Small, limits: Mapping[str, int | None]) -> Way:
    """The way that these limits leave, without Architect flows that would take in a module that waits less."""
    held = {one.id for one in org.architect_flows if one.locked_by is not None}
    while True:
        way, after = way_without(org, limits, held)
        shortened = {
            caller for caller, module, one in copies(org) if waits_less(org, limits, one, after[module, one.id])
        }
        if shortened <= held:
            return way
        held |= shortened


def waits_less(org: Small, limits: Mapping[str, int | None], copy: Step, after: TimeoutSetting) -> bool:
    before_ms, after_ms = (wait_ms(each, limits[copy.action_id], org.default_ms) for each in (copy.setting, after))
    if before_ms is None or after_ms is None:
        return copy.setting != after
    return after_ms < before_ms


def way_without(
    org: Small, limits: Mapping[str, int | None], held: set[str]
) -> tuple[Way, Mapping[tuple[str, str], TimeoutSetting]]:
    served: set[tuple[str, ...]] = set()
    republished, after = set(), {}
    for found in org.readings:
        for one in found.steps:
            key, limit = (found.architect_flow_id, one.id), limits[one.action_id]
            after[key] = one.setting
            if isinstance(one.setting, Expression):
                continue
            if (wait_ms(one.setting, limit, org.default_ms) or 0) >= WANTED_MS:
                served.add(key)
            elif found.architect_flow_id not in held and (limit is None or limit >= WANTED_MS):
                served.add(key)
                republished.add(found.architect_flow_id)
                after[key] = LiteralTimeout(timeout_ms=WANTED_MS)
    for caller, module, one in copies(org):
        if (module, one.id) not in served:
            continue
        limit = limits[one.action_id]
        if wait_ms(one.setting, limit, org.default_ms) == wait_ms(after[module, one.id], limit, org.default_ms):
            served.add((caller, module, one.id))
        elif caller not in held:
            served.add((caller, module, one.id))
            republished.add(caller)
    return Way(frozenset(served), frozenset(republished)), after


def way_of(org: Small, plan: Plan) -> Way:
    raised = {change.action_id: change.after_ms for change in plan.action_changes}
    set_to = {(change.architect_flow_id, change.step_id): change.after for change in plan.changes}
    published = {pin.architect_flow_id for pin in plan.pins}
    settings = {(each.architect_flow_id, one.id): one.setting for each in org.readings for one in each.steps} | set_to

    def waits_ms(setting: TimeoutSetting, called: str) -> int | None:
        return wait_ms(setting, raised.get(called, limit_ms(org.actions[called])), org.default_ms)

    served: set[tuple[str, ...]] = set()
    for found in org.readings:
        for one in found.steps:
            if (waits_ms(settings[found.architect_flow_id, one.id], one.action_id) or 0) >= WANTED_MS:
                served.add((found.architect_flow_id, one.id))
    for caller, module, one in copies(org):
        after = settings[module, one.id]
        said = after if caller in published else one.setting
        if (module, one.id) in served and waits_ms(said, one.action_id) == waits_ms(after, one.action_id):
            served.add((caller, module, one.id))
    return Way(frozenset(served), frozenset(published))


@given(small_orgs())
def test_the_planner_serves_every_step_that_can_be_and_never_republishes_more_than_the_best(org: Small) -> None:
    found = way_of(org, org.plan())
    all_ways = list(ways(org))
    most = frozenset().union(*(way.served for way in all_ways))
    best = min(len(way.republished) for way in all_ways if way.served == most)

    assert found.served == most
    assert len(found.republished) <= best


@given(small_orgs())
def test_no_limit_is_raised_that_no_step_asks_for(org: Small) -> None:
    assert all(any(step.asked for step in change.affected_steps) for change in org.plan().action_changes)


@given(small_orgs())
def test_nobody_waits_less_than_before(org: Small) -> None:
    plan = org.plan()
    raised = {change.action_id: change.after_ms for change in plan.action_changes}

    for found in org.readings:
        for one in found.steps:
            now = limit_ms(org.actions[one.action_id])
            before = wait_ms(one.setting, now, org.default_ms)
            after = wait_ms(one.setting, raised.get(one.action_id, now), org.default_ms)
            assert (after or 0) >= (before or 0)
