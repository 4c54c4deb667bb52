"""However a command is ended, it says what became of it, and nothing of it is left."""

import contextlib
import json
import signal
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.versions import PublishPlan
from simulator.server import Running
from tests.cli.commands import Command, records_in, running_command
from tests.contents import ours, published
from tests.environment import wait_for

RAISE = ("raise", "--to", "10s", "--apply", "--yes")
CONFIGURATION = "/api/v2/flows/*/versions/*/configuration"
PUBLISH = "/api/v2/flows/actions/publish"

END_S = 10.0
"""Within which a run ends where nothing is in flight."""

GONE_S = 3.0
"""Within which it is gone once it has said its last sentence."""

NOTHING_CHANGED = "Nothing was changed: run the same command again."

Ended = Callable[[Command], None]


def ctrl_c(command: Command) -> None:
    command.press_ctrl_c()


def terminate(command: Command) -> None:
    command.process.send_signal(signal.SIGTERM)


def hang_up(command: Command) -> None:
    command.process.send_signal(signal.SIGHUP)


def close_the_terminal(command: Command) -> None:
    command.close_the_terminal()


def asked(org: Running, path: str) -> int:
    return sum(fnmatch(call.path, path) for call in org.org.log)


def assert_tokens_are_given_back(org: Running) -> None:
    """A command gives up on an answer after two seconds: the org may hear of its request when it is gone."""
    assert asked(org, "/oauth/token") > 0
    wait_for(lambda: asked(org, "/api/v2/tokens/me") == asked(org, "/oauth/token"), END_S)


def assert_it_says_last(command: Command, sentence: str) -> None:
    """It is gone within 3 s of that sentence, with all that it has started, and nothing follows the sentence."""
    wait_for(lambda: sentence in command.said, END_S)
    wait_for(lambda: not command.left(), GONE_S)
    assert command.end(1) < 1
    assert command.said.rstrip().endswith(sentence), command.said
    for noise in ("Traceback", "Exception ignored"):
        assert noise not in command.said


def assert_nothing_is_left_of(command: Command, org: Running) -> None:
    wait_for(lambda: not command.left(), END_S)
    assert ours(org) == []


each_end = pytest.mark.parametrize("end_it", [ctrl_c, terminate, hang_up, close_the_terminal])


def tell_to_wait(org: Running) -> None:
    """The platform refuses, and asks to wait for a minute."""
    org.org.add_fault(Fault(kind="status", status=429, retry_after="60", match=Match(path=CONFIGURATION, times=None)))


@each_end
def test_a_run_that_waits_for_the_platform_while_it_reads_ends_at_once(org: Running, home: Path, end_it: Ended) -> None:
    before = published(org)
    tell_to_wait(org)
    with running_command(*RAISE, home=home, url=org.url, in_a_terminal=end_it is close_the_terminal) as command:
        wait_for(lambda: asked(org, CONFIGURATION) >= 1)
        end_it(command)

        if end_it is not close_the_terminal:
            assert_it_says_last(command, NOTHING_CHANGED)
        assert command.end() < END_S
        assert command.process.returncode == 1
        assert_nothing_is_left_of(command, org)
        assert_tokens_are_given_back(org)
        assert published(org) == before


def test_an_audit_whose_requests_hang_ends_at_once(org: Running, home: Path) -> None:
    org.org.add_fault(Fault(kind="hang", match=Match(path=CONFIGURATION, times=None)))
    with running_command("audit", home=home, url=org.url) as command:
        wait_for(lambda: asked(org, CONFIGURATION) >= 1)
        command.press_ctrl_c()

        assert_it_says_last(command, NOTHING_CHANGED)
        assert_nothing_is_left_of(command, org)


@pytest.mark.parametrize("signals", [1, 2])
def test_a_command_whose_prefect_server_still_starts_ends_at_once(org: Running, home: Path, signals: int) -> None:
    with running_command("audit", home=home, url=org.url) as command:
        wait_for(lambda: len(command.left()) > 1)
        command.press_ctrl_c()
        with contextlib.suppress(ProcessLookupError, IndexError):  # it may be gone by then
            for _ in range(1, signals):
                command.press_ctrl_c()

        assert_it_says_last(command, NOTHING_CHANGED)
        assert_nothing_is_left_of(command, org)


@each_end
def test_a_run_that_publishes_finishes_what_is_in_flight_and_keeps_its_record(
    org: Running, home: Path, end_it: Ended
) -> None:
    before = published(org)
    with running_command(*RAISE, home=home, url=org.url, in_a_terminal=end_it is close_the_terminal) as command:
        wait_for(lambda: asked(org, PUBLISH) >= 2)
        org.org.plan_publish(PublishPlan(reads=4))
        wait_for(lambda: asked(org, PUBLISH) >= 3)
        end_it(command)

        command.end()
        assert command.process.returncode == 1
        assert_nothing_is_left_of(command, org)
        assert_tokens_are_given_back(org)
        done = {key for key, version in published(org).items() if version != before[key]}
        (record,) = records_in(home)
        assert done
        assert {each.target.id for each in record.outcomes if each.outcome == "published"} == done
        if end_it is not close_the_terminal:
            assert "Interrupted: " in command.said
            assert "Interrupted: interrupted" not in command.said
            assert "are not done; the next run goes on from there" in command.said
            assert "Traceback" not in command.said


def test_a_second_ctrl_c_ends_a_run_that_publishes_at_once(org: Running, home: Path) -> None:
    org.org.plan_publish(PublishPlan(ending="never"))
    with running_command(*RAISE, home=home, url=org.url) as command:
        wait_for(lambda: asked(org, PUBLISH) >= 1)
        polls = asked(org, "/api/v2/flows/*")
        command.press_ctrl_c()
        wait_for(lambda: asked(org, "/api/v2/flows/*") > polls + 2)  # two signals at once would be one
        command.press_ctrl_c()

        assert command.end() < 8  # a publish that is followed goes on for 15 s
        wait_for(lambda: not command.left(), END_S)
        assert command.process.returncode == 1
        (record,) = records_in(home)
        assert f"The outcomes so far are kept with the run {record.run.id}" in command.said
        assert "Traceback" not in command.said
    with running_command("runs", "--json", "-", home=home, url=org.url) as listing:
        listing.end()
        (listed,) = json.loads(listing.said[listing.said.index("{") :])["runs"]
        assert listed["state"] == "Interrupted"


@each_end
def test_a_run_that_waits_for_another_one_says_for_which_and_ends_at_once(
    org: Running, home: Path, end_it: Ended
) -> None:
    org.org.plan_publish(PublishPlan(ending="never"))
    with running_command(*RAISE, home=home, url=org.url) as first:
        wait_for(lambda: asked(org, PUBLISH) >= 1)
        (holder,) = records_in(home)
        in_a_terminal = end_it is close_the_terminal
        with running_command(*RAISE, home=home, url=org.url, in_a_terminal=in_a_terminal) as second:
            wait_for(lambda: "Waiting for the run" in second.said)
            end_it(second)

            assert second.end() < END_S
            assert second.process.returncode == 1
            wait_for(lambda: not second.left(), GONE_S)
            if not in_a_terminal:
                assert f"Waiting for the run {holder.run.name} ({holder.run.id}), since " in second.said
                assert "Interrupted: the run ended before anything was published: nothing was changed" in second.said
                assert "Traceback" not in second.said
                assert "Exception ignored" not in second.said
            assert len(records_in(home)) == 2
        assert first.process.poll() is None


def test_a_command_that_is_killed_leaves_no_process(org: Running, home: Path) -> None:
    org.org.plan_publish(PublishPlan(ending="never"))
    with running_command(*RAISE, home=home, url=org.url) as command:
        wait_for(lambda: asked(org, PUBLISH) >= 1)
        command.process.kill()

        wait_for(lambda: not command.left(), GONE_S)


def test_the_demo_org_ends_with_the_command_that_started_it(org: Running, home: Path) -> None:
    with running_command("raise", "--to", "10s", "--org", "demo", home=home, url=org.url) as command:
        wait_for(lambda: len(command.left()) >= 3)  # itself, the demo org, Prefect's server
        command.process.send_signal(signal.SIGTERM)

        assert_it_says_last(command, NOTHING_CHANGED)
