"""An org on the simulator, as a process of its own, and its control plane."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

from bench.floors import Needs
from bench.traffic import Traffic

CLIENT_ID = "demo-writer"
CLIENT_SECRET = "demo-writer-secret"  # noqa: S105 - the simulator's own, public
_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Simulator:
    """A simulator that runs."""

    url: str

    def traffic(self) -> Traffic:
        """Return what was asked since `forget`."""
        return Traffic.from_log(self.control("GET", "log"))

    def forget(self) -> None:
        """Forget what was asked; windows of a rate limit go on."""
        self.control("DELETE", "log")

    def needs(self) -> Needs:
        """Count what an audit has to ask of this org."""
        state = self.control("GET", "state")
        published = [each for each in state["architectFlows"].values() if each["published"] is not None]
        return Needs.of(len(state["architectFlows"]), len(state["actions"]), len(published))

    def published_paths(self) -> list[str]:
        """Return the path of every published configuration."""
        return [
            f"/api/v2/flows/{architect_flow_id}/versions/{each['published']}/configuration"
            for architect_flow_id, each in self.control("GET", "state")["architectFlows"].items()
            if each["published"] is not None
        ]

    def published_text(self, architect_flow_id: str) -> str:
        """Return the published configuration of an Architect flow, empty where there is none."""
        state = self.control("GET", f"state?bodies=true&architect_flow_id={architect_flow_id}")
        found = state["architectFlows"][architect_flow_id]
        return next((each["text"] for each in found["versions"] if each["id"] == found["published"]), "")

    def plan_publish(self, architect_flow_id: str, duration_ms: int) -> None:
        """Let publishes of an Architect flow take so long, however often they are looked at."""
        plan = {"architect_flow_id": architect_flow_id, "reads": 0, "ms": duration_ms}
        self.control("POST", "publishing", plan)

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the control plane."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/simulator/{path}", data=data, method=method)  # noqa: S310 - loopback
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - loopback
            return json.load(answer)


@contextmanager
def simulator_of(
    architect_flows: int, *, latency_ms: int = 0, per_minute: int | None = None, seed: int = 1
) -> Iterator[Simulator]:
    """Serve the demo org of so many Architect flows, which has made its configurations already.

    `per_minute`: the rate limit; None: there is none.
    """
    command = [sys.executable, "-P", "-m", "simulator", "--port", "0", "--with-parent", "--keep-configurations"]
    limit = "off" if per_minute is None else str(per_minute)
    options = {"architect-flows": architect_flows, "latency-ms": latency_ms, "rate-limit": limit, "seed": seed}
    command += [f"--{name}={value}" for name, value in options.items()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            simulator = Simulator(process.stdout.readline().strip().rpartition(" ")[2])
            simulator.control("GET", "state")  # makes the configurations, for their digests: no run waits for that
            yield simulator
        finally:
            process.stdin.close()  # it ends with its parent; told to stop, it would still be reading that
