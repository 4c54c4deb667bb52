"""One definition in the making: its random numbers, ids, tracking ids, variables, and what its manifest has to name."""

import contextlib
import random
from collections.abc import Iterator, Sequence

from simulator.demo.actions import DemoAction
from simulator.demo.definitions.expressions import unset
from simulator.demo.ids import guid, shared_id
from simulator.demo.json_values import Json
from simulator.demo.population import FlowProfile
from simulator.demo.vocabulary import SENTENCES, VARIABLES

_VARIABLE_TYPES = {"Wartezeit": "int", "Versuche": "int", "IstVIP": "bln", "Termin": "dtm"}
_LATER_VARIABLES = ("Kampagne", "Notiz", "Entwurf")
_PROMPTS = frozenset({"systemPrompt", "userPrompt"})


class DefinitionBuilder:
    """Notes of the builders of one definition. `edition`: 0 is the live one, higher ones are older, -1 is a draft."""

    def __init__(self, profile: FlowProfile, edition: int, actions: Sequence[DemoAction]) -> None:
        self.profile = profile
        self.edition = edition
        self.rng = random.Random(f"{profile.source}/definition")
        self.manifest: dict[str, dict[str, Json]] = {}
        self.used: dict[str, DemoAction] = {}
        self.bridge_actions: dict[str, Json] = {}
        self.secure_actions = [action for action in actions if action.kind == "secure"]
        self._tracking_ids = 9
        self.variables = [self._variable(name) for name in VARIABLES]

    def guid(self) -> str:
        """Make a new id."""
        return guid(self.rng)

    def track(self) -> int:
        """Return the next tracking id; some are missing, as those of deleted nodes are (4.3)."""
        self._tracking_ids += self.rng.choice((1, 1, 1, 1, 2, 3))
        return self._tracking_ids

    @property
    def next_tracking_number(self) -> int:
        """More than every tracking id; each edit of an Architect flow raised it a little."""
        return self._tracking_ids + 16 - min(self.edition, 14)

    def chance(self, share: float) -> bool:
        """Say yes in so many of all cases."""
        return self.rng.random() < share

    @contextlib.contextmanager
    def aside(self, what: str) -> Iterator[None]:
        """Draw from other random numbers meanwhile, so that what is added shifts nothing."""
        usual, self.rng = self.rng, random.Random(f"{self.profile.source}/{what}")
        try:
            yield
        finally:
            self.rng = usual

    def add_later_variables(self) -> None:
        """Declare variables that nothing uses yet: the newer the edition, the more."""
        self.variables += [self._variable(name) for name in _LATER_VARIABLES[: max(2 - self.edition, 0)]]

    def variable(self, kind: str = "str") -> Json:
        """Choose a variable of a type."""
        return self.rng.choice([variable for variable in self.variables if variable["type"] == kind])

    def sentence(self) -> str:
        """Choose something to say."""
        return self.rng.choice(SENTENCES)

    def call(self, resource: str, action: DemoAction, node_id: str, name: str) -> None:
        """Note that a node calls an action; `resource` is the manifest's key: dataAction or secureAction."""
        self.used.setdefault(action.seed.id, action)
        context = {"actionName": action.seed.name, "id": node_id, "name": name}
        self._note(resource, action.seed.name, action.seed.id, context)

    def call_bridge(self, server: Json, action: Json, node_id: str, name: str) -> None:
        """Note that a node calls a bridge action."""
        self.bridge_actions[action["id"]] = {**action, "category": server}
        context = {"actionName": action["name"], "id": node_id, "name": name}
        self._note("bridgeServerAction", action["name"], action["id"], context)

    def mention(self, resource: str, name: str, node_id: str, node_name: str) -> str:
        """Note that a node refers to a queue, a prompt, a data table ...; returns the resource's id."""
        resource_id = shared_id(resource, name)
        self._note(resource, name, resource_id, {"id": node_id, "name": node_name})
        return resource_id

    def _note(self, resource: str, name: str, resource_id: str, context: Json) -> None:
        entries = self.manifest.setdefault(resource, {})
        if resource_id not in entries:
            entry: Json = {"name": name, "id": resource_id, "context": []}
            if resource in _PROMPTS:
                entry = {"context": [], "id": resource_id, "name": name}
            entries[resource_id] = entry
        entries[resource_id]["context"].append(context)

    def _variable(self, name: str) -> Json:
        kind = _VARIABLE_TYPES.get(name, "str")
        return {
            "name": f"Flow.{name}",
            "description": "",
            "id": self.guid(),
            "isInput": False,
            "isOutput": False,
            "isSecure": False,
            "initialValue": unset(kind),
            "type": kind,
            "__type": "Variable",
        }
