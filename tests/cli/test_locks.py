"""What our own runs hold is seen, and what dead ones have left can be let go."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from genesys import WriteClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.server import Running
from tests.cli import scenes
from tests.cli.commands import Command, records_in, running_command
from tests.cli.process.test_ends import PUBLISH, RAISE, asked
from tests.contents import ours, published
from tests.environment import wait_for
from tests.flows.waiting import another_run_in
from tests.publishing.scenes import client_of

RELEASE = ("locks", "--release", "--grace", "10s")
WRITES = ("checkout", "revert", "publish", "unlock")


@pytest.fixture
def client(org: Running) -> Iterator[WriteClient]:
    with closing(client_of(org.url)) as found:
        yield found


def ran(*arguments: str, home: Path, org: Running) -> tuple[int, str]:
    """Run a command to its end; gives its exit code and all that it printed."""
    with running_command(*arguments, home=home, url=org.url) as command:
        command.end(300)
        return command.process.returncode, command.said


def kill_all_of(command: Command) -> None:
    for process in command.left():
        os.kill(process, signal.SIGKILL)
    wait_for(lambda: not command.left())


def names_of(org: Running, ids: list[str]) -> list[str]:
    return [each.name for each in org.org.seed.architect_flows if each.id in ids]


@pytest.mark.timeout(300)  # 45 s until a holder counts as dead, and five Prefect servers
def test_what_a_killed_run_holds_is_listed_reported_and_let_go(org: Running, home: Path) -> None:
    before = published(org)
    org.org.add_fault(Fault(kind="hang", match=Match(path=PUBLISH)))
    with running_command(*RAISE, home=home, url=org.url) as killed:
        wait_for(lambda: asked(org, PUBLISH) >= 1)
        kill_all_of(killed)
    (record,) = records_in(home)
    (name,) = names_of(org, ours(org))
    org.org.clear_log()

    code, listed = ran("locks", home=home, org=org)

    assert (code, [each for each in WRITES if asked(org, f"/api/v2/flows/actions/{each}")]) == (0, [])
    assert f"Locked by our client: {name} ({ours(org)[0]}), draft " in listed
    assert f"the run {record.run.name} ({record.run.id}), since " in listed
    assert "last sign of life " in listed

    code, released = ran(*RELEASE, home=home, org=org)

    assert code == 0, released
    assert "Watching for 10s whether anything still moves under the locks" in released
    assert f"The place of the run that writes to {org.org.seed.name} is free" in released
    assert f"{name}: let go; its draft was discarded, what is live stays" in released
    assert (ours(org), published(org)) == ([], before)
    nothing = "nothing is held by runs of ours, as far as this OAuth client and this Prefect server show."
    assert ran("locks", home=home, org=org) == (0, f"{org.org.seed.name}: {nothing}\n")


@pytest.mark.usefixtures("prefect")
def test_what_a_run_locks_while_its_end_is_waited_for_is_let_go_as_well(
    pointed_at: Running, client: WriteClient
) -> None:
    held = next(key for key, version in published(pointed_at).items() if version)
    (name,) = names_of(pointed_at, [held])

    with another_run_in(pointed_at.org.seed.id, before_it_ends=lambda: client.checkout(held)):
        said = scenes.command(*RELEASE)

    assert "Locked by our client" in said.all.partition("Since it was listed, that has changed:")[2]
    assert f"{name}: let go" in said.all
    assert (said.code, ours(pointed_at)) == (0, [])


@pytest.mark.usefixtures("prefect")
def test_a_draft_that_is_not_ours_stays_and_the_command_says_so(pointed_at: Running, client: WriteClient) -> None:
    held = next(key for key, version in published(pointed_at).items() if version)
    client.checkout(held)
    client.save_version(held, client.latest_configuration(held).replace(b'"description"', b'"Description"', 1))
    (name,) = names_of(pointed_at, [held])

    said = scenes.command(*RELEASE)

    assert said.code == 1
    assert f"{name}: under our lock lies a draft that this tool did not make" in said.all
    assert ours(pointed_at) == [held]


def test_a_lock_is_watched_for_two_minutes_unless_something_else_is_asked_for(
    org: Running, server: Path, client: WriteClient
) -> None:
    held = next(key for key, version in published(org).items() if version)
    client.checkout(held)

    with running_command("locks", "--release", home=server, url=org.url) as command:
        wait_for(lambda: "Watching for 2m whether anything still moves under the locks" in command.said)
        command.press_ctrl_c()
        command.end()

    assert ours(org) == [held]


@pytest.mark.usefixtures("prefect")
def test_an_audit_says_what_our_client_holds(pointed_at: Running, client: WriteClient) -> None:
    held = next(key for key, version in published(pointed_at).items() if version)
    client.checkout(held)

    said = scenes.command("audit")

    assert said.code == 0
    assert f"Locked by our own client: {names_of(pointed_at, [held])[0]}." in said.all.replace("\n", " ")


@pytest.mark.usefixtures("pointed_at")
def test_who_writes_over_what_we_know_of_our_locks_is_told(prefect: Path) -> None:
    scenes.command(*RAISE)
    (clients,) = (prefect / "prefect" / "storage").glob("genesys-timeouts-clients-*")
    clients.write_text("[]")

    listed = scenes.command("locks")
    clients.unlink()

    assert listed.code == 1
    assert f"Error: {clients.name} carries no seal" in listed.all
    assert "nothing is held" not in listed.all
