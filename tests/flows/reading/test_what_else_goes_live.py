"""What a publish brings live besides its changes: asked for once by runs that may publish, and by no others."""

import json

import pytest

from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.server import Running
from simulator.switches import Switches
from tests.flows.conftest import plan_of, report_of
from timeouts.policy.policy import Policy

CONSUMERS = "/api/v2/architect/dependencytracking/updatedresourceconsumers"
RAISE = Policy.raise_to(10_000)


def prompt_of(demo: Running, architect_flow_id: str) -> str:
    """The id of something that the Architect flow plays: the simulator finds users of a prompt by its id."""
    manifest = json.loads(demo.org.configuration(architect_flow_id))["manifest"]
    return next(str(entry["id"]) for entries in manifest.values() for entry in entries if "id" in entry)


def test_a_prompt_that_was_recorded_anew_goes_live_with_the_publish(demo: Running) -> None:
    changed = plan_of(raise_timeouts(policy=RAISE, return_state=True)).pins[0]
    demo.org.record_prompt(prompt_of(demo, changed.architect_flow_id), "Welcome")

    plan = plan_of(raise_timeouts(policy=RAISE, return_state=True))

    shipped = {pin.architect_flow_id: [str(each) for each in pin.ships] for pin in plan.pins}
    assert "prompt Welcome" in shipped[changed.architect_flow_id]
    assert plan.ships_problem == ""


def test_a_prompt_goes_live_also_where_each_version_is_named_for_it(demo: Running) -> None:
    demo.org.set_switches(Switches(updated_consumers="each_version"))
    changed = plan_of(raise_timeouts(policy=RAISE, return_state=True)).pins[0]
    demo.org.record_prompt(prompt_of(demo, changed.architect_flow_id), "Welcome")

    plan = plan_of(raise_timeouts(policy=RAISE, return_state=True))

    pin = next(pin for pin in plan.pins if pin.architect_flow_id == changed.architect_flow_id)
    assert ("prompt Welcome" in map(str, pin.ships), plan.ships_problem) == (True, "")


def test_a_policy_may_leave_what_would_bring_a_prompt_live(demo: Running) -> None:
    changed = plan_of(raise_timeouts(policy=RAISE, return_state=True)).pins[0]
    demo.org.record_prompt(prompt_of(demo, changed.architect_flow_id), "Welcome")

    policy = RAISE.model_copy(update={"leave_if_it_ships": ("prompts",)})
    plan = plan_of(raise_timeouts(policy=policy, return_state=True))

    assert changed.architect_flow_id not in {pin.architect_flow_id for pin in plan.pins}
    assert "ships" in {line.why for line in plan.left_alone if line.architect_flow_id == changed.architect_flow_id}


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_client_that_may_not_ask_is_told_so_and_the_run_goes_on(small_org: Running, status: int) -> None:
    small_org.org.add_fault(Fault(match=Match(path=CONSUMERS, times=None), kind="status", status=status))

    state = raise_timeouts(policy=RAISE, return_state=True)

    assert plan_of(state).pins
    assert str(status) in plan_of(state).ships_problem


@pytest.mark.usefixtures("small_org")
def test_an_audit_does_not_ask_unless_its_policy_goes_by_prompts() -> None:
    asked = report_of(audit(policy=RAISE, return_state=True)).requests.requests
    leaving = RAISE.model_copy(update={"leave_if_it_ships": ("prompts",)})

    assert f"GET {CONSUMERS}" not in asked
    assert report_of(audit(policy=leaving, return_state=True)).requests.requests[f"GET {CONSUMERS}"] == 1
