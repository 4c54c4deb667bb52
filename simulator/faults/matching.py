"""Which request is meant: a method, a path pattern, and the how manieth such request."""

import functools
import re
from dataclasses import dataclass

from simulator.api.calls import Call


@dataclass(frozen=True, slots=True)
class Match:
    """A request, told by method and path.

    `path`: `*` stands for one segment, `**` for any number. `query` must occur in the raw query string, such as
    `flow=<id>`. It means the `nth` such request (counted from 1 since the match was set) and `times - 1` after it;
    `times` None: for ever, 0: never.
    """

    method: str = "*"
    path: str = "**"
    query: str = ""
    nth: int = 1
    times: int | None = 1

    def fits(self, call: Call) -> bool:
        """Return whether a request is of this kind, whichever occurrence it is."""
        if self.method not in ("*", call.method):
            return False
        return self.query in call.raw_query and _pattern(self.path).fullmatch(call.path) is not None

    def means(self, occurrence: int) -> bool:
        """Return whether this occurrence is meant."""
        return occurrence >= self.nth and (self.times is None or occurrence < self.nth + self.times)


@dataclass(slots=True)
class CountedMatch:
    """A match, with how often its requests have come since it was set."""

    match: Match
    seen: int = 0

    def is_met(self, call: Call) -> bool:
        """Count a request that is of this kind, and return whether it is one of those that are meant."""
        if not self.match.fits(call):
            return False
        self.seen += 1
        return self.match.means(self.seen)


@functools.lru_cache(maxsize=1024)
def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*)", path)
    table = {"**": ".*", "*": "[^/]*"}
    return re.compile("".join(table.get(part, re.escape(part)) for part in parts), re.DOTALL)
