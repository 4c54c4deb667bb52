"""The function of a function data action: the code that it runs, and the timeout of that.

Source: docs/platform.md#function-actions.
"""

from typing import Any

from simulator.api.errors import bad_request
from simulator.org.clock import START_MS, iso
from simulator.org.ids import Ids
from simulator.org.seeds import ActionSeed
from simulator.switches import Switches

LONGEST_SECONDS = 15
"""Also what holds where none is set."""

_CREATED_MS = START_MS - 200 * 86_400_000
_GIVEN = ("description", "zipId", "handler", "runtime", "timeoutSeconds")
"""What a caller may set; the id, the name and the date are the server's."""


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


def replaced_function(switches: Switches, function: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Return the Function that a PUT makes of one: what is not sent is lost (a switch, since no source says so).

    A `timeoutSeconds` that is not there is 15. Raises Refusal 400 for one that is not a whole number of 1 to 15.
    """
    sent = {key: values[key] for key in _GIVEN if values.get(key) is not None}
    kept = function if switches.function_put_merges else {key: function[key] for key in ("id", "name", "dateCreated")}
    replaced = {"timeoutSeconds": LONGEST_SECONDS, **kept, **sent}
    seconds = replaced["timeoutSeconds"]
    if type(seconds) is not int or not 1 <= seconds <= LONGEST_SECONDS:
        raise bad_request("timeoutSeconds of a function must be between 1 and 15.")
    return replaced
