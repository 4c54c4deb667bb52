"""Changing an Architect flow up to the saved draft: checkout, save, revert, unlock (docs/platform.md#editing)."""

import json
from typing import Any

from simulator.api.errors import Refusal
from simulator.org.content.documents import to_bytes
from simulator.org.content.embedding import with_newest_modules, with_stored_modules
from simulator.org.content.validation import validate
from simulator.org.publishing import check_in_now, settle
from simulator.org.versions import Actor, ArchitectFlowRecord, Content, SavedContent, Version
from simulator.org.world import World

_LONGEST_NAME = 200


def check_out(world: World, record: ArchitectFlowRecord, actor: Actor) -> None:
    """Take the lock. Raises 409 when somebody has it, or (by switch) when the caller has it already."""
    refuse_edit_while_busy(world, record)
    if record.lock is not None:
        if record.lock == actor and world.switches.second_checkout == "ok":
            return
        raise locked(record)
    record.lock = actor
    if record.latest is not None:
        _draft_at_check_out(world, record, record.latest.content, actor)
    record.touch()


def save(world: World, record: ArchitectFlowRecord, actor: Actor, body: bytes) -> Version:
    """Store a configuration as the draft: the bytes as they came, unless the server normalises."""
    refuse_edit_while_busy(world, record)
    if record.lock is not None and record.lock != actor:
        raise locked(record)
    if record.lock is None and world.switches.save_needs_checkout:
        raise not_locked(record)
    served = record.latest.content.body if record.latest else None
    validate(world.switches, body, record.id, served)
    if world.switches.posted_snapshots == "ignored":
        body = with_stored_modules(world, body, served and served())
    record.lock = actor
    record.saved = new_saved_version(world, SavedContent(_normalised(world, body)), actor)
    record.touch()
    return record.saved


def revert(world: World, record: ArchitectFlowRecord, actor: Actor) -> None:
    """Drop the draft and let go of the lock; what stays behind, and whether it may be done meanwhile, are switches."""
    settle(world, record)
    if world.switches.revert_of_running == "conflict":
        refuse_while_busy(world, record)
    if record.lock != actor:
        raise not_locked(record)
    if record.operation is not None and not record.operation.complete:
        record.operation = None
    if world.switches.revert_leaves != "lock":
        record.lock = None
    if world.switches.revert_leaves != "saved_draft":
        record.saved = None
    record.touch()


def unlock(world: World, record: ArchitectFlowRecord) -> None:
    """Release anybody's lock; a saved draft is checked in as a new version, not thrown away.

    Source: docs/platform.md#locks.
    """
    refuse_edit_while_busy(world, record)
    if record.lock is None:
        return
    if record.saved is not None and record.saved.bare and world.switches.unlock_of_bare_checkout == "nothing":
        record.saved = None
    if record.saved is not None:
        check_in_now(world, record)
    record.lock = None
    record.touch()


def describe(world: World, record: ArchitectFlowRecord, actor: Actor, values: dict[str, Any]) -> None:
    """Change name, description or division: metadata only, and only under one's own lock.

    Source: docs/platform.md#editing-calls.
    """
    refuse_edit_while_busy(world, record)
    if record.lock != actor:
        raise not_locked(record)
    name = values.get("name", record.name)
    if not isinstance(name, str) or not _allowed_name(name):
        raise Refusal(400, "architect.object.validate.failed", "The flow name is not valid.", entity_id=record.id)
    record.name = name
    record.description = str(values.get("description") or record.description)
    division = values.get("division")
    if isinstance(division, dict) and isinstance(division.get("id"), str):
        record.division_id = division["id"]
    record.touch()


def new_saved_version(world: World, content: Content, actor: Actor, *, bare: bool = False) -> Version:
    """Make a draft; its id and its name are no labels (docs/platform.md#flow-fields)."""
    name = world.ids.new("saved_version")
    return Version(f"saved_version_{name}", name, content, actor, "SAVE", world.clock.now_ms(), bare=bare)


def refuse_edit_while_busy(world: World, record: ArchitectFlowRecord) -> None:
    """Raise 409 while an Operation runs, unless (by switch) that blocks nothing but the next Operation."""
    settle(world, record)
    if world.switches.running_operation_blocks == "edits":
        refuse_while_busy(world, record)


def refuse_while_busy(world: World, record: ArchitectFlowRecord) -> None:
    """Raise 409 while an Operation runs."""
    settle(world, record)
    if record.operation is not None and not record.operation.complete:
        raise record.refusal(
            409,
            "architect.operation.already.in.progress",
            "An operation is already in progress on the flow '{flowName}'.",
        )


def locked(record: ArchitectFlowRecord) -> Refusal:
    """Refuse since somebody holds the lock, and say who."""
    holder = record.lock.name if record.lock else ""
    return record.refusal(
        409, "architect.flow.locked.by.user", "The flow '{flowName}' is locked by '{userName}'.", userName=holder
    )


def not_locked(record: ArchitectFlowRecord) -> Refusal:
    """Refuse since the caller does not hold the lock."""
    return record.refusal(
        409, "architect.flow.not.locked.by.user", "The flow '{flowName}' is not locked by the current user."
    )


def _allowed_name(name: str) -> bool:
    return (
        len(name) <= _LONGEST_NAME and any(map(str.isalnum, name)) and "/" not in name and not name.endswith("-debug")
    )


def _draft_at_check_out(world: World, record: ArchitectFlowRecord, content: Content, actor: Actor) -> None:
    """Make the draft that a checkout shows; by switch it has the newest modules already."""
    newest = with_newest_modules(world, content) if world.switches.snapshots_taken == "check_out" else content
    moved = newest is not content
    if moved or (record.saved is None and world.switches.checkout_makes_saved_version):
        bare = record.saved is None or record.saved.bare
        record.saved = new_saved_version(world, newest, actor, bare=bare)


def _normalised(world: World, body: bytes) -> bytes:
    if world.switches.normalises == "nothing":
        return body
    document: dict[str, Any] = json.loads(body)
    match world.switches.normalises:
        case "key_order":
            return to_bytes(document, sort_keys=True)
        case "adds_field":
            return to_bytes({**document, "lastSavedBy": "server"})
        case "reformats":
            return to_bytes(document, indent=1)
