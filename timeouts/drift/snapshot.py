"""What an audit remembers of an org, so that the next one can say what has moved since.

Settings are remembered, not waits: what a suggested timeout is worth without a limit is an assumption of each run, and
a run that assumes something else must not look as if the org had changed.
"""

import typing

from pydantic import TypeAdapter

from timeouts.inventory import Inventory
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.settings import Expression, LiteralOrSuggested, LiteralTimeout, Suggested, Unreadable
from timeouts.model.steps import Reading, Step
from timeouts.model.steps import Snapshot as ModuleSnapshot
from timeouts.model.values import Value

SNAPSHOT_SCHEMA: typing.Literal[2] = 2


class AuditStamp(Value):
    """Which audit it was and when it began: in milliseconds since 1970, to compare, and in words, to show.

    `what`: in words, what of the run is compared with, where it was no audit.
    """

    run_id: str
    run_name: str
    began_ms: int
    began: str
    what: str = "the audit"


class SeenArchitectFlow(Value):
    """One Architect flow as an audit saw it. `is_known`: its steps are; False where it could not be read.

    `modules`: the snapshots of common modules that it embedded. `published_by`: in words; `is_ours`:
    one of our OAuth clients published it.
    """

    id: str
    name: str
    type: str = ""
    version: str | None = None
    published_by: str = ""
    is_ours: bool = False
    is_known: bool = True
    why_unknown: str = ""
    steps: tuple[Step, ...] = ()
    modules: tuple[ModuleSnapshot, ...] = ()


class Snapshot(Value):
    """An org as an audit saw it.

    `reader`: which version of this program's reading of definitions it was made with; another one may say other things
    of the same definition.
    """

    schema_version: typing.Literal[2] = SNAPSHOT_SCHEMA
    reader: int
    org_key: str
    stamp: AuditStamp
    architect_flows: tuple[SeenArchitectFlow, ...]
    actions: tuple[DataAction, ...]

    def to_json(self) -> bytes:
        """Write it without what is written in steps: only the way back needs that, and it is most of their size."""
        steps = {"__all__": {"raw_timeout"}}
        seen: dict[str, typing.Any] = {"__all__": {"steps": steps, "modules": {"__all__": {"steps": steps}}}}
        return TypeAdapter(Snapshot).dump_json(self, exclude={"architect_flows": seen})

    def keeping_what_was_known(self, earlier: "Snapshot") -> "Snapshot":
        """Return it with what an earlier one knew of those that this one could not read: a gap must not erase that."""
        known = {each.id: each for each in earlier.architect_flows if each.is_known}
        seen = tuple(each if each.is_known else known.get(each.id, each) for each in self.architect_flows)
        actions = {each.id: each for each in earlier.actions if has_known_limit(each)}
        shown = self.actions or earlier.actions  # none at all: a role that lost them
        limits = tuple(each if has_known_limit(each) else actions.get(each.id, each) for each in shown)
        return self.model_copy(update={"architect_flows": seen, "actions": limits})


def has_known_limit(action: DataAction) -> bool:
    """Return whether the limit of an action could be read: that of a function data action is its function's."""
    return not action.unknown_limit and (action.kind != "function" or action.function_ms is not None)


def snapshot_of(inventory: Inventory, *, stamp: AuditStamp, reader: int) -> Snapshot:
    """Return what is remembered of a whole org."""
    return Snapshot(
        reader=reader,
        org_key=inventory.organization.key,
        stamp=stamp,
        architect_flows=tuple(_seen(each, inventory.reading(each.id)) for each in inventory.architect_flows),
        actions=inventory.actions,
    )


def _seen(architect_flow: ArchitectFlow, reading: Reading) -> SeenArchitectFlow:
    by = architect_flow.published_by
    why = "" if reading.is_known else reading.reason or reading.coverage.replace("_", " ")
    return SeenArchitectFlow(
        id=architect_flow.id,
        name=architect_flow.label,
        type=architect_flow.type,
        version=architect_flow.published_version,
        published_by="" if by is None else by.label,
        is_ours=by is not None and by.kind == "us",
        is_known=reading.is_known,
        why_unknown=why,
        steps=reading.steps,
        modules=reading.snapshots,
    )


def says(step: Step) -> tuple[object, ...]:
    """Return what decides how long a step waits; a duration that is stored and without effect does not."""
    match step.setting:
        case Suggested():
            return "suggested", step.default_ms
        case LiteralTimeout(timeout_ms=timeout_ms):
            return "literal", timeout_ms
        case LiteralOrSuggested(timeout_ms=timeout_ms):
            return "literal or suggested", timeout_ms
        case Expression(text=text):
            return "expression", text
        case Unreadable():
            return ("unreadable",)
        case _:
            typing.assert_never(step.setting)
