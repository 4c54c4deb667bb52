"""Callers of common modules on the demo org: what they get without a republish, with one, and after the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from reports.report import Report
from simulator.demo.org import build_demo_org
from simulator.org.org import Org
from simulator.server import Running
from simulator.traffic.executions import Also
from tests.flows.conftest import org_of_a_module, report_of
from timeouts.planning.copies import NOT_ASKED
from timeouts.planning.outcomes import of_kind
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

ANSWER_MS = 9_000
BOTH = ("step", "action")
COPIES: tuple[Also] = ("copies",)
MODULE = "Bestellstatus M*"

Copy = tuple[str, str, str]
"""A copy by the ids of its caller, its module and its node."""


@dataclass(frozen=True)
class Done:
    """A run that raises modules and actions alone, one that takes callers along, one more, and the way back."""

    org: Org
    alone: Report
    taken: Report
    again: Report
    back: Report
    failing: dict[str, set[Copy]]
    states: dict[str, Any]


def failing_copies(org: Org) -> set[Copy]:
    """The copies whose callers get no answer from a system that answers after 9 s."""
    return {
        (each["architect_flow_id"], each["module_id"], each["step_id"])
        for each in org.executions(ANSWER_MS, also=COPIES)
        if each.get("module_id") and each["path"] != "__SUCCESS__"
    }


@pytest.fixture(scope="module")
def done(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    with org_of_a_module(build_demo_org(), tmp_path_factory.mktemp("results")) as simulator:
        org = simulator.org
        failing, states = {}, {}

        def run(name: str, *, republish_callers: bool) -> Report:
            policy = Policy.raise_to(10_000, levers=BOTH, republish_callers=republish_callers)
            report = report_of(raise_timeouts(policy=policy, mode="apply", return_state=True))
            failing[name], states[name] = failing_copies(org), org.state()
            return report

        failing["before"], states["before"] = failing_copies(org), org.state()
        alone = run("alone", republish_callers=False)
        taken = run("taken", republish_callers=True)
        again = run("again", republish_callers=True)
        back = report_of(roll_back(taken.run.id, mode="apply", return_state=True))
        failing["back"] = failing_copies(org)
        yield Done(org, alone, taken, again, back, failing, states)


def planned(report: Report) -> Plan:
    assert report.plan is not None
    return report.plan


def copies_of(plan: Plan, *, staying: bool) -> set[Copy]:
    return {(one.architect_flow_id, one.module_id, one.step_id) for one in plan.copies if bool(one.stays) is staying}


def test_without_a_republish_the_plan_names_exactly_the_copies_that_still_fail(done: Done) -> None:
    """Beside those whose module's step could not be helped either: computed, held, or calling what is not listed."""
    plan = planned(done.alone)
    not_helped = {(line.architect_flow_id, line.step_id) for line in plan.left_alone}
    failing = {copy for copy in done.failing["alone"] if copy[1:] not in not_helped}

    assert failing
    assert failing == copies_of(plan, staying=True)
    assert {one.stays for one in plan.copies if one.stays} >= {NOT_ASKED}


def test_with_a_republish_every_copy_that_the_plan_took_along_succeeds(done: Done) -> None:
    plan = planned(done.taken)
    taken = copies_of(plan, staying=False)
    live = {each.target.id for each in of_kind(done.taken.outcomes, "architect_flow") if each.is_done}

    assert taken
    assert {caller for caller, _, _ in taken} <= live
    assert not done.failing["taken"] & taken
    assert done.failing["alone"] - done.failing["taken"] == {copy for copy in done.failing["alone"] if copy in taken}


def test_modules_go_live_before_those_that_embed_them(done: Done) -> None:
    order = [pin.architect_flow_id for pin in planned(done.taken).publish_order()]

    for pin in planned(done.taken).pins:
        assert all(order.index(module) < order.index(pin.architect_flow_id) for module in pin.embeds)


def test_a_republish_leaves_all_that_is_the_callers_own(done: Done) -> None:
    steps = {(one.architect_flow_id, one.step_id): one.setting for one in done.again.steps}

    assert steps == {(one.architect_flow_id, one.step_id): one.setting for one in done.taken.steps}


def test_a_second_run_finds_nothing_to_do(done: Done) -> None:
    assert planned(done.again).changes_nothing
    assert done.states["again"]["architectFlows"] == done.states["taken"]["architectFlows"]
    assert {one.stays for one in planned(done.again).copies} <= {one.stays for one in planned(done.taken).copies}


def test_the_way_back_republishes_nobody_whose_module_it_did_not_change(done: Done) -> None:
    """The second run only republished callers: their modules were raised by the first, and stay raised."""
    assert done.failing["back"] == done.failing["taken"]


def copies_say(org: Org) -> dict[Copy, Any]:
    """What the copies that callers carry come to when a system answers after 9 s."""
    return {
        (each["architect_flow_id"], each["module_id"], each["step_id"]): each["path"]
        for each in org.executions(ANSWER_MS, also=COPIES)
        if each.get("module_id")
    }


def test_the_way_back_republishes_the_callers_that_the_run_did(demo: Running) -> None:
    policy = Policy.raise_to(10_000, architect_flow=[MODULE], republish_callers=True)
    before = copies_say(demo.org)

    raised = report_of(raise_timeouts(policy=policy, mode="apply", return_state=True))
    after = copies_say(demo.org)
    back = report_of(roll_back(raised.run.id, mode="apply", return_state=True))

    callers = {copy.architect_flow_id for copy in planned(raised).copies if not copy.stays}
    published = {each.target.id for each in of_kind(back.outcomes, "architect_flow") if each.outcome == "published"}
    assert callers
    assert after != before
    assert published == {pin.architect_flow_id for pin in planned(raised).pins}
    assert copies_say(demo.org) == before
