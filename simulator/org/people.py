"""Colleagues who work in the same org: at once, or just before or after a request that a test names."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from simulator.api.calls import Call
from simulator.api.errors import Refusal
from simulator.faults.holds import When
from simulator.faults.matching import CountedMatch, Match
from simulator.org.actions.people import DataActionEdit
from simulator.org.content.documents import to_bytes
from simulator.org.editing import check_out, new_saved_version, refuse_edit_while_busy, refuse_while_busy, unlock
from simulator.org.publishing import check_in_now, publish_now, start_validation, unpublish
from simulator.org.versions import Actor, ArchitectFlowRecord, SavedContent
from simulator.org.world import World

PersonActionKind = Literal[
    "lock", "save_draft", "check_in", "publish", "delete", "rename", "unlock", "validate", "unpublish"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAction:
    """What a person does to one Architect flow.

    `save_draft`, `check_in` and `publish` take the lock first where it is free, and save `body` (None: the latest
    content with another description). `unlock` releases anybody's lock. `validate` starts an Operation that changes
    nothing. `unpublish` takes what is live out of service. `force`: with `lock` and what takes it, a foreign lock is
    released before (the editor's forced unlock). `name`: for `rename`.
    """

    kind: PersonActionKind
    architect_flow_id: str
    person: Actor
    body: bytes | None = None
    name: str = ""
    force: bool = False


AnyPersonAction = PersonAction | DataActionEdit


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a person's action: `refused` says why the platform did not let the person."""

    person_action: AnyPersonAction
    refused: str = ""


@dataclass(slots=True)
class _Scheduled:
    person_action: AnyPersonAction
    when: When
    requests: CountedMatch


class People:
    """What colleagues are to do, and what they did."""

    def __init__(self) -> None:
        self._scheduled: list[_Scheduled] = []
        self.done: list[Done] = []

    def schedule(self, person_action: AnyPersonAction, when: When, match: Match) -> None:
        """Let somebody act right before, or right after the effect of, a request."""
        self._scheduled.append(_Scheduled(person_action, when, CountedMatch(match)))

    def due(self, call: Call, when: When) -> Iterator[AnyPersonAction]:
        """Count a request and return the actions that are due."""
        for scheduled in self._scheduled:
            if scheduled.when == when and scheduled.requests.is_met(call):
                yield scheduled.person_action

    def clear(self) -> None:
        """Cancel what is scheduled and forget what was done."""
        self._scheduled.clear()
        self.done.clear()


def perform(world: World, record: ArchitectFlowRecord, person_action: PersonAction) -> None:
    """Let a person act. Raises Refusal where the platform would refuse it to a person, too."""
    match person_action.kind:
        case "lock":
            _take_lock(world, record, person_action)
        case "save_draft":
            _save(world, record, person_action)
        case "check_in":
            _save(world, record, person_action)
            check_in_now(world, record)
        case "publish":
            _save(world, record, person_action)
            publish_now(world, record, check_in_now(world, record), person_action.person)
        case "delete":
            record.deleted = True
            record.lock = record.saved = None
        case "rename":
            record.name = person_action.name or f"{record.name} (renamed)"
        case "unlock":
            unlock(world, record)
        case "validate":
            refuse_while_busy(world, record)
            start_validation(world, record, person_action.person)
        case "unpublish":
            unpublish(world, record)
    record.touch()


def _take_lock(world: World, record: ArchitectFlowRecord, person_action: PersonAction) -> None:
    if record.lock == person_action.person:
        return
    if person_action.force:
        unlock(world, record)
    check_out(world, record, person_action.person)


def _save(world: World, record: ArchitectFlowRecord, person_action: PersonAction) -> None:
    _take_lock(world, record, person_action)
    refuse_edit_while_busy(world, record)
    if record.latest is None and person_action.body is None:
        raise Refusal(404, "flow.no.config.available", "There is nothing to edit.", entity_id=record.id)
    body = person_action.body if person_action.body is not None else _edited(record, person_action.person)
    record.saved = new_saved_version(world, SavedContent(body), person_action.person)


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
