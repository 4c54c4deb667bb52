"""What a person does with the servers in a browser, and with the demo org, from outside of the containers."""

import json
import re
import time
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import httpx

from tests.containers.engine import Engine, Json, until
from tests.contents import own_content

ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
_IN_THE_ORG = """
import sys, urllib.request as u
method, path, body = sys.argv[1:]
request = u.Request("http://127.0.0.1:4400/simulator/" + path, body.encode() or None, method=method)
sys.stdout.buffer.write(u.urlopen(request, timeout=60).read())
"""


@dataclass(frozen=True, slots=True)
class Server:
    """Prefect behind the proxy, and the demo org beside it."""

    engine: Engine
    address: str
    password: str

    def ask(self, method: str, path: str, **query: Any) -> Any:
        """Ask Prefect's API; a request that no replica takes in a moment is sent again."""
        headers = {"Authorization": f"Basic {b64encode(self.password.encode()).decode()}"}
        for attempt in range(8):
            try:
                answer = httpx.request(method, f"{self.address}/api{path}", headers=headers, timeout=30, **query)
                if not answer.is_server_error:
                    answer.raise_for_status()
                    return answer.json()
            except httpx.TransportError:
                if attempt == 7:
                    raise
            time.sleep(2)
        raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")

    def answers(self) -> bool:
        """Whether the API answers a request that needs the database."""
        try:
            return httpx.get(f"{self.address}/api/ready", auth=tuple(self.password.split(":", 1)), timeout=3).is_success  # type: ignore[arg-type] # two of them
        except httpx.TransportError:
            return False

    def start(self, name: str, **parameters: Any) -> str:
        """Start a run of a deployment; returns its id."""
        deployment = self.ask("GET", f"/deployments/name/{name}")["id"]
        run = self.ask("POST", f"/deployments/{deployment}/create_flow_run", json={"parameters": parameters})
        return str(run["id"])

    def state(self, run: str) -> Json:
        """Return the state of a run."""
        found: Json = self.ask("GET", f"/flow_runs/{run}")["state"]
        return found

    def wait(self, run: str, *states: str, patience_s: float = 600) -> Json:
        """Wait until a run is in a state of one of these types, its ends if none is named; returns the state."""
        until(lambda: self.state(run)["type"] in (*states, *ENDED), f"{run} has ended", patience_s)
        return self.state(run)

    def completed(self, name: str, **parameters: Any) -> str:
        """Run a deployment, which has to complete; returns the run's id."""
        run = self.start(name, **parameters)
        self.must_complete(run)
        return run

    def must_complete(self, run: str) -> None:
        """Wait for the end of a run, which has to be Completed."""
        state = self.wait(run)
        if state["name"] != "Completed":
            raise RuntimeError(f"{run} ended {state['name']}: {state['message']}")

    def request(self, run: str) -> str:
        """Return what a suspended run asks to have signed, where approvers read it: on its page."""
        artifacts = self.ask("POST", "/artifacts/filter", json={"artifacts": {"flow_run_id": {"any_": [run]}}})
        pages = [str(one["data"]) for one in artifacts if str(one["key"]).startswith("timeouts-approval")]
        found = re.search(r"approver sign \w+ (v1/\S+)`", "\n".join(pages))
        if found is None:
            raise RuntimeError(f"{run} asks for no signature: {self.state(run)}")
        return found[1]

    def answer(self, run: str, decision: str, signature: str) -> None:
        """Resume a suspended run with an answer, as the form does."""
        given = {"decision": decision, "signature": signature, "note": "a trial"}
        said = self.ask("POST", f"/flow_runs/{run}/resume", json={"run_input": given})
        if said["status"] != "ACCEPT":
            raise RuntimeError(f"the answer to {run} was not taken: {said}")

    # The demo org

    def org(self, method: str, path: str, **body: Any) -> Any:
        """Tell the demo org something, or ask it, by its own control plane inside of its container."""
        (container,) = self.engine.containers("org")
        text = json.dumps(body) if method == "POST" else ""
        said = self.engine.in_container(container["Name"], "python", "-c", _IN_THE_ORG, method, path, text)
        return json.loads(said or b"null")

    def begin_anew(self, *, publishing_ms: int = 0) -> None:
        """Make the org as it was seeded, without a rate limit; a publish takes at least so long."""
        self.org("POST", "reset")
        self.org("POST", "rate-limit", per_minute=None)
        if publishing_ms:
            self.org("POST", "publishing", ms=publishing_ms)

    def live(self) -> dict[str, str]:
        """Return what is live of every Architect flow, as the org itself sees it."""
        return {
            key: own_content(version["text"].encode())
            for key, each in self.org("GET", "state?bodies=true")["architectFlows"].items()
            for version in each["versions"]
            if version["id"] == each["published"]
        }

    def published(self) -> list[str]:
        """Return for which Architect flows a publish was asked, in the order of the requests."""
        calls = self.org("GET", "log")
        return [
            call["query"].removeprefix("flow=") for call in calls if call["path"].endswith("/flows/actions/publish")
        ]
