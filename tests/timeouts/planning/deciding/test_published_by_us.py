"""What a run publishes is ours by the next one: a rule that goes by who published it must not be followed up then."""

from typing import Any

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.org import Publisher
from timeouts.model.settings import LiteralTimeout, Suggested, TimeoutSetting
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

OF_CODE = {"name": "of code", "match": {"published_by": "code"}, "at_least": "10s"}
OF_US = {"name": "ours", "match": {"published_by": "us"}, "at_least": "15s"}


def plan_of(*settings: TimeoutSetting, rules: Any, by: str | None = "client", **asked: Any) -> Plan:
    publisher = None if by is None else Publisher.model_validate({"kind": by, "id": "c1", "name": "Deployer"})
    steps = [step(number, setting, f"action-{number}") for number, setting in enumerate(settings, 1)]
    known = [action(each.action_id, 5_000 if each.setting == Suggested() else None, version=4) for each in steps]
    org = inventory([listed(published_by=publisher)], [reading(*steps)], known)
    return compute_plan(org, Policy.model_validate({"rules": rules} | asked))


SHORT = LiteralTimeout(timeout_ms=3_000)


@pytest.mark.parametrize(
    ("rules", "is_set"),
    [
        ((OF_CODE, OF_US), False),
        ((OF_CODE, {"name": "rest", "at_least": "15s"}), False),
        ((OF_CODE, OF_US | {"at_least": "8s"}), True),
        ((OF_CODE, OF_US | {"match": {"published_by": "person"}}), True),
    ],
)
def test_a_set_that_a_rule_for_what_is_ours_would_follow_up_is_not_made(rules: Any, is_set: bool) -> None:
    plan = plan_of(SHORT, rules=rules)

    assert [change.after_ms for change in plan.changes] == ([10_000] if is_set else [])
    assert [line.why for line in plan.left_alone] == ([] if is_set else ["rules_disagree"])


def test_a_limit_is_held_against_the_rules_for_what_is_ours_where_its_architect_flow_is_published() -> None:
    """The first step is set, so that the second one, whose limit is raised, is in an Architect flow of ours by then."""
    rules = (OF_CODE, OF_US | {"match": {"published_by": "us", "action": "action-2"}})
    both = ["step", "action"]

    assert plan_of(SHORT, Suggested(), rules=rules, levers=both).action_changes == ()
    assert [each.after_ms for each in plan_of(Suggested(), rules=rules, levers=both).action_changes] == [10_000]


@pytest.mark.parametrize("by", [None, "us"])
def test_where_nobody_is_shown_as_publisher_or_we_are_nothing_becomes_ours(by: str | None) -> None:
    """As with files, which name no publisher before or after."""
    rules = ({"name": "all", "match": {"effective_below": "10s"}, "at_least": "10s"}, OF_US)

    assert len(plan_of(SHORT, rules=rules, by=by).changes) == (1 if by is None else 0)
