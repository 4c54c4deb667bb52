"""Reading one step: its Architect flow and its action, and nothing else of the org."""

from dataclasses import dataclass

from genesys.read_client import ReadClient
from genesys.reading.one_reading import read_one
from timeouts.inventory import Inventory
from timeouts.model.org import ArchitectFlow, DataAction, Organization
from timeouts.model.steps import Reading, Step


@dataclass(frozen=True, slots=True)
class OneStep:
    """One step, the Architect flow that it is in, and its action: none where the org lists none of that id."""

    architect_flow: ArchitectFlow
    reading: Reading
    step: Step
    actions: tuple[DataAction, ...] = ()

    @property
    def action(self) -> DataAction | None:
        """The action that the step calls, None where it is not listed."""
        return next(iter(self.actions), None)

    def inventory(self, organization: Organization) -> Inventory:
        """Return an org of this step alone: what is planned for it touches no other."""
        alone = self.reading.model_copy(update={"steps": (self.step,)})
        return Inventory(organization, (self.architect_flow,), self.actions, (alone,), is_whole=False)


def read_one_step(client: ReadClient, architect_flow_id: str, step_id: str) -> OneStep:
    """Read a step whose ids are known. Raises LookupError where it is not there any more, and GenesysError."""
    architect_flow = client.architect_flow(architect_flow_id, is_known=False)
    reading = read_one(client, architect_flow)
    step = next((step for step in reading.steps if step.id == step_id), None)
    if step is None:
        raise LookupError(f"the step {step_id} of {architect_flow.name} is not there any more {reading.reason}".strip())
    return with_action(client, architect_flow, reading, step)


def with_action(client: ReadClient, architect_flow: ArchitectFlow, reading: Reading, step: Step) -> OneStep:
    """Add the action that a step calls, with the limit of its function, which masks a longer wait, too.

    The tutorial's systems have no actions. Raises GenesysError where the function's limit cannot be read.
    """
    called = tuple(each for each in _actions(client, reading) if each.id == step.action_id)
    return OneStep(architect_flow, reading, step, tuple(_with_function(client, each) for each in called))


def _actions(client: ReadClient, reading: Reading) -> tuple[DataAction, ...]:
    return tuple(client.actions()) if reading.kind == "architect" else ()


def _with_function(client: ReadClient, action: DataAction) -> DataAction:
    if action.kind != "function":
        return action
    return action.model_copy(update={"function_ms": client.function_limit_ms(action.id)})
