"""What can go wrong on the way: faults that are set by the control plane and applied to requests as they come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from simulator.api.calls import JSON, Answer, Call, json_answer
from simulator.api.errors import Refusal
from simulator.faults.deliveries import Delivery, Drip, Hang, Reset, Send, Truncate
from simulator.faults.matching import Match

FaultKind = Literal[
    "status", "reset", "hang", "slow_drip", "truncated", "html", "empty", "wrong_content_type", "token_expired", "stale"
]
_REPLACES_THE_ANSWER = frozenset({"slow_drip", "truncated", "html", "empty", "wrong_content_type", "stale"})
_REFUSALS = {
    404: ("not.found", "The requested resource was not found."),
    429: ("too.many.requests", "The service is not available."),
    500: ("internal.server.error", "The service is not available."),
    503: ("service.unavailable", "The service is not available."),
}
_HTML = b"<!DOCTYPE html><html><body><h1>Service temporarily unavailable</h1></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong, and for which requests.

    `kind`: `status` answers with `status`, `retry_after` (seconds or any text; None: no header) and a JSON or HTML
    `body`; `reset` drops the connection (TCP RST); `hang` never answers; `slow_drip` sends the answer in `drip_bytes`
    pieces, one each `drip_ms`; `truncated` announces more bytes than it sends; `html` and `empty` answer 200 with
    those; `wrong_content_type` sends the right bytes as text/plain; `token_expired` revokes the token and lets the
    request run into its 401; `stale` answers with what the same request was first answered with since the
    first such fault was set for it, as a replica does that lags behind; one that means no request (`times` 0) only lets
    that be remembered.
    `takes_effect`: whether the org does what was asked for before that. None: as is usual for the kind (an answer
    can only be spoilt when there is one); a reset with `takes_effect` is a lost answer.
    `lands_after_ms`: the org does what was asked for so long after the answer was lost, as a backend behind a gateway
    that gave up. `lasts_ms`: every such request meets the fault from the first one on, for so long. Both in
    milliseconds of the org's clock.
    """

    kind: FaultKind
    match: Match = field(default_factory=Match)
    status: int = 503
    retry_after: str | None = None
    body: Literal["json", "html"] = "json"
    takes_effect: bool | None = None
    drip_ms: int = 50
    drip_bytes: int = 1
    lands_after_ms: int | None = None
    lasts_ms: int | None = None

    @property
    def lets_through(self) -> bool:
        """Whether the request reaches the org at once."""
        if self.lands_after_ms is not None:
            return False
        if self.kind == "token_expired":
            return True
        return self.kind in _REPLACES_THE_ANSWER if self.takes_effect is None else self.takes_effect

    def delivery(self, answer: Answer | None, context_id: str) -> Delivery:
        """Say what is sent instead of the org's own answer (None when the request did not reach it)."""
        own = answer or json_answer({})
        spoilt: dict[FaultKind, Callable[[], Delivery]] = {
            "status": lambda: Send(self._status(context_id)),
            "reset": Reset,
            "hang": Hang,
            "slow_drip": lambda: Drip(own, self.drip_ms, self.drip_bytes),
            "truncated": lambda: Truncate(own),
            "html": lambda: Send(Answer(200, _HTML, "text/html; charset=utf-8")),
            "empty": lambda: Send(Answer(200, b"", JSON)),
            "wrong_content_type": lambda: Send(Answer(own.status, own.body, "text/plain; charset=utf-8", own.headers)),
            "token_expired": lambda: Send(own),
            "stale": lambda: Send(own),
        }
        return spoilt[self.kind]()

    def _status(self, context_id: str) -> Answer:
        if self.body == "html":
            answer = Answer(self.status, _HTML, "text/html; charset=utf-8")
        else:
            code, message = _REFUSALS.get(self.status, ("gateway.error", "The service is not available."))
            refusal = Refusal(self.status, code, message)
            answer = json_answer(refusal.body(context_id), self.status)
        if self.retry_after is not None:
            answer = answer.with_headers(("Retry-After", self.retry_after))
        return answer


class Faults:
    """The faults that are set, with how often each one's requests have come."""

    def __init__(self) -> None:
        self._set: list[Fault] = []
        self._seen: list[int] = []
        self._since_ms: list[int | None] = []
        self._shown: dict[str, Answer] = {}

    def add(self, fault: Fault) -> None:
        """Set a fault; the earliest that fits a request wins."""
        self._set.append(fault)
        self._seen.append(0)
        self._since_ms.append(None)

    def clear(self) -> None:
        """Take all faults away."""
        self._set.clear()
        self._seen.clear()
        self._since_ms.clear()
        self._shown.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._set)

    def strike(self, call: Call, now_ms: int) -> Fault | None:
        """Count a request that comes at `now_ms` of the org's clock, and return the fault that it meets."""
        struck = None
        for index, fault in enumerate(self._set):
            if fault.match.fits(call):
                self._seen[index] += 1
                if struck is None and self._is_due(index, now_ms):
                    struck = fault
        return struck

    def shown(self, call: Call, fault: Fault | None, answer: Answer) -> Answer:
        """Return what a replica shows: the answer, or where it lags behind, the first one to the same request."""
        asked = f"{call.method} {call.path}?{call.raw_query}"
        if fault is not None and fault.kind == "stale":
            return self._shown.get(asked, answer)
        if any(each.kind == "stale" and each.match.fits(call) for each in self._set):
            self._shown.setdefault(asked, answer)
        return answer

    def _is_due(self, index: int, now_ms: int) -> bool:
        fault, since_ms = self._set[index], self._since_ms[index]
        if fault.lasts_ms is not None and since_ms is not None:
            return now_ms - since_ms < fault.lasts_ms
        is_due = fault.match.means(self._seen[index])
        if is_due:
            self._since_ms[index] = now_ms
        return is_due
