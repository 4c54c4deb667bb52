"""The limits of an org by namespace; an org's own are set with `set_limits` (docs/platform.md#org-limits)."""

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from simulator.api.calls import Answer, Call, json_answer
from simulator.api.errors import Refusal
from simulator.org.org import Org

_NAMESPACE = "dataactions"
_DEFAULTS = {
    "actions.concurrent.executions.max": 50,
    "requests.volume.max": 2_500,
    "actions.total.max": 500,
}
_own: WeakKeyDictionary[Org, Mapping[str, int]] = WeakKeyDictionary()


def set_limits(org: Org, limits: Mapping[str, int]) -> None:
    """Give an org limits of data actions in place of the defaults."""
    _own[org] = limits


def get_limits(org: Org, call: Call) -> Answer:
    """GET organizations/limits/namespaces/{namespaceName}: the limits that hold for the org; needs a token alone."""
    return _shown(call, _own.get(org, _DEFAULTS))


def get_default_limits(_org: Org, call: Call) -> Answer:
    """GET organizations/limits/namespaces/{namespaceName}/defaults: those of every org; needs a token alone."""
    return _shown(call, _DEFAULTS)


def _shown(call: Call, limits: Mapping[str, int]) -> Answer:
    name = call.params["namespaceName"]
    if name != _NAMESPACE:
        raise Refusal(404, "not.found", "The namespace '{name}' was not found.", params={"name": name})
    entities = [{"key": key, "namespace": name, "value": value} for key, value in limits.items()]
    return json_answer({"entities": entities})
