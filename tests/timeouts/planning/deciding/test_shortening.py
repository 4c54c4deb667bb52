"""A plan never shortens what a copy waits: who would take in a module that waits less is not published."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.planning.test_modules import LONG, SHORT, module, one_caller, pinned, plan_of, snapshot
from tests.timeouts.planning.test_plan_laws import policies, settings_of_steps
from timeouts.inventory import Inventory
from timeouts.model.effective import effective_timeout, longest_wait, with_limit
from timeouts.model.org import Holder
from timeouts.model.settings import Expression, LiteralOrSuggested, LiteralTimeout, Suggested, TimeoutSetting
from timeouts.planning.computing import compute_plan
from timeouts.planning.copies import NOT_ASKED
from timeouts.planning.later.since_the_plan import stale_since
from timeouts.policy.policy import Policy

LONGER = LiteralTimeout(timeout_ms=20_000)
SHORTENS = (
    "a republish would shorten the copy of Call CRM 1 of Module 1 in it from 20s to 12s, which needs allow_lowering"
)


def changing_caller(in_module: TimeoutSetting, in_caller: TimeoutSetting) -> Inventory:
    """A caller with a step of its own that is short, and a module that says something else than its copy."""
    own = reading(step(9, SHORT), of="caller", snapshots=(snapshot(step(1, in_caller), version="3.0"),))
    of_module = reading(step(1, in_module), of="module-1")
    return inventory([listed("caller", "Caller"), module()], [own, of_module], [action(limit_ms=30_000, version=1)])


@pytest.mark.parametrize(("in_module", "after_ms"), [(LiteralTimeout(timeout_ms=12_000), 12_000), (SHORT, 10_000)])
def test_a_caller_is_not_republished_to_shorten_what_its_copy_waits(in_module: LiteralTimeout, after_ms: int) -> None:
    """The first is long enough already; the second is raised, and by less than the copy has."""
    plan = plan_of(one_caller(in_module, LONGER, limit_ms=30_000), republish_callers=True)

    assert "caller" not in pinned(plan)
    (copy,) = plan.copies
    assert (copy.before_effective_ms, copy.after_effective_ms) == (20_000, after_ms)
    assert copy.stays == SHORTENS.replace("12s", f"{after_ms // 1_000}s")


def test_what_a_republish_would_shorten_is_not_promised_to_who_would_ask_for_it() -> None:
    (copy,) = plan_of(one_caller(LiteralTimeout(timeout_ms=12_000), LONGER, limit_ms=30_000)).copies

    assert copy.stays == SHORTENS != NOT_ASKED


def test_who_allows_lowering_has_it_republished() -> None:
    org = one_caller(LiteralTimeout(timeout_ms=12_000), LONGER, limit_ms=30_000)

    assert pinned(plan_of(org, republish_callers=True, allow_lowering=True)) == ["caller"]


def test_a_default_that_nobody_chose_becomes_what_exactly_asks_for_in_copies_as_in_steps() -> None:
    org = one_caller(Suggested(), Suggested(), limit_ms=None)

    exactly = [{"name": "r", "exactly": "10s"}]
    done = one_caller(LONG, Suggested(), limit_ms=None)

    assert pinned(plan_of(org, rules=exactly, republish_callers=True)) == ["module-1", "caller"]
    republished = plan_of(done, rules=exactly, republish_callers=True)
    assert pinned(republished) == ["caller"]
    assert stale_since(republished, done, "caller") == ""
    assert pinned(plan_of(done, republish_callers=True)) == []


def test_a_copy_that_no_rule_is_about_is_not_shortened_for_the_sake_of_another_one() -> None:
    org = inventory(
        [listed("caller", "Caller"), module()],
        [
            reading(of="caller", snapshots=(snapshot(step(1, LONGER), step(2, SHORT)),)),
            reading(step(1, LiteralTimeout(timeout_ms=12_000)), step(2, SHORT), of="module-1"),
        ],
        [action(limit_ms=30_000, version=1)],
    )
    asked = {"rules": [{"name": "r", "match": {"step": "Call CRM 2"}, "at_least": "10s"}]}

    plan = plan_of(org, **asked, republish_callers=True)

    assert pinned(plan) == ["module-1"]
    assert [(copy.step_id, copy.stays) for copy in plan.copies] == [("node-2", SHORTENS)]


def test_an_architect_flow_that_would_take_in_a_shorter_module_with_its_own_change_is_left() -> None:
    org = changing_caller(LiteralTimeout(timeout_ms=12_000), LONGER)

    plan = plan_of(org)

    assert plan.changes_nothing
    (left,) = plan.left_alone
    assert (left.architect_flow_id, left.why, left.reason) == ("caller", "shortens", SHORTENS)
    assert [copy.stays for copy in plan.copies] == [SHORTENS]
    assert pinned(plan_of(org, allow_lowering=True)) == ["caller"]


def test_an_architect_flow_changes_whose_module_is_raised_to_what_its_copy_waits() -> None:
    """The module alone says less, and once the plan is done it does not."""
    org = changing_caller(SHORT, LONG)

    assert pinned(plan_of(org)) == ["module-1", "caller"]


def test_where_the_module_is_left_as_it_is_its_caller_is_left_too() -> None:
    asked = {"rules": [{"name": "r", "match": {"architect_flow": "Caller"}, "at_least": "10s"}]}

    assert plan_of(changing_caller(SHORT, LONG), **asked).changes_nothing


@pytest.mark.parametrize(
    ("in_module", "in_caller"), [(Expression(text="Flow.x"), LONGER), (LONG, Expression(text="Flow.x"))]
)
def test_what_is_not_known_to_wait_as_long_is_not_taken_in(
    in_module: TimeoutSetting, in_caller: TimeoutSetting
) -> None:
    (left,) = [each for each in plan_of(changing_caller(in_module, in_caller)).left_alone if each.why == "shortens"]

    assert "might shorten the copy of Call CRM 1 of Module 1 in it" in left.reason


@pytest.mark.parametrize("same", [Expression(text="Flow.x"), Suggested(stored_ms=60_000)])
def test_a_copy_that_says_what_its_module_says_is_shortened_by_nothing(same: TimeoutSetting) -> None:
    assert pinned(plan_of(changing_caller(same, same))) == ["caller"]


def test_a_longer_literal_shortens_nothing_whatever_the_limit_of_its_action_is() -> None:
    odd = action(unknown_limit="it is no number", version=1)
    own = reading(step(9, SHORT, "b"), of="caller", snapshots=(snapshot(step(1, SHORT)),))
    org = inventory(
        [listed("caller", "Caller"), module()],
        [own, reading(step(1, LONG), of="module-1")],
        [odd, action("b", 30_000, version=1)],
    )

    assert pinned(plan_of(org)) == ["caller"]


@pytest.mark.parametrize("version", ["4.0", None])
def test_a_module_that_could_not_be_read_may_say_less_than_a_copy_unless_it_is_of_its_version(
    version: str | None,
) -> None:
    org = changing_caller(LONG, LONG)
    hidden = reading(of="module-1", coverage="not_read", reason="odd")
    of_version = module().model_copy(update={"published_version": version})
    unread = inventory([org.architect_flows[0], of_version], [org.readings[0], hidden], org.actions)

    (left,) = plan_of(unread).left_alone

    assert left.reason == (
        "a republish would take in Module 1 as it is now, which could not be read: it might shorten the copies in it, "
        "which needs allow_lowering"
    )


def test_a_limit_is_raised_where_a_caller_cannot_be_republished() -> None:
    """Both are on the default of 5s, so either lever would do; only a limit reaches the caller."""
    own = snapshot(step(1, Suggested(), "a"), step(2, LONGER, "b"))
    org = inventory(
        [listed("caller", "Caller"), module()],
        [
            reading(of="caller", snapshots=(own,)),
            reading(step(1, Suggested(), "a"), step(2, SHORT, "b"), of="module-1"),
        ],
        [action("a", version=1), action("b", limit_ms=30_000, version=1)],
    )
    asked = {"levers": ["step", "action"], "suggested_default": "5s", "republish_callers": True}

    assert [change.action_id for change in plan_of(org, **asked).action_changes] == ["a"]


def test_what_is_left_for_its_copies_holds_no_limit_that_others_need() -> None:
    """Its own step would be short of the rule in the next run, too, and is left then as it is now."""
    own = snapshot(step(1, Suggested(), "a"), step(2, Suggested(), "a"))
    of_module = reading(step(1, Suggested(), "a"), step(2, SHORT, "a"), of="module-1")
    held = listed("module-1", "Module 1", locked_by=Holder(kind="person", id="u", name="Ada"))
    caller = reading(step(9, SHORT, "a"), of="caller", snapshots=(own,))
    org = inventory([listed("caller", "Caller"), held], [caller, of_module], [action("a", version=1)])

    plan = plan_of(org, levers=["step", "action"], suggested_default="5s")

    assert [change.after_ms for change in plan.action_changes] == [10_000]
    assert [(each.architect_flow_id, each.why) for each in plan.left_alone] == [
        ("caller", "shortens"),
        ("module-1", "held"),
    ]


def test_a_caller_is_not_left_for_a_change_of_its_module_that_is_not_made() -> None:
    """The two rules would change the module's step in turn, so that it stays, and as long as the copy waits."""
    rules = [
        {"name": "literals", "match": {"architect_flow": "Module 1", "setting": ["literal"]}, "at_least": "20s"},
        {"name": "all", "exactly": "9s"},
    ]
    own = reading(step(9, SHORT, "b"), of="caller", snapshots=(snapshot(step(1, LONGER)),))
    org = inventory(
        [listed("caller", "Caller"), module()],
        [own, reading(step(1, Suggested()), of="module-1")],
        [action(version=1), action("b", 30_000, version=1)],
    )

    plan = plan_of(org, rules=rules)

    assert [(each.architect_flow_id, each.why) for each in plan.left_alone] == [("module-1", "rules_disagree")]
    assert pinned(plan) == ["caller"]


def test_a_module_that_did_not_go_live_after_all_is_not_taken_in_where_it_says_less() -> None:
    org = changing_caller(SHORT, LiteralTimeout(timeout_ms=5_000))
    plan = compute_plan(org, Policy.raise_to(10_000))
    assert pinned(plan) == ["module-1", "caller"]

    assert stale_since(plan, org, "caller", done={"module-1"}) == ""
    assert stale_since(plan, org, "caller") == (
        "stale: a republish would shorten the copy of Call CRM 1 of Module 1 in it from 5s to 3s, which needs "
        "allow_lowering"
    )


def test_a_module_is_asked_with_the_limits_that_the_plan_has_raised_by_then() -> None:
    """Both are on the default of 5s but for the copy, which says 8s; the plan sets a first limit of 10s."""
    copies = snapshot(step(1, LiteralTimeout(timeout_ms=8_000), "a"), version="3.0")
    caller = reading(step(9, SHORT), of="caller", snapshots=(copies,))
    found = [action("a", version=1), action(limit_ms=30_000, version=1)]
    of_module = reading(step(1, Suggested(), "a"), of="module-1")
    listing = [listed("caller", "Caller"), module()]
    org = inventory(listing, [caller, of_module], found, suggested_default_ms=5_000)
    plan = plan_of(org, levers=["step", "action"], suggested_default="5s")
    assert [each.after_ms for each in plan.action_changes] == [10_000]
    assert pinned(plan) == ["caller"]

    assert stale_since(plan, org, "caller", done={"a"}) == ""
    assert "from 8s to 5s" in stale_since(plan, org, "caller")


settings_of_an_org = settings_of_steps.filter(lambda each: not isinstance(each, LiteralOrSuggested))
pairs = st.lists(st.tuples(settings_of_an_org, settings_of_an_org), min_size=1, max_size=3)


@given(pairs, settings_of_an_org, policies, st.booleans(), st.none() | st.integers(1_000, 60_000))
def test_whatever_is_published_no_copy_waits_less_unless_that_is_allowed(
    says: list[tuple[TimeoutSetting, TimeoutSetting]],
    own: TimeoutSetting,
    policy: Policy,
    republish: bool,
    limit_ms: int | None,
) -> None:
    policy = policy.model_copy(update={"republish_callers": republish})
    copies = [step(n, here) for n, (_, here) in enumerate(says, 1)]
    found = action(limit_ms=limit_ms, version=1)
    org = inventory(
        [listed("caller", "Caller"), module()],
        [
            reading(step(9, own), of="caller", snapshots=(snapshot(*copies, version="3.0"),)),
            reading(*(step(n, there) for n, (there, _) in enumerate(says, 1)), of="module-1"),
        ],
        [found],
    )
    plan = compute_plan(org, policy)
    if policy.allow_lowering or "caller" not in pinned(plan):
        return
    worth_ms = policy.suggested_default
    raised = with_limit(found, plan.action_changes[0].after_ms) if plan.action_changes else found
    set_to = {each.step_id: each.after for each in plan.changes if each.architect_flow_id == "module-1"}
    is_pinned = limit_ms is None and any(each.exactly is not None for each in policy.rules)
    for copy, each in zip(copies, org.reading("module-1").steps, strict=True):
        after = replace(each, setting=set_to.get(each.id, each.setting))
        before_ms = longest_wait(copy, raised, suggested_default_ms=worth_ms)
        after_ms = effective_timeout(after, raised, suggested_default_ms=worth_ms)
        is_default = is_pinned and isinstance(copy.setting, Suggested)
        assert is_default or copy.setting == after.setting or (before_ms or 90_000) <= (after_ms or 0)
