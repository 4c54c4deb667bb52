"""What is found to be silent when the background services come back, for whom events have waited meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
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
AWAY_S = 2.5 * SILENT_AFTER_S
TIMES = 3
"""It was a race: in a trial, two of four returns lost it."""

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


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Core]:
    given = {**GIVEN, **CREDENTIALS, "GENESYS_API_URL": NOBODY, "PREFECT_UI_URL": NOBODY}
    with core(tmp_path, composed(given)["services"], given, {**SERVER_IN_OUTAGES, **EAGER}) as found:
        yield found


@pytest.fixture
def api(running: Core) -> Iterator[httpx.Client]:
    with signed_in(f"http://127.0.0.1:{running.ports[0]}", AUTH) as client:
        yield client


def test_nobody_is_silent_whose_events_have_waited_and_who_stopped_meanwhile_is(
    running: Core, api: httpx.Client
) -> None:
    api.post("/automations/", json=SILENCE).raise_for_status()
    with beating(api, "alive.one", "alive.two") as beaten:
        until(lambda: read(api, "beat") > 0, "events are read")
        for _ in range(TIMES):
            running.services.hold_back()
            emit(api, "alive.dead")
            time.sleep(AWAY_S)
            sent = beaten()
            running.services.let_go()
            until(lambda sent=sent: read(api, "beat") >= sent, "the events that have waited are read")
            time.sleep(SILENT_AFTER_S)

        until(lambda: read(api, "prefect.automation.triggered") >= TIMES, "who has stopped is found")
        assert silent(api) == {"alive.dead"}


@contextmanager
def beating(api: httpx.Client, *things: str) -> Iterator[Callable[[], int]]:
    """Emit an event of each thing again and again; yields what tells how many."""
    ended = threading.Event()
    sent = 0

    def beat() -> None:
        nonlocal sent
        while not ended.wait(BEAT_S):
            emit(api, *things)
            sent += len(things)

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield lambda: sent
    finally:
        ended.set()
        thread.join()


def emit(api: httpx.Client, *things: str) -> None:
    now = datetime.now(UTC).isoformat()
    beats = [
        {"id": str(uuid4()), "occurred": now, "event": "beat", "resource": {"prefect.resource.id": each}}
        for each in things
    ]
    api.post("/events", json=beats).raise_for_status()


def read(api: httpx.Client, event: str) -> int:
    return int(found(api, event)["total"])


def silent(api: httpx.Client) -> set[str]:
    """Return what the automation was triggered by."""
    labels = [each["payload"]["triggering_labels"] for each in found(api, "prefect.automation.triggered")["events"]]
    return {each["prefect.resource.id"] for each in labels}


def found(api: httpx.Client, event: str) -> dict[str, Any]:
    answer = api.post("/events/filter", json={"filter": {"event": {"name": [event]}}, "limit": 50})
    answer.raise_for_status()
    return dict(answer.json())
