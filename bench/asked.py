"""What was asked of a simulator, from its log: how often, when, and how it was answered."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

_TOKEN = "/oauth/token"  # noqa: S105 - a path
_PAGES = "/api/v2/flows"
_ACTION_PAGES = "/api/v2/integrations/actions"
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

    @classmethod
    def from_log(cls, entry: dict[str, Any]) -> Self:
        """Read an entry of the simulator's log."""
        return cls(**{name: entry[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests of one run, oldest first."""

    requests: tuple[LoggedRequest, ...]

    @classmethod
    def from_log(cls, log: Iterable[dict[str, Any]]) -> Self:
        """Read the simulator's log."""
        return cls(tuple(LoggedRequest.from_log(entry) for entry in log))

    @property
    def first_ms(self) -> int:
        """When the first request arrived."""
        return min(each.arrived_ms for each in self.requests)

    @property
    def span_ms(self) -> int:
        """From the arrival of the first request to the last answer."""
        return max(each.answered_ms for each in self.requests) - self.first_ms

    @property
    def refused(self) -> int:
        """How many were one too many: 429."""
        return sum(each.status == HTTPStatus.TOO_MANY_REQUESTS for each in self.requests)

    @property
    def configurations(self) -> int:
        """How many asked for a configuration."""
        return sum(_CONFIGURATION.fullmatch(each.path) is not None for each in self.requests)

    @property
    def in_words(self) -> str:
        """Count them by kind."""
        counts = {
            "token": sum(each.path == _TOKEN for each in self.requests),
            "pages of Architect flows": sum(each.path == _PAGES for each in self.requests),
            "pages of actions": sum(each.path == _ACTION_PAGES for each in self.requests),
            "configurations": self.configurations,
        }
        counts["others"] = len(self.requests) - sum(counts.values())
        return ", ".join(f"{count} {name}" for name, count in counts.items() if count)
