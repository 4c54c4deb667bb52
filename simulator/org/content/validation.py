"""What the server checks in a configuration before it saves it.

Only what would break the document: a JSON object, ids unique, references that lead somewhere, durations that are
durations and say the same in both places. Keys that are not known are accepted.

Source: docs/platform.md#where-steps-live to #timeout-field; #errors for the codes.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from simulator.api.errors import Refusal, detail
from simulator.switches import Switches

_DURATION = re.compile(r"-?P(\d+)D(\d+)H(\d+)M(\d+)S(\d+)F", re.IGNORECASE)
_WAITING = frozenset({"DataAction", "SecureAction", "BridgeServerAction"})
_LONGEST_STEP_MS, _SHORTEST_BRIDGE_MS = 60_000, 100

Node = dict[str, Any]


def validate(
    switches: Switches, body: bytes, architect_flow_id: str, served: Callable[[], bytes] | None = None
) -> Node:
    """Parse and check a configuration. Raises Refusal 400, naming the node.

    `served` gives the latest configuration: what is wrong there already is (by switch) not held against the caller.
    """
    document = parsed(body)
    if document is None:
        raise Refusal(
            400, "architect.flow.data.missing", "The configuration is not a JSON object.", entity_id=architect_flow_id
        )
    problems = list(_problems(switches, document))
    if problems and served is not None and switches.accepts_what_it_served:
        known = set(_problems(switches, parsed(served()) or {}))
        problems = [problem for problem in problems if problem not in known]
    if problems:
        raise problems[0].refusal(architect_flow_id)
    return document


@dataclass(frozen=True, slots=True)
class _Problem:
    node_id: str
    node_name: str
    field: str
    code: str
    message: str
    value: str

    def refusal(self, architect_flow_id: str) -> Refusal:
        return Refusal(
            400,
            "architect.object.validate.failed.value",
            "Validation of '{name}' failed: " + self.message,
            params={"name": self.node_name, "value": self.value},
            entity_id=architect_flow_id,
            details=[detail(self.code, self.field, self.node_id, self.node_name)],
        )


def duration_ms(text: object) -> int | None:
    """Read a duration such as P0D0H0M10S0F; None where it is not one."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    days, hours, minutes, seconds, ms = map(int, found.groups())
    total = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + ms
    return -total if str(text).startswith("-") else total


def parsed(body: bytes) -> Node | None:
    """Parse a configuration; None where it is not a JSON object."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _problems(switches: Switches, document: Node) -> Iterator[_Problem]:
    found = list(nodes(document))
    ids = Counter(node["id"] for node in found if isinstance(node.get("id"), str))
    for node_id, uses in ids.items():
        if uses > 1:
            yield _Problem(node_id, "", "id", "duplicate.id", "The id {value} is used more than once.", node_id)
    for node in [document, *found]:
        yield from _broken_references(node, ids.keys())
        if node.get("__type") in _WAITING:
            yield from _wrong_timeout(switches, node)


def nodes(document: Node) -> Iterator[Node]:
    """Return all containers of a configuration, and all nodes in them: by structure, as they are nested (4.3)."""
    for container in objects(document.get("flowSequenceItemList")):
        yield container
        yield from objects(container.get("actionList"))
        for choice in objects(container.get("menuChoiceList")):
            yield from objects([choice.get("action")])


def objects(value: object) -> list[Node]:
    """Return the objects of a JSON list; anything else has none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _broken_references(node: Node, ids: Collection[str]) -> Iterator[_Problem]:
    references = [(key, node.get(key)) for key in ("nextAction", "startAction", "initialSequence")]
    references += [("nextActionId", path.get("nextActionId")) for path in objects(node.get("paths"))]
    for key, target in references:
        if isinstance(target, str) and target and target not in ids:
            yield _problem(node, key, "missing.reference", "The reference {value} leads to nothing.", target)


def _wrong_timeout(switches: Switches, node: Node) -> Iterator[_Problem]:
    timeout = node.get("timeout")
    config = timeout.get("config") if isinstance(timeout, dict) else None
    literal = config.get("lit") if isinstance(config, dict) else None
    if not isinstance(timeout, dict) or not isinstance(literal, dict):
        return
    text = literal.get("text")
    lasts_ms = duration_ms(text)
    if lasts_ms is None:
        yield _problem(node, "timeout", "invalid.value", "{value} is not a duration.", str(text))
        return
    if timeout.get("text") != text:
        message = f"The text {timeout.get('text')} and the literal {{value}} of the duration differ."
        yield _problem(node, "timeout", "invalid.value", message, str(text))
    if node.get("useSuggestedTimeout") is False and (message := _out_of_bounds(switches, node, timeout, lasts_ms)):
        yield _problem(node, "timeout", "invalid.value", message, str(text))


def _out_of_bounds(switches: Switches, node: Node, timeout: Node, lasts_ms: int) -> str:
    if lasts_ms < (_SHORTEST_BRIDGE_MS if node.get("__type") == "BridgeServerAction" else 1):
        return "The timeout {value} is below the minimum."
    if lasts_ms > _LONGEST_STEP_MS and switches.refuses_steps_over_60s:
        return "The timeout {value} is above the maximum."
    if timeout.get("outOfService") is True and switches.refuses_out_of_service_literals:
        return "The timeout {value} is out of service."
    return ""


def _problem(node: Node, field: str, code: str, message: str, value: str) -> _Problem:
    return _Problem(str(node.get("id", "")), str(node.get("name", "")), field, code, message, value)
