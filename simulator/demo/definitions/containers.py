"""The containers of a definition and their nodes in order: tasks, loops, states and menus.

Source: docs/platform.md#where-steps-live.
"""

from collections.abc import Mapping, Sequence

from simulator.demo.definitions.builder import DefinitionBuilder
from simulator.demo.definitions.calls import Spot, data_action
from simulator.demo.definitions.expressions import audio, duration, literal
from simulator.demo.definitions.nodes import deep_decision, other_node, transfer
from simulator.demo.json_values import Json
from simulator.demo.steps import StepPlan

CALL_TYPES = frozenset({"inboundcall", "inqueuecall", "outboundcall", "securecall"})
"""The types whose steps have processing prompts (4.4)."""

_WITH_MENUS = frozenset({"inboundcall", "outboundcall", "securecall", "voice"})
_CONTAINERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("bot", "digitalbot", "voicesurvey"), ("BotState", "BotState", "Task")),
    **dict.fromkeys(("inqueuecall", "inqueueemail", "inqueueshortmessage"), ("LoopTask", "Task")),
    **dict.fromkeys(
        ("workflow", "workitem", "inboundemail", "inboundshortmessage", "emailsend"), ("State", "State", "Task")
    ),
}
"""By type of Architect flow: the containers in turn; all others have tasks."""

_STEP_IN_MENU_SHARE = 0.25
_MOST_NODES = 12


def build_containers(builder: DefinitionBuilder, steps: Sequence[StepPlan], others: int) -> list[Json]:
    """Build `flowSequenceItemList` with these steps and so many other nodes."""
    waiting: list[StepPlan | None] = [*steps, *([None] * others)]
    containers: list[Json] = []
    menu_steps: list[StepPlan] = []
    if builder.profile.type in _WITH_MENUS and steps and builder.chance(_STEP_IN_MENU_SHARE):
        menu_steps.append(steps[0])
        waiting = waiting[1:]
    builder.rng.shuffle(waiting)
    kinds = _CONTAINERS.get(builder.profile.type, ("Task",))
    while waiting or not containers:
        count = builder.rng.randint(3, _MOST_NODES)
        kind = kinds[len(containers) % len(kinds)]
        containers.append(_sequence(builder, kind, len(containers) + 1, waiting[:count]))
        waiting = waiting[count:]
    if builder.profile.type in _WITH_MENUS:
        containers.insert(1, _menu(builder, menu_steps))
    return containers


def _sequence(builder: DefinitionBuilder, kind: str, number: int, content: Sequence[StepPlan | None]) -> Json:
    ids = [builder.guid() for _ in content]
    nodes = []
    for position, plan in enumerate(content):
        later = tuple(ids[position + 1 :])
        follows = later[0] if later and builder.chance(0.75) else None
        nodes.append(_node(builder, plan, ids[position], follows, later))
    if number == 1 and builder.profile.type == "inboundemail":
        nodes.insert(0, deep_decision(builder, builder.guid(), ids[0] if ids else None))
    start = {"startAction": nodes[0]["id"]} if nodes else {}
    return {
        **start,
        "actionList": nodes,
        "variables": [],
        **_identity(builder, f"{_title(kind)} {number}", kind),
    }


def _node(
    builder: DefinitionBuilder, plan: StepPlan | None, node_id: str, next_id: str | None, later: tuple[str, ...]
) -> Json:
    if plan is None:
        return other_node(builder, node_id, next_id, later)
    in_call = builder.profile.type in CALL_TYPES
    return data_action(builder, Spot(node_id, plan.name, next_id, later), plan, in_call=in_call)


def _menu(builder: DefinitionBuilder, steps: Sequence[StepPlan]) -> Json:
    """Build a menu; most choices hand over, and a few call a data action right away."""
    plans: list[StepPlan | None] = [*steps, *([None] * builder.rng.randint(2, 3))]
    choices = []
    for digit, plan in enumerate(plans, start=1):
        node_id = builder.guid()
        action = transfer(builder, node_id) if plan is None else _node(builder, plan, node_id, None, ())
        choices.append({"action": action, "digit": str(digit), "speechRecTerms": {}, "name": f"Taste {digit}"})
    return {
        "menuChoiceList": choices,
        "prompts": audio(builder.sentence()),
        "promptRepeatDelay": duration(10_000),
        "maxRepeats": literal("3", "int"),
        "dialByExtension": False,
        "variables": [],
        **_identity(builder, "Hauptmenü", "Menu"),
    }


def _identity(builder: DefinitionBuilder, name: str, kind: str) -> Json:
    return {
        "trackingId": builder.track(),
        "id": builder.guid(),
        "name": name,
        "uiMetaData": {},
        "__type": kind,
    }


def _title(kind: str) -> str:
    return {"Task": "Aufgabe", "LoopTask": "Warteschleife", "State": "Status", "BotState": "Bot-Zustand"}[kind]
