"""No secret, token or key that seals is left anywhere, whatever goes wrong, not even at the level DEBUG.

Runs in processes of their own, with a server, results, artifacts, logs and output of their own, all of which are
searched, the arguments of every process on the machine included.
"""

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulator.clients import WRITING, OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.server import Running, running
from tests.environment import COMMAND, SEAL_KEYS, environment
from tests.publishing.scenes import org_seed

SECRET = "canary-5f1e-secret"
WRONG = "canary-wrong-0b7d-secret"
CLIENT = "canary-client"
LISTING = Match(path="/api/v2/flows")
CONFIGURATION = Match(path="/api/v2/flows/*/versions/*/configuration")
PUBLISH = Match(method="POST", path="/api/v2/flows/actions/publish")

FAILING = f"""
import os, traceback
from cli import environment
environment.prepare(verbose=True)
from cli.servers.prefect_server import prefect_server
from flows.audit import audit

def run():
    state = audit(return_state=True)
    print(state.name, state.message)
    traceback.print_exception(state.result(raise_on_failure=False))

with prefect_server():
    run()
    os.environ["GENESYS_CLIENT_SECRET"] = "{WRONG}"
    run()
"""


class Remembered(dict[str, Any]):
    """The simulator's tokens, with those that it has forgotten since."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []

    def __setitem__(self, token: str, value: Any) -> None:
        self.all.append(token)
        super().__setitem__(token, value)


@dataclass(frozen=True)
class Left:
    """What two processes left, by where it is, and what must not be in it."""

    places: dict[str, bytes]
    canaries: dict[str, bytes]

    def holding(self, text: bytes) -> list[str]:
        return [place for place, content in self.places.items() if text in content]


@contextmanager
def arguments_of_processes() -> Iterator[set[bytes]]:
    """The arguments of every process that ran meanwhile and was not gone within moments."""
    seen: set[bytes] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(process.read_bytes())
                except OSError:
                    continue

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()


def run(command: list[str], simulator: Running, home: Path) -> "subprocess.CompletedProcess[bytes]":
    given = environment(
        HOME=str(home),
        PREFECT_HOME=str(home / "prefect"),
        PREFECT_LOGGING_LEVEL="DEBUG",
        PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL="DEBUG",
        GENESYS_API_URL=simulator.url,
        GENESYS_CLIENT_ID=CLIENT,
        GENESYS_CLIENT_SECRET=SECRET,
        GENESYS_READ_TIMEOUT="5s",
    )
    for name in ("TASK_RUN_RECORDER", "EVENT_PERSISTER", "TRIGGERS"):
        given.pop(f"PREFECT_SERVER_SERVICES_{name}_ENABLED", None)
    return subprocess.run(command, env=given, cwd=home, capture_output=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """Of a raise that meets a 401, a 500 in HTML and a lost publish, and of audits that fail for good."""
    home = tmp_path_factory.mktemp("secrets")
    tokens = Remembered()
    with running(org_seed()) as simulator, arguments_of_processes() as arguments:
        org = simulator.org
        org.add_client(OAuthClient(CLIENT, SECRET, "Canary", WRITING))
        org.tokens._tokens = tokens
        org.add_fault(Fault(kind="token_expired", match=LISTING))
        org.add_fault(Fault(kind="status", status=500, body="html", match=CONFIGURATION))
        org.add_fault(Fault(kind="reset", takes_effect=True, match=PUBLISH))
        command = [*COMMAND, "raise", "--to", "10s", "--apply", "--verbose", "--json", str(home / "run.json")]
        raised = run(command, simulator, home)
        org.add_fault(Fault(kind="status", status=500, body="html", match=Match(path="/api/v2/flows", times=5)))
        failed = run([sys.executable, "-c", FAILING], simulator, home)
    assert raised.returncode == 0, raised.stderr.decode()
    assert failed.returncode == 0, failed.stderr.decode()
    places = {
        **{str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()},
        "output of the raise": raised.stdout,
        "log of the raise": raised.stderr,
        "exceptions of the audits": failed.stdout + failed.stderr,
        "arguments of processes": b"\n".join(sorted(arguments)),
    }
    basics = {secret: base64.b64encode(f"{CLIENT}:{secret}".encode()) for secret in (SECRET, WRONG)}
    return Left(
        places,
        {
            "the secret": SECRET.encode(),
            "its Basic header": basics[SECRET],
            "a wrong secret": WRONG.encode(),
            "the wrong one's Basic header": basics[WRONG],
            "the key that seals": os.environ[SEAL_KEYS].encode(),
            "its bytes": bytes.fromhex(os.environ[SEAL_KEYS]),
            **{f"token {number}": token.encode() for number, token in enumerate(tokens.all)},
        },
    )


@pytest.mark.timeout(600)  # two Prefect servers and two processes, on a machine that may be busy
def test_neither_secret_nor_token_is_left_anywhere(left: Left) -> None:
    found = {what: left.holding(canary) for what, canary in left.canaries.items()}

    # The wrong secret is written in the script of this test, which is an argument.
    assert {what: places for what, places in found.items() if places} == {"a wrong secret": ["arguments of processes"]}
    assert "token 2" in left.canaries, "the one that the 401 ended, the one after it, and the audit's"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (b"Main line", ["run.json", "output of the raise", "log of the raise"]),
        (b"organizations/me answered 200", ["log of the raise"]),
        (b"a new access token was fetched", ["log of the raise"]),
        (b"the answer to a write is lost", ["log of the raise"]),
        (b"This was not the platform", ["log of the raise", "exceptions of the audits"]),
        (b"The login is refused", ["exceptions of the audits"]),
        (b"prefect.server.api.server", ["arguments of processes"]),
    ],
)
def test_what_is_no_secret_is_found_where_was_searched(left: Left, text: bytes, places: list[str]) -> None:
    assert [place for place in places if place not in left.holding(text)] == []


def test_the_database_and_the_results_of_prefect_were_searched(left: Left) -> None:
    holding = left.holding(b"Main line")

    assert [place for place in holding if ".db" in place]
    assert [place for place in holding if place.startswith("prefect/storage/")]
    assert [place for place in left.holding(b"The login is refused") if ".db" in place]
