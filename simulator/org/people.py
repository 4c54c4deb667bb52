"""Colleagues who work in the same org: at once, or just before or after a request that a test names."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from simulator.org.actions.people import ActionDeed
from simulator.api.calls import Call
from simulator.org.documents import to_bytes
from simulator.org.editing import check_out, new_saved_version, refuse_while_busy, unlock
from simulator.api.errors import Refusal
from simulator.faults.matching import Match
from simulator.org.publishing import check_in_now, publish_now
from simulator.org.versions import Actor, ArchitectFlowRecord, SavedContent
from simulator.org.world import World

DeedKind = Literal["lock", "save_draft", "check_in", "publish", "delete", "rename", "unlock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a person does to one Architect flow.

    `save_draft`, `check_in` and `publish` take the lock first where it is free, and save `body` (None: the latest
    content with another description). `unlock` releases anybody's lock. `force`: with `lock` and what takes it, a
    foreign lock is released before (the editor's forced unlock). `name`: for `rename`.
    """

    kind: DeedKind
    architect_flow_id: str
    person: Actor
    body: bytes | None = None
    name: str = ""
    force: bool = False


AnyDeed = Deed | ActionDeed


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a deed: `refused` says why the platform did not let the person."""

    deed: AnyDeed
    refused: str = ""


@dataclass(slots=True)
class _Appointment:
    deed: AnyDeed
    when: Literal["before", "after"]
    match: Match
    seen: int = 0


class People:
    """The appointments of colleagues, and what they did."""

    def __init__(self) -> None:
        self._appointments: list[_Appointment] = []
        self.done: list[Done] = []

    def appoint(self, deed: AnyDeed, when: Literal["before", "after"], match: Match) -> None:
        """Let somebody act right before, or right after the effect of, a request."""
        self._appointments.append(_Appointment(deed, when, match))

    def due(self, call: Call, when: Literal["before", "after"]) -> Iterator[AnyDeed]:
        """Count a request and give the deeds whose moment it is."""
        for appointment in self._appointments:
            if appointment.when == when and appointment.match.fits(call):
                appointment.seen += 1
                if appointment.match.means(appointment.seen):
                    yield appointment.deed

    def clear(self) -> None:
        """Cancel all appointments and forget what was done."""
        self._appointments.clear()
        self.done.clear()


def act(world: World, record: ArchitectFlowRecord, deed: Deed) -> None:
    """Do a deed. Raises Refusal where the platform would refuse it to a person, too."""
    match deed.kind:
        case "lock":
            _take_lock(world, record, deed)
        case "save_draft":
            _save(world, record, deed)
        case "check_in":
            _save(world, record, deed)
            check_in_now(world, record)
        case "publish":
            _save(world, record, deed)
            publish_now(world, record, check_in_now(world, record), deed.person)
        case "delete":
            record.deleted = True
            record.lock = record.saved = None
        case "rename":
            record.name = deed.name or f"{record.name} (renamed)"
        case "unlock":
            unlock(world, record)
    record.touch()


def _take_lock(world: World, record: ArchitectFlowRecord, deed: Deed) -> None:
    if record.lock == deed.person:
        return
    if deed.force:
        unlock(world, record)
    check_out(world, record, deed.person)


def _save(world: World, record: ArchitectFlowRecord, deed: Deed) -> None:
    _take_lock(world, record, deed)
    refuse_while_busy(world, record)
    if record.latest is None and deed.body is None:
        raise Refusal(404, "flow.no.config.available", "There is nothing to edit.", entity_id=record.id)
    body = deed.body if deed.body is not None else _edited(record, deed.person)
    record.saved = new_saved_version(world, SavedContent(body), deed.person)


def _edited(record: ArchitectFlowRecord, person: Actor) -> bytes:
    assert record.latest is not None, "checked by the caller"
    body = record.latest.content.body()
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(document, dict):
        return body
    document["description"] = f"Edited by {person.name}"
    return to_bytes(document)
