"""One apply at a time per org: a place on the Prefect server that every writing run takes; its history has another."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flows.guards.places import (
    Held,
    Holder,
    Pulse,
    at_the_server,
    give_back,
    held,
    history_place_of,
    place_of,
    taken,
    this_run,
)
from flows.run.progress import report
from genesys import LOGGER_NAME, fields, of_org
from timeouts.model.durations import format_duration
from timeouts.model.org import Organization

WAIT_SECONDS = 1_800.0
"""How long a run waits for another one that lives: longer than a night's batch of publishes takes."""

HISTORY_WAIT_SECONDS = 180.0
"""The same for the place of the history, which is held for a moment: longer than it takes to see that one is dead."""

ABANDONED_SECONDS = 45.0
"""A holder that shows no sign of life for so long is dead. It shows one every five seconds (places.py)."""

_LOOKED_AT_EVERY_S = 1.0
_SERVER_PATIENCE_S = 120.0
"""How long a Prefect server may be away: longer than it takes to start again."""


_log = logging.getLogger(LOGGER_NAME)  # which leads into the run's log where there is a run (log_lines.py)


class AnotherApplyError(Exception):
    """Another run is applying to the same org and did not end in time. Nothing was changed."""


class StoppedWaitingError(Exception):
    """The run was asked to end while it waited for its place. Nothing was changed."""


@contextmanager
def apply_lock(organization: Organization, stop: threading.Event, wait_seconds: float = WAIT_SECONDS) -> Iterator[bool]:
    """Hold the org's one place for a writing run; says for whom it has to wait. Without a living holder it is free.

    Yields whether it had to wait: then another run may have changed what was read before.

    Raises AnotherApplyError when another run is still going after `wait_seconds`, and StoppedWaitingError as soon as
    `stop` is set; it is set, too, where somebody cancels the run on the Prefect server while it holds the place. Losing
    the place ends nothing: the protocol is safe beside another run.
    """
    waiting = _Waiting(f"applying to {organization.name}", organization, stop, wait_seconds)
    with _place(place_of(organization.id), waiting):
        yield waiting.has_waited


@contextmanager
def history_lock(organization: Organization) -> Iterator[None]:
    """Hold the place of who adds to an org's history of decisions. Raises AnotherApplyError as `apply_lock` does."""
    doing = f"writing to the history of {organization.name}"
    waiting = _Waiting(doing, organization, threading.Event(), HISTORY_WAIT_SECONDS)
    with _place(history_place_of(organization.id), waiting):
        yield


@contextmanager
def _place(name: str, waiting: "_Waiting") -> Iterator[None]:
    pulse = Pulse(name, waiting.holder, waiting.for_the_place(name), stop_run=waiting.stop)
    try:
        pulse.start()
        yield
    finally:
        pulse.stop()
        if pulse.is_lost:
            _log.warning(
                "another run was let in beside this one, which had shown no sign of life for %s",
                format_duration(round(ABANDONED_SECONDS * 1000)),
            )


class Watch:
    """Tells by this process's own clock whether the holder of a place moves; a server that is away proves nothing."""

    def __init__(self) -> None:
        self._last: Held | None = None
        self._still_since_s = 0.0

    def is_abandoned(self, now: Held) -> bool:
        """Take note of what was just read; whether nothing of it has moved for as long as only the dead are still."""
        if now != self._last:
            self._last, self._still_since_s = now, time.monotonic()
        return time.monotonic() - self._still_since_s >= ABANDONED_SECONDS

    def forget(self) -> None:
        """Begin anew: nothing could be read."""
        self._last = None

    @property
    def who(self) -> str:
        """Who holds the place, as far as that is known."""
        return self._last.holder.label if self._last else "the Prefect server does not say which"


class _Waiting:
    """Waits for one place."""

    def __init__(self, doing: str, organization: Organization, stop: threading.Event, wait_s: float) -> None:
        self._doing = doing
        self._organization = organization
        self.holder: Holder = this_run(organization)
        self.stop = stop
        self._deadline_s = time.monotonic() + wait_s
        self._wait_s = wait_s
        self._told: UUID | None = None
        self._stage = ""

    @property
    def has_waited(self) -> bool:
        """Whether somebody else had the place."""
        return self._told is not None

    def for_the_place(self, name: str) -> UUID:
        """Return the record of the place, once it is ours."""
        watch = Watch()
        heard_s = time.monotonic()
        while True:
            try:
                with at_the_server() as client:
                    there = held(client, name)
                    record = taken(client, name, self.holder) if there is None else None
                    if there is not None and there.holder == self.holder:
                        record = there.id  # made by an earlier try, whose answer was lost
                    elif there is not None and watch.is_abandoned(there):
                        _log.warning("%s shows no sign of life: its place is taken", there.holder.label)
                        give_back(client, there.id)
                        continue
                heard_s = time.monotonic()
            except Exception:  # whatever Prefect's client raises for a server that is away or busy
                watch.forget()
                if time.monotonic() - heard_s > _SERVER_PATIENCE_S:
                    raise
            else:
                if record is not None:
                    self._told_no_more()
                    return record
                self._tell(there)
            self._pause(watch)

    def _pause(self, watch: Watch) -> None:
        if self.stop.wait(_LOOKED_AT_EVERY_S):
            raise StoppedWaitingError
        if time.monotonic() > self._deadline_s:
            raise AnotherApplyError(
                f"another run has been {self._doing} for {format_duration(round(self._wait_s * 1000))} and goes on: "
                f"{watch.who}. Nothing was changed. Run again when it has ended."
            )

    def _tell(self, there: Held | None) -> None:
        if there is None or there.id == self._told:
            return
        self._told = there.id
        _log.warning(
            "%s is %s: waiting for its end",
            there.holder.label,
            self._doing,
            extra=fields(of_org(self._organization)),
        )
        self._told_no_more()
        self._stage = f"Waiting for {there.holder.label}, which is {self._doing}"
        report(self._stage, 0, 0)

    def _told_no_more(self) -> None:
        if self._stage:
            report(self._stage, 1, 0)
