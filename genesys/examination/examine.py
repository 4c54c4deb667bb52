"""Asking an org what a diagnosis goes by: some thirty single GETs, never a whole listing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from genesys.clock import Clock, SystemClock
from genesys.credentials import Credentials
from genesys.errors import BadPayload
from genesys.examination import parsing
from genesys.examination.asking import Asker
from genesys.http.payload import Accepted
from genesys.http.proxies import proxy_for
from genesys.parsing.limits import limits_in, with_defaults
from genesys.parsing.records import organization
from genesys.regions import DEFAULT_REGION
from genesys.routes import TOKEN
from timeouts.doctor.facts import (
    NOT_ASKED,
    ActionSample,
    Ask,
    Client,
    Configuration,
    Endpoint,
    FlowSample,
    Namespace,
    Permitted,
    PlatformFacts,
    Proxy,
    Versions,
)
from timeouts.doctor.needs import NEEDS, UNLOCK
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.org_limits import OrgLimits

if TYPE_CHECKING:
    from genesys.read_client import ReadClient

MOST_REQUESTS = 40
"""Of one diagnosis, login and repeats included: an eighth of what the token of a client may send in a minute."""

_WITHIN_MS = 90_000
_A_PAGE = 100
_MOST_DIVISIONS = 500
_CONFIGURATIONS = 5
_EXECUTIONS = "dataactions"
_NAMESPACES = (_EXECUTIONS, "architect", "platform.api")

_VIEW_FLOWS = "architect:flow:view"
_VIEW_ACTIONS = "integrations:action:view"
_EDIT_ACTIONS = "integrations:action:edit"
_VIEW_FUNCTIONS = "integrations:actionFunction:view"
_DEPENDENCIES = "architect:dependencyTracking:view"


def examine(client: "ReadClient", endpoint: Endpoint, clock: Clock | None = None) -> PlatformFacts:
    """Ask the org; returns facts whatever it answers. Raises Stopped alone."""
    return _Examination(client, clock or SystemClock()).facts(endpoint)


def endpoint_of(credentials: Credentials) -> Endpoint:
    """Say where these credentials lead, and by which proxy; nothing of them is in it."""
    return Endpoint(
        region=credentials.region,
        login=credentials.login_base,
        api=credentials.api_base,
        is_stand_in=credentials.api_url is not None,
        is_default_region=credentials.region == DEFAULT_REGION,
        proxy=_proxy_to(credentials.api_base),
    )


def _proxy_to(address: str) -> Proxy | None:
    found = proxy_for(address)
    return None if found is None else Proxy(variable=found.variable, address=found.address)


class _Examination:
    """One examination: what it asks, and the facts that come of it, part by part."""

    def __init__(self, client: "ReadClient", clock: Clock) -> None:
        self._client = client
        self._samples = client.samples
        self._clock = clock
        self._asker = Asker(client, clock, requests=MOST_REQUESTS, within_ms=_WITHIN_MS)
        self._ask = self._asker.ask
        self._architect_flows: Sequence[ArchitectFlow] = ()
        self._actions: Sequence[DataAction] = ()

    def facts(self, endpoint: Endpoint) -> PlatformFacts:
        """Ask everything, in the order in which one thing depends on another."""
        found = self._at_first()
        if found["api"].is_answered:
            found |= self._oneself()
            found |= self._listings(found["client"].id or self._client.identity)
            found |= self._access(found)
            found |= self._limits()
            chosen = _chosen(self._architect_flows)
            found |= self._configurations(chosen)
            found["versions"] = self._versions(chosen)
        last = self._asker.last
        rate_limit = None if last is None else parsing.rate_limit(last)
        return PlatformFacts(endpoint=endpoint, rate_limit=rate_limit, requests=self._client.request_counts(), **found)

    def _at_first(self) -> dict[str, Any]:
        """Log in and ask who the org is: it takes no permission, and nothing else can be asked before."""
        ask, answer = self._ask(self._samples.organization, _itself)
        heard_ms = self._clock.epoch_ms()
        if answer is None:
            has_token = any(label != TOKEN.label for label in self._client.request_counts().requests)
            return {"login": Ask(said="answered"), "api": ask} if has_token else {"login": ask, "api": NOT_ASKED}
        sent_ms = parsing.sent_ms(answer)
        found: dict[str, Any] = {"login": ask, "api": ask}
        found["clock_ahead_ms"] = None if sent_ms is None else heard_ms - sent_ms
        try:
            return {**found, "organization": organization(answer.document)}
        except BadPayload as problem:
            return {**found, "api": Ask(said="unusable", why=str(problem))}

    def _oneself(self) -> dict[str, Any]:
        token, client = self._ask(self._samples.token, parsing.client_of)
        roles, grants = self._ask(self._samples.own_roles, parsing.grants)
        return {"token": token, "client": client or Client(), "roles": roles, "grants": grants or ()}

    def _listings(self, client_id: str) -> dict[str, Any]:
        """Ask for the first page of both listings."""

        def flows(accepted: Accepted) -> FlowSample:
            self._architect_flows = parsing.flows_in(accepted)
            return parsing.flow_sample(accepted, client_id)

        def actions(accepted: Accepted) -> ActionSample:
            self._actions = parsing.actions_in(accepted)
            return parsing.action_sample(accepted)

        asked_flows, flow_sample = self._ask(partial(self._samples.architect_flows, _A_PAGE), flows)
        asked_actions, action_sample = self._ask(partial(self._samples.actions, _A_PAGE), actions)
        return {
            "architect_flows": flow_sample or FlowSample(ask=asked_flows),
            "actions": action_sample or ActionSample(ask=asked_actions),
        }

    def _access(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Ask where the client may do what: by divisions only as far as its roles do not tell."""
        divisions_ask, divisions = self._ask(partial(self._samples.divisions, _MOST_DIVISIONS), parsing.divisions)
        shown = found["roles"].is_answered and all(grant.permissions is not None for grant in found["grants"])
        asked = [_VIEW_FLOWS] if shown else [*(need.permission for need in NEEDS), UNLOCK]
        permitted = dict(self._permitted(asked))
        probes = {_VIEW_FLOWS: found["architect_flows"].ask, _VIEW_ACTIONS: found["actions"].ask}
        probes[_DEPENDENCIES], _ = self._ask(self._samples.moved_resources, _itself)
        if function := next((each for each in self._actions if each.kind == "function"), None):
            probes[_VIEW_FUNCTIONS], _ = self._ask(partial(self._samples.function, function.id), _itself)
        is_told = shown or (_EDIT_ACTIONS in permitted and permitted[_EDIT_ACTIONS].ask.is_answered)
        if not is_told and (custom := next((each for each in self._actions if each.kind == "custom"), None)):
            probes[_EDIT_ACTIONS], _ = self._ask(partial(self._samples.draft_validation, custom.id), _itself)
        return {
            "divisions_ask": divisions_ask,
            "divisions": divisions or (),
            "permitted": permitted,
            "probes": probes,
        }

    def _permitted(self, permissions: Iterable[str]) -> Iterator[tuple[str, Permitted]]:
        for permission in permissions:
            read = partial(self._samples.permitted_divisions, permission, _MOST_DIVISIONS)
            ask, found = self._ask(read, parsing.permitted)
            yield permission, found or Permitted(ask=ask)
            if ask.said in ("refused", "absent"):
                return  # the call is not for this client, whatever the permission

    def _limits(self) -> dict[str, Any]:
        """Ask for the limits; the platform's defaults count where the org's own say nothing of executions."""
        found, limits = {}, OrgLimits()
        for name in _NAMESPACES:
            ask, shown = self._ask(partial(self._samples.limits, name), parsing.namespace)
            found[name] = shown or Namespace(ask=ask)
        own = found[_EXECUTIONS]
        if own.ask.is_answered:
            limits = limits_in(own.values)
        if limits.concurrent is None and own.ask.said != "no allowance":
            _, defaults = self._ask(partial(self._samples.default_limits, _EXECUTIONS), parsing.namespace)
            limits = with_defaults(limits, limits_in(defaults.values)) if defaults else limits
        if not own.ask.is_answered:
            limits = limits.model_copy(update={"problem": own.ask.why})
        return {"namespaces": found, "org_limits": limits}

    def _configurations(self, chosen: Iterable[ArchitectFlow]) -> dict[str, Any]:
        definition = NOT_ASKED
        configurations: list[Configuration] = []
        for each in chosen:
            assert each.published_version is not None, "only those are chosen"
            read = partial(self._samples.configuration, each.id, each.published_version)
            ask, found = self._ask(read, partial(parsing.configuration, name=each.name))
            definition = ask if not configurations else definition
            configurations += [] if found is None else [found]
        return {"definition": definition, "configurations": tuple(configurations)}

    def _versions(self, chosen: Sequence[ArchitectFlow]) -> Versions:
        if not chosen:
            return Versions()
        first = chosen[0]
        read = partial(self._samples.versions, first.id, _A_PAGE)
        ask, found = self._ask(read, partial(parsing.versions, name=first.name))
        return found or Versions(ask=ask)


def _itself(accepted: Accepted) -> Accepted:
    """Keep an answer of which it matters alone that it came."""
    return accepted


def _chosen(architect_flows: Sequence[ArchitectFlow]) -> list[ArchitectFlow]:
    """Choose a few published Architect flows, of as many types as there are."""
    published = [each for each in architect_flows if each.published_version is not None]
    of_types = {each.type: each for each in reversed(published)}
    first = sorted(of_types.values(), key=lambda each: each.id)
    return [*first, *(each for each in published if of_types[each.type] is not each)][:_CONFIGURATIONS]
