"""Reading one step: its Architect flow, its action, and what else a publish of that brings live.

Nothing else of the org is read.
"""

from dataclasses import dataclass

from genesys.errors import ENDS_A_RUN, GenesysError
from genesys.read_client import ReadClient
from genesys.reading.one_reading import read_one
from timeouts.inventory import Inventory
from timeouts.model.org import ArchitectFlow, DataAction, MovedResources, Organization
from timeouts.model.steps import Reading, Step


@dataclass(frozen=True, slots=True)
class OneStep:
    """One step, the Architect flow that it is in, and its action: none where the org lists none of that id.

    `modules`: the common modules that the Architect flow embeds, as they are now; `unread_modules`: the names of those
    that could not be read. `moved`: what else moved since its publish, None where nothing can.
    """

    architect_flow: ArchitectFlow
    reading: Reading
    step: Step
    actions: tuple[DataAction, ...] = ()
    modules: tuple[ArchitectFlow, ...] = ()
    unread_modules: tuple[str, ...] = ()
    moved: MovedResources | None = None

    @property
    def action(self) -> DataAction | None:
        """The action that the step calls, None where it is not listed."""
        return next(iter(self.actions), None)

    def inventory(self, organization: Organization) -> Inventory:
        """Return an org of this step alone: what is planned for it touches no other."""
        alone = self.reading.model_copy(update={"steps": (self.step,)})
        return Inventory(
            organization,
            (self.architect_flow,),
            self.actions,
            (alone,),
            is_whole=False,
            moved_resources=self.moved,
            listed=(self.architect_flow, *self.modules),
        )


def read_one_step(client: ReadClient, architect_flow_id: str, step_id: str) -> OneStep:
    """Read a step whose ids are known. Raises LookupError where it is not there any more, and GenesysError."""
    architect_flow = client.architect_flow(architect_flow_id, is_known=False)
    reading = read_one(client, architect_flow)
    step = next((step for step in reading.steps if step.id == step_id), None)
    if step is None:
        raise LookupError(f"the step {step_id} of {architect_flow.name} is not there any more {reading.reason}".strip())
    return with_its_surroundings(client, architect_flow, reading, step)


def with_its_surroundings(client: ReadClient, architect_flow: ArchitectFlow, reading: Reading, step: Step) -> OneStep:
    """Add the action that a step calls, with the limit of its function, and what else a publish brings live.

    The tutorial's systems have neither. Raises GenesysError where the function's limit, which masks a longer wait,
    cannot be read.
    """
    if reading.kind != "architect":
        return OneStep(architect_flow, reading, step)
    called = tuple(_with_function(client, each) for each in client.actions() if each.id == step.action_id)
    names = {each.module_id: each.name or each.module_id for each in reading.snapshots}
    modules = {module_id: _module(client, module_id) for module_id in names}
    return OneStep(
        architect_flow,
        reading,
        step,
        called,
        modules=tuple(module for module in modules.values() if module is not None),
        unread_modules=tuple(names[module_id] for module_id, module in modules.items() if module is None),
        moved=_moved(client),
    )


def _module(client: ReadClient, module_id: str) -> ArchitectFlow | None:
    """Read a module as it is now; None where it cannot be read, which keeps nobody from a publish."""
    try:
        return client.architect_flow(module_id, is_known=False)
    except ENDS_A_RUN:
        raise
    except GenesysError:
        return None


def _moved(client: ReadClient) -> MovedResources:
    try:
        return client.moved_resources()
    except ENDS_A_RUN:
        raise
    except GenesysError as problem:
        return MovedResources(problem=str(problem))


def _with_function(client: ReadClient, action: DataAction) -> DataAction:
    if action.kind != "function":
        return action
    return action.model_copy(update={"function_ms": client.function_limit_ms(action.id)})
