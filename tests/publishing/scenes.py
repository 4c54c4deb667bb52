"""A small org on the simulator, and an order for one of its Architect flows."""

import json
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from genesys import Credentials, TransportSettings, WriteClient, connect
from publishing.architect.lock import ShownLocks
from publishing.order import ArchitectFlowOrder, Publication, Timing
from publishing.publish import publish_architect_flow, verify
from simulator.org.org import Org
from simulator.org.seeds import ActionSeed, ArchitectFlowSeed, DivisionSeed, OrgSeed, PersonSeed
from simulator.org.versions import PublishPlan
from tests.publishing.clocks import FakeClock, GatewayClock
from tests.publishing.invariants import broken_invariants
from timeouts.definitions import read_definition
from timeouts.model.step_edits import RawTimeout, SetTimeout
from timeouts.planning.outcomes import Outcome, Target

FLOW = "11111111-1111-4111-8111-111111111111"
NODE = "22222222-2222-4222-8222-222222222222"
ACTION = "custom_-_33333333-3333-4333-8333-333333333333"
COLLEAGUE = PersonSeed("44444444-4444-4444-8444-444444444444", "Ada Colleague")
PATIENT = TransportSettings(read_ms=30_000, total_ms=30_000, attempts=3, waiting_budget_ms=10**9)
QUICK = TransportSettings(connect_ms=2_000, read_ms=250, total_ms=330, attempts=3, waiting_budget_ms=10**9)


def duration(seconds: int) -> str:
    return f"P0D0H0M{seconds}S0F"


def configuration(seconds: int = 3, description: str = "as published") -> bytes:
    """One Call Data Action in one task, in the shape of docs/platform.md#step-node to #timeout-field."""
    text = duration(seconds)
    node = {
        "actionName": "CRM lookup",
        "actionId": ACTION,
        "category": {"id": "crm", "name": "CRM"},
        "useSuggestedTimeout": False,
        "trackingId": 11,
        "id": NODE,
        "name": "Look up the customer",
        "__type": "DataAction",
        "inputs": [],
        "outputs": [],
        "timeout": {
            "config": {"lit": {"pos": 1, "text": text, "type": "dur"}},
            "text": text,
            "type": "dur",
            "uiMetaData": {"mode": 1},
            "metaData": {},
            "version": 2,
        },
        "paths": [{"outputId": name} for name in ("__SUCCESS__", "__FAILURE__", "__TIMEOUT__")],
    }
    task = {"__type": "Task", "id": "55555555-5555-4555-8555-555555555555", "name": "Main", "trackingId": 10}
    document = {
        "description": description,
        "name": "Störung 🚨 main line",
        "nextTrackingNumber": 12,
        "type": "inboundcall",
        "manifest": {
            "dataAction": [
                {
                    "name": "CRM lookup",
                    "id": ACTION,
                    "context": [{"actionName": "CRM lookup", "id": NODE, "name": "Look up the customer"}],
                }
            ]
        },
        "flowSequenceItemList": [{**task, "actionList": [node]}],
        "variables": [],
        "versionMetaData": {"inputSchema": {}, "outputSchema": {}},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def flow_ids(count: int) -> list[str]:
    """The first so many Architect flows of an org."""
    return [FLOW, *(f"11111111-1111-4111-8111-{number:012}" for number in range(2, count + 1))]


def org_seed(count: int = 1, **flow: Any) -> OrgSeed:
    """An org of `count` Architect flows; the rest changes the first of them."""
    contents = {"3.0": configuration(2, "older"), "4.0": configuration(), "draft": configuration(3, "half done")}
    usual: dict[str, Any] = {"configuration": contents.__getitem__, "published_versions": ("3.0", "4.0")}
    others = [ArchitectFlowSeed(one, f"Line {one[-2:]}", "INBOUNDCALL", "home", **usual) for one in flow_ids(count)[1:]]
    return OrgSeed(
        id="66666666-6666-4666-8666-666666666666",
        name="Small org",
        kind="architect",
        divisions=(DivisionSeed("home", "Home"),),
        people=(COLLEAGUE,),
        actions=(ActionSeed(ACTION, "CRM lookup", "CRM", "crm"),),
        architect_flows=(ArchitectFlowSeed(FLOW, "Main line", "INBOUNDCALL", "home", **{**usual, **flow}), *others),
    )


def originals_in(body: bytes) -> dict[str, RawTimeout]:
    """What a definition has written of the timeouts of its steps."""
    return {step.id: step.raw_timeout for step in read_definition(body).steps if step.raw_timeout is not None}


def publish_alone(client: WriteClient, order: ArchitectFlowOrder, pace: Timing) -> Publication:
    """Publish one Architect flow as a run that has seen no lock of its own so far."""
    return publish_architect_flow(client, order, pace, ShownLocks())


@dataclass
class Scene:
    """The org as the platform shows it, our client, and what to do."""

    url: str
    org: Org
    client: WriteClient

    def order(self, seconds: int = 10, architect_flow_id: str = FLOW, **other: Any) -> ArchitectFlowOrder:
        given: dict[str, Any] = {
            "target": Target(kind="architect_flow", id=architect_flow_id, name="Main line"),
            "kind": "architect",
            "version": "4.0",
            "fingerprint": read_definition(configuration()).fingerprint,
            "edits": {NODE: SetTimeout(timeout_ms=seconds * 1000)},
            "originals": originals_in(configuration()),
        }
        return ArchitectFlowOrder(**{**given, **other})

    def ordered(self) -> bytes:
        """What the order makes live."""
        return configuration(10)

    def their_work(self) -> bytes:
        """What a colleague makes of it."""
        return configuration(7, "what Ada made of it")

    def own_content(self, body: bytes) -> Any:
        """What of a configuration whoever saves it answers for, comparable: all of it."""
        return body

    def clock(self) -> FakeClock:
        """A clock that the org's own follows; in a process of its own there is no org to follow."""
        return FakeClock(passes=self.org.advance_ms) if self.org else FakeClock()

    def fresh_order(self) -> ArchitectFlowOrder:
        """What a plan made now would order."""
        return self.order(
            version=self.flow()["published"],
            fingerprint=read_definition(self.live()).fingerprint,
            originals=originals_in(self.live()),
        )

    def publish(self, order: ArchitectFlowOrder | None = None, clock: FakeClock | None = None) -> Publication:
        return publish_alone(self.client, order or self.order(), (clock or self.clock()).pace())

    def publish_and_verify(self, order: ArchitectFlowOrder | None = None, clock: FakeClock | None = None) -> Outcome:
        order, clock = order or self.order(), clock or self.clock()
        return verify(self.client, order, self.publish(order, clock), clock.pace())

    def flow(self) -> Mapping[str, Any]:
        """What the platform holds of the Architect flow."""
        found: Mapping[str, Any] = self.org.state()["architectFlows"][FLOW]
        return found

    def live(self) -> bytes:
        return self.org.configuration(FLOW)

    def live_version(self) -> str:
        return str(self.flow()["published"])

    def untold(self, outcome: Outcome) -> Iterator[str]:
        """Name a lock of ours that stays without a word."""
        is_ours = (self.flow()["lock"] or {}).get("kind") == "client"
        if is_ours and not any("lock" in said for said in (outcome.reason, *outcome.notes)):
            yield f"a lock of ours stays, and is not told: {outcome.outcome}, {outcome.reason}, {outcome.notes}"

    def harm(self, before: bytes, after: bytes) -> Iterator[str]:
        """Name what is left behind that must not be. `before` and `after` are the two contents that may be live."""
        yield from broken_invariants(self.flow(), live=self.live(), before=before, after=after)

    def rerun_ends(self, _: Outcome, after: bytes) -> Collection[str]:
        """A publish that nobody has followed may still come to its end, and is found there."""
        return () if self.live() == after else ("published", "unchanged")

    def calm(self) -> None:
        """Let nothing go wrong from here on."""
        self.org.clear_faults()
        self.org.plan_publish(PublishPlan())

    def requests(self, method: str = "POST") -> list[str]:
        """The paths of all requests of one method, logins left out."""
        return [call.path for call in self.org.log if call.method == method and "token" not in call.path]


Stage = Callable[..., Scene]
"""Makes an org anew; the arguments change its first Architect flow."""


def client_of(
    url: str,
    settings: TransportSettings = PATIENT,
    *,
    clock: GatewayClock | None = None,
    stop: threading.Event | None = None,
) -> WriteClient:
    secret = SecretStr("demo-writer-secret")
    credentials = Credentials(client_id="demo-writer", client_secret=secret, api_url=url)
    return connect(credentials, write=True, settings=settings, clock=clock or GatewayClock(), stop=stop)
