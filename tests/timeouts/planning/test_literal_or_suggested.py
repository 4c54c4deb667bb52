"""A minute in a file of Archy may be a literal or the suggested timeout: no decision rests on which of them it is."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import action, archy_step, inventory, listed, reading
from timeouts.model.effective import effective_timeout, longest_wait, with_limit
from timeouts.model.org import DataAction
from timeouts.model.settings import LiteralOrSuggested, LiteralTimeout, Suggested, TimeoutSetting
from timeouts.model.steps import Step
from timeouts.model.wording import in_words, own_timeout, own_timeout_ms
from timeouts.planning.basis import lowered_by
from timeouts.planning.changes import Change
from timeouts.planning.computing import compute_plan
from timeouts.planning.explaining.explain import explain
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

MINUTE = LiteralOrSuggested(timeout_ms=60_000)
BOTH_LEVERS = ["step", "action"]


def planned(
    setting: TimeoutSetting,
    limit_ms: int | None = None,
    *,
    is_listed: bool = True,
    elsewhere: bool = False,
    **rule: Any,
) -> Plan:
    asked = {key: rule.pop(key) for key in ("suggested_default", "allow_lowering", "levers") if key in rule}
    policy = Policy.model_validate({"rules": [{"name": "rule", **rule}], "ceiling": "60s"} | asked)
    actions = [action(limit_ms=limit_ms, version=4)] if is_listed else []
    return compute_plan(
        inventory([listed()], [reading(archy_step(1, setting))], actions, limits_elsewhere=elsewhere), policy
    )


def change_of(plan: Plan) -> Change:
    (change,) = plan.changes
    return change


def test_it_is_shown_as_what_it_is() -> None:
    assert (in_words(MINUTE), own_timeout(MINUTE), own_timeout_ms(MINUTE)) == (*["1m or suggested"] * 2, 60_000)


@pytest.mark.parametrize(
    ("limit_ms", "default_ms", "wait_ms"),
    [(None, 60_000, 60_000), (None, 10_000, 10_000), (None, 90_000, 60_000), (5_000, 10_000, 5_000)],
)
def test_its_wait_is_the_shorter_of_both_readings(limit_ms: int | None, default_ms: int, wait_ms: int) -> None:
    found = effective_timeout(archy_step(1, MINUTE), action(limit_ms=limit_ms), suggested_default_ms=default_ms)
    assert found == wait_ms


def test_its_wait_is_not_known_where_the_limit_of_its_action_is_not() -> None:
    step = archy_step(1, MINUTE)
    assert effective_timeout(step, None, suggested_default_ms=60_000) is None
    assert longest_wait(step, None, suggested_default_ms=60_000) is None


@pytest.mark.parametrize("setting", [["suggested"], ["literal"], ["suggested", "literal"]])
def test_a_rule_for_either_reading_is_for_it(setting: list[str]) -> None:
    assert planned(MINUTE, match={"setting": setting}, leave=True).counts.not_matched == 0


def test_where_its_action_ends_it_sooner_the_limit_is_raised_and_the_file_stays() -> None:
    plan = planned(MINUTE, 3_000, at_least="10s", levers=BOTH_LEVERS)

    assert (plan.changes, [change.after_ms for change in plan.action_changes]) == ((), [10_000])


def test_where_nothing_ends_it_sooner_it_is_fine() -> None:
    assert planned(MINUTE, at_least="10s").counts.fine == 1
    assert planned(MINUTE, 10_000, at_least="10s").counts.fine == 1


def test_where_the_default_is_configured_to_be_shorter_it_is_left_with_the_reason() -> None:
    (left,) = planned(MINUTE, at_least="10s", suggested_default="5s", levers=BOTH_LEVERS).left_alone

    assert left.why == "suggested_default"
    assert "1m or suggested" in left.reason


def test_it_is_nobodys_choice_so_a_pin_may_set_a_shorter_one() -> None:
    assert change_of(planned(MINUTE, exactly="10s")).after_ms == 10_000


def test_a_pin_to_what_it_says_already_has_nothing_to_write() -> None:
    assert planned(MINUTE, exactly="60s").counts.fine == 1
    assert planned(MINUTE, 5_000, exactly="60s").changes == ()


def test_a_step_that_is_set_to_a_minute_is_shown_as_what_the_file_can_say() -> None:
    change = change_of(planned(LiteralTimeout(timeout_ms=3_000), at_least="60s"))

    assert (change.after, change.after_ms, change.edit.kind) == (MINUTE, 60_000, "set")


def test_a_plan_says_where_a_suggested_step_becomes_a_literal() -> None:
    change = change_of(planned(Suggested(), at_least="10s", suggested_default="5s"))

    assert "the file names no timeout, so the suggested one applies: this makes it a literal" in change.reason
    assert "makes it a literal" not in change_of(planned(LiteralTimeout(timeout_ms=3_000), at_least="10s")).reason


@pytest.mark.parametrize(
    ("setting", "rule", "after_ms"),
    [
        (LiteralTimeout(timeout_ms=3_000), {"at_least": "10s"}, 10_000),
        (LiteralTimeout(timeout_ms=3_000), {"exactly": "10s"}, 10_000),
        (Suggested(), {"at_least": "10s"}, None),
        (MINUTE, {"at_least": "10s"}, None),
        (LiteralTimeout(timeout_ms=20_000), {"exactly": "10s", "allow_lowering": True}, None),
    ],
)
def test_of_an_action_that_may_be_elsewhere_only_a_short_literal_is_raised(
    setting: TimeoutSetting, rule: dict[str, Any], after_ms: int | None
) -> None:
    plan = planned(setting, is_listed=False, elsewhere=True, **rule)

    if after_ms is None:
        assert [left.why for left in plan.left_alone] == ["unknown_action"]
        return
    change = change_of(plan)
    assert (change.after_ms, change.before_effective_ms, change.after_effective_ms) == (after_ms, None, None)


def test_an_action_that_an_org_does_not_list_is_left_as_before() -> None:
    plan = planned(LiteralTimeout(timeout_ms=3_000), is_listed=False, at_least="10s")

    assert [left.why for left in plan.left_alone] == ["unknown_action"]


@pytest.mark.parametrize(("limit_ms", "source"), [(None, "platform default"), (3_000, "action limit")])
def test_where_its_wait_comes_from_is_told(limit_ms: int | None, source: str) -> None:
    org = inventory([listed()], [reading(archy_step(1, MINUTE))], [action(limit_ms=limit_ms)])

    explained = explain(org, next(iter(org.steps)), None)
    assert (explained.source, explained.ended_by_action) == (source, False)


class _Read:
    """A definition of one step, as far as `lowered_by` looks."""

    def __init__(self, step: Step) -> None:
        self.steps = (step,)


def test_an_edit_of_it_lowers_nobodys_choice() -> None:
    edit = change_of(planned(MINUTE, exactly="10s")).edit
    definition: Any = _Read(archy_step(1, MINUTE))
    assert lowered_by(definition, {"node-1": edit}) == ""


settings = st.one_of(
    st.just(MINUTE), st.just(Suggested()), st.builds(LiteralTimeout, timeout_ms=st.integers(1, 90_000))
)
steps = st.lists(st.tuples(settings, st.sampled_from(["a", "b", "gone"])), min_size=1, max_size=5)
actions = st.lists(
    st.builds(
        action,
        st.sampled_from(["a", "b"]),
        st.none() | st.integers(1, 90).map(lambda seconds: seconds * 1_000),
        version=st.just(4),
    ),
    max_size=2,
    unique_by=lambda one: one.id,
)
raises = st.builds(
    lambda seconds, levers, default: Policy.model_validate(
        {
            "rules": [{"name": "r", "at_least": f"{seconds}s"}],
            "ceiling": "60s",
            "levers": levers,
            "suggested_default": default,
        }
    ),
    st.integers(1, 60),
    st.sampled_from([["step"], ["action"], BOTH_LEVERS]),
    st.sampled_from(["5s", "20s", "1m", "90s"]),
)


def readings_of(setting: TimeoutSetting) -> tuple[TimeoutSetting, ...]:
    """What the platform may make of a setting."""
    if isinstance(setting, LiteralOrSuggested):
        return LiteralTimeout(timeout_ms=setting.timeout_ms), Suggested()
    return (setting,)


@given(steps, actions, raises, st.booleans())
def test_whatever_the_platform_makes_of_it_a_raise_makes_nobody_wait_less(
    found: list[tuple[TimeoutSetting, str]], known: list[DataAction], policy: Policy, elsewhere: bool
) -> None:
    read = [archy_step(number, setting, called) for number, (setting, called) in enumerate(found, 1)]
    org = inventory([listed()], [reading(*read)], known, limits_elsewhere=elsewhere)
    plan = compute_plan(org, policy)
    after = {change.step_id: change.after_ms for change in plan.changes}
    limits_ms = {change.action_id: change.after_ms for change in plan.action_changes}

    for step in read:
        listed_action = org.action(step.action_id)
        raised = listed_action
        if listed_action is not None and listed_action.id in limits_ms:
            raised = with_limit(listed_action, limits_ms[listed_action.id])
        for before in readings_of(step.setting):
            set_ms = after.get(step.id)
            # What a run writes is taken as it stands: an import of a duration that is not the exported one sets it.
            now = before if set_ms is None else LiteralTimeout(timeout_ms=set_ms)
            waited = [
                effective_timeout(replace(step, setting=setting), called, suggested_default_ms=policy.suggested_default)
                for setting, called in ((before, listed_action), (now, raised))
            ]
            assert waited[0] is None or waited[1] is None or waited[0] <= waited[1]


@given(steps, actions, raises, st.booleans())
def test_a_raise_of_files_finds_nothing_to_do_once_it_is_done(
    found: list[tuple[TimeoutSetting, str]], known: list[DataAction], policy: Policy, elsewhere: bool
) -> None:
    read = [archy_step(number, setting, called) for number, (setting, called) in enumerate(found, 1)]
    plan = compute_plan(inventory([listed()], [reading(*read)], known, limits_elsewhere=elsewhere), policy)
    after = {change.step_id: change.after for change in plan.changes}
    limits_ms = {change.action_id: change.after_ms for change in plan.action_changes}
    written = [
        archy_step(number, after.get(step.id, step.setting), step.action_id) for number, step in enumerate(read, 1)
    ]
    raised = [with_limit(each, limits_ms.get(each.id, each.limit_ms)) for each in known]
    again = compute_plan(inventory([listed()], [reading(*written)], raised, limits_elsewhere=elsewhere), policy)

    assert (again.changes, again.action_changes) == ((), ())
