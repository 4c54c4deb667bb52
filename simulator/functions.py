"""The function of a function data action: the code that it runs, and the timeout of that (genesys-cloud.md 5)."""

from typing import Any

from simulator.clock import START_MS, iso
from simulator.ids import Ids
from simulator.seeds import ActionSeed

_CREATED_MS = START_MS - 200 * 86_400_000


def built_function(seed: ActionSeed) -> dict[str, Any] | None:
    """Make the Function of an action, with the API's own keys; None where the action has none."""
    if seed.function_timeout_seconds is None:
        return None
    ids = Ids(f"function of {seed.id}")
    return {
        "id": ids.new("function"),
        "name": seed.id,
        "description": f"{seed.name} (function)",
        "dateCreated": iso(_CREATED_MS),
        "zipId": ids.new("zip"),
        "handler": "src/index.handler",
        "runtime": "nodejs20.x",
        "timeoutSeconds": seed.function_timeout_seconds,
    }
