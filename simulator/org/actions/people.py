"""What colleagues do to integration actions, under the same rules as an API client (docs/platform.md#actions)."""

import copy
import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from simulator.org.actions.content import ActionContent
from simulator.org.actions.drafts import (
    discard_draft,
    draft_of,
    draft_version,
    make_draft,
    patch_draft,
    publish_draft,
    publish_version,
)
from simulator.org.actions.editing import go_live, patch, refuse_immutable
from simulator.org.actions.functions import LONGEST_SECONDS, replaced_function
from simulator.org.actions.records import ActionRecord
from simulator.org.versions import Actor
from simulator.org.world import World
from simulator.switches import Switches

DataActionEditKind = Literal[
    "edit_action",
    "limit_action",
    "rename_action",
    "delete_action",
    "draft_action",
    "publish_action_draft",
    "discard_action_draft",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataActionEdit:
    """What a person does to one integration action.

    `edit_action` changes a header of its requests, `limit_action` its timeout to `timeout_seconds` (None: takes it
    away; of a function data action, its function's), `rename_action` its name to `name`: all live at once, as the
    next version. `draft_action` makes that change of a header in the draft, which is made first where there is none.
    """

    kind: DataActionEditKind
    action_id: str
    person: Actor
    timeout_seconds: int | None = None
    name: str = ""


def perform_edit(world: World, record: ActionRecord, person_action: DataActionEdit) -> None:
    """Let a person act. Raises Refusal where the platform would refuse it to a person, too."""
    switches = world.switches
    refuse_immutable(record)
    match person_action.kind:
        case "edit_action":
            _patch(switches, record, config=_edited(record.content, person_action.person))
        case "limit_action":
            _limit(switches, record, person_action.timeout_seconds)
        case "rename_action":
            _patch(switches, record, name=person_action.name or f"{record.name} (renamed)")
        case "delete_action":
            record.delete()
        case "draft_action":
            _edit_draft(switches, record, person_action.person)
        case "publish_action_draft":
            publish_draft(world, record, {"version": publish_version(switches, record)})
        case "discard_action_draft":
            discard_draft(record)


def _patch(switches: Switches, record: ActionRecord, **values: Any) -> None:
    patch(switches, record, {**values, "version": record.version})


def _limit(switches: Switches, record: ActionRecord, seconds: int | None) -> None:
    function = record.content.function
    if function is None:
        _patch(switches, record, config={**_whole_config(record.content), "timeoutSeconds": seconds})
        return
    limited = {**function, "timeoutSeconds": LONGEST_SECONDS if seconds is None else seconds}
    function = replaced_function(switches, function, limited)
    go_live(switches, record, dataclasses.replace(record.content, function=function))


def _edit_draft(switches: Switches, record: ActionRecord, person: Actor) -> None:
    if record.draft is None:
        make_draft(switches, record)
    config = _edited(draft_of(record).content, person)
    patch_draft(switches, record, {"config": config, "version": draft_version(switches, record)})


def _edited(content: ActionContent, person: Actor) -> dict[str, Any]:
    config = _whole_config(content)
    headers = config["request"].get("headers")
    known = headers if isinstance(headers, dict) else {}
    config["request"]["headers"] = {**known, "X-Edited-By": person.name}
    return config


def _whole_config(content: ActionContent) -> dict[str, Any]:
    """Return `config` as it has to be sent: with the templates."""
    config = copy.deepcopy(content.config)
    config["request"]["requestTemplate"] = content.request_template
    config["response"]["successTemplate"] = content.success_template
    return config
