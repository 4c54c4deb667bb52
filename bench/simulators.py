"""An org on the simulator, and its control plane."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

from bench.asked import Traffic
from bench.floors import Needs
from bench.processes import org_of

CLIENT_ID = "demo-writer"
CLIENT_SECRET = "demo-writer-secret"  # noqa: S105 - the simulator's own, public
_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Simulator:
    """A simulator that runs."""

    url: str

    def traffic(self) -> Traffic:
        """Give what was asked since `forget`."""
        return Traffic.from_log(self.control("GET", "log"))

    def forget(self) -> None:
        """Forget what was asked; windows of a rate limit go on."""
        self.control("DELETE", "log")

    def warm(self) -> None:
        """Let it make all published configurations once, for their digests, so that no run waits for that."""
        self.control("GET", "state")

    def needs(self) -> Needs:
        """Count what an audit has to ask of this org."""
        state = self.control("GET", "state")
        published = [each for each in state["architectFlows"].values() if each["published"] is not None]
        return Needs.of(len(state["architectFlows"]), len(state["actions"]), len(published))

    def published(self) -> list[bytes]:
        """Give the published configurations."""
        state = self.control("GET", "state?bodies=true")
        return [
            version["text"].encode()
            for each in state["architectFlows"].values()
            for version in each["versions"]
            if version["id"] == each["published"]
        ]

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
    """Serve an org that has made its configurations already; `per_minute` None: no rate limit."""
    limit = "off" if per_minute is None else str(per_minute)
    options = ("--latency-ms", str(latency_ms), "--rate-limit", limit, "--seed", str(seed), "--keep-configurations")
    with org_of(architect_flows, *options) as url:
        simulator = Simulator(url)
        simulator.warm()
        yield simulator


def mean_kb(bodies: list[bytes]) -> int:
    """Give the mean size of configurations."""
    return math.ceil(sum(map(len, bodies)) / len(bodies) / 1000)
