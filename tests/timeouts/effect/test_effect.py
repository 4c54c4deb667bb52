"""The effect of a run on each action that it touched: the figures, the verdict, and what has to be known of it."""

from reports.frames.compared.effect import effect_sentence
from tests.timeouts.conftest import ORG
from tests.timeouts.org_of_actions import plan
from timeouts.effect.changes import RunChanges, TouchedAction, touched_actions
from timeouts.effect.effect import Figures, RunEffect, effect_of, limits_of
from timeouts.effect.stretches import NoStretches, Stretch, Stretches
from timeouts.model.evidence import ActionEvidence, Failures, Slower

BEFORE, AFTER = Stretch(from_ms=0, until_ms=3_600_000), Stretch(from_ms=7_200_000, until_ms=10_800_000)
WEEK = Stretches(before=BEFORE, after=AFTER)
NOT_KNOWN = "whether all of it went live is not known"


def touched(action_id: str, *, is_limit_changed: bool = True) -> TouchedAction:
    after_ms = 10_000 if is_limit_changed else 5_000
    return TouchedAction(
        action_id=action_id,
        name=action_id.upper(),
        limit_before_ms=5_000,
        limit_after_ms=after_ms,
        is_limit_changed=is_limit_changed,
        steps=0 if is_limit_changed else 2,
    )


def figures(action_id: str, calls: int, lost: int, limit_ms: int) -> ActionEvidence:
    return ActionEvidence(
        action_id=action_id,
        calls=calls,
        failures=(Failures(error_type="TIMEOUT", response_status="408", calls=lost),) if lost else (),
        mean_ms=1_000,
        max_ms=limit_ms,
        p95_ms=4_000,
        slower=(Slower(from_ms=limit_ms, calls=lost),),
    )


def effect(
    *actions: TouchedAction,
    before: dict[str, tuple[int, int]],
    after: dict[str, tuple[int, int]],
    compared: Stretches | NoStretches = WEEK,
    problem: str = "",
) -> RunEffect:
    changes = RunChanges(
        organization=ORG, run_id="run-1", run_name="bold-owl", began_ms=3_600_000, ended_ms=3_600_001, actions=actions
    )
    found = {
        BEFORE: [figures(each, *of, 5_000) for each, of in before.items()],
        AFTER: [figures(each, *of, 10_000) for each, of in after.items()],
    }
    return effect_of(changes, {each.action_id: compared for each in actions}, {} if problem else found, problem)


def test_what_got_worse_comes_first_and_what_nobody_can_say_last() -> None:
    names = ("crm", "pay", "book", "rare", "idle")
    before = {"crm": (20_000, 1_200), "pay": (20_000, 200), "book": (20_000, 1_000), "rare": (40, 2)}
    after = {"crm": (20_000, 100), "pay": (20_000, 1_500), "book": (20_000, 1_000), "rare": (40, 0)}

    found = effect(*map(touched, names), before=before, after=after)

    assert [(each.action.action_id, each.verdict) for each in found.actions] == [
        ("pay", "more lost"),
        ("crm", "fewer lost"),
        ("book", "no change"),
        ("rare", "too few calls to say"),
        ("idle", "too few calls to say"),
    ]
    assert [each.why for each in found.actions[3:]] == [
        "40 calls before and 40 after, 100 are needed on either side",
        "0 calls before and 0 after, 100 are needed on either side",
    ]


def test_the_figures_of_each_side_are_under_the_limit_that_held_there() -> None:
    found = effect(touched("crm"), before={"crm": (20_000, 1_200)}, after={"crm": (20_000, 100)}).actions[0]

    assert found.before == Figures(calls=20_000, lost=1_200, at_limit=1_200, p95="over 5s", longest_ms=5_000)
    assert found.after == Figures(calls=20_000, lost=100, at_limit=100, p95="4s", longest_ms=10_000)


def test_an_action_that_was_not_called_has_figures_of_nothing() -> None:
    found = effect(touched("crm"), before={}, after={}).actions[0]

    assert found.before == found.after == Figures(calls=0, lost=0, at_limit=0)


def test_where_nothing_can_be_compared_there_are_no_figures_but_the_reason() -> None:
    met = effect(touched("crm"), before={}, after={}, compared=NoStretches(why="the run x changed it too")).actions[0]
    early = effect(touched("crm"), before={}, after={}, compared=NoStretches(why="too early", is_early=True)).actions[0]

    assert (met.verdict, met.why, met.before) == ("no verdict", "the run x changed it too", None)
    assert (early.verdict, early.why) == ("too few calls to say", "too early")


def test_without_figures_nothing_is_judged() -> None:
    found = effect(touched("crm"), before={}, after={}, problem="403: integrations:action:view")

    assert found.problem == "403: integrations:action:view"
    assert [(each.verdict, each.why) for each in found.actions] == [("no verdict", "its figures could not be read")]


def test_a_shortened_comparison_says_so() -> None:
    cut = Stretches(before=BEFORE, after=AFTER, note="shortened, for the run x changed it too")
    found = effect(touched("crm"), before={"crm": (9_000, 600)}, after={"crm": (9_000, 60)}, compared=cut).actions[0]

    assert (found.verdict, found.why) == ("fewer lost", "shortened, for the run x changed it too")


def test_no_change_is_never_said_of_steps_whose_own_waits_the_figures_do_not_show() -> None:
    alike = {"crm": (20_000, 1_000)}
    steps = touched("crm", is_limit_changed=False)

    same = effect(steps, before=alike, after=alike).actions[0]
    worse = effect(steps, before=alike, after={"crm": (20_000, 3_000)}).actions[0]

    assert (same.verdict, "do not show that a step gave up" in same.why) == ("no verdict", True)
    assert worse.verdict == "more lost"


def test_a_run_touches_the_actions_it_changed_and_those_that_its_published_steps_call() -> None:
    planned = plan()
    limits = {each.action_id: each for each in planned.action_changes}
    everything = {*limits, *(pin.architect_flow_id for pin in planned.pins)}

    found = {each.action_id: each for each in touched_actions(planned, everything)}

    assert limits
    for action_id, limit in limits.items():
        assert (found[action_id].limit_before_ms, found[action_id].limit_after_ms) == (limit.before_ms, limit.after_ms)
        assert found[action_id].is_limit_changed
    assert sum(each.steps for each in found.values()) == len(planned.changes)
    assert touched_actions(planned, ()) == ()


def test_a_step_of_an_architect_flow_that_was_not_published_touches_nothing() -> None:
    planned = plan()

    found = touched_actions(planned, {each.action_id for each in planned.action_changes})

    assert {each.action_id for each in found} == {each.action_id for each in planned.action_changes}
    assert all(each.steps == 0 for each in found)


def test_the_limits_to_ask_for_are_those_before_and_after() -> None:
    free = touched("pay").model_copy(update={"limit_before_ms": None, "limit_after_ms": 7_000})
    changes = RunChanges(
        organization=ORG, run_id="r", run_name="r", began_ms=0, ended_ms=0, actions=(touched("crm"), free)
    )

    assert limits_of(changes) == (5_000, 7_000, 10_000)


def test_a_verdict_on_what_may_not_have_gone_live_says_so() -> None:
    """It was credited with fewer lost calls, and nothing of it had gone live."""
    doubtful = touched("crm").model_copy(update={"is_known": False})
    before, after = {"crm": (20_000, 1_200)}, {"crm": (20_000, 100)}

    found = effect(doubtful, before=before, after=after)

    assert (found.actions[0].verdict, found.actions[0].why) == ("fewer lost", NOT_KNOWN)
    assert effect_sentence(found).endswith("1 fewer lost; of 1 it is not known whether all of it went live")
    unjudged = effect(doubtful, before=before, after=after, compared=NoStretches(why="too early", is_early=True))
    assert unjudged.actions[0].why == f"{NOT_KNOWN}; too early"
    assert effect(touched("crm"), before=before, after=after).actions[0].why == ""


def test_what_a_run_touched_is_known_where_nothing_that_touched_it_is_in_doubt() -> None:
    planned = plan()
    (limit, *_), (change, *_) = planned.action_changes, planned.changes
    everything = {limit.action_id, *(pin.architect_flow_id for pin in planned.pins)}

    def in_doubt(*targets: str) -> set[str]:
        return {each.action_id for each in touched_actions(planned, everything, targets) if not each.is_known}

    assert (in_doubt(), in_doubt(limit.action_id)) == (set(), {limit.action_id})
    assert change.action_id in in_doubt(change.architect_flow_id)
