"""How much of a publish's time was lost to polling, from what was asked of the simulator: the same for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

from bench.asked import Traffic

_PUBLISH = "/api/v2/flows/actions/publish"


@dataclass(frozen=True, slots=True)
class Followed:
    """One publish: `lost_ms` from its end to the answer that told of it, `polls` up to and with that answer."""

    architect_flow_id: str
    started_ms: int
    told_ms: int
    lost_ms: int
    polls: int


def followed(traffic: Traffic, durations_ms: Mapping[str, int]) -> list[Followed]:
    """Find every publish that was started, and whose end was read; `durations_ms` by id of the Architect flow."""
    found = []
    for asked in traffic.requests:
        if asked.path != _PUBLISH or asked.status != HTTPStatus.OK:
            continue
        (architect_flow_id,) = parse_qs(asked.query)["flow"]
        ended_ms = asked.answered_ms + durations_ms[architect_flow_id]
        reads = [
            each.answered_ms
            for each in traffic.requests
            if each.method == "GET"
            and each.path == f"/api/v2/flows/{architect_flow_id}"
            and each.arrived_ms >= asked.answered_ms
        ]
        told = [answered_ms for answered_ms in reads if answered_ms >= ended_ms]
        if told:
            polls = len(reads) - len(told) + 1
            found.append(Followed(architect_flow_id, asked.answered_ms, told[0], told[0] - ended_ms, polls))
    return found
