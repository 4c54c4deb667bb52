"""The plan: all changes that a policy asks for, pinned to what they were computed from, with a checksum."""

import hashlib
import json
import typing
from collections.abc import Callable, Collection

from timeouts.inventory import Inventory
from timeouts.model.org import ArchitectFlow, Organization
from timeouts.model.step_edits import RawTimeout, StepEdit
from timeouts.model.steps import Reading
from timeouts.model.values import Value
from timeouts.planning.changes import (
    ActionAdvice,
    ActionChange,
    ActionLeft,
    Change,
    Counts,
    LeftAlone,
    Pin,
    Shipped,
    StepOnlyAlternative,
    StepWarning,
    Violation,
)
from timeouts.planning.concurrency import Load
from timeouts.planning.copies import (
    LaggingCopy,
    embedded_in,
    modules_first,
)
from timeouts.planning.deciding.evaluated import publish_blocker
from timeouts.planning.shipping import shipped_with
from timeouts.policy.policy import Policy

SCHEMA_VERSION: typing.Literal[4] = 4


class Plan(Value):
    """What a run would change and what it would not. All lists are sorted; it round-trips through JSON.

    `held` are the Architect flows that would change and that a person has locked or drafted: they are skipped.
    `undoes` is the checksum of the plan that this one rolls back, empty where a policy asks for the changes; the
    policy of a roll back is that of the run it undoes. `step_only`: what the policy would come to without the lever
    on the action, None where it does not allow that lever. `load`: what the waiting costs, None without evidence.
    `copies`: what callers of modules get only with a republish, and whether the plan republishes them.
    `ships_problem`: why it is not wholly known what else the publishes bring live; empty where it is.
    """

    schema_version: typing.Literal[4] = SCHEMA_VERSION
    undoes: str = ""
    organization: Organization
    policy: Policy
    pins: tuple[Pin, ...] = ()
    ships_problem: str = ""
    held: tuple[Pin, ...] = ()
    action_changes: tuple[ActionChange, ...] = ()
    changes: tuple[Change, ...] = ()
    copies: tuple[LaggingCopy, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()
    action_advice: tuple[ActionAdvice, ...] = ()
    actions_left: tuple[ActionLeft, ...] = ()
    warnings: tuple[StepWarning, ...] = ()
    violations: tuple[Violation, ...] = ()
    step_only: StepOnlyAlternative | None = None
    load: Load | None = None
    counts: Counts

    @property
    def checksum(self) -> str:
        """`sha256:` and the hash of the whole plan; the order in which an org was listed does not move it."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"

    def with_obstacles(self, obstacle_to: Callable[[str], str]) -> "Plan":
        """Return it with what is in the way of each of its changes, by the id of what is to be changed; '' is nothing.

        What is in the way is told and stays in the plan, for it may be gone when that is applied.
        """

        def told(each: Pin | ActionChange, target_id: str) -> typing.Any:
            found = each.obstacle or obstacle_to(target_id)
            return each.model_copy(update={"obstacle": found}) if found else each

        pins = tuple(told(each, each.architect_flow_id) for each in self.pins)
        action_changes = tuple(told(each, each.action_id) for each in self.action_changes)
        return self.model_copy(update={"pins": pins, "action_changes": action_changes})

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to publish."""
        return not self.pins and not self.action_changes

    @property
    def republished(self) -> tuple[Pin, ...]:
        """The Architect flows that are published unchanged, to take in newer modules."""
        changed = {change.architect_flow_id for change in self.changes}
        return tuple(pin for pin in self.pins if pin.architect_flow_id not in changed)

    def publish_order(self) -> tuple[Pin, ...]:
        """Return the Architect flows to publish, each after the modules that it embeds."""
        depths = modules_first({pin.architect_flow_id: pin.embeds for pin in self.pins})

        def key(pin: Pin) -> tuple[int, bool, str, str, str]:
            return depths[pin.architect_flow_id], pin.type.casefold() != "commonmodule", *_by_name(pin)

        return tuple(sorted(self.pins, key=key))

    def copies_in(self, architect_flow_id: str) -> tuple[LaggingCopy, ...]:
        """Return the copies that a publish of one Architect flow has to bring up to date."""
        return tuple(copy for copy in self.copies if copy.architect_flow_id == architect_flow_id and not copy.stays)

    def edits_of(self, architect_flow_id: str) -> dict[str, StepEdit]:
        """Return the edits to make in one Architect flow, by step id."""
        return {change.step_id: change.edit for change in self.changes if change.architect_flow_id == architect_flow_id}

    def originals_of(self, architect_flow_id: str) -> dict[str, RawTimeout]:
        """Return what the definition had written of the timeouts that change in one Architect flow, by step id."""
        return {
            change.step_id: change.original for change in self.changes if change.architect_flow_id == architect_flow_id
        }

    @property
    def may_lower(self) -> bool:
        """Whether a wait may become shorter: by its policy, or because it puts back what was there."""
        return bool(self.undoes) or self.policy.allow_lowering

    def actions_needed_by(self, architect_flow_id: str) -> tuple[ActionChange, ...]:
        """Return the action changes without which a change of one Architect flow would be masked."""
        after_ms: dict[str, int] = {}
        for change in self.changes:
            if change.architect_flow_id == architect_flow_id and change.after_ms is not None:
                after_ms[change.action_id] = max(change.after_ms, after_ms.get(change.action_id, 0))
        return tuple(
            change
            for change in self.action_changes
            if change.before_ms is not None and after_ms.get(change.action_id, 0) > change.before_ms
        )


def pins_of(inventory: Inventory, architect_flow_ids: Collection[str]) -> tuple[Pin, ...]:
    """Return what holds these Architect flows to what was read of them, sorted by name."""
    embedded = dict(embedded_in(inventory, architect_flow_ids))
    pins = (
        _pin(each, inventory.reading(each.id), embedded[each.id], shipped_with(inventory, each.id))
        for each in inventory.architect_flows
        if each.id in architect_flow_ids
    )
    return tuple(sorted(pins, key=_by_name))


def _pin(architect_flow: ArchitectFlow, reading: Reading, embeds: tuple[str, ...], ships: tuple[Shipped, ...]) -> Pin:
    return Pin(
        architect_flow_id=architect_flow.id,
        name=architect_flow.label,
        type=architect_flow.type,
        version=reading.version,
        fingerprint=reading.fingerprint,
        obstacle=publish_blocker(architect_flow),
        embeds=embeds,
        ships=ships,
        published_by=architect_flow.published_by,
    )


def _by_name(pin: Pin) -> tuple[str, str, str]:
    return pin.name.casefold(), pin.name, pin.architect_flow_id
