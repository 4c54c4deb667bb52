"""The usual way to publish: check out, save, publish, then ask at an even pace whether it is done."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.raw import Raw

AT_A_TIME = 4


def publish_all(url: str, architect_flow_ids: Sequence[str], every_ms: int) -> None:
    """Publish what each Architect flow has already, four at a time; what was asked is in the simulator's log."""
    with Raw(url, AT_A_TIME) as raw, ThreadPoolExecutor(AT_A_TIME) as threads:
        list(threads.map(lambda one: _publish(raw, one, every_ms), architect_flow_ids))


def _publish(raw: Raw, architect_flow_id: str, every_ms: int) -> None:
    raw.ask("POST", f"flows/actions/checkout?flow={architect_flow_id}", b"null")
    latest = raw.ask("GET", f"flows/{architect_flow_id}/latestconfiguration")
    raw.ask("POST", f"flows/{architect_flow_id}/versions", latest)
    raw.ask("POST", f"flows/actions/publish?flow={architect_flow_id}", b"null")
    complete = False
    while not complete:
        time.sleep(every_ms / 1000)
        operation = raw.document(f"flows/{architect_flow_id}")["currentOperation"]
        complete = operation["complete"]
    assert operation["actionStatus"] == "SUCCESS", operation
