"""What a command hands to the processes that it starts: what they work with, and no secret besides."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

HOLD = """
import sys
from pathlib import Path
from cli.environment import prepare
prepare()
from cli.servers.demo_org import demo_org
from cli.servers.prefect_server import prefect_server
with demo_org(Path(sys.argv[1])), prefect_server():
    from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL
    print(PREFECT_API_URL.value(), PREFECT_API_AUTH_STRING.value(), flush=True)
    sys.stdin.read()
"""
SECRETS = {
    "GENESYS_CLIENT_SECRET": "of-the-org",
    "GENESYS_WRITER_CLIENT_SECRET": "of-the-writer",
    "NOTIFY_URL": "https://hook.example/of-the-chat",
    "PREFECT_API_KEY": "of-the-cloud",
    "PREFECT_API_AUTH_STRING": "operator:of-another-server",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A command that runs with its two helpers: `found` is the command line and the environment of each."""

    address: str
    password: str
    found: dict[str, tuple[str, str]]


def children(parent: int) -> dict[str, tuple[str, str]]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            of = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            command, environment = [(folder / name).read_bytes().decode() for name in ("cmdline", "environ")]
        except OSError:
            continue  # it has ended
        if of == str(parent):
            kind = "simulator" if "simulator" in command else "prefect server"
            found[kind] = command.replace("\0", " "), environment
    return found


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    home = tmp_path_factory.mktemp("home")
    given = {**os.environ, **SECRETS, "PREFECT_HOME": str(home / "prefect")}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home / "org")],
        env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        assert run.stdout is not None
        address, password = run.stdout.readline().split()
        yield Held(address, password, children(run.pid))
        run.communicate()


def test_neither_the_demo_org_nor_the_temporary_server_is_handed_a_secret_of_yours(held: Held) -> None:
    assert set(held.found) == {"simulator", "prefect server"}
    for command, environment in held.found.values():
        assert [secret for secret in SECRETS.values() if secret in command + environment] == []


def test_the_password_of_the_temporary_server_is_the_servers_alone_and_in_no_process_list(held: Held) -> None:
    assert [kind for kind, (_, environment) in held.found.items() if held.password in environment] == ["prefect server"]
    assert [kind for kind, (command, _) in held.found.items() if held.password in command] == []


def test_the_temporary_server_answers_nobody_without_its_password(held: Held) -> None:
    def ask(auth: tuple[str, str] | None) -> int:
        return httpx.post(f"{held.address}/flow_runs/filter", json={}, auth=auth, timeout=60).status_code

    name, _, secret = held.password.partition(":")
    assert [ask(None), ask((name, "guessed")), ask((name, secret))] == [401, 401, 200]
