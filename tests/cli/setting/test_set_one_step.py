"""`genesys-timeouts set` keeps the tutorial's promise on both kinds of definition."""

import dataclasses
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.record.records import kept_report
from simulator.server import Running
from tasks.storage import default_storage
from tests.cli.scenes import UNTOUCHED, Said, command, ids_in, named, set_step, timeouts, writes
from tests.prefect_servers import make_prefect_home
from tests.publishing.scenes import FLOW, NODE, configuration, org_seed

pytestmark = pytest.mark.usefixtures("prefect")

STEP = "MySlowDataAction"
SUGGESTED = configuration().replace(b'"useSuggestedTimeout":false', b'"useSuggestedTimeout":true')


def limited_to(seconds: int | None, org: Running, body: bytes = configuration()) -> None:
    """Make the org anew with a limit of the step's action, and this configuration."""
    config = {} if seconds is None else {"timeoutSeconds": seconds}
    seed = org_seed(configuration=lambda _: body)
    limited = dataclasses.replace(seed.actions[0], config=config)
    org.org.reseed(dataclasses.replace(seed, actions=(limited,)))


def undo_in(said: Said) -> list[str]:
    """The command that the last line names, as its words."""
    last = said.out.splitlines()[-1]
    assert last.startswith("To undo it:")
    return shlex.split(last.removeprefix("To undo it:"))[1:]


def test_the_console_script_needs_nothing_but_the_environment(tutorial_org: Running, tmp_path: Path) -> None:
    target = {"TARGET_FLOW_ID": named(tutorial_org.org, "Order hotline").id, "TARGET_ACTION_NAME": STEP}
    script = Path(sys.executable).with_name("genesys-timeouts")
    make_prefect_home(tmp_path / "prefect")
    own = {"NEW_TIMEOUT_MS": "5000", "PREFECT_HOME": str(tmp_path / "prefect")}
    environment = {**os.environ, **target, **own}

    done = subprocess.run([script, "set"], env=environment, capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stderr.strip()) == (0, "")
    assert "Old timeout:    3s\n" in done.stdout
    assert "New timeout:    5s (confirmed from a fresh read)\n" in done.stdout
    assert 5_000 in timeouts(tutorial_org.org, "Order hotline").values()


def test_ten_seconds_are_set_unless_something_else_is_asked_for(tutorial_org: Running) -> None:
    before = timeouts(tutorial_org.org, "Order hotline")

    said = set_step(named(tutorial_org.org, "Order hotline").id, STEP)

    assert (said.code, said.problems.strip()) == (0, "")
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

    assert (said.code, said.problems.strip()) == (0, "")
    assert "Step:           Main / Look up the customer (number 11), calls CRM lookup, id " + NODE in said.out
    assert "Old timeout:    3s\n" in said.out
    assert "New timeout:    10s (confirmed from a fresh read, live as version 5.0)" in said.out
    assert architect_org.org.configuration(FLOW) == configuration(10)


def test_what_the_run_has_verified_is_not_doubted_for_what_is_read_afterwards(architect_org: Running) -> None:
    """`Nothing was changed`, or `somebody may have published it after us`, followed on a publish that was verified."""
    architect_org.org.clear_log()
    set_step(FLOW, NODE)
    reads = [call.path for call in architect_org.org.log if call.method == "GET" and "configuration" in call.path]
    assert [path.rpartition("versions/")[2] for path in reads if "5.0" in path] == ["5.0/configuration"]


def test_a_step_is_also_found_as_the_list_of_steps_writes_it(architect_org: Running) -> None:
    assert set_step(FLOW, "Main / Look up the customer").code == 0
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


@pytest.mark.parametrize("org", ["tutorial_org", "architect_org"])
def test_a_dry_run_shows_old_and_new_and_changes_nothing(org: str, request: pytest.FixtureRequest) -> None:
    simulator: Running = request.getfixturevalue(org)
    target, step = (FLOW, "CRM lookup") if org == "architect_org" else (named(simulator.org, "Order hotline").id, STEP)

    said = set_step(target, step, "--dry-run")

    assert (said.code, said.problems.strip()) == (0, "")
    assert "Old timeout:    3s\n" in said.out
    assert "New timeout:    10s (dry run: nothing was changed)\n" in said.out
    assert "Callers wait:   10s at most, instead of 3s\n" in said.out
    assert writes(simulator.org) == []
    step_id = ids_in(said.out)[0]
    asked = f"genesys-timeouts set --architect-flow {target} --step {step_id} --timeout 10s\n"
    assert said.out.endswith(f"To publish it:  {asked}")
    assert command(*shlex.split(asked)[1:]).code == 0
    assert writes(simulator.org) != []


def test_a_dry_run_of_what_stands_in_the_way_ends_as_the_command_would(architect_org: Running) -> None:
    said = set_step(FLOW, NODE, "--dry-run", NEW_TIMEOUT_MS="2000")

    assert said.code == 1
    assert "--allow-lowering" in said.problems
    assert writes(architect_org.org) == []


@pytest.mark.usefixtures("architect_org")
def test_a_dry_run_and_what_is_refused_need_no_prefect_server() -> None:
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        assert set_step(FLOW, NODE, "--dry-run").code == 0
        assert set_step(FLOW, "Nope").code == 1
        assert set_step(FLOW, NODE, NEW_TIMEOUT_MS="3000").code == 0


@pytest.mark.parametrize("org", ["tutorial_org", "architect_org"])
def test_what_was_set_is_put_back_by_the_command_of_its_last_line(org: str, request: pytest.FixtureRequest) -> None:
    simulator: Running = request.getfixturevalue(org)
    target, step = (
        (FLOW, NODE) if org == "architect_org" else (named(simulator.org, "Order hotline").id, "Order status")
    )
    before = content(simulator, target)
    undo = undo_in(set_step(target, step))
    assert content(simulator, target) != before

    assert command(*undo).code == 0

    assert content(simulator, target) == before


def content(simulator: Running, architect_flow_id: str) -> bytes:
    latest = simulator.org.records.find(architect_flow_id).latest
    assert latest is not None
    return bytes(latest.content.body())


def test_a_suggested_timeout_becomes_the_steps_own_and_comes_back(architect_org: Running) -> None:
    limited_to(30, architect_org, SUGGESTED)

    said = set_step(FLOW, NODE, "--allow-lowering")

    assert said.code == 0
    assert "Old timeout:    suggested, so the action's own limit counts: 30s\n" in said.out
    assert "Callers wait:   10s at most, instead of 30s: shorter than now\n" in said.out
    assert command(*undo_in(said)).code == 0
    assert architect_org.org.configuration(FLOW) == SUGGESTED


def test_nobody_chose_what_a_suggested_timeout_waits(architect_org: Running) -> None:
    limited_to(30, architect_org, SUGGESTED)

    said = set_step(FLOW, NODE)

    assert said.code == 1
    assert "the step waits as long as its action, whose limit is 30s; 10s would lower it" in said.problems
    assert "chose" not in said.all
    assert "--allow-lowering" in said.problems


def test_a_suggested_timeout_of_an_action_without_a_limit_is_told_as_what_it_counts(architect_org: Running) -> None:
    limited_to(None, architect_org, SUGGESTED)

    said = set_step(FLOW, NODE, "--dry-run")

    assert "Old timeout:    suggested, and the action sets no limit: counted as 1m\n" in said.out
    assert "Callers wait:   10s at most, instead of 1m: shorter than now\n" in said.out


def test_one_step_reads_one_architect_flow_and_lists_none(architect_org: Running) -> None:
    architect_org.org.clear_log()

    assert set_step(FLOW, NODE).code == 0

    assert not [call for call in architect_org.org.log if call.path == "/api/v2/flows"]
    assert len(architect_org.org.log) < 50


def test_the_step_of_a_run_of_ours_is_published_as_a_run_of_its_own(architect_org: Running) -> None:
    undo = undo_in(set_step(FLOW, NODE))

    report = kept_report(default_storage(), undo[1])

    assert (report.run.kind, report.run.mode, len(report.steps)) == ("set", "apply", 1)
    assert [outcome.outcome for outcome in report.outcomes] == ["published"]
    assert architect_org.org.configuration(FLOW) == configuration(10)
