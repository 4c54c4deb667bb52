"""What `make serve` brings up, as a process of its own, and everything a person or a program does with it over HTTP."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
from prefect.filesystems import LocalFileSystem
from pydantic import SecretBytes

from flows.approval.key_files import private_key_in
from tasks.storage import ResultStorage
from tasks.storage.results import WRITES
from tasks.storage.seal_keys import SealKeys
from tests.company import of_nobody
from tests.contents import own_content
from tests.environment import without_settings
from tests.servers import free_port
from timeouts.planning.approval.request import DECISIONS, Request, read_request, sign

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 300.0
_ASKS_EVERY_S = 0.5
GIVEN = {
    "GENESYS_CLIENT_ID": "of-somebody",
    "GENESYS_CLIENT_SECRET": "a-secret-of-the-operator",
    "GENESYS_READ_TIMEOUT": "20s",
    "PREFECT_SERVER_ENCRYPTION_KEY": "b2YgdGhlIGJsb2NrcyBpbiB0ZXN0cywgMzIgYnl0ZXM=",
}
"""What an operator's environment holds beside what the demo org needs."""

ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Served:
    """A server with workers and the demo org: `api` is Prefect's, `org` the simulator's control plane."""

    process: "subprocess.Popen[str]"
    home: Path
    address: str
    api: httpx.Client
    org: httpx.Client
    environment: dict[str, str]
    password: str

    def deployment(self, name: str) -> Json:
        """Read a deployment by `prefect flow/deployment`."""
        found: Json = self.get(f"/deployments/name/{name}")
        return found

    def start(self, name: str, **parameters: Any) -> str:
        """Start a run of a deployment; gives its id."""
        answer = self.api.post(
            f"/deployments/{self.deployment(name)['id']}/create_flow_run", json={"parameters": parameters}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def run(self, run_id: str) -> Json:
        """Read a run."""
        found: Json = self.get(f"/flow_runs/{run_id}")
        return found

    def wait(self, run_id: str, *states: str, patience_s: float = PATIENCE_S) -> Json:
        """Wait until a run is in a state of one of these types, its ends if none is named; gives the state."""
        wanted = states or ENDED
        deadline = time.monotonic() + patience_s
        while True:
            state: Json = self.run(run_id)["state"]
            if state["type"] in wanted:
                return state
            may_come = state["type"] not in ENDED or "CANCELLED" in wanted
            assert may_come, (state["name"], state["message"], self.log(run_id))
            assert time.monotonic() < deadline, (state["name"], self.log(run_id))
            time.sleep(_ASKS_EVERY_S)

    def ended(self, name: str, **parameters: Any) -> Json:
        """Run a deployment to its end; gives the run."""
        run_id = self.start(name, **parameters)
        self.wait(run_id)
        return self.run(run_id)

    def answer(self, run_id: str, **given: str) -> Json:
        """Resume a suspended run with an answer, as the form does, and wait until it has been judged."""
        before = len(self.states(run_id))
        answer = self.api.post(f"/flow_runs/{run_id}/resume", json={"run_input": given})
        assert answer.json()["status"] == "ACCEPT", answer.text
        deadline = time.monotonic() + PATIENCE_S
        while True:
            state: Json = self.run(run_id)["state"]
            if state["type"] in (*ENDED, "PAUSED") and len(self.states(run_id)) > before + 1:
                return state
            assert time.monotonic() < deadline, self.log(run_id)
            time.sleep(_ASKS_EVERY_S)

    def proposed(self, run_id: str) -> Json:
        """Read what a suspended run asks to have approved, from the record that it keeps."""
        found: Json = self.record(run_id)["proposal"]
        return found

    def record(self, run_id: str) -> Json:
        """Read the record of an approval."""
        found: Json = json.loads(self.storage(WRITES).read(self.record_of(run_id).name))
        return found

    def storage(self, area: str) -> ResultStorage:
        """Return an area of the result storage, read with the key of the workers."""
        keys = SealKeys((SecretBytes(bytes.fromhex((self.home / "seal.key").read_text())),))
        return ResultStorage(LocalFileSystem(basepath=str(self.home / "prefect" / "storage")), area, keys)

    def record_of(self, run_id: str) -> Path:
        """Return the file of the record of an approval."""
        return self.home / "prefect" / "storage" / WRITES / f"genesys-timeouts-approval-{run_id}"

    def request(self, run_id: str) -> Request:
        """Read what a run asks to have signed where approvers read it: on its page."""
        found = re.search(r"approver sign \w+ (v1/\S+)`", self.artifact(run_id, "timeouts-approval"))
        assert found, self.artifact(run_id, "timeouts-approval")
        return read_request(found[1])

    def signed(self, who: str, decision: str, request: Request, note: str = "ok") -> dict[str, str]:
        """Make an answer as an approver of the demo org does: `who` is `ana` or `bo`."""
        decided = next(each for each in DECISIONS if each == decision)
        signature = sign(private_key_in(self.home / "approvers" / who), request, decided)
        return {"decision": decision, "signature": signature, "note": note}

    def asked(self, run_id: str) -> Json:
        """Have Bo sign that he asks for the plan of a suspended run; gives the state that follows."""
        return self.answer(run_id, **self.signed("bo", "ask", self.request(run_id)))

    def approval(self, run_id: str) -> dict[str, str]:
        """Make the right answer to a run that Bo has asked for: Ana's."""
        return self.signed("ana", "approve", self.request(run_id))

    def states(self, run_id: str) -> list[Json]:
        """List the states that a run has been in."""
        found: list[Json] = self.get("/flow_run_states/", flow_run_id=run_id)
        return found

    def retry(self, run_id: str) -> None:
        """Do what Retry does in Prefect's UI."""
        state = {"type": "SCHEDULED", "name": "AwaitingRetry"}
        answer = self.api.post(f"/flow_runs/{run_id}/set_state", json={"state": state, "force": True})
        assert answer.json()["status"] == "ACCEPT", answer.text

    def log(self, run_id: str) -> str:
        """Return the log of a run as text."""
        found = self.post("/logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}, "sort": "TIMESTAMP_ASC"})
        return "\n".join(str(line["message"]) for line in found)

    def artifacts(self, run_id: str) -> dict[str, Any]:
        """Return what the artifacts of a run hold, by the first part of their key; tables as rows."""
        runs = {"artifacts": {"flow_run_id": {"any_": [run_id]}}, "limit": 200}
        found = self.post("/artifacts/filter", {**runs, "sort": "CREATED_DESC"})
        return {
            each["key"]: json.loads(each["data"]) if each["type"] == "table" else each["data"]
            for each in reversed(found)
            if each["key"]
        }

    def artifact(self, run_id: str, what: str) -> Any:
        """Return the newest artifact of a run whose key starts with `what` and goes on with the demo org's name."""
        (found,) = (data for key, data in self.artifacts(run_id).items() if key.startswith(f"{what}-grunwald"))
        return found

    def get(self, path: str, **query: Any) -> Any:
        """Read from Prefect's API."""
        answer = self.api.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Json) -> Any:
        """Ask Prefect's API."""
        answer = self.api.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def control(self, path: str, **body: Any) -> None:
        """Tell the simulator something."""
        answer = self.org.post(f"/simulator/{path}", json=body)
        assert answer.is_success, answer.text

    def published(self) -> list[str]:
        """Return the Architect flows for which the simulator was asked to publish, in the order of the requests."""
        calls = self.org.get("/simulator/log").json()
        return [
            call["query"].removeprefix("flow=") for call in calls if call["path"].endswith("/flows/actions/publish")
        ]

    def live(self) -> dict[str, str]:
        """Return what is live of every Architect flow, as the simulator itself sees it."""
        state = self.org.get("/simulator/state", params={"bodies": "true"}).json()["architectFlows"]
        return {
            key: own_content(version["text"].encode())
            for key, each in state.items()
            for version in each["versions"]
            if version["id"] == each["published"]
        }

    def locked(self) -> list[str]:
        """Name the Architect flows whose lock our own OAuth client holds."""
        state = self.org.get("/simulator/state").json()["architectFlows"]
        return [each["name"] for each in state.values() if each["lock"] and each["lock"].get("kind") == "client"]

    def begin_anew(self) -> None:
        """Make the demo org as it was seeded, without a rate limit, a fault or a call in its log."""
        self.control("reset")
        self.control("rate-limit", per_minute=None)

    def forget_calls(self) -> None:
        """Empty the simulator's log."""
        assert self.org.delete("/simulator/log").is_success


class _Patient(httpx.HTTPTransport):
    """Asks again where SQLite was locked (503), as Prefect's own client does."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for wait_s in (0.2, 0.5, 1, 2, 4):
            answer = super().handle_request(request)
            if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                return answer
            answer.close()
            time.sleep(wait_s)
        return super().handle_request(request)


def signed_in(
    address: str, password: str, *, timeout_s: float = 60, transport: httpx.BaseTransport | None = None
) -> httpx.Client:
    """Return a client of Prefect's API at an address, for whoever has the password, `name:secret`."""
    name, _, secret = password.partition(":")
    return httpx.Client(base_url=f"{address}/api", auth=(name, secret), timeout=timeout_s, transport=transport)


@contextmanager
def serving(
    home: Path, *, database: str | None = None, workers: int = 1, environment: dict[str, str] | None = None,
    python: str = sys.executable,
) -> Iterator[Served]:  # fmt: skip
    """Run `genesys-timeouts serve`, with all state in `home`, for as long as the block lasts.

    `python` starts it, and all that it starts: servers, workers, and the process of each run.
    """
    port, org_port = free_port(), free_port()
    command = [python, "-m", "cli", "serve", "--home", home, "--port", port, "--org-port", org_port]
    command += ["--workers", workers, "--poll-seconds", 1]
    kept = {**without_settings(), **of_nobody(home.with_name(f"{home.name}-authority"))}
    named = (environment or {}) | ({"PREFECT_SERVER_DATABASE_CONNECTION_URL": database} if database else {})
    with (home / "serve.log").open("w+") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env={**kept, **named},
            stdout=log,
            stderr=log,
            text=True,
        )
        try:
            password = _password_once_served(process, home / "serve.log")
            address = f"http://127.0.0.1:{port}"
            login = {"PREFECT_API_URL": f"{address}/api", "PREFECT_API_AUTH_STRING": password}
            with (
                signed_in(address, password, transport=_Patient()) as api,
                httpx.Client(base_url=f"http://127.0.0.1:{org_port}", timeout=60) as org,
            ):
                served = Served(process, home, address, api, org, kept | login, password)
                served.control("rate-limit", per_minute=None)
                yield served
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)


def _password_once_served(process: "subprocess.Popen[str]", log: Path) -> str:
    """Wait until everything is up, and read the password that is printed then, as people do."""
    deadline = time.monotonic() + PATIENCE_S
    while (printed := re.search(r"^  password +(\S+)$", log.read_text(), re.MULTILINE)) is None:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    return printed[1]
