"""Why a step waits as long as it does, and what each lever would do."""

from dataclasses import replace

import pytest

from reports.frames.planned.explanation import paragraphs
from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.inventory import Inventory
from timeouts.model.settings import Expression, LiteralTimeout, Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.explaining.explain import explain
from timeouts.planning.explaining.explanation import Explanation
from timeouts.planning.explaining.meant import steps_meant
from timeouts.policy.policy import Policy

SHORT = action("short", 5_000, name="CRM lookup", version=3)
ORG = replace(
    inventory(),
    architect_flows=(listed("af-1", "Billing"), listed("af-2", "Main line")),
    readings=(
        reading(
            step(1, Suggested(), "short", name="Find"),
            step(2, LiteralTimeout(timeout_ms=3_000), "short", name="Pay"),
            step(3, LiteralTimeout(timeout_ms=20_000), "short", name="Long"),
            step(4, Expression(text="Flow.x"), "short", name="Computed"),
            step(5, Suggested(), "gone", name="Lost"),
        ),
        reading(step(1, Suggested(), "short", name="Find"), of="af-2"),
    ),
    actions=(SHORT,),
)
TEN = Policy.raise_to(10_000)
BOTH = Policy.raise_to(10_000, levers=("step", "action"))


def explained(name: str, policy: Policy | None = None, org: Inventory = ORG) -> Explanation:
    (meant,) = steps_meant(org, name, "Billing")
    return explain(org, meant, policy)


def text(found: Explanation) -> str:
    return "\n".join(sentence for part in paragraphs(found) for sentence in part.sentences)


@pytest.mark.parametrize(
    ("name", "source", "waits_ms"),
    [
        ("Find", "action limit", 5_000),
        ("Pay", "own timeout", 3_000),
        ("Long", "action limit", 5_000),
        ("Computed", "run time", None),
        ("Lost", "unknown action", None),
    ],
)
def test_where_the_wait_comes_from_is_said(name: str, source: str, waits_ms: int | None) -> None:
    found = explained(name)

    assert (found.source, found.effective_ms) == (source, waits_ms)


def test_a_step_that_would_wait_longer_than_any_action_says_so() -> None:
    long = reading(step(1, LiteralTimeout(timeout_ms=300_000), "free", name="Pay"))
    org = replace(ORG, readings=(long, ORG.readings[1]), actions=(action("free", name="CRM lookup"),))
    found = explained("Pay", org=org)

    assert (found.source, found.effective_ms, found.ended_by_action) == ("longest limit", 60_000, True)
    assert text(found).startswith(
        "1m: the step would wait longer (literal 5m), but no action waits longer than that. The limit of its action "
        "Look up customer: none."
    )


def test_a_limit_that_is_not_understood_is_not_said_to_be_none() -> None:
    odd = replace(ORG, actions=(action("short", name="CRM lookup", unknown_limit="config.timeoutSeconds is '3'"),))

    assert explained("Find", org=odd).source == "unknown limit"
    assert text(explained("Find", org=odd)).startswith("unknown: the limit of its action")
    assert "ends it at: unknown" in text(explained("Computed", org=odd))


def test_a_step_whose_action_ends_the_call_first_says_so() -> None:
    assert "5s: the step would wait longer (literal 20s), but its action" in text(explained("Long"))


def test_a_step_alone_that_its_actions_limit_masks_has_no_effect_and_the_action_has() -> None:
    by_step, by_action = explained("Find", BOTH).levers

    assert (by_step.to_ms, by_step.after_ms) == (10_000, 5_000)
    assert (by_action.to_ms, by_action.after_ms, by_action.against) == (10_000, 10_000, "")
    # The other Find, and Long, which says 20s itself; Pay says 3s itself.
    assert (by_action.steps, by_action.architect_flows) == (2, 2)


def test_the_decision_is_that_of_a_plan() -> None:
    assert explained("Find", BOTH).decision == "by action"
    assert explained("Find", TEN).decision == "left"
    assert "only the action limit helps" in explained("Find", TEN).reason


def test_each_rule_that_does_not_match_says_what_does_not_fit() -> None:
    rules = [
        {"name": "payments", "match": {"action": "Pay*"}, "leave": True},
        {"name": "literals", "match": {"setting": ["literal"], "effective_below": "2s"}, "exactly": "9s"},
        {"name": "all", "at_least": "10s"},
    ]
    policy = Policy.model_validate({"rules": rules})

    payments, literals, everything = explained("Find", policy).rules

    assert payments.mismatch.endswith(", not Pay*")
    assert literals.mismatch == "its setting is suggested, not literal; callers wait 5s, not less than 2s"
    assert (everything.mismatch, everything.decides) == ("", True)


def test_an_action_is_told_by_the_name_in_the_definition_and_by_the_one_that_the_org_shows() -> None:
    policy = Policy.model_validate({"rules": [{"name": "payments", "match": {"action": "Pay*"}, "leave": True}]})

    assert explained("Find", policy).rules[0].mismatch == "action is Look up customer, now CRM lookup, not Pay*"
    assert len(steps_meant(ORG, "crm lookup", "Billing")) == 4


def test_a_step_is_meant_by_name_id_or_place_whatever_the_case() -> None:
    assert len(steps_meant(ORG, "find")) == 2
    assert [each.architect_flow.id for each in steps_meant(ORG, "MAIN LINE / find")] == ["af-2"]
    assert [each.step.name for each in steps_meant(ORG, ORG.readings[0].steps[1].id, "af-1")] == ["Pay"]
    assert steps_meant(ORG, "nothing") == []


def test_what_a_policy_protects_is_left_unless_it_is_named() -> None:
    guarded = TEN.model_copy(update={"protected": ("Billing",)})
    (meant,) = steps_meant(ORG, "Pay", "Billing")

    assert [each.against != "" for each in explain(ORG, meant, guarded).levers if each.lever == "step"] == [True]
    assert [each.against for each in explain(ORG, meant, guarded, ("Billing",)).levers if each.lever == "step"] == [""]


def test_a_step_is_meant_as_the_tables_show_it_with_its_container() -> None:
    assert len(steps_meant(ORG, "Greeting / find")) == 2
    assert [each.architect_flow.id for each in steps_meant(ORG, "Main line / Greeting / Find")] == ["af-2"]
    assert steps_meant(ORG, "Elsewhere / Find") == []


def test_where_no_step_is_called_so_those_that_call_an_action_of_that_name_are_meant() -> None:
    called = next(ORG.steps).step.action_name

    meant = steps_meant(ORG, called.upper(), "Main line")

    assert [(each.architect_flow.id, each.step.action_name) for each in meant] == [("af-2", called)]
    assert {each.step.name for each in steps_meant(ORG, "Pay")} == {"Pay"}


def test_an_action_whose_limit_is_long_enough_is_no_lever() -> None:
    org = replace(ORG, actions=(action("short", 20_000, name="CRM lookup", version=3),))

    assert [each.lever for each in explained("Pay", BOTH, org).levers] == ["step"]
    assert [each.lever for each in explained("Pay", BOTH).levers] == ["step", "action"]


def test_a_first_limit_that_the_plan_sets_is_shown_and_not_the_step_alone() -> None:
    steps = [reading(step(1, Suggested(), "a", name="Find"), of=each) for each in ("af-1", "af-2")]
    long = reading(step(2, LiteralTimeout(timeout_ms=20_000), "a"), of="af-3")
    listing = [*ORG.architect_flows, listed("af-3", "Orders")]
    org = inventory(listing, [*steps, long], [action("a", name="CRM lookup", version=3)])

    found = explained("Find", BOTH.model_copy(update={"suggested_default": 5_000}), org)

    assert (found.decision, [each.lever for each in found.levers]) == ("by action", ["step", "action"])
    assert [(each.to_ms, each.is_planned) for each in found.levers] == [(10_000, False), (20_000, True)]
    assert "Its action, to 20s as planned: callers would wait 20s here" in text(found)


def test_the_limit_is_the_one_of_the_plan_where_another_step_wants_more() -> None:
    rules = [
        {"name": "more", "match": {"architect_flow": "Main line"}, "at_least": "20s"},
        {"name": "all", "at_least": "10s"},
    ]
    policy = Policy.model_validate({"rules": rules, "levers": ["step", "action"]})

    by_step, by_action = explained("Find", policy).levers
    (of_long,) = explained("Long", policy).levers[1:]

    assert (by_step.to_ms, by_action.to_ms, by_action.after_ms) == (10_000, 20_000, 20_000)
    assert (of_long.to_ms, of_long.is_planned) == (20_000, True)


def test_nothing_is_said_against_a_limit_that_the_plan_raises_for_another_step() -> None:
    """This step would need 20s, and a change of its own; the pin of the other one lets the limit go to 9s."""
    steps = [step(1, LiteralTimeout(timeout_ms=9_000), "short", name="Pinned"), *ORG.readings[0].steps[1:2]]
    rules = [
        {"name": "pinned", "match": {"step": "Pinned"}, "exactly": "9s"},
        {"name": "most", "match": {"step": "Pay"}, "at_least": "20s"},
    ]
    org = inventory(ORG.architect_flows[:1], [reading(*steps)], [SHORT])
    policy = Policy.model_validate({"rules": rules, "levers": ["action"]})

    (by_action,) = [each for each in explained("Pay", policy, org).levers if each.lever == "action"]

    assert [each.after_ms for each in compute_plan(org, policy).action_changes] == [9_000]
    assert (by_action.to_ms, by_action.is_planned, by_action.against) == (9_000, True, "")


@pytest.mark.parametrize(
    ("levers", "against"),
    [
        (("action",), ["the policy does not allow the lever on the step", ""]),
        (("step",), ["", "the policy does not allow the lever on the action"]),
    ],
)
def test_a_lever_that_the_policy_does_not_allow_says_so(levers: tuple[str, ...], against: list[str]) -> None:
    assert [each.against for each in explained("Find", Policy.raise_to(10_000, levers=levers)).levers] == against


def test_what_two_rules_would_change_in_turn_is_said_against_the_step() -> None:
    rules = [
        {"name": "pin", "match": {"setting": ["suggested"]}, "exactly": "8s"},
        {"name": "all", "at_least": "10s"},
    ]
    org = replace(ORG, actions=(action("short", name="CRM lookup", version=3),))

    (by_step, *_) = explained("Find", Policy.model_validate({"rules": rules}), org).levers

    assert by_step.against.startswith("this rule would set 8s, and then rule 'all' would set 10s")


def test_a_step_that_says_enough_and_whose_wait_is_not_known_is_not_said_to_wait_so_long() -> None:
    org = replace(ORG, actions=(action("short", name="CRM lookup", unknown_limit="odd"),))

    found = explained("Long", TEN, org)

    assert found.decision == "fine"
    assert "it says as long as the rule wants; how long callers really wait is not known" in text(found)


def test_a_step_that_is_set_with_the_limit_of_its_action_says_both() -> None:
    assert "The limit of its action would be raised, too." in text(explained("Pay", BOTH))
    assert "too." not in text(explained("Pay", Policy.raise_to(4_000)))
