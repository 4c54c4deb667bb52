"""What is found to be silent when what carries events is back, for whom events have waited or been late meanwhile."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest

from tests.deployments.files import composed
from tests.deployments.outages.installation import CREDENTIALS, Core, core
from tests.deployments.served import signed_in
from tests.deployments.test_topology import AUTH, GIVEN, until
from tests.warm import standing_for, warm_python

pytestmark = pytest.mark.timeout(600)

SILENT_AFTER_S = 12.0
BEAT_S = 2.5
SETTLED_S = 9.0
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


BEATING = f"""
import sys, time
from prefect.events import emit_event
while True:
    emit_event("beat", {{"prefect.resource.id": sys.argv[1]}})
    time.sleep({BEAT_S})
"""
SOON_SETTLED = f"import asyncio; from deployments.containers import services; asyncio.run(services.main({SETTLED_S}))"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    given = {**GIVEN, **CREDENTIALS, "GENESYS_API_URL": NOBODY, "PREFECT_UI_URL": NOBODY}
    services = composed(given)["services"]
    services["services"]["command"] = ["python", "-c", SOON_SETTLED]
    with core(tmp_path_factory.mktemp("silence"), services, given, besides=EAGER) as found:
        yield found


@pytest.fixture(scope="module")
def api(running: Core) -> Iterator[httpx.Client]:
    with signed_in(f"http://127.0.0.1:{running.ports[0]}", AUTH, timeout_s=AWAY_S) as client:
        client.post("/automations/", json=SILENCE).raise_for_status()
        yield client


@pytest.mark.parametrize("what", ["services", "database", "broker", "API", "services, and its events are lost"])
def test_nobody_is_silent_whose_events_are_late_and_who_stopped_meanwhile_is(
    what: str, running: Core, api: httpx.Client
) -> None:
    living, dead = f"alive.{what}.living", f"alive.{what}.dead"
    with beating(running, living) as heard:
        with beating(running, dead):
            until(lambda: bool(read(api, living) and read(api, dead)), "events are read")
        with away(running, what, heard):
            time.sleep(AWAY_S)
        before = read(api, living)
        until(lambda: read(api, living) > before, "it is heard again")

        until(lambda: dead in silent(api), "who has stopped is found")
        time.sleep(SILENT_AFTER_S)
        assert living not in silent(api)


@contextmanager
def away(running: Core, what: str, heard: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Have it away while the block lasts. Who lives and emits nothing then stands for events that are lost."""
    server = {"database": running.database, "broker": running.broker}.get(what)
    is_lost = what.endswith("lost")
    process = running.replicas[0] if what == "API" else running.services
    if server is not None:
        server.stop()
    else:
        process.hold_back()
    if is_lost:
        os.kill(standing_for(heard.pid), signal.SIGSTOP)
    try:
        yield
    finally:
        if is_lost:
            os.kill(standing_for(heard.pid), signal.SIGCONT)
            time.sleep(2 * BEAT_S)
        if server is not None:
            server.start()
        else:
            process.let_go()


@contextmanager
def beating(running: Core, thing: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Emit an event of a thing again and again, as a run does: through a websocket that it opens again."""
    address = f"http://127.0.0.1:{running.ports[0]}/api"
    login = {**os.environ, "PREFECT_API_URL": address, "PREFECT_API_AUTH_STRING": AUTH}
    process = subprocess.Popen([warm_python(), "-c", BEATING, thing], env=login)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def read(api: httpx.Client, thing: str) -> int:
    return int(found(api, {"event": {"name": ["beat"]}, "resource": {"id": [thing]}}).get("total", 0))


def silent(api: httpx.Client) -> set[str]:
    """Return what the automation was triggered by."""
    triggered = found(api, {"event": {"name": ["prefect.automation.triggered"]}}).get("events", [])
    return {each["payload"]["triggering_labels"]["prefect.resource.id"] for each in triggered}


def found(api: httpx.Client, which: dict[str, Any]) -> dict[str, Any]:
    """Return the events; none where the server does not answer yet."""
    with suppress(httpx.HTTPError):
        answer = api.post("/events/filter", json={"filter": which, "limit": 50})
        answer.raise_for_status()
        return dict(answer.json())
    return {}
