"""The laws of plans, over orgs and policies of every shape."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import action, archy_step, inventory, listed, reading, step
from timeouts.inventory import Inventory
from timeouts.model.effective import limit_of, with_limit
from timeouts.model.evidence import ActionEvidence, Evidence, Slower
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.settings import Expression, LiteralOrSuggested, LiteralTimeout, Suggested, Unreadable
from timeouts.model.steps import Reading, Step
from timeouts.planning.changes import Change
from timeouts.planning.computing import compute_plan
from timeouts.planning.later.since_the_plan import stale_since
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

settings_of_steps = st.one_of(
    st.builds(LiteralTimeout, timeout_ms=st.integers(1, 90_000)),
    st.builds(Suggested, stored_ms=st.none() | st.integers(0, 60_000)),
    st.just(LiteralOrSuggested(timeout_ms=60_000)),
    st.just(Expression(text="Flow.wait")),
    st.just(Unreadable(reason="odd")),
)
actions = st.lists(
    st.builds(
        action,
        st.sampled_from(["a", "b", "c"]),
        st.none() | st.integers(1_000, 60_000),
        kind=st.sampled_from(["custom", "static", "function", "custom_auth"]),
        function_ms=st.none() | st.integers(1, 15).map(lambda seconds: seconds * 1_000),
        version=st.none() | st.just(4),
    ),
    max_size=3,
    unique_by=lambda one: one.id,
)
rules = st.sampled_from(
    [
        [{"name": "r", "at_least": "10s"}],
        [{"name": "r", "exactly": "10s"}],
        [{"name": "s", "match": {"setting": ["suggested"]}, "exactly": "8s"}, {"name": "r", "at_least": "10s"}],
        [
            {"name": "l", "match": {"step": "*1"}, "leave": True},
            {"name": "r", "match": {"type": "bot"}, "at_least": "5s"},
        ],
        [{"name": "r", "match": {"effective_below": "8s"}, "at_least": "9500ms"}],
        [
            {"name": "short", "match": {"effective_below": "10s"}, "at_least": "10s"},
            {"name": "then", "match": {"type": "bot"}, "at_least": "20s"},
            {"name": "pin", "match": {"step": "*2"}, "exactly": "5s"},
        ],
        [{"name": "r", "at_least": "evidence", "evidence": {"calls": 10, "floor": "2s"}}],
    ]
)
policies = st.builds(
    lambda rules, lower, levers, default: Policy.model_validate(
        {"rules": rules, "allow_lowering": lower, "levers": levers, "suggested_default": default}
    ),
    rules,
    st.booleans(),
    st.sampled_from([["step"], ["action"], ["step", "action"]]),
    st.sampled_from(["5s", "1m"]),
)
EVIDENCE = Evidence(
    asked_days=14,
    covered_days=14,
    actions=(
        ActionEvidence(action_id="a", calls=1_000, mean_ms=900, max_ms=9_000, p95_ms=4_500, busiest_hour_calls=90),
        ActionEvidence(action_id="b", calls=1_000, mean_ms=900, max_ms=9_000, slower=(Slower(from_ms=8_000, calls=3),)),
        ActionEvidence(action_id="c", calls=5, mean_ms=900, max_ms=9_000),
    ),
)


@st.composite
def orgs(draw: st.DrawFn) -> tuple[list[ArchitectFlow], list[Reading], list[DataAction]]:
    types = draw(st.lists(st.sampled_from(["BOT", "WORKFLOW"]), max_size=4))
    architect_flows = [listed(f"af-{number}", type=of_type) for number, of_type in enumerate(types)]
    readings = []
    for one in architect_flows:
        found = draw(st.lists(st.tuples(settings_of_steps, st.sampled_from(["a", "b", "c", ""])), max_size=4))
        made = archy_step if draw(st.booleans()) else step
        steps = [
            (archy_step if isinstance(setting, LiteralOrSuggested) else made)(n, setting, called)
            for n, (setting, called) in enumerate(found, 1)
        ]
        readings.append(reading(*steps, of=one.id))
    return architect_flows, readings, draw(actions)


Org = tuple[list[ArchitectFlow], list[Reading], list[DataAction]]


@given(orgs(), policies, st.randoms(use_true_random=False))
def test_the_order_of_input_never_changes_a_plan(org: Org, policy: Policy, chance: random.Random) -> None:
    architect_flows, readings, known = org
    one = compute_plan(inventory(architect_flows, readings, known, evidence=EVIDENCE), policy)
    for part in (architect_flows, readings, known):
        chance.shuffle(part)
    other = compute_plan(inventory(architect_flows, readings, known, evidence=EVIDENCE), policy)

    assert (one, one.checksum) == (other, other.checksum)


@given(orgs(), policies)
def test_every_step_is_changed_or_left_alone_or_fine_or_not_matched(org: Org, policy: Policy) -> None:
    plan = compute_plan(inventory(*org, evidence=EVIDENCE), policy)
    counts = plan.counts

    assert counts.steps == sum(len(one.steps) for one in org[1])
    others = counts.left_alone + counts.fine + counts.not_matched
    assert counts.steps == counts.changed + counts.by_action + others
    assert (counts.changed, counts.left_alone) == (len(plan.changes), len(plan.left_alone))


@given(orgs(), policies)
def test_a_plan_reads_back_from_its_own_json(org: Org, policy: Policy) -> None:
    plan = compute_plan(inventory(*org, evidence=EVIDENCE), policy)
    stored = Plan.model_validate_json(plan.model_dump_json())

    assert (stored, stored.checksum) == (plan, plan.checksum)


@given(orgs(), policies)
def test_no_change_lowers_a_chosen_wait_unless_that_is_allowed(org: Org, policy: Policy) -> None:
    for change in compute_plan(inventory(*org, evidence=EVIDENCE), policy).changes:
        if isinstance(change.before, LiteralTimeout) and not policy.allow_lowering:
            assert change.after_ms is not None
            assert change.before.timeout_ms < change.after_ms


@given(orgs(), policies)
def test_every_change_takes_effect(org: Org, policy: Policy) -> None:
    assert all(
        change.after_effective_ms == change.after_ms
        for change in compute_plan(inventory(*org, evidence=EVIDENCE), policy).changes
    )


def as_applied(one: Reading, plan: Plan) -> Reading:
    after = {
        change.step_id: change.after for change in plan.changes if change.architect_flow_id == one.architect_flow_id
    }
    steps = [replace(found, setting=after.get(found.id, found.setting)) for found in one.steps]
    return one.model_copy(update={"steps": tuple(steps)})


def once_applied(org: Org, plan: Plan) -> Inventory:
    """The org with all that a plan changes done."""
    architect_flows, readings, known = org
    applied = [as_applied(one, plan) for one in readings]
    limits_ms = {change.action_id: change.after_ms for change in plan.action_changes}
    raised = [with_limit(one, limits_ms[one.id]) if one.id in limits_ms else one for one in known]
    return inventory(architect_flows, applied, raised, evidence=EVIDENCE)


@given(orgs(), policies)
def test_once_a_plan_is_applied_there_is_nothing_to_do(org: Org, policy: Policy) -> None:
    plan = compute_plan(inventory(*org, evidence=EVIDENCE), policy)
    again = compute_plan(once_applied(org, plan), policy)

    assert (again.changes, again.action_changes) == ((), ())


@given(orgs(), policies)
def test_nothing_of_a_plan_is_stale_in_the_org_that_it_was_made_of_nor_where_it_is_done(
    org: Org, policy: Policy
) -> None:
    before = inventory(*org, evidence=EVIDENCE, suggested_default_ms=policy.suggested_default)
    plan = compute_plan(before, policy)
    after = replace(once_applied(org, plan), suggested_default_ms=policy.suggested_default)

    assert [why for now in (before, after) for one in org[0] if (why := stale_since(plan, now, one.id))] == []


@given(orgs(), policies, actions)
def test_whatever_became_of_the_limits_what_is_not_stale_waits_as_planned_and_nobody_less(
    org: Org, policy: Policy, limits: list[DataAction]
) -> None:
    worth_ms = policy.suggested_default
    plan = compute_plan(inventory(*org, evidence=EVIDENCE), policy)
    of_plan = {change.action_id for change in plan.action_changes}
    before = inventory(org[0], org[1], limits, suggested_default_ms=worth_ms)
    applied = [as_applied(one, plan) for one in org[1]]
    after = inventory(org[0], applied, limits, suggested_default_ms=worth_ms)

    for change in plan.changes:
        if change.action_id in of_plan or stale_since(plan, before, change.architect_flow_id):
            continue
        was, step = change_in(before, change), change_in(after, change)
        assert after.effective_ms(step) == change.after_effective_ms
        moved = limit_of(before.action(change.action_id)) != change.action_limit_ms
        lowered = (before.effective_ms(was) or 0) > (change.after_effective_ms or 0)
        assert policy.allow_lowering or not (moved and lowered)


def change_in(org: Inventory, change: Change) -> Step:
    """The step that a change is of."""
    return next(each for each in org.reading(change.architect_flow_id).steps if each.id == change.step_id)


@given(orgs(), policies)
def test_a_limit_only_grows_and_is_whole_seconds_within_the_ceiling(org: Org, policy: Policy) -> None:
    for change in compute_plan(inventory(*org, evidence=EVIDENCE), policy).action_changes:
        assert "action" in policy.levers
        assert change.after_ms is not None
        assert change.after_ms > (change.before_ms or 0)
        assert change.after_ms % 1_000 == 0
        assert change.after_ms <= min(policy.ceiling, 15_000 if change.kind == "function" else 60_000)


@given(orgs(), policies)
def test_nobody_who_feels_a_changed_limit_waits_less_unless_lowering_is_allowed(org: Org, policy: Policy) -> None:
    plan = compute_plan(inventory(*org, evidence=EVIDENCE), policy)
    for felt in (each for change in plan.action_changes for each in change.affected_steps):
        assert policy.allow_lowering or (felt.after_effective_ms or 90_000) >= (felt.before_effective_ms or 0)
