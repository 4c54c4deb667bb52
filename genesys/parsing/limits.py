"""The limits of data actions, from a LimitsEntityListing (docs/platform.md#org-limits)."""

from collections.abc import Mapping

from genesys.errors import BadPayload
from genesys.parsing.records import Json, as_object
from timeouts.model.org_limits import OrgLimits

_CONCURRENT = ("actions.concurrent.executions.max", "concurrent.executions.max", "concurrent.requests.max")
_FUNCTION_CONCURRENT = ("actions.function.concurrent.executions.max", "function.concurrent.executions.max")
_A_MINUTE = ("requests.volume.max", "actions.requests.volume.max", "actions.execution.rate.per.minute")
"""The keys under which a limit may stand, the first that is there counts: of each, Genesys' own pages name the first.
Whether this namespace shows them is open (docs/platform.md#open-org-limits)."""

_MOST = 1_000_000_000


def org_limits(document: Json | None) -> OrgLimits:
    """Read the limits that a namespace shows; those that it does not name are None. Raises BadPayload."""
    return limits_in(limit_values(document))


def limits_in(values: Mapping[str, int]) -> OrgLimits:
    """Find the limits of executions among those of a namespace."""
    return OrgLimits(
        concurrent=_first(values, _CONCURRENT),
        function_concurrent=_first(values, _FUNCTION_CONCURRENT),
        a_minute=_first(values, _A_MINUTE),
    )


def with_defaults(own: OrgLimits, defaults: OrgLimits) -> OrgLimits:
    """Return the org's own limits, and the platform's where it names none."""
    return defaults.model_copy(update={key: value for key, value in own if value})


def limit_values(document: Json | None) -> Mapping[str, int]:
    """Return the limits by key; one that is no number from 1 to a billion is left out."""
    entities = as_object(document, "The listing of limits").get("entities")
    if not isinstance(entities, list):
        raise BadPayload("The listing of limits is not as documented: it has no list of entities")
    named = ((each.get("key"), each.get("value")) for each in entities if isinstance(each, dict))
    return {key: value for key, value in named if isinstance(key, str) and type(value) is int and 0 < value <= _MOST}


def _first(values: Mapping[str, int], keys: tuple[str, ...]) -> int | None:
    return next((values[key] for key in keys if key in values), None)
