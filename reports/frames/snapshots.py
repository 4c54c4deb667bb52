"""The snapshots of common modules that Architect flows embed, with the copies of steps in them: what callers get."""

from reports.frames.step_facts import step_facts
from timeouts.inventory import Inventory, is_outdated
from timeouts.model.org import ArchitectFlow
from timeouts.model.settings import TimeoutSetting
from timeouts.model.steps import Snapshot, StepKind
from timeouts.model.values import Value


class CopyRecord(Value):
    """A step of a module as a snapshot has it. Times in milliseconds; None where there is none or it is unknown."""

    step_id: str
    step: str
    kind: StepKind
    container: str
    tracking_id: int | None
    action_id: str
    action: str
    setting: TimeoutSetting
    action_limit_ms: int | None
    is_limit_known: bool
    effective_ms: int | None


class SnapshotRecord(Value):
    """A common module as an Architect flow, its caller, embeds it. `version` is '' where the snapshot names none.

    `published_version`: the module's own, None where the module is not listed or not published. `is_outdated`: both are
    known and differ. `is_shown`: False where the platform keeps the content to itself, so that nobody knows its copies.
    """

    architect_flow_id: str
    architect_flow: str
    module_id: str
    module: str
    version: str
    published_version: str | None
    is_outdated: bool
    is_shown: bool
    copies: tuple[CopyRecord, ...] = ()


def snapshots_of(inventory: Inventory) -> tuple[SnapshotRecord, ...]:
    """Return every snapshot that was read, caller by caller as listed; one module may stand there twice."""
    return tuple(
        _snapshot(inventory, architect_flow, snapshot)
        for architect_flow in inventory.architect_flows
        for snapshot in inventory.reading(architect_flow.id).snapshots
    )


def _snapshot(inventory: Inventory, architect_flow: ArchitectFlow, snapshot: Snapshot) -> SnapshotRecord:
    module = inventory.architect_flow(snapshot.module_id)
    return SnapshotRecord(
        architect_flow_id=architect_flow.id,
        architect_flow=architect_flow.label,
        module_id=snapshot.module_id,
        module=module.name if module is not None else snapshot.name or snapshot.module_id,
        version=snapshot.version,
        published_version=None if module is None else module.published_version,
        is_outdated=is_outdated(snapshot, module),
        is_shown=snapshot.is_shown,
        copies=tuple(
            CopyRecord(**step_facts(inventory, step, inventory.action(step.action_id))) for step in snapshot.steps
        ),
    )
