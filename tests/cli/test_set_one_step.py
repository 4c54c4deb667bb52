"""`genesys-timeouts set` keeps the tutorial's promise on both kinds of definition."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.server import Running
from tests.cli.scenes import UNTOUCHED, command, ids_in, named, set_step, timeouts, writes
from tests.publishing.scenes import FLOW, NODE, configuration

STEP = "MySlowDataAction"


def test_the_console_script_needs_nothing_but_the_environment(tutorial_org: Running) -> None:
    target = {"TARGET_FLOW_ID": named(tutorial_org.org, "Order hotline").id, "TARGET_ACTION_NAME": STEP}
    script = Path(sys.executable).with_name("genesys-timeouts")
    environment = {**os.environ, **target, "NEW_TIMEOUT_MS": "5000"}

    done = subprocess.run([script, "set"], env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Old timeout:    3s\n" in done.stdout
    assert "New timeout:    5s (confirmed from a fresh read)\n" in done.stdout
    assert 5_000 in timeouts(tutorial_org.org, "Order hotline").values()


def test_ten_seconds_are_set_unless_something_else_is_asked_for(tutorial_org: Running) -> None:
    before = timeouts(tutorial_org.org, "Order hotline")

    said = set_step(named(tutorial_org.org, "Order hotline").id, STEP)

    assert (said.code, said.problems) == (0, "")
    after = timeouts(tutorial_org.org, "Order hotline")
    changed = {step: after[step] for step in after if after[step] != before[step]}
    assert changed == {ids_in(said.out)[0]: 10_000}


def test_the_new_value_is_read_back_after_the_write(tutorial_org: Running) -> None:
    set_step(named(tutorial_org.org, "Order hotline").id, STEP)

    methods = [call.method for call in tutorial_org.org.log if "token" not in call.path]
    assert methods.count("PUT") == 1
    assert methods[-1] == "GET"


def test_a_step_that_names_no_timeout_shows_its_default_of_three_seconds(tutorial_org: Running) -> None:
    said = set_step(named(tutorial_org.org, "Order hotline").id, "Order status")

    assert said.code == 0
    assert "Old timeout:    default (3s)" in said.out


def test_a_real_architect_flow_is_published_and_confirmed(architect_org: Running) -> None:
    said = set_step(FLOW, "Look up the customer")

    assert (said.code, said.problems) == (0, "")
    assert "Step:           Main / Look up the customer (number 11), calls CRM lookup, id " + NODE in said.out
    assert "Old timeout:    3s\n" in said.out
    assert "New timeout:    10s (confirmed from a fresh read, live as version 5.0)" in said.out
    assert architect_org.org.configuration(FLOW) == configuration(10)


def test_a_step_is_also_found_by_its_actions_name_and_by_its_id(architect_org: Running) -> None:
    assert set_step(FLOW, "CRM lookup", NEW_TIMEOUT_MS="8000").code == 0
    assert set_step(FLOW, NODE, NEW_TIMEOUT_MS="9000").code == 0
    assert architect_org.org.configuration(FLOW) == configuration(9)


def test_leading_zeros_do_not_count(architect_org: Running) -> None:
    assert set_step(FLOW, NODE, NEW_TIMEOUT_MS="0" * 50 + "10000").code == 0
    assert architect_org.org.configuration(FLOW) == configuration(10)


def test_options_say_the_same_as_the_environment(architect_org: Running) -> None:
    said = command("set", "--architect-flow", FLOW, "--step", "CRM lookup", "--timeout", "10s")

    assert said.code == 0
    assert architect_org.org.configuration(FLOW) == configuration(10)


def test_a_value_that_is_there_already_is_no_reason_to_publish(architect_org: Running) -> None:
    said = set_step(FLOW, "CRM lookup", NEW_TIMEOUT_MS="3000")

    assert said.code == 0
    assert "New timeout:    3s, which it is already: nothing to do" in said.out
    assert writes(architect_org.org) == []


def test_steps_of_the_same_name_are_told_apart_by_their_ids(tutorial_org: Running) -> None:
    target = named(tutorial_org.org, "Terminbuchung Größe L").id
    unclear = set_step(target, "Termin suchen")
    first, second = ids_in(unclear.problems)

    clear = set_step(target, first)

    assert (unclear.code, clear.code) == (1, 0)
    assert "2 steps of Terminbuchung Größe L match" in unclear.problems
    assert UNTOUCHED in unclear.problems
    assert timeouts(tutorial_org.org, "Terminbuchung Größe L") == {first: 10_000, second: 12_000}


@pytest.mark.parametrize("org", ["tutorial_org", "architect_org"])
def test_a_shorter_timeout_needs_to_be_allowed_by_name(org: str, request: pytest.FixtureRequest) -> None:
    simulator: Running = request.getfixturevalue(org)
    target, step = (FLOW, NODE) if org == "architect_org" else (named(simulator.org, "Order hotline").id, STEP)

    refused = set_step(target, step, NEW_TIMEOUT_MS="2000")
    assert refused.code == 1
    assert "--allow-lowering" in refused.problems
    assert UNTOUCHED in refused.problems
    assert writes(simulator.org) == []

    assert set_step(target, step, "--allow-lowering", NEW_TIMEOUT_MS="2000").code == 0
