"""Nothing matched is no success: what of a policy means nothing in an org is found, with what may have been meant."""

from dataclasses import replace
from typing import Any

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.inventory import Inventory
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.planning.unmatched import Unmatched, unmatched_in
from timeouts.policy.policy import Policy

SHORT = LiteralTimeout(timeout_ms=3_000)
ORG = inventory(
    [listed("af-1", "Main line"), listed("af-2", "Payments", division_name="EMEA"), listed("af-3", "Draft only")],
    [
        reading(step(1, Suggested(), "crm", name="Greet", action_name="CRM lookup", category="CRM"), of="af-1"),
        reading(step(1, SHORT, "pay", name="Pay", action_name="Payment"), of="af-2"),
        reading(coverage="not_published", of="af-3"),
    ],
    [action("crm", name="CRM lookup"), action("pay", name="Payment"), action("old", name="Old CRM")],
)


def asked(*rules: dict[str, Any], **more: Any) -> Policy:
    named = [{"name": f"rule {number}", "at_least": "10s", **rule} for number, rule in enumerate(rules)]
    return Policy.model_validate({"rules": named, **more})


def found(*rules: dict[str, Any], org: Inventory = ORG, **more: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.rule, each.field, each.nearest) for each in unmatched_in(org, asked(*rules, **more), released=())]


def test_a_pattern_that_matches_nothing_is_named_with_what_may_have_been_meant() -> None:
    (one,) = unmatched_in(ORG, asked({"match": {"action": "CRMM*"}}), released=())

    assert one == Unmatched(source="match", rule="rule 0", field="action", pattern="CRMM*", nearest=("CRM*",))


def test_of_a_rule_exactly_the_fields_are_named_that_match_nothing_by_themselves() -> None:
    match = {"action": "CRM*", "architect_flow": "Main lien", "division": "EMAE", "type": "inboundcall"}

    assert found({"match": match}) == [("rule 0", "architect_flow", ("Main line",)), ("rule 0", "division", ("EMEA",))]


def test_patterns_that_match_something_each_and_nothing_together_are_told_as_that() -> None:
    assert found({"match": {"action": "CRM*", "architect_flow": "Payments"}}) == [("rule 0", "", ())]


def test_a_name_that_is_in_the_org_without_a_step_is_told_as_that() -> None:
    rules = [{"match": {"action": "Old*"}}, {"match": {"architect_flow": "draft only"}}, {"match": {"named": "Draft*"}}]

    told = unmatched_in(ORG, asked(*rules), released=())

    assert [(each.field, each.is_elsewhere, each.nearest) for each in told] == [
        ("action", True, ()),
        ("architect_flow", True, ()),
        ("named", True, ()),
    ]


def test_a_rule_that_matches_by_an_id_or_steps_that_an_earlier_rule_takes_matches_something() -> None:
    assert found({"match": {"action": "pay"}}, {"match": {"category": "CRM"}}, {"match": {"action": "CRM*"}}) == []


def test_a_renamed_action_is_found_and_looked_for_by_the_name_that_the_org_shows() -> None:
    renamed = replace(ORG, actions=(*ORG.actions[1:], action("crm", name="Kunden", category="Nordwind")))

    assert found({"match": {"action": "Kunden"}}, {"match": {"category": "Nordwind"}}, org=renamed) == []
    assert found({"match": {"named": "Kundne"}}, org=renamed) == [("rule 0", "named", ("Kunden",))]


def test_a_rule_with_which_all_is_done_has_matched_something() -> None:
    """After a raise to 10s nothing waits less: the same policy is no slip of the hand because of that."""
    done = {"match": {"effective_below": "1s", "setting": ["literal"], "published_by": "code"}}

    assert found(done, {"match": {"action": "Payment", "effective_below": "1s"}}) == []


def test_what_protects_nothing_is_named_and_so_is_a_name_that_was_to_be_released() -> None:
    policy = asked({}, protected=["Main lines*", "main line", "af-2"])

    told = unmatched_in(ORG, policy, released=["Paymnts", "payments", "AF-1"])

    assert [(each.source, each.pattern, each.nearest) for each in told] == [
        ("protected", "Main lines*", ("Main line*",)),
        ("released", "Paymnts", ("Payments",)),
    ]


def test_of_two_of_one_name_the_one_is_offered_that_was_mistyped() -> None:
    two = inventory([listed("a", "Main", type="inboundcall"), listed("b", "Main", type="workflow")]).told_apart()

    (one,) = unmatched_in(two, asked({}, protected=["Main (workflw)"]), released=())

    assert one.nearest[0] == "Main (workflow)"


def test_a_rule_that_leaves_what_it_matches_is_told_apart() -> None:
    (one,) = unmatched_in(ORG, asked({"match": {"named": "Paymnt*"}, "leave": True, "at_least": None}), released=())

    assert (one.leaves, one.nearest) == (True, ("Payment*",))


def test_of_an_org_that_lists_no_architect_flow_nothing_is_said() -> None:
    assert found({"match": {"action": "CRM*"}}, org=inventory()) == []


def test_thousands_of_rules_that_match_nothing_are_named_and_for_the_first_ones_the_nearest_are_looked_for() -> None:
    told = found(*({"match": {"action": f"CRMM{number}*"}} for number in range(2_000)))

    assert len(told) == 2_000
    assert told[0][2] == ("CRM*",)
    assert told[-1][2] == ()
