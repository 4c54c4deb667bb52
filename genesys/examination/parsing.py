"""From single answers to facts of a diagnosis. Odd answers raise BadPayload, which is told and ends nothing."""

from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

from genesys.errors import BadPayload
from genesys.http.payload import Accepted
from genesys.http.wait_times import rate_limit_number
from genesys.parsing.actions import data_action
from genesys.parsing.limits import limit_values
from genesys.parsing.records import Json, architect_flow, as_object, child, number, text
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.doctor.facts import (
    ActionSample,
    Ask,
    Client,
    Configuration,
    Division,
    FlowSample,
    Grant,
    Namespace,
    Permitted,
    RateLimit,
    Versions,
)
from timeouts.model.leftovers import locked_by_us
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.settings import Expression, LiteralTimeout, TimeoutSetting

ANSWERED = Ask(said="answered")


def sent_ms(accepted: Accepted) -> int | None:
    """Read the `Date` of an answer in milliseconds since 1970, from the middle of its second; None without one."""
    try:
        return round(parsedate_to_datetime(accepted.headers["date"]).timestamp() * 1000) + 500
    except (KeyError, ValueError, OverflowError):
        return None


def rate_limit(accepted: Accepted) -> RateLimit | None:
    """Read what an answer says of the rate limit (docs/platform.md#rate-limits)."""
    count, allowed = (rate_limit_number(accepted.headers, name) for name in ("count", "allowed"))
    return None if count is None or allowed is None else RateLimit(count=count, allowed=allowed)


def client_of(accepted: Accepted) -> Client:
    """Read whose token it is."""
    what = "The token"
    named = child(as_object(accepted.document, what), "OAuthClient", what)
    return Client(
        id=text(named, "id", what), name=text(named, "name", what), grant=text(named, "authorizedGrantType", what)
    )


def grants(accepted: Accepted) -> tuple[Grant, ...]:
    """Read the client's roles; without policies a role's permissions are not known."""
    what = "A grant of the client"
    listed = _list(as_object(accepted.document, "The client's roles"), "grants", "The client's roles")
    return tuple(_grant(as_object(each, what), what) for each in listed)


def _grant(found: Json, what: str) -> Grant:
    policies = child(found, "role", what).get("policies")
    known = tuple(_permissions(policies, what)) if isinstance(policies, list) else None
    return Grant(division=division(child(found, "division", what)), permissions=known)


def _permissions(policies: Sequence[Any], what: str) -> Iterator[str]:
    for policy in policies:
        found = as_object(policy, what)
        for action in _list(found, "actions", what):
            yield f"{text(found, 'domain', what)}:{text(found, 'entityName', what)}:{action}"


def division(found: Json) -> Division:
    """Read a division."""
    return Division(id=text(found, "id", "A division", required=True), name=text(found, "name", "A division"))


def divisions(accepted: Accepted) -> tuple[Division, ...]:
    """Read all divisions. Raises BadPayload where there are more than came: they cannot be compared then."""
    found = tuple(division(each) for each in _entities(accepted, "The divisions"))
    total = number(as_object(accepted.document, "The divisions"), "total")
    if total is not None and total > len(found):
        raise BadPayload(f"The org has {total} divisions, and {len(found)} of them came")
    return found


def permitted(accepted: Accepted) -> Permitted:
    """Read in which divisions a permission holds."""
    document = as_object(accepted.document, "The divisions of a permission")
    return Permitted(
        ask=ANSWERED,
        everywhere=document.get("allDivsPermitted") is True,
        divisions=tuple(division(each) for each in _entities(accepted, "The divisions of a permission")),
    )


def flows_in(accepted: Accepted) -> tuple[ArchitectFlow, ...]:
    """Read the Architect flows of a page."""
    return tuple(architect_flow(each) for each in _entities(accepted, "The listing of Architect flows"))


def flow_sample(accepted: Accepted, client_id: str) -> FlowSample:
    """Count what a page of Architect flows says; `client_id` is ours."""
    found = flows_in(accepted)
    published = [each for each in found if each.published_version is not None]
    publishers = [each.published_by for each in published if each.published_by is not None]
    return FlowSample(
        ask=ANSWERED,
        **_counts(accepted, len(found)),
        published=len(published),
        with_publisher=len(publishers),
        published_by_us=sum((each.kind, each.id) == ("client", client_id) for each in publishers),
        locked_by_us=len(locked_by_us(found, {client_id})),
    )


def actions_in(accepted: Accepted) -> tuple[DataAction, ...]:
    """Read the actions of a page."""
    return tuple(data_action(each) for each in _entities(accepted, "The listing of actions"))


def action_sample(accepted: Accepted) -> ActionSample:
    """Count what a page of actions says."""
    found = actions_in(accepted)
    functions = [each for each in found if each.kind == "function"]
    return ActionSample(
        ask=ANSWERED,
        **_counts(accepted, len(found)),
        functions=len(functions),
        functions_with_limit=sum(each.limit_ms is not None for each in functions),
    )


def namespace(accepted: Accepted) -> Namespace:
    """Read the limits that a namespace shows."""
    return Namespace(ask=ANSWERED, values=limit_values(accepted.document))


def versions(accepted: Accepted, name: str) -> Versions:
    """Read how many versions an Architect flow has, and the labels of those that came."""
    labels = [text(each, "id", "A version") for each in _entities(accepted, "The versions")]
    total = number(as_object(accepted.document, "The versions"), "total")
    return Versions(
        ask=ANSWERED,
        name=name,
        total=len(labels) if total is None else total,
        oldest=labels[-1] if labels else "",
        newest=labels[0] if labels else "",
    )


def configuration(accepted: Accepted, name: str) -> Configuration:
    """Read the shape of a configuration; nothing of what people wrote into it is kept."""
    document = as_object(accepted.document, "The configuration")
    if not document:
        raise BadPayload("The configuration is empty")
    manifest = document.get("manifest")
    modules = _objects(document.get("commonModules"))
    inside = [each for module in modules for each in _modules_in(module)]
    every = [*modules, *inside]
    timeouts = list(_timeouts(accepted.body, document))
    return Configuration(
        name=name,
        encoding=accepted.headers.get("content-encoding", ""),
        size=len(accepted.body),
        manifest=tuple(sorted(map(str, manifest))) if isinstance(manifest, dict) else (),
        has_version_metadata="versionMetaData" in document,
        modules=len(every),
        modules_shown=sum(isinstance(each.get("model"), dict) for each in every),
        modules_inside=len(inside),
        computed=next((said for setting, node in timeouts if (said := _computed(setting, node))), ""),
        longest_literal_ms=max(
            (each.timeout_ms for each, _ in timeouts if isinstance(each, LiteralTimeout)), default=0
        ),
        out_of_service=sum(_is_out_of_service(node) for _, node in timeouts),
    )


def _timeouts(body: bytes, document: Json) -> Iterator[tuple[TimeoutSetting, Json]]:
    """Return the setting of each step with its node; none of a definition that is not understood."""
    try:
        definition = read_definition(body)
    except UnreadableDefinition:
        return
    for step in definition.steps:
        node: Any = document
        for key in definition.locations[step.id]:
            node = node[key]
        yield step.setting, node


def _computed(setting: TimeoutSetting, node: Json) -> str:
    """Name the keys of a computed timeout, none of its words."""
    if not isinstance(setting, Expression):
        return ""
    timeout = node.get("timeout")
    config = timeout.get("config") if isinstance(timeout, dict) else None
    if not isinstance(config, dict):
        return "of another kind"
    return "; ".join(f"config.{key} with {', '.join(map(str, config[key]))}" for key in config if config[key])


def _is_out_of_service(node: Json) -> bool:
    timeout = node.get("timeout")
    return node.get("useSuggestedTimeout") is False and isinstance(timeout, dict) and "outOfService" in timeout


def _modules_in(module: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    model = module.get("model")
    inside = model.get("commonModules") if isinstance(model, dict) else None
    return _objects(inside)


def _objects(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list; none of what is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _counts(accepted: Accepted, count: int) -> dict[str, int | None]:
    document = as_object(accepted.document, "The listing")
    return {"total": number(document, "total"), "pages": number(document, "pageCount"), "count": count}


def _entities(accepted: Accepted, what: str) -> list[Json]:
    listed = _list(as_object(accepted.document, what), "entities", what)
    return [as_object(each, what) for each in listed]


def _list(document: Json, key: str, what: str) -> list[Any]:
    value = document.get(key)
    if not isinstance(value, list):
        raise BadPayload(f"{what} is not as documented: '{key}' is no list")
    return value
