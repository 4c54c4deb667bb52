"""Any page that is open in a browser beside `make serve` may send requests to loopback.

Every one of them could read all credentials, and start runs.
"""

import asyncio
import contextlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from deployments.environments import CLIENT_IN_OUTAGES, Environments
from tests.deployments.browser.browsing import browsing
from tests.deployments.served import GIVEN, Served
from tests.environment import wait_for
from tests.web import answering

pytestmark = pytest.mark.timeout(600)

NEXT_DOOR = "http://evil.example"
DEMO_SECRETS = ("demo-writer-secret", "demo-reader-secret")


def blocks(address: str, headers: Mapping[str, str]) -> httpx.Response:
    """Ask for all credentials."""
    body = {"include_secrets": True}
    return httpx.post(f"{address}/api/block_documents/filter", json=body, headers=headers, timeout=60)


def test_without_the_password_no_credentials_are_given_to_anybody(on_sqlite: Served) -> None:
    refused = blocks(on_sqlite.address, {})
    wrong = httpx.post(
        f"{on_sqlite.address}/api/block_documents/filter", json={}, auth=("operator", "guessed"), timeout=60
    )

    assert (refused.status_code, wrong.status_code) == (401, 401)
    assert on_sqlite.post("/block_documents/filter", {"include_secrets": True})


def test_a_page_next_door_is_not_let_read_an_answer(on_sqlite: Served) -> None:
    answer = blocks(on_sqlite.address, {"Origin": NEXT_DOOR})
    leave = httpx.options(
        f"{on_sqlite.address}/api/block_documents/filter",
        headers={"Origin": NEXT_DOOR, "Access-Control-Request-Method": "POST"},
        timeout=60,
    )

    assert answer.status_code == 401
    assert [each.headers.get("access-control-allow-origin") for each in (answer, leave)] == [None, None]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_pages_of_its_own_ui_are_let(on_sqlite: Served, host: str) -> None:
    origin = on_sqlite.address.replace("127.0.0.1", host)
    answer = on_sqlite.api.get("/health", headers={"Origin": origin})

    assert answer.headers["access-control-allow-origin"] == origin


@pytest.mark.parametrize("path", ["events/out", "logs/out", "events/in"])
def test_a_socket_is_closed_to_who_has_no_password(on_sqlite: Served, path: str) -> None:
    """Browsers let every page open a socket to everywhere."""

    async def listen() -> None:
        address = on_sqlite.address.replace("http://", "ws://")
        async with connect(f"{address}/api/{path}", origin=NEXT_DOOR, subprotocols=["prefect"]) as socket:  # type: ignore[arg-type, list-item] # texts will do
            await socket.send(json.dumps({"type": "auth", "token": None}))
            await asyncio.wait_for(socket.recv(), 60)

    with pytest.raises(ConnectionClosed):
        asyncio.run(listen())


TRIES = """<script>
async function all() {
    const server = '%s/api/block_documents/filter', org = '%s/simulator';
    const body = {method: 'POST', body: '{"include_secrets": true}'};
    const json = {...body, headers: {'Content-Type': 'application/json'}};
    const tries = [
        [server, json],
        [server, body],
        [server, {...json, headers: {...json.headers, Authorization: 'Basic ' + btoa('operator:guessed')}}],
        [org + '/state', {}],
        [org + '/reset', {method: 'POST'}],
        [org + '/reset', {method: 'POST', mode: 'no-cors'}],
    ];
    const read = [];
    for (const [address, how] of tries) {
        try { read.push(await (await fetch(address, how)).text()); } catch (refused) { read.push(null); }
    }
    document.body.textContent = JSON.stringify(read);
}
window.onload = all;
</script><body></body>"""


@pytest.fixture
def next_door(on_sqlite: Served) -> Iterator[str]:
    """A page of somebody else's, which tries what a page can."""
    page = (TRIES % (on_sqlite.address, str(on_sqlite.org.base_url).rstrip("/"))).encode()

    with answering(lambda _: (200, page)) as address:
        yield address.replace("127.0.0.1", "localhost")


def test_a_page_in_the_browser_in_which_somebody_is_logged_in_reads_nothing_and_resets_nothing(
    on_sqlite: Served, next_door: str
) -> None:
    as_seeded = on_sqlite.live()
    on_sqlite.control("people", kind="publish", architect_flow_id=next(iter(as_seeded)), person="A colleague")
    before = on_sqlite.live()
    assert before != as_seeded

    with browsing(on_sqlite.address, on_sqlite.password) as browser:
        browser.page.goto(next_door)
        browser.page.wait_for_function("document.body.textContent.startsWith('[')")
        read = json.loads(browser.page.inner_text("body"))

    assert read == [None, None, None, None, None, ""]  # the last one was sent, and its answer is nobody's to read
    assert on_sqlite.live() == before


def processes_of(served: Served) -> dict[str, tuple[str, str]]:
    """Return the command and the environment of what `make serve` has started, by what it is."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            command, environment = [(folder / name).read_bytes().decode() for name in ("cmdline", "environ")]
        except OSError:
            continue  # it has ended
        if parent == str(served.process.pid):
            words = command.replace("\0", " ")
            kind = next(each for each in ("server start", "worker start", "simulator") if each in words)
            found[kind] = words, environment
    return found


def test_each_process_holds_the_secrets_that_it_works_with_and_no_other(on_sqlite: Served) -> None:
    found = processes_of(on_sqlite)
    every = {*DEMO_SECRETS, GIVEN["GENESYS_CLIENT_SECRET"], GIVEN["PREFECT_SERVER_ENCRYPTION_KEY"], on_sqlite.password}

    held = {kind: {secret for secret in every if secret in environment} for kind, (_, environment) in found.items()}
    assert held == {
        "server start": {GIVEN["PREFECT_SERVER_ENCRYPTION_KEY"], on_sqlite.password},
        "worker start": {on_sqlite.password},
        "simulator": set(),
    }
    assert "GENESYS_READ_TIMEOUT=20s" in found["worker start"][1]
    assert [kind for kind, (_, environment) in found.items() if "GENESYS_TIMEOUTS_APPROVERS=" in environment] == [
        "worker start"
    ]


def environment_of_the_run(run_id: str) -> str:
    """Return what the process of a run finds in its environment, '' where there is none (yet)."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            if run_id in (environment := (folder / "environ").read_bytes().decode()):
                return environment
    return ""


def test_the_process_of_a_run_holds_the_servers_password_and_no_credentials(on_sqlite: Served) -> None:
    run_id = on_sqlite.start("audit/audit-nightly")
    wait_for(lambda: environment_of_the_run(run_id) != "", 60.0)
    environment = environment_of_the_run(run_id)
    on_sqlite.wait(run_id)

    every = {*DEMO_SECRETS, GIVEN["GENESYS_CLIENT_SECRET"], GIVEN["PREFECT_SERVER_ENCRYPTION_KEY"], on_sqlite.password}
    assert {secret for secret in every if secret in environment} == {on_sqlite.password}


def test_nobody_else_on_the_machine_may_read_what_is_kept(on_sqlite: Served) -> None:
    """The database holds the blocks; without a key of the operator's, the key that opens them too."""
    kept = [path for path in on_sqlite.home.rglob("*") if path.name != "serve.log" and not path.is_symlink()]

    assert any(path.name.startswith("prefect.db") for path in kept)
    assert stat.S_IMODE(on_sqlite.home.stat().st_mode) == 0o700
    assert [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_no_secret_is_in_a_process_list_or_a_log(on_sqlite: Served) -> None:
    shown = [command for command, _ in processes_of(on_sqlite).values()]
    logs = [path.read_text() for path in (on_sqlite.home / "logs").iterdir()]

    assert len(logs) == 4
    approvers = on_sqlite.home / "approvers"
    private = [(approvers / who / "approver.key").read_text().splitlines()[1] for who in ("ana", "bo")]
    for secret in (*DEMO_SECRETS, GIVEN["GENESYS_CLIENT_SECRET"], on_sqlite.password, *private):
        assert not [text for text in (*shown, *logs) if secret in text]


def test_what_registers_an_org_of_yours_gets_its_credentials_and_no_database() -> None:
    given: dict[str, Any] = {
        "PATH": os.defpath,
        "GENESYS_WRITER_CLIENT_ID": "w",
        "GENESYS_WRITER_CLIENT_SECRET": "s",
        "GENESYS_TIMEOUTS_APPROVERS": "{}",
        "NOTIFY_URL": "https://hook",
        "AUDIT_FILES_TOKEN": "of the repository",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": "postgresql+asyncpg://u:p@db/prefect",
        "PREFECT_API_DATABASE_CONNECTION_URL": "postgresql+asyncpg://u:p@db/prefect",
        "PREFECT_API_KEY": "of the cloud",
        "PREFECT_LOGGING_LEVEL": "DEBUG",
    }
    seals = {"GENESYS_TIMEOUTS_SEAL_KEYS": "k", "GENESYS_TIMEOUTS_SEAL_KEYS_FILE": "f"}
    found = Environments({**given, **seals}, {"DO_NOT_TRACK": "1"}, "operator:x")

    everybody = {"PATH": os.defpath, "PREFECT_LOGGING_LEVEL": "DEBUG", "DO_NOT_TRACK": "1"}
    assert found.of_everybody() == everybody
    assert found.of_a_client() == {"PREFECT_API_AUTH_STRING": "operator:x", **CLIENT_IN_OUTAGES}
    register = found.of_register({})
    assert set(register) == {
        *("GENESYS_WRITER_CLIENT_ID", "GENESYS_WRITER_CLIENT_SECRET", "NOTIFY_URL", "AUDIT_FILES_TOKEN"),
        *found.of_a_client(),
    }
    worker = {**found.of_a_client(), **seals, "GENESYS_TIMEOUTS_HOME": "/home"}
    assert found.of_a_worker("/home", {}) == {**worker, "GENESYS_TIMEOUTS_APPROVERS": "{}"}
    demo = {"GENESYS_TIMEOUTS_APPROVERS": "of the demo"}
    assert found.of_a_worker("/home", demo) == {**worker, **demo}
    assert found.of_register({"GENESYS_API_URL": "http://demo"}) == {
        "NOTIFY_URL": "https://hook",
        "AUDIT_FILES_TOKEN": "of the repository",
        "GENESYS_API_URL": "http://demo",
        **found.of_a_client(),
    }
    server = found.of_the_server("http://127.0.0.1:4200")
    assert server["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4200"
    assert server["PREFECT_SERVER_DATABASE_CONNECTION_URL"] == given["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
