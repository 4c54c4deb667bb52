"""Places: for each org one record on the Prefect server, which the one run that writes there holds and keeps fresh.

A record is a Prefect variable. That only one run can make it the server's database sees to (names are unique), so it
outlives every process, and it names its holder. Prefect's own limits would not do: their slots are freed by leases,
which lie in the server's memory unless it is told otherwise, and a slot whose lease is lost stays taken.
"""

import contextlib
import threading
from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID

from prefect import runtime
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import VariableCreate, VariableUpdate
from prefect.client.schemas.objects import StateType, Variable
from prefect.exceptions import PrefectHTTPStatusError
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from pydantic import Field, ValidationError
from tenacity import Retrying, stop_after_attempt, stop_after_delay, wait_fixed

from reports.words import utc
from tasks.running.clock import now_ms
from timeouts.model.org import Organization
from timeouts.model.values import Value

RENEWED_EVERY_S = 5.0
"""How often the holder shows that it lives."""

_PREFIX = "genesys-timeouts-apply-"
_HISTORY_PREFIX = "genesys-timeouts-history-place-"
_ANSWER_S = 5.0
"""How long an answer may take: who waits for it may be asked to end meanwhile."""

_YEAR_10_000_MS = 253_402_300_800_000
"""A time from then on is none that can be told: nobody of ours has written it."""

_GIVING_BACK = Retrying(stop=stop_after_attempt(3) | stop_after_delay(_ANSWER_S), wait=wait_fixed(0.5), reraise=True)
"""How often a place is tried to be given back: a server on SQLite refuses (503) while another writes."""


class Holder(Value):
    """Who holds a place: the Prefect run (`run_id` is '' for a command without one), since when, and its pulse."""

    run_id: str
    run_name: str
    org_name: str
    since_ms: int = Field(ge=0, lt=_YEAR_10_000_MS)
    renewals: int = 0

    @property
    def label(self) -> str:
        """The holder in words for people."""
        run = f"the run {self.run_name} ({self.run_id})" if self.run_id else self.run_name
        return f"{run}, since {utc(self.since_ms)}"


@dataclass(frozen=True, slots=True)
class Held:
    """A place that is taken. `id`: of this one record, so that nobody who comes later is meant.

    `renewed_ms`: when the holder last showed that it lives, in milliseconds since 1970 by the server's clock.
    """

    id: UUID
    name: str
    holder: Holder
    renewed_ms: int = 0


def this_run(organization: Organization) -> Holder:
    """Name the current Prefect run as the holder of an org's place; outside of one it is the command that frees it."""
    return Holder(
        run_id=str(runtime.flow_run.id or ""),
        run_name=str(runtime.flow_run.name or "the command locks --release"),
        org_name=organization.name,
        since_ms=now_ms(),
    )


def place_of(organization_id: str) -> str:
    """Return the name of an org's place."""
    return f"{_PREFIX}{organization_id}"


def history_place_of(organization_id: str) -> str:
    """Return the name of the place of who adds to an org's history of decisions."""
    return f"{_HISTORY_PREFIX}{organization_id}"


@contextlib.contextmanager
def at_the_server() -> Iterator[SyncPrefectClient]:
    """Hold a client that asks once: it is the caller that waits for a server that is away, and can be interrupted."""
    with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}), get_client(sync_client=True) as client:
        yield client


def taken(client: SyncPrefectClient, name: str, holder: Holder) -> UUID | None:
    """Take a place; None where somebody has it. Of any number that try at once, one gets it."""
    made = VariableCreate(name=name, value=holder.model_dump(), tags=["genesys-timeouts"]).model_dump(mode="json")
    answer = _asked(client, "POST", "/variables/", none_at=HTTPStatus.CONFLICT, json=made)
    return None if answer is None else Variable.model_validate(answer.json()).id


def held(client: SyncPrefectClient, name: str) -> Held | None:
    """Read who has a place, None where it is free."""
    answer = _asked(client, "GET", "/variables/name/{name}", path_params={"name": name})
    return None if answer is None else _held(Variable.model_validate(answer.json()))


def give_back(client: SyncPrefectClient, record: UUID) -> None:
    """Free a place, if this record still holds it; one that another holder has taken since stays."""
    _asked(client, "DELETE", "/variables/{id}", path_params={"id": record})


def _renewed(client: SyncPrefectClient, record: UUID, name: str, holder: Holder) -> bool:
    """Show that the holder lives; False where this record does not hold the place any more."""
    change = VariableUpdate(name=name, value=holder.model_dump()).model_dump(mode="json", exclude_unset=True)
    return _asked(client, "PATCH", "/variables/{id}", path_params={"id": record}, json=change) is not None


def _is_cancelled(client: SyncPrefectClient, run_id: str) -> bool:
    """Tell whether somebody has cancelled a run; one that is not there any more was not."""
    answer = _asked(client, "GET", "/flow_runs/{id}", path_params={"id": run_id})
    return answer is not None and answer.json()["state_type"] in {StateType.CANCELLING, StateType.CANCELLED}


def _asked(
    client: SyncPrefectClient, method: str, path: str, *, none_at: HTTPStatus = HTTPStatus.NOT_FOUND, **more: Any
) -> Any:
    """Ask the server and return its answer, None where its status is `none_at`."""
    request: Any = client.request  # its types want each method and path to be written out
    try:
        return request(method, path, timeout=_ANSWER_S, **more)
    except PrefectHTTPStatusError as refusal:
        if refusal.response.status_code != none_at:
            raise
        return None


def _held(found: Variable) -> Held:
    try:
        holder = Holder.model_validate(found.value)
    except ValidationError:  # somebody has edited it: it holds the place all the same, and never moves
        holder = Holder(run_id="", run_name="somebody who left no name", org_name="", since_ms=0)
    return Held(found.id, found.name, holder, int(found.updated.timestamp() * 1000) if found.updated else 0)


@dataclass
class Pulse:
    """Renews a place that is held, in a thread, until it is given back. Nothing of it raises.

    A server that is away is asked again. Where another run has taken the place, because this one had shown no sign of
    life, `is_lost` is set and the work goes on: it is safe beside another run, and stopping in the middle is worse.
    `stop_run` is set where somebody cancels the run on the server: nobody else tells the process of a terminal.
    """

    name: str
    holder: Holder
    record: UUID
    is_lost: bool = False
    stop_run: threading.Event = field(default_factory=threading.Event)
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to renew; a run that was cancelled while it waited for its place begins nothing with it."""
        with contextlib.suppress(Exception), at_the_server() as client:
            self._look(client)
        # A thread does not know which Prefect server is meant, unless it is told.
        self._thread = threading.Thread(target=copy_context().run, args=(self._beat,), name="place", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Renew no more, and give the place back; where the server is away, the next one sees that nobody renews it."""
        self._done.set()
        if self._thread is not None:
            self._thread.join(_ANSWER_S)  # a renewal that is under way would find the place gone, and take it again
        with contextlib.suppress(Exception), at_the_server() as client:
            _GIVING_BACK(give_back, client, self.record)

    def _beat(self) -> None:
        while not self._done.wait(RENEWED_EVERY_S) and not self.is_lost:
            self.holder = self.holder.model_copy(update={"renewals": self.holder.renewals + 1})
            with contextlib.suppress(Exception), at_the_server() as client:
                self._renew(client)
                self._look(client)

    def _look(self, client: SyncPrefectClient) -> None:
        if self.holder.run_id and _is_cancelled(client, self.holder.run_id):
            self.stop_run.set()

    def _renew(self, client: SyncPrefectClient) -> None:
        if not _renewed(client, self.record, self.name, self.holder) and not self._done.is_set():
            again = taken(client, self.name, self.holder)
            self.is_lost = again is None
            self.record = again or self.record
