"""Why a step stays that needs both levers: what keeps it from being set, where its action's limit would be raised."""

from typing import Any

import pytest

from tests.timeouts.planning.deciding.test_levers import LITERAL_3, crm, planned, policy
from timeouts.model.org import Holder
from timeouts.planning.changes import LeftAlone
from timeouts.planning.plan import Plan

ADA = Holder(kind="person", id="u1", name="Ada")


def left(plan: Plan) -> LeftAlone:
    (line,) = plan.left_alone
    return line


def test_a_literal_that_a_person_keeps_from_changing_is_told_of_that_person() -> None:
    plan = planned(LITERAL_3, calling=crm(5_000), locked_by=ADA)

    assert (left(plan).why, left(plan).reason) == ("held", "locked by Ada")
    assert ([pin.architect_flow_id for pin in plan.held], plan.action_advice) == (["af-1"], ())


@pytest.mark.parametrize(
    ("asked", "flow", "why"),
    [
        ({}, {"saved_version": "5.0"}, "held"),
        ({"protected": ["Support"]}, {}, "protected"),
        ({"leave_if_it_ships": ["prompts"]}, {}, "ships"),
        ({"levers": ["action"]}, {}, "lever"),
    ],
)
def test_whatever_keeps_it_from_changing_is_the_reason_and_no_advice_on_the_limit_is_given(
    asked: dict[str, Any], flow: dict[str, Any], why: str
) -> None:
    plan = planned(LITERAL_3, calling=crm(5_000), asked=policy(**asked), **flow)

    assert (left(plan).why, plan.action_changes, plan.action_advice) == (why, (), ())


def test_a_set_that_another_rule_would_follow_up_is_the_reason() -> None:
    asked = policy(
        {"name": "first", "match": {"effective_below": "10s"}, "at_least": "10s"}, {"name": "then", "at_least": "20s"}
    )

    assert left(planned(LITERAL_3, calling=crm(5_000), asked=asked)).why == "rules_disagree"


@pytest.mark.parametrize(
    ("asked", "changed", "note"),
    [
        ({}, {"kind": "static"}, "owned by Genesys: not ours to change"),
        ({}, {"version": None}, "the platform shows no version of it"),
        ({"levers": ["step"]}, {}, ""),
    ],
)
def test_the_limit_is_the_reason_where_it_cannot_be_raised_either(
    asked: dict[str, Any], changed: dict[str, Any], note: str
) -> None:
    plan = planned(LITERAL_3, calling=crm(5_000, **changed), asked=policy(**asked), locked_by=ADA)

    assert (left(plan).why, plan.held, len(plan.action_advice)) == ("masked", (), 1)
    assert note in left(plan).reason
