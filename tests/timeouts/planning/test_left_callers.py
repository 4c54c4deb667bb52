"""What a rule leaves is left as a caller of modules, too: it is not republished, and its copies wait as before."""

import unicodedata
from typing import Any

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.planning.test_modules import SHORT, one_caller, pinned, plan_of
from timeouts.model.org import Publisher
from timeouts.model.settings import Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.unmatched import unmatched_in
from timeouts.policy.policy import Policy

CODE: Any = {"published_by": Publisher(kind="client", id="c", name="CX as Code")}
RAISE = {"name": "raise", "at_least": "10s"}


def left(**match: Any) -> dict[str, Any]:
    return {"name": "left", "match": match, "leave": True}


@pytest.mark.parametrize(
    "match",
    [
        {"named": "Call*"},
        {"architect_flow": "caller"},
        {"type": "inbound*", "division": "Home"},
        {"published_by": "code"},
        {"architect_flow": "*", "published_by": "code"},
    ],
)
def test_a_rule_that_leaves_an_architect_flow_keeps_it_from_being_republished(match: dict[str, str]) -> None:
    plan = plan_of(one_caller(**CODE), rules=[left(**match), RAISE], republish_callers=True)

    assert pinned(plan) == ["module-1"]
    assert [copy.stays for copy in plan.copies] == ["rule 'left' leaves its Architect flow as it is"]


@pytest.mark.parametrize(
    "match", [{"named": "Other"}, {"published_by": "us"}, {"architect_flow": "Caller", "step": "x"}, {"step": "x"}, {}]
)
def test_a_rule_that_leaves_others_or_some_of_its_steps_keeps_nothing_back(match: dict[str, str]) -> None:
    rules = [RAISE | {"match": {"step": "Call CRM*"}}, left(**match)]

    assert pinned(plan_of(one_caller(**CODE), rules=rules, republish_callers=True)) == ["module-1", "caller"]


def test_what_is_protected_left_or_released_is_so_however_its_accents_are_written() -> None:
    """A name that was typed on one computer, and one that came from another, are the same to whoever reads both."""
    apart = unicodedata.normalize("NFD", "Störung")
    org = inventory([listed(name=apart)], [reading(step(1, SHORT))], [action(limit_ms=20_000)])

    assert plan_of(org, protected=["störung"]).changes_nothing
    assert plan_of(org, rules=[left(named="Störung"), RAISE]).changes_nothing
    policy = Policy.model_validate({"rules": [RAISE], "protected": ["*"]})
    assert pinned(compute_plan(org, policy, named=["störung"])) == ["af-1"]
    assert unmatched_in(org, policy, released=["störung"]) == ()


def test_the_first_rule_that_names_the_architect_flow_decides() -> None:
    rules = [RAISE | {"name": "callers", "match": {"architect_flow": "Caller"}}, left(type="inboundcall"), RAISE]

    assert pinned(plan_of(one_caller(), rules=rules, republish_callers=True)) == ["module-1", "caller"]


def test_a_limit_that_would_reach_the_copies_of_what_a_rule_leaves_stays() -> None:
    org = one_caller(Suggested(), Suggested(), limit_ms=5_000)

    plan = plan_of(org, rules=[left(named="Caller"), RAISE], levers=["action"])

    assert plan.changes_nothing
    assert "step Call CRM 1 of Caller would be affected, and rule 'left' leaves" in plan.left_alone[0].reason


def test_a_limit_is_raised_where_an_earlier_rule_wants_it_of_those_steps_too() -> None:
    org = one_caller(Suggested(), Suggested(), limit_ms=5_000)
    rules = [RAISE | {"match": {"action": "Look up*"}}, left(named="Caller")]

    assert [change.after_ms for change in plan_of(org, rules=rules, levers=["action"]).action_changes] == [10_000]


def test_a_caller_without_steps_of_its_own_is_something_that_a_rule_leaves() -> None:
    kept = Policy.raise_to(10_000, exclude=["Caller", "Module 1", "Calller"])
    raised = Policy.raise_to(10_000, architect_flow=["Caller"])

    assert [each.pattern for each in unmatched_in(one_caller(), kept, released=())] == ["Calller"]
    assert [each.pattern for each in unmatched_in(one_caller(), raised, released=())] == ["Caller"]
