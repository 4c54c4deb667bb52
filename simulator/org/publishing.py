"""Check-in and publish: asynchronous Operations that end later, badly or never (docs/platform.md#operations)."""

import dataclasses
from typing import Literal

from simulator.api.errors import Refusal
from simulator.org.actions.records import ActionRecords
from simulator.org.content.embedding import with_newest_modules
from simulator.org.versions import Actor, ArchitectFlowRecord, Content, Operation, PublishPlan, Version
from simulator.org.world import World

STAGES = ("STARTED", "PENDING_GENERATION", "PENDING_BACKEND_NOTIFICATION")
"""What a running Operation says of itself, read after read."""


def start_check_in(world: World, record: ArchitectFlowRecord, actor: Actor) -> Operation:
    """Begin to check the draft in. The caller has made sure that the lock may be released."""
    _require_content(record)
    record.operation = _operation(world, record, actor, "CHECKIN")
    record.touch()
    return record.operation


def start_publish(
    world: World, record: ArchitectFlowRecord, actor: Actor, label: str | None, actions: ActionRecords
) -> Operation:
    """Begin to publish the draft, or without one the newest checked-in version, or the version of a label.

    A label that does not exist is answered like any other, and then nothing happens (docs/platform.md#operations).
    """
    operation = _operation(world, record, actor, "PUBLISH")
    if label is not None:
        target = record.version(label)
        if target is None or (_is_older(record, target) and world.switches.publish_of_older == "nothing"):
            return operation
        operation.target = None if target is record.saved else target
    elif record.lock is None and record.saved is None and record.committed:
        operation.target = record.committed[-1]
    if operation.target is None:
        _require_content(record)
        _refuse_unchecked(world, record, operation)
    _refuse_missing_actions(world, record, operation, actions)
    if operation.plan.ending == "nothing":
        return operation
    record.operation = operation
    record.touch()
    return operation


def start_validation(world: World, record: ArchitectFlowRecord, actor: Actor) -> None:
    """Begin to look for what would keep the latest content from being published: no version comes of it."""
    record.operation = _operation(world, record, actor, "VALIDATE")
    record.touch()


def observe(world: World, record: ArchitectFlowRecord) -> None:
    """Let one read of the Architect flow see its Operation, which gets on by being seen."""
    settle(world, record)
    operation = record.operation
    if operation is not None and not operation.complete:
        operation.status = STAGES[min(operation.reads_seen, len(STAGES) - 1)]
        operation.reads_seen += 1
        record.touch()


def settle(world: World, record: ArchitectFlowRecord) -> None:
    """End the Operation if its time has come, and show what has come of it."""
    operation = record.operation
    if operation is None or operation.plan.ending == "never" or record.deleted:
        return
    if operation.complete:
        _show(world, record, operation)
        return
    elapsed_ms = world.clock.now_ms() - operation.started_ms
    if operation.reads_seen < operation.plan.reads or elapsed_ms < operation.plan.ms:
        return
    operation.complete = True
    record.touch()
    if operation.plan.ending == "failure":
        operation.status = "FAILURE"
        if operation.plan.checked_in_anyway and operation.target is None and operation.action != "VALIDATE":
            check_in_now(world, record)
        return
    operation.status = operation.plan.says
    _take_effect(world, record, operation)


def check_in_now(world: World, record: ArchitectFlowRecord) -> Version:
    """Turn the draft (or, after a bare checkout, the latest content) into the next version and release the lock."""
    return _committed(record, checked_in_ms=world.clock.now_ms())


def _committed(record: ArchitectFlowRecord, *, checked_in_ms: int | None) -> Version:
    latest = record.latest
    assert latest is not None, "callers make sure that there is content"
    author = record.lock or latest.by
    label = record.next_label()
    version = Version(label, label, latest.content, author, "CHECKIN", latest.saved_ms, checked_in_ms)
    record.committed.append(version)
    record.saved = record.lock = None
    record.touch()
    return version


def publish_now(world: World, record: ArchitectFlowRecord, version: Version, by: Actor) -> None:
    """Make a version the live one, with the newest modules that it calls.

    Where those have moved since it was published last, what goes live is a new version.
    """
    content = _going_live(world, version)
    if content is not version.content and version.publications:
        version = _next(record, version)
    version.content = content
    version.stage = "PUBLISH"
    version.published_ms = world.clock.now_ms()
    version.published_by = by
    version.publications += 1
    record.published = version
    record.active = True
    record.touch()


def unpublish(world: World, record: ArchitectFlowRecord) -> None:
    """Take what is live out of service until somebody publishes again; what then shows of it is a switch."""
    if world.switches.unpublished_shows == "no_version":
        record.published = None
    record.active = False
    record.touch()


def _take_effect(world: World, record: ArchitectFlowRecord, operation: Operation) -> None:
    if operation.action == "VALIDATE":
        return
    version = operation.target
    if version is None:
        checks_in = operation.action == "CHECKIN" or world.switches.publish_of_saved != "publishes_only"
        version = check_in_now(world, record) if checks_in else _committed(record, checked_in_ms=None)
    elif (
        operation.action == "PUBLISH"
        and _is_older(record, version)
        and world.switches.publish_of_older == "works_as_new"
    ):
        version = _next(record, version)
    if operation.action == "PUBLISH":
        operation.unseen, operation.shown_ms = version, world.clock.now_ms() + operation.plan.shown_after_ms
        _show(world, record, operation)


def _show(world: World, record: ArchitectFlowRecord, operation: Operation) -> None:
    if operation.unseen is not None and world.clock.now_ms() >= operation.shown_ms:
        version, operation.unseen = operation.unseen, None
        publish_now(world, record, version, operation.by)


def _next(record: ArchitectFlowRecord, version: Version) -> Version:
    """Commit a version once more, under the next label."""
    label = record.next_label()
    again = dataclasses.replace(version, id=label, name=label, publications=0)
    record.committed.append(again)
    return again


def _going_live(world: World, version: Version) -> Content:
    taken = world.switches.snapshots_taken == "publish"
    return with_newest_modules(world, version.content) if taken else version.content


def _operation(
    world: World, record: ArchitectFlowRecord, actor: Actor, action: Literal["PUBLISH", "CHECKIN", "VALIDATE"]
) -> Operation:
    plan = world.publish_plan(record.id)
    return Operation(world.ids.new("operation"), action, actor, world.clock.now_ms(), plan)


def _require_content(record: ArchitectFlowRecord) -> None:
    if record.latest is None:
        raise record.refusal(
            409,
            "architect.flow.cannot.checkin.missing.config",
            "The flow '{flowName}' cannot be checked in because it has no saved configuration.",
        )


def _refuse_unchecked(world: World, record: ArchitectFlowRecord, operation: Operation) -> None:
    message = "The flow must be checked in before it can be published."
    match world.switches.publish_of_saved:
        case "checks_in" | "publishes_only":
            return
        case "refuses":
            raise Refusal(409, "architect.flow.not.checked.in", message, entity_id=record.id)
        case "fails":
            operation.plan = PublishPlan(
                reads=operation.plan.reads,
                ending="failure",
                error_code="ARCHITECT_FLOW_NOT_CHECKED_IN",
                error_message=message,
            )


def _refuse_missing_actions(
    world: World, record: ArchitectFlowRecord, operation: Operation, actions: ActionRecords
) -> None:
    version = operation.target or record.latest
    assert version is not None, "a publish without content was refused before"
    missing = sorted(_going_live(world, version).action_ids & actions.deleted) if actions.deleted else []
    if not missing or world.switches.missing_dependency == "publishes":
        return
    message = f"The flow cannot be published because {len(missing)} dependencies are missing."
    if world.switches.missing_dependency == "conflict":
        raise Refusal(
            409,
            "architect.flow.cannot.publish.missing.dependencies",
            message,
            entity_id=record.id,
            details=[{"errorCode": "missing.dependency", "fieldName": "actionId", "entityId": one} for one in missing],
        )
    details = tuple(("missing.dependency", "actionId", one, actions.find(one).name) for one in missing)
    operation.plan = PublishPlan(
        reads=operation.plan.reads,
        ending="failure",
        error_code="CANNOT_PUBLISH_MISSING_DEPENDENCIES",
        error_message=message,
        error_details=details,
    )


def _is_older(record: ArchitectFlowRecord, version: Version) -> bool:
    return version is not record.saved and version is not record.committed[-1]
