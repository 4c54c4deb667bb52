"""What a caller feels: the path that a step takes when the system behind answers late.

What is live is read from the bytes that the API serves, and an action as it is now; no generator is asked.

Source: docs/platform.md#timeout-field, #step-and-action.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal, assert_never, get_args

from simulator.api.errors import Refusal
from simulator.org.actions.records import ActionRecord, ActionRecords
from simulator.org.content.modules import model_of, snapshots_in
from simulator.org.content.validation import Node, duration_ms, nodes, objects, parsed
from simulator.org.records import Records
from simulator.org.versions import ArchitectFlowRecord
from simulator.org.world import World
from simulator.switches import Switches

_FUNCTIONS = "function data action"
_FUNCTION_SECONDS = 15
_FLOW_DATA_MS = 3_000


Also = Literal["copies", "secure"]
_KINDS = ("DataAction", "SecureAction")


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """The system behind answers after `answer_after_ms`: to a step, to all of an Architect flow, or to all there are.

    `also`: run steps in the snapshots of common modules too (`copies`), or Call Secure Data steps (`secure`). A step
    that is named together with its Architect flow runs whatever it is. Raises ValueError for what is no time, and for
    another word.
    """

    answer_after_ms: int
    architect_flow_id: str | None = None
    step_id: str | None = None
    also: Collection[Also] = ()

    def __post_init__(self) -> None:
        if type(self.answer_after_ms) is not int or self.answer_after_ms < 0:
            raise ValueError(f"An answer cannot come after {self.answer_after_ms!r} ms.")
        if unknown := set(self.also).difference(get_args(Also)):
            raise ValueError(f"There are no other steps {sorted(unknown)}; there are {', '.join(get_args(Also))}.")

    @property
    def kinds(self) -> frozenset[str]:
        """The types of nodes that run."""
        return frozenset(_KINDS if self._named or "secure" in self.also else _KINDS[:1])

    @property
    def copies(self) -> bool:
        """Whether steps in snapshots run."""
        return self._named or "copies" in self.also

    @property
    def _named(self) -> bool:
        return self.architect_flow_id is not None and self.step_id is not None


@dataclass(frozen=True, slots=True)
class _Wait:
    """The longest wait for an answer, and whose it is: the step's, or the action's."""

    ms: int
    of: Literal["step", "action"]


@dataclass(frozen=True, slots=True)
class _NoAction:
    """There is nothing to call."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Unknown:
    """How long the step waits cannot be told from what is stored."""

    reason: str


_Step = tuple[Node, dict[str, Any], _Wait | _NoAction | _Unknown]
"""A node, what tells where it stands and what it calls, and how long it waits for it."""


def execute(
    world: World, records: Records, actions: ActionRecords, late: LateAnswer, *, flow_data: bool
) -> list[dict[str, Any]]:
    """Run the Call Data Action steps of what is live; `flow_data`: of the tutorial's contract, without actions.

    A step of a common module runs as the caller's live snapshot has it, however the module stands by now.

    Returns for each `{"architect_flow_id", "architect_flow", "step_id", "step", "action_id", "path", "ended_by",
    "after_ms"}`: `path` as in the configuration's `paths[].outputId`, `ended_by` answer, step or action. These and the
    time are None where the wait cannot be told; then, and where there is no action, there is a `reason`. A step in a
    snapshot has `module_id`, `module` and `module_version` too, and a Call Secure Data step `"kind": "SecureAction"`.
    Raises LookupError where there is no such step, or where the Architect flow is not published.
    """
    found = []
    for record in _running(records, late.architect_flow_id):
        architect_flow = {"architect_flow_id": record.id, "architect_flow": record.name}
        steps = _flow_data_steps(record) if flow_data else _steps(world.switches, actions, record, late)
        for node, place, wait in steps:
            if late.step_id is None or late.step_id == node.get("id"):
                step = {"step_id": node.get("id"), "step": node.get("name"), **place}
                found.append({**architect_flow, **step, **_outcome(wait, late.answer_after_ms)})
    if late.step_id is not None and not found:
        raise LookupError(f"There is no published step {late.step_id}.")
    return found


def _running(records: Records, architect_flow_id: str | None) -> list[ArchitectFlowRecord]:
    if architect_flow_id is None:
        return [record for record in records if record.published is not None and not record.deleted]
    record = records.find(architect_flow_id)
    if record.published is None:
        raise LookupError(f"The Architect flow {architect_flow_id} is not published.")
    return [record]


def _steps(
    switches: Switches, actions: ActionRecords, record: ArchitectFlowRecord, late: LateAnswer
) -> Iterator[_Step]:
    document = _live(record)
    if document is None:
        yield {}, {"action_id": None}, _Unknown("The configuration is not a JSON object.")
    for place, part in _parts(document or {}, copies=late.copies):
        for node in nodes(part):
            if (kind := node.get("__type")) in late.kinds:
                marked = {"action_id": node.get("actionId"), **place}
                if kind != _KINDS[0]:
                    marked["kind"] = kind
                yield node, marked, _wait(switches, actions, node)


def _parts(document: Node, *, copies: bool) -> Iterator[tuple[dict[str, Any], Node]]:
    """Return a configuration and the modules that it carries, each with what tells where its steps stand."""
    yield {}, document
    for entry in snapshots_in(document) if copies else ():
        marks = {"module_id": "id", "module": "name", "module_version": "version"}
        yield {key: entry.get(name) for key, name in marks.items()}, model_of(entry)


def _flow_data_steps(record: ArchitectFlowRecord) -> Iterator[_Step]:
    document = _live(record) or {}
    for node in objects(document.get("flowData", document).get("nodes")):
        if node.get("type") == "dataAction":
            yield node, {"action_id": None}, _flow_data_wait(node)


def _live(record: ArchitectFlowRecord) -> Node | None:
    assert record.published is not None, "only what runs is asked for"
    return parsed(record.published.content.body())


def _outcome(found: _Wait | _NoAction | _Unknown, answer_after_ms: int) -> dict[str, Any]:
    match found:
        case _Unknown(reason):
            return {"path": None, "ended_by": None, "after_ms": None, "reason": reason}
        case _NoAction(reason):
            return {"path": "__FAILURE__", "ended_by": "action", "after_ms": 0, "reason": reason}
        case _Wait(ms, of):
            if answer_after_ms <= ms:
                return {"path": "__SUCCESS__", "ended_by": "answer", "after_ms": answer_after_ms}
            return {"path": "__TIMEOUT__" if of == "step" else "__FAILURE__", "ended_by": of, "after_ms": ms}
        case _:
            assert_never(found)


def _wait(switches: Switches, actions: ActionRecords, node: Node) -> _Wait | _NoAction | _Unknown:
    """Return whose wait ends first; of two that are equal, the step's, which began earlier."""
    try:
        action_ms = limit_in_force(actions.live(str(node.get("actionId"))))
    except Refusal as refusal:
        return _NoAction(refusal.message)
    suggested = node.get("useSuggestedTimeout")
    if suggested is True:
        return _Wait(switches.suggested_without_limit_ms if action_ms is None else action_ms, "action")
    if suggested is not False:
        return _Unknown(f"useSuggestedTimeout is {suggested!r}.")
    step_ms = _literal_ms(node.get("timeout"))
    if isinstance(step_ms, _Unknown):
        return step_ms
    if action_ms is None or step_ms <= action_ms or switches.step_over_action_limit == "step":
        return _Wait(step_ms, "step")
    return _Wait(action_ms, "action")


def limit_in_force(action: ActionRecord) -> int | None:
    """Return the limit of an action as it is now: its own, its function's, or the smaller of the two."""
    function = action.content.function
    function_seconds = None if function is None else function.get("timeoutSeconds", _FUNCTION_SECONDS)
    if function is None and _FUNCTIONS in re.sub(r"[\s_-]+", " ", action.category).lower():
        function_seconds = _FUNCTION_SECONDS
    limits = [action.config.get("timeoutSeconds"), function_seconds]
    return min((seconds * 1000 for seconds in limits if seconds is not None), default=None)


def _literal_ms(timeout: Any) -> int | _Unknown:
    config = timeout.get("config") if isinstance(timeout, dict) else None
    if not isinstance(config, dict) or "emp" in config:
        return _Unknown("The step has no timeout.")
    literal = config.get("lit")
    if not isinstance(literal, dict):
        return _Unknown("The timeout is computed.")
    if timeout.get("outOfService") is True:
        return _Unknown("The timeout is out of service, and the suggested one is not used.")
    text = literal.get("text")
    lasts_ms = duration_ms(text)
    if lasts_ms is None or lasts_ms < 1 or timeout.get("text") != text:
        return _Unknown(f"The timeout {timeout.get('text')!r} with the literal {text!r} is not understood.")
    return lasts_ms


def _flow_data_wait(node: Node) -> _Wait | _Unknown:
    call = node.get("dataAction")
    timeout = call.get("timeout", _FLOW_DATA_MS) if isinstance(call, dict) else None
    if type(timeout) is not int or timeout < 1:
        return _Unknown(f"The timeout {timeout!r} is not understood.")
    return _Wait(timeout, "step")
