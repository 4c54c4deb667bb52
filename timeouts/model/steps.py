"""Call Data Action steps, and what reading one Architect flow's definition gave."""

import typing

from pydantic.dataclasses import dataclass

from timeouts.model.settings import TimeoutSetting
from timeouts.model.step_edits import RawTimeout
from timeouts.model.values import MANY, Value
from timeouts.text.folding import composed

DefinitionKind = typing.Literal["architect", "flowData", "archy"]

StepKind = typing.Literal["data", "secure", "bridge"]
"""Call Data Action, Call Secure Data and Call Bridge Action: all have the same pair of settings for a timeout.

A bridge step is read and shown, never changed (docs/platform.md#other-steps).
"""

_PLACES = (".callData", ".callDataSecure", ".callBridge")
"""How the ids of steps in YAML end, and no other ones: `inboundCall.tasks[0].task.actions[1].callData`."""


def is_place(step_id: str) -> bool:
    """Return whether a step's id is its place in YAML, which has no ids: another step has it once that one moves."""
    return step_id.endswith(_PLACES)


NamesOfStep = tuple[str, str, str, str]
"""Container, kind, name and action, by which a step is known that has no id. Several may have the same."""


def names_of_step(container: str, kind: str, name: str, action: str) -> NamesOfStep:
    """Return these, however their accents are written."""
    return composed(container), kind, composed(name), composed(action)


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class Step:
    """One Call Data Action, Call Secure Data or Call Bridge step in a definition.

    `id` is the node id: unique in its definition, it survives edits (docs/platform.md#where-steps-live); in YAML it is
    a place (`is_place`). `name` may repeat. `default_ms` is what the step waits when it names no timeout of its own and
    the *definition* (not the action) decides: 3000 in `flowData`, None in any other kind, where the action's limit
    rules.
    `raw_timeout` is what the definition has written of the timeout, for the way back; None where it is never changed.
    """

    id: str
    name: str
    kind: StepKind = "data"
    container: str = ""
    tracking_id: int | None = None
    action_id: str = ""
    action_name: str = ""
    category: str = ""
    setting: TimeoutSetting
    default_ms: int | None = None
    raw_timeout: RawTimeout | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class Snapshot:
    """A common module as an Architect flow carries it: what callers get, whatever the module says meanwhile.

    `version` is the label of the module's version that it was taken from. Its steps are copies, with the ids that they
    have in the module: read and shown, never changed. `is_shown` is False where the platform names the module and
    keeps the content to itself.

    Source: docs/platform.md#common-modules.
    """

    module_id: str
    name: str = ""
    version: str = ""
    is_shown: bool = True
    steps: tuple[Step, ...] = ()


class Reading(Value):
    """What became of reading one Architect flow. Every listed Architect flow has exactly one.

    `coverage`: `read`; `unreadable` (its definition is not understood, `reason` says why); `not_published` (it has no
    published version, so no caller is in it); `not_read` (the platform did not give it, `reason` says why).
    `fingerprint` is that of the definition read (`Definition.fingerprint`), empty unless `read`. `steps` are its own;
    those of the common modules that it embeds stand in `snapshots`.
    """

    architect_flow_id: str
    version: str | None = None
    coverage: typing.Literal["read", "unreadable", "not_published", "not_read"]
    reason: str = ""
    kind: DefinitionKind = "architect"
    fingerprint: str = ""
    steps: tuple[Step, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether all that callers meet in it is known: it was read and understood, or nothing of it is published."""
        return self.coverage in {"read", "not_published"}
