"""What is found to be silent when what carries events is back, for whom events have waited or been late meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deployments.environments import SERVER_IN_OUTAGES
from tests.deployments.files import composed
from tests.deployments.outages.installation import CREDENTIALS, Core, core
from tests.deployments.served import signed_in
from tests.deployments.test_topology import AUTH, GIVEN, until

pytestmark = pytest.mark.timeout(600)

SILENT_AFTER_S = 12.0
BEAT_S = 3.0
SETTLED_S = 6.0
AWAY_S = 2.5 * SILENT_AFTER_S

# Looks for silence far more often than it does as shipped: it is to come before the events that have waited.
EAGER = {"PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY": "PT0.2S"}
NOBODY = "http://127.0.0.1:1"

SILENCE = {
    "name": "silent",
    "trigger": {
        "type": "event", "posture": "Proactive", "match": {"prefect.resource.id": "alive.*"},
        "for_each": ["prefect.resource.id"], "after": ["beat"], "expect": ["beat"],
        "threshold": 1, "within": SILENT_AFTER_S,
    },
    "actions": [{"type": "do-nothing"}],
}  # fmt: skip
"""As what crashes runs without heartbeats, but quicker."""


SOON_SETTLED = f"import asyncio; from deployments.containers import services; asyncio.run(services.main({SETTLED_S}))"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    given = {**GIVEN, **CREDENTIALS, "GENESYS_API_URL": NOBODY, "PREFECT_UI_URL": NOBODY}
    services = composed(given)["services"]
    services["services"]["command"] = ["python", "-c", SOON_SETTLED]
    with core(tmp_path_factory.mktemp("silence"), services, given, {**SERVER_IN_OUTAGES, **EAGER}) as found:
        yield found


@pytest.fixture(scope="module")
def api(running: Core) -> Iterator[httpx.Client]:
    with signed_in(f"http://127.0.0.1:{running.ports[0]}", AUTH, timeout_s=AWAY_S) as client:
        client.post("/automations/", json=SILENCE).raise_for_status()
        yield client


@pytest.mark.parametrize("what", ["services", "database", "broker"])
def test_nobody_is_silent_whose_events_are_late_and_who_stopped_meanwhile_is(
    what: str, running: Core, api: httpx.Client
) -> None:
    living, dead = {f"alive.{what}.one", f"alive.{what}.two"}, f"alive.{what}.dead"
    with beating(api, *sorted(living)) as beaten:
        until(lambda: read(api, *living) > 0, "events are read")
        emit(api, dead)
        with away(running, what):
            time.sleep(AWAY_S)
        sent = beaten()
        until(lambda: read(api, *living) >= sent, "the events that have waited are read")
        time.sleep(SILENT_AFTER_S)

        until(lambda: dead in silent(api), "who has stopped is found")
        assert not silent(api) & living


@contextmanager
def away(running: Core, what: str) -> Iterator[None]:
    if what == "services":
        running.services.hold_back()
        yield
        running.services.let_go()
    else:
        server = running.database if what == "database" else running.broker
        server.stop()
        yield
        server.start()


@contextmanager
def beating(api: httpx.Client, *things: str) -> Iterator[Callable[[], int]]:
    """Emit an event of each thing again and again, what was not taken once more; yields what tells how many."""
    ended = threading.Event()
    sent = 0

    def beat() -> None:
        nonlocal sent
        waiting: list[dict[str, Any]] = []
        while not ended.wait(BEAT_S):
            waiting += [beat_of(each) for each in things]
            with suppress(httpx.HTTPError):
                api.post("/events", json=waiting).raise_for_status()
                sent += len(waiting)
                waiting = []

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield lambda: sent
    finally:
        ended.set()
        thread.join()


def emit(api: httpx.Client, thing: str) -> None:
    api.post("/events", json=[beat_of(thing)]).raise_for_status()


def beat_of(thing: str) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    return {"id": str(uuid4()), "occurred": now, "event": "beat", "resource": {"prefect.resource.id": thing}}


def read(api: httpx.Client, *things: str) -> int:
    return int(found(api, {"event": {"name": ["beat"]}, "resource": {"id": list(things)}})["total"])


def silent(api: httpx.Client) -> set[str]:
    """Return what the automation was triggered by."""
    triggered = found(api, {"event": {"name": ["prefect.automation.triggered"]}})["events"]
    return {each["payload"]["triggering_labels"]["prefect.resource.id"] for each in triggered}


def found(api: httpx.Client, which: dict[str, Any]) -> dict[str, Any]:
    answer = api.post("/events/filter", json={"filter": which, "limit": 50})
    answer.raise_for_status()
    return dict(answer.json())
