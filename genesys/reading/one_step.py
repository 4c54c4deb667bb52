"""Reading one step: its Architect flow, its action, and what else a publish of that brings live.

Nothing else of the org is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from genesys.errors import GenesysError, Unavailable, read_or
from genesys.read_client import ReadClient
from genesys.reading.one_reading import read_one
from timeouts.inventory import Inventory
from timeouts.model.org import ArchitectFlow, DataAction, MovedResources, Organization
from timeouts.model.steps import Reading, Snapshot, Step


@dataclass(frozen=True, slots=True)
class OneStep:
    """One step, the Architect flow that it is in, and its action: none where the org lists none of that id.

    `modules`: the common modules that the Architect flow embeds, as they are now; one that could not be read has its
    name and id alone. `module_readings`: what those say that are newer than the copies in it, or may be; `others`: the
    actions that these and the copies call besides. `moved`: what else moved since its publish, None where nothing can.
    """

    architect_flow: ArchitectFlow
    reading: Reading
    step: Step
    actions: tuple[DataAction, ...] = ()
    modules: tuple[ArchitectFlow, ...] = ()
    module_readings: tuple[Reading, ...] = ()
    others: tuple[DataAction, ...] = ()
    moved: MovedResources | None = None

    @property
    def action(self) -> DataAction | None:
        """The action that the step calls, None where it is not listed."""
        return next(iter(self.actions), None)

    @property
    def unread_modules(self) -> tuple[str, ...]:
        """The names of the modules that would go live with it, or may, and that could not be read."""
        unread = {each.architect_flow_id for each in self.module_readings if not each.is_known}
        return tuple(each.name for each in self.modules if each.id in unread)

    def inventory(self, organization: Organization) -> Inventory:
        """Return an org of this step and of the modules that a publish takes in: what is planned touches no other."""
        alone = self.reading.model_copy(update={"steps": (self.step,)})
        taken_in = {each.architect_flow_id for each in self.module_readings}
        return Inventory(
            organization,
            (self.architect_flow, *(each for each in self.modules if each.id in taken_in)),
            (*self.actions, *self.others),
            (alone, *self.module_readings),
            is_whole=False,
            moved_resources=self.moved,
            listed=(self.architect_flow, *self.modules),
        )


def read_one_step(client: ReadClient, architect_flow_id: str, step_id: str) -> OneStep:
    """Read a step whose ids are known. Raises LookupError where it is not there any more, and GenesysError."""
    architect_flow = client.architect_flow(architect_flow_id, is_known=False)
    reading = read_one(client, architect_flow)
    if not reading.is_known:
        raise Unavailable(f"the steps of {architect_flow.name} could not be read: {reading.reason}")
    step = next((step for step in reading.steps if step.id == step_id), None)
    if step is None:
        raise LookupError(f"the step {step_id} of {architect_flow.name} is not there any more")
    return with_its_surroundings(client, architect_flow, reading, step)


def with_its_surroundings(client: ReadClient, architect_flow: ArchitectFlow, reading: Reading, step: Step) -> OneStep:
    """Add the action that a step calls, with the limit of its function, and what else a publish brings live.

    The tutorial's systems have neither. Raises GenesysError where the function's limit, which masks a longer wait,
    cannot be read.
    """
    if reading.kind != "architect":
        return OneStep(architect_flow, reading, step)
    listed = client.actions()
    found = _modules(client, reading)
    module_readings = tuple(each for _, each in found if each is not None)
    in_modules = (each for one in module_readings for each in one.steps)
    in_copies = (each for one in reading.snapshots for each in one.steps if module_readings)
    others = {each.action_id for each in (*in_modules, *in_copies)} - {step.action_id}
    return OneStep(
        architect_flow,
        reading,
        step,
        tuple(_with_function(client, each) for each in listed if each.id == step.action_id),
        modules=tuple(module for module, _ in found),
        module_readings=module_readings,
        others=tuple(_with_function_if_shown(client, each) for each in listed if each.id in others),
        moved=read_or(client.moved_resources, lambda problem: MovedResources(problem=str(problem))),
    )


def _modules(client: ReadClient, reading: Reading) -> list[tuple[ArchitectFlow, Reading | None]]:
    """Read the modules that an Architect flow embeds as they are now, and of those that are newer what they say."""
    embedded: dict[str, list[Snapshot]] = {}
    for each in reading.snapshots:
        embedded.setdefault(each.module_id, []).append(each)
    return [_module(client, snapshots) for snapshots in embedded.values()]


def _module(client: ReadClient, snapshots: Sequence[Snapshot]) -> tuple[ArchitectFlow, Reading | None]:
    """Read one. Where it cannot be read it says nothing, not even which version is published."""
    *_, last = snapshots

    def read() -> tuple[ArchitectFlow, Reading | None]:
        module = client.architect_flow(last.module_id, is_known=False)
        is_newer = any(each.version != module.published_version for each in snapshots)
        return module, read_one(client, module) if is_newer else None

    def hidden(problem: GenesysError) -> tuple[ArchitectFlow, Reading | None]:
        module = ArchitectFlow(id=last.module_id, name=last.name or last.module_id, type="commonmodule")
        return module, Reading(architect_flow_id=last.module_id, coverage="not_read", reason=str(problem))

    return read_or(read, hidden)


def _with_function(client: ReadClient, action: DataAction) -> DataAction:
    if action.kind != "function":
        return action
    return action.model_copy(update={"function_ms": client.function_limit_ms(action.id)})


def _with_function_if_shown(client: ReadClient, action: DataAction) -> DataAction:
    """Return the same; of a function that cannot be read, the limit is not known."""
    return read_or(lambda: _with_function(client, action), lambda _: action)
