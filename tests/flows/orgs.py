"""Looking at a simulated org with eyes of one's own: none of this uses the product's reading of a definition."""

import json
from collections.abc import Iterator
from typing import Any

from simulator.org.org import Org
from simulator.org.seeds import ActionSeed

MILLISECONDS = {"D": 86_400_000, "H": 3_600_000, "M": 60_000, "S": 1_000, "F": 1}


CHANGEABLE = ("DataAction", "SecureAction")


def live_steps(org: Org, architect_flow_id: str) -> list[dict[str, Any]]:
    """Every step of the live version that is its own and may be changed, wherever it stands."""
    return list(data_actions(own_part(org.configuration(architect_flow_id))))


def own_part(configuration: bytes | str) -> dict[str, Any]:
    """A configuration without what every publish renews: its snapshots of modules, and the manifest that names all."""
    document: dict[str, Any] = json.loads(configuration)
    renewed = ("commonModules", "manifest") if document.get("commonModules") else ()
    return {key: value for key, value in document.items() if key not in renewed}


def data_actions(value: Any) -> Iterator[dict[str, Any]]:
    """Walk a document for the steps that may be changed: Call Data Action and Call Secure Data."""
    if isinstance(value, dict):
        if value.get("__type") in CHANGEABLE:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from data_actions(item)


def literal_ms(node: dict[str, Any]) -> int | None:
    """The hardcoded timeout of a node in milliseconds, None unless it has one that is in force."""
    if node.get("useSuggestedTimeout") is not False:
        return None
    lit = node["timeout"]["config"].get("lit")
    if not isinstance(lit, dict) or lit.get("text") != node["timeout"].get("text"):
        return None
    return duration_ms(lit["text"])


def duration_ms(text: str) -> int | None:
    """`P0D0H0M3S0F` in milliseconds, None where it is no such text."""
    total, digits = 0, ""
    for letter in text.upper().removeprefix("P"):
        if letter.isdigit():
            digits += letter
        elif letter in MILLISECONDS and digits:
            total, digits = total + int(digits) * MILLISECONDS[letter], ""
        else:
            return None
    return total


def without_timeouts(value: Any) -> Any:
    """The same document with the timeouts of all these steps taken out."""
    if isinstance(value, dict):
        drop = {"useSuggestedTimeout", "timeout"} if value.get("__type") in CHANGEABLE else set()
        return {key: without_timeouts(item) for key, item in value.items() if key not in drop}
    if isinstance(value, list):
        return [without_timeouts(item) for item in value]
    return value


def timeouts_of(document: Any) -> dict[str, Any]:
    """What each step of a document says of its timeout, by node id."""
    return {node["id"]: (node.get("useSuggestedTimeout"), node.get("timeout")) for node in data_actions(document)}


def limit_seconds(action: ActionSeed) -> int | None:
    """What an action sets at the start, itself or by its function."""
    seconds: int | None = action.config.get("timeoutSeconds") or action.function_timeout_seconds
    return seconds
