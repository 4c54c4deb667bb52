"""Changing an integration action at once, in one PATCH (docs/platform.md#changing-an-action)."""

from typing import Any

from simulator.api.errors import Refusal
from simulator.org.actions.content import ActionContent, as_written, edited
from simulator.org.actions.records import ActionRecord
from simulator.switches import Switches


def patch(switches: Switches, record: ActionRecord, values: dict[str, Any]) -> None:
    """Change an action and publish it at once. `version` must be the current one. Raises Refusal 400, 409."""
    refuse_immutable(record)
    refuse_other_version(switches, record, values, record.version)
    content = edited(switches, record.content, values, takes_timeout=not record.authenticates)
    if switches.action_writes == "happen":
        go_live(switches, record, content)


def go_live(switches: Switches, record: ActionRecord, content: ActionContent) -> None:
    """Make a content the action's next version, past its draft: what becomes of that is a switch. Raises 409."""
    if record.draft is not None and switches.action_patch_and_draft == "conflict":
        raise Refusal(409, "draft.exists", "The action has a draft.", entity_id=record.id)
    if switches.action_patch_and_draft == "discards":
        record.draft = None
    record.content = as_written(switches, content)
    record.version += 1
    record.touch()


def refuse_immutable(record: ActionRecord) -> None:
    """Raise 400 for an action that Genesys owns."""
    if record.immutable:
        raise Refusal(400, "bad.request", "Static actions cannot be modified.", entity_id=record.id)


def refuse_other_version(switches: Switches, record: ActionRecord, values: dict[str, Any], current: int) -> None:
    """Raise 409 (or 400, by switch) when `version` is not the current one: the optimistic lock."""
    if values.get("version") != current:
        raise Refusal(
            switches.action_version_mismatch,
            "version.mismatch",
            "Version mismatch: the current version is {version}.",
            params={"version": str(current)},
            entity_id=record.id,
        )
