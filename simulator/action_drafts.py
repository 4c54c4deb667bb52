"""Changing an integration action in two steps: a draft that is edited, then published.

Source: docs/platform.md#changing-an-action.
"""

import copy
import dataclasses
from typing import Any

from simulator.action_content import ActionContent, as_written, edited
from simulator.action_editing import refuse_immutable, refuse_other_version
from simulator.actions import ActionDraft, ActionRecord
from simulator.errors import Refusal, bad_request
from simulator.functions import replaced_function
from simulator.switches import Switches
from simulator.world import World


def make_draft(switches: Switches, record: ActionRecord) -> None:
    """Make a draft that says what the published action says. Raises 409 where there is one already (a switch)."""
    refuse_immutable(record)
    if record.draft is None:
        record.draft = ActionDraft(record.content, record.version, record.version)
        record.touch()
    elif switches.second_draft == "conflict":
        raise Refusal(409, "draft.exists", "The action already has a draft.", entity_id=record.id)


def draft_of(record: ActionRecord) -> ActionDraft:
    """Return the draft. Raises Refusal 404."""
    if record.draft is None:
        raise Refusal(
            404, "not.found", "The action '{id}' has no draft.", params={"id": record.id}, entity_id=record.id
        )
    return record.draft


def draft_version(switches: Switches, record: ActionRecord) -> int:
    """Return the number that the draft shows, and that an edit of it must name."""
    return draft_of(record).version if switches.draft_version == "own" else record.version


def publish_version(switches: Switches, record: ActionRecord) -> int:
    """Return the number that a publish of the draft must name."""
    return draft_version(switches, record) + (switches.draft_publish_wants == "next")


def function_of(record: ActionRecord, content: ActionContent) -> dict[str, Any]:
    """Return the Function of an action or a draft. Raises Refusal 404 where it is no function data action."""
    if content.function is None:
        raise Refusal(404, "not.found", "The action '{id}' has no function.", params={"id": record.id})
    return content.function


def patch_draft(switches: Switches, record: ActionRecord, values: dict[str, Any]) -> None:
    """Edit the draft with an UpdateDraftInput: `config` and `contract` replace the old ones whole."""
    content = draft_of(record).content
    refuse_other_version(switches, record, values, draft_version(switches, record))
    content = edited(switches, content, values, takes_timeout=not record.authenticates)
    _edit(switches, record, _with_contract(content, values))


def put_function(switches: Switches, record: ActionRecord, values: dict[str, Any]) -> None:
    """Replace the draft's function. Nothing guards against somebody else's edit: a Function has no `version`."""
    content = draft_of(record).content
    function = replaced_function(switches, function_of(record, content), values)
    _edit(switches, record, dataclasses.replace(content, function=function))


def problems_of(world: World, record: ActionRecord) -> list[Refusal]:
    """Say what keeps the draft from being published."""
    found = list(world.draft_errors.get(record.id, ()))
    function = draft_of(record).content.function
    if function is not None and not function.get("zipId"):
        found.append("The function has no code.")
    return [Refusal(400, "bad.request", message, entity_id=record.id) for message in found]


def publish_draft(world: World, record: ActionRecord, values: dict[str, Any]) -> None:
    """Make the draft the action's next version, and have no draft any more. `version` is the draft's (a switch).

    Raises Refusal 400 for a draft that is not valid, and 409 (by switch) when the action was changed since.
    """
    draft, switches = draft_of(record), world.switches
    refuse_other_version(switches, record, values, publish_version(switches, record))
    if draft.based_on != record.version and switches.stale_draft_publish == "conflict":
        raise Refusal(409, "draft.outdated", "The action was changed after its draft was made.", entity_id=record.id)
    if problems := problems_of(world, record):
        message = "The draft is not valid: " + " ".join(problem.message for problem in problems)
        raise Refusal(400, "draft.invalid", message, entity_id=record.id)
    if switches.action_writes == "nothing":
        return
    record.content, record.draft = as_written(switches, draft.content), None
    record.version += 1
    record.touch()


def discard_draft(record: ActionRecord) -> None:
    """Have no draft any more. Raises 404 where there was none."""
    draft_of(record)
    record.draft = None
    record.touch()


def _edit(switches: Switches, record: ActionRecord, content: ActionContent) -> None:
    draft = draft_of(record)
    draft.content = as_written(switches, content)
    draft.version += 1
    record.touch()


def _with_contract(content: ActionContent, values: dict[str, Any]) -> ActionContent:
    contract, secure = values.get("contract"), values.get("secure")
    if not isinstance(contract, dict | None) or not isinstance(secure, bool | None):
        raise bad_request("contract must be an object and secure a boolean.")
    return dataclasses.replace(
        content,
        contract=content.contract if contract is None else copy.deepcopy(contract),
        secure=content.secure if secure is None else secure,
    )
