"""The limits of the org, as every client may read them (docs/platform.md#org-limits)."""

from collections.abc import Mapping

from simulator.api.calls import Answer, Call, json_answer
from simulator.api.errors import Refusal
from simulator.org.limits import DEFAULTS
from simulator.org.org import Org


def get_limits(org: Org, call: Call) -> Answer:
    """GET organizations/limits/namespaces/{namespaceName}: what this org may use at most."""
    namespace = _namespace(call)
    return _listed(namespace, org.limits.of(namespace) if org.world.switches.shows_limits else {})


def get_defaults(org: Org, call: Call) -> Answer:
    """GET organizations/limits/namespaces/{namespaceName}/defaults."""
    namespace = _namespace(call)
    return _listed(namespace, DEFAULTS[namespace] if org.world.switches.shows_limits else {})


def _listed(namespace: str, limits: Mapping[str, int]) -> Answer:
    entities = [{"key": key, "namespace": namespace, "value": value} for key, value in sorted(limits.items())]
    return json_answer({"entities": entities})


def _namespace(call: Call) -> str:
    namespace = call.params["namespaceName"]
    if namespace not in DEFAULTS:
        raise Refusal(
            404, "not.found", "The namespace '{namespaceName}' was not found.", params={"namespaceName": namespace}
        )
    return namespace
