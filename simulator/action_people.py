"""What colleagues do to integration actions, under the same rules as an API client (docs/platform.md#actions)."""

import copy
import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from simulator.action_content import ActionContent
from simulator.action_drafts import (
    discard_draft,
    draft_of,
    draft_version,
    make_draft,
    patch_draft,
    publish_draft,
    publish_version,
)
from simulator.action_editing import go_live, patch, refuse_immutable
from simulator.actions import ActionRecord
from simulator.functions import LONGEST_SECONDS, replaced_function
from simulator.switches import Switches
from simulator.versions import Actor
from simulator.world import World

ActionDeedKind = Literal[
    "edit_action",
    "limit_action",
    "rename_action",
    "delete_action",
    "draft_action",
    "publish_action_draft",
    "discard_action_draft",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDeed:
    """What a person does to one integration action.

    `edit_action` changes a header of its requests, `limit_action` its timeout to `timeout_seconds` (None: takes it
    away; of a function data action, its function's), `rename_action` its name to `name`: all live at once, as the
    next version. `draft_action` makes that change of a header in the draft, which is made first where there is none.
    """

    kind: ActionDeedKind
    action_id: str
    person: Actor
    timeout_seconds: int | None = None
    name: str = ""


def act_on_action(world: World, record: ActionRecord, deed: ActionDeed) -> None:
    """Do a deed. Raises Refusal where the platform would refuse it to a person, too."""
    switches = world.switches
    refuse_immutable(record)
    match deed.kind:
        case "edit_action":
            _patch(switches, record, config=_edited(record.content, deed.person))
        case "limit_action":
            _limit(switches, record, deed.timeout_seconds)
        case "rename_action":
            _patch(switches, record, name=deed.name or f"{record.name} (renamed)")
        case "delete_action":
            record.delete()
        case "draft_action":
            _edit_draft(switches, record, deed.person)
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
