"""`raise --to 10s --levers step,action --apply` on the demo org: callers wait longer."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from reports.report import Report
from simulator.demo.org import build_demo_org
from simulator.org.org import Org
from tests.flows.conftest import org_of_a_module, report_of
from timeouts.planning.outcomes import of_kind
from timeouts.policy.policy import Policy

TO_MS, ANSWER_MS = 10_000, 9_000
BY_STEPS = Policy.raise_to(TO_MS)
BY_BOTH = Policy.raise_to(TO_MS, levers=("step", "action"))

Key = tuple[str, str]
State = Mapping[str, Any]


@dataclass(frozen=True)
class Done:
    """Three runs one after the other: by the steps, by both levers, and the roll back of the second."""

    org: Org
    by_steps: Report
    by_both: Report
    again: Report
    back: Report
    states: Mapping[str, State]
    paths: Mapping[str, Mapping[Key, str]]
    calls: Mapping[str, list[str]]


def paths(org: Org) -> dict[Key, str]:
    """Which path each step takes when the system behind it answers after 9 s, as the platform executes it."""
    return {(each["architect_flow_id"], each["step_id"]): each["path"] or "" for each in org.executions(ANSWER_MS)}


@pytest.fixture(scope="module")
def done(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    with org_of_a_module(build_demo_org(), tmp_path_factory.mktemp("results")) as simulator:
        org = simulator.org
        states, affected, calls = {}, {}, {}

        def look(name: str) -> None:
            states[name], affected[name] = org.state(), paths(org)
            calls[name] = [f"{call.method} {call.path}" for call in org.log]
            org.clear_log()

        look("before")
        by_steps = report_of(raise_timeouts(policy=BY_STEPS, mode="apply", return_state=True))
        look("by steps")
        by_both = report_of(raise_timeouts(policy=BY_BOTH, mode="apply", return_state=True))
        look("by both")
        again = report_of(raise_timeouts(policy=BY_BOTH, mode="apply", return_state=True))
        look("again")
        back = report_of(roll_back(by_both.run.id, mode="apply", return_state=True))
        look("back")
        yield Done(org, by_steps, by_both, again, back, states, affected, calls)


def reached(report: Report) -> set[Key]:
    """The steps that the policy reached: changed in a published Architect flow, or served by a changed action."""
    assert report.plan is not None
    published = {each.target.id for each in of_kind(report.outcomes, "architect_flow") if each.outcome == "published"}
    changed = {(each.architect_flow_id, each.step_id) for each in report.plan.changes}
    affected = {
        (step.architect_flow_id, step.step_id)
        for each in report.plan.action_changes
        for step in each.affected_steps
        if step.asked
    }
    return {key for key in changed if key[0] in published} | (affected - changed)


def test_every_step_that_both_levers_reached_succeeds_and_did_not_before(done: Done) -> None:
    steps = reached(done.by_both)

    assert len(steps) > 50
    assert {done.paths["by steps"][key] for key in steps} <= {"__TIMEOUT__", "__FAILURE__"}
    assert {done.paths["by both"][key] for key in steps} == {"__SUCCESS__"}


def test_with_the_step_lever_alone_the_masked_ones_are_named_and_still_fail(done: Done) -> None:
    assert done.by_steps.plan is not None
    named = {
        (line.architect_flow_id, line.step_id)
        for line in done.by_steps.plan.left_alone
        if line.why in ("masked", "action_limit")
    }

    assert len(named) > 50
    assert "__SUCCESS__" not in {done.paths["by steps"][key] for key in named}
    assert done.states["by steps"]["actions"] == done.states["before"]["actions"]


def test_afterwards_only_what_is_held_or_not_understood_still_fails(done: Done) -> None:
    assert done.by_both.plan is not None
    left = {(line.architect_flow_id, line.step_id): line.why for line in done.by_both.plan.left_alone}
    failing = {key for key, path in done.paths["by both"].items() if path != "__SUCCESS__"}

    assert {left[key] for key in failing} <= {"held", "expression", "unreadable"}


def test_nothing_of_an_action_changes_but_its_limit_and_its_version(done: Done) -> None:
    assert done.by_both.plan is not None
    raised = {change.action_id: change for change in done.by_both.plan.action_changes}

    assert Counter(change.kind for change in raised.values()) == {"custom": 5, "function": 2}
    for action_id, before in done.states["by steps"]["actions"].items():
        after = done.states["by both"]["actions"][action_id]
        if action_id not in raised:
            assert after == before
            continue
        where = "function" if before["function"] is not None else "config"
        limit = {**before[where], "timeoutSeconds": 10}
        assert after == {**before, "version": before["version"] + 1, where: limit}


def test_actions_go_before_the_steps_that_depend_on_them(done: Done) -> None:
    writes = [call for call in done.calls["by both"] if not call.startswith("GET") and "token" not in call]
    first_flow = next(number for number, call in enumerate(writes) if "/flows/" in call)

    assert all("/integrations/actions/" in call for call in writes[:first_flow])
    assert not [call for call in writes[first_flow:] if "/integrations/actions/" in call]


def test_only_architect_flows_with_steps_that_need_it_are_republished(done: Done) -> None:
    assert done.by_both.plan is not None
    assert done.by_both.plan.step_only is not None
    changed = {change.architect_flow_id for change in done.by_both.plan.changes}

    outcomes = of_kind(done.by_both.outcomes, "architect_flow")
    assert {each.target.id for each in outcomes if each.outcome == "published"} == changed
    assert done.by_both.plan.counts.by_action > 40


def test_a_run_straight_after_finds_nothing_to_do(done: Done) -> None:
    assert done.again.plan is not None
    assert done.again.plan.changes_nothing
    assert not [call for call in done.calls["again"] if not call.startswith("GET") and "token" not in call]


def test_the_roll_back_puts_every_limit_and_every_step_back(done: Done) -> None:
    def without_versions(actions: State) -> State:
        return {
            key: {name: each for name, each in action.items() if name != "version"} for key, action in actions.items()
        }

    assert without_versions(done.states["back"]["actions"]) == without_versions(done.states["by steps"]["actions"])
    assert done.paths["back"] == done.paths["by steps"]
    assert {each.outcome for each in done.back.outcomes} == {"published"}


def test_every_architect_flow_and_step_that_feels_a_changed_action_is_listed(done: Done) -> None:
    assert done.by_both.plan is not None
    listed = {
        (step.architect_flow_id, step.step_id)
        for each in done.by_both.plan.action_changes
        for step in each.affected_steps
    }
    moved = {key for key, path in done.paths["by both"].items() if path != done.paths["by steps"][key]}
    changed = {(each.architect_flow_id, each.step_id) for each in done.by_both.plan.changes}

    assert moved - changed <= listed
