"""What a simulator was asked, from its log: how often, when, and how much of a publish's time was lost to polling."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import parse_qs

_TOKEN = "/oauth/token"  # noqa: S105 - a path
_REVOCATION = "/api/v2/tokens/me"
_PAGES = "/api/v2/flows"
_ACTION_PAGES = "/api/v2/integrations/actions"
_PUBLISH = "/api/v2/flows/actions/publish"
_FUNCTION = "/function"
_CONFIGURATION = re.compile("/api/v2/flows/[^/]+/(latestconfiguration|versions/[^/]+/configuration)")


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request. `arrived_ms` and `answered_ms`: Unix time. `status`: None where no answer was sent."""

    method: str
    path: str
    query: str
    status: int | None
    arrived_ms: int
    answered_ms: int


@dataclass(frozen=True, slots=True)
class PublishResult:
    """One publish: `lost_ms` from its end to the answer that told of it, `polls` up to and with that answer."""

    architect_flow_id: str
    duration_ms: int
    lost_ms: int
    polls: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests of one run until its report is made, oldest first: giving the token back comes after it."""

    requests: tuple[LoggedRequest, ...]

    @classmethod
    def from_log(cls, log: Iterable[Mapping[str, Any]]) -> Self:
        """Read the simulator's log."""
        requests = (LoggedRequest(*(entry[name] for name in LoggedRequest.__slots__)) for entry in log)
        return cls(tuple(each for each in requests if each.path != _REVOCATION))

    @property
    def span_ms(self) -> int:
        """The time from the arrival of the first request to the last answer."""
        return max(each.answered_ms for each in self.requests) - min(each.arrived_ms for each in self.requests)

    @property
    def refused(self) -> int:
        """How many requests were one too many: 429."""
        return sum(each.status == HTTPStatus.TOO_MANY_REQUESTS for each in self.requests)

    @property
    def in_words(self) -> str:
        """The requests counted by kind."""
        counts = {
            "token": sum(each.path == _TOKEN for each in self.requests),
            "pages of Architect flows": sum(each.path == _PAGES for each in self.requests),
            "pages of actions": sum(each.path == _ACTION_PAGES for each in self.requests),
            "configurations": sum(_CONFIGURATION.fullmatch(each.path) is not None for each in self.requests),
            "functions": self.functions,
        }
        counts["others"] = len(self.requests) - sum(counts.values())
        return ", ".join(f"{count} {name}" for name, count in counts.items() if count)

    @property
    def functions(self) -> int:
        """How many functions of function data actions were asked for."""
        return sum(each.path.endswith(_FUNCTION) for each in self.requests)

    @property
    def publishes(self) -> int:
        """How many publishes were started."""
        return sum(each.path == _PUBLISH and each.status == HTTPStatus.OK for each in self.requests)

    def publish_results(self, durations_ms: Mapping[str, int]) -> list[PublishResult]:
        """Return every publish that was started and whose end was read; `durations_ms` by id of the Architect flow."""
        results = []
        for start in self.requests:
            if start.path != _PUBLISH or start.status != HTTPStatus.OK:
                continue
            (architect_flow_id,) = parse_qs(start.query)["flow"]
            ended_ms = start.answered_ms + durations_ms[architect_flow_id]
            reads = [
                each.answered_ms
                for each in self.requests
                if each.method == "GET"
                and each.path == f"/api/v2/flows/{architect_flow_id}"
                and each.arrived_ms >= start.answered_ms
            ]
            told = [answered_ms for answered_ms in reads if answered_ms >= ended_ms]
            if told:
                polls = len(reads) - len(told) + 1
                duration_ms = durations_ms[architect_flow_id]
                results.append(PublishResult(architect_flow_id, duration_ms, told[0] - ended_ms, polls))
        return results
