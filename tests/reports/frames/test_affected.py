"""Whom a changed limit of an action affects, in words: steps and copies apart, Architect flows of one name apart."""

from reports.frames.planned.affected import Affected, affected_architect_flows, affected_sentence
from tests.timeouts.conftest import action, copy_of, inventory, listed, reading, step
from timeouts.model.settings import Suggested
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy

STEP = step(1, Suggested(), "crm")
ORG = inventory(
    [listed("af-1", "Orders", type="INBOUNDCALL"), listed("af-2", "Orders", type="BOT"), listed("m-1", "Module")],
    [
        reading(STEP, of="af-1", snapshots=(copy_of(STEP, of="m-1"),)),
        reading(STEP, of="af-2"),
        reading(of="m-1", snapshots=(copy_of(STEP, of="m-2"),)),
    ],
    [action("crm", 5_000, version=4)],
).told_apart()
CHANGES = compute_plan(ORG, Policy.raise_to(10_000, levers=("step", "action"))).action_changes


def test_architect_flows_of_one_name_and_copies_of_steps_are_told_apart() -> None:
    assert [(name, found.in_short) for name, found in affected_architect_flows(CHANGES[0])] == [
        ("Module", "1 copy"),
        ("Orders (bot)", "1"),
        ("Orders (inboundcall)", "1 and 1 copy"),
    ]


def test_steps_and_copies_are_counted_apart_in_a_sentence() -> None:
    assert affected_sentence(CHANGES) == "2 steps and 2 copies of steps in 3 Architect flows"
    assert Affected(1, 0, 1).in_words == "1 step"
    assert Affected(0, 1, 1).in_words == "1 copy of a step"
