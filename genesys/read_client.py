"""The client that reads an org. It cannot change anything: its routes are reads, and it ends its own token alone."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from genesys.errors import NotFound
from genesys.examination.samples import Samples
from genesys.http.payload import Accepted
from genesys.http.proxies import is_loopback
from genesys.http.transport import Transport
from genesys.missing import MissingTogether, unless_listed
from genesys.parsing import records as parsing
from genesys.parsing.actions import action_version, data_action, draft_problems, function_limit_ms, function_of
from genesys.parsing.dependencies import joined, updated_consumer
from genesys.parsing.limits import org_limits, with_defaults
from genesys.parsing.listing import Listing
from genesys.parsing.records import Json, asked_for
from genesys.parsing.whole_action import Parts, read_whole
from genesys.routes import action_part, architect_flow_part
from timeouts.model.action_content import ActionContent
from timeouts.model.org import ArchitectFlow, DataAction, MovedResources, Organization
from timeouts.model.org_limits import OrgLimits
from timeouts.model.request_figures import RequestCounts

if TYPE_CHECKING:
    from genesys.sdk.api import Sdk

_FLOWS_A_PAGE = 500  # the documented maximum (docs/platform.md#listing)
_CONSUMERS_A_PAGE = 100
_LIMITS = "dataactions"  # the namespace of their limits (docs/platform.md#org-limits)
_ACTIONS_A_PAGE = 100  # what Terraform's provider asks for; no maximum is documented

Value = TypeVar("Value")


class ReadClient:
    """Reads one org; safe for many threads. Every method raises the errors of errors.py.

    `identity` is the id of the OAuth client: the one that our own locks show. `platform`: the address of the API.

    A 404 may pass: right after a write, or while a part of the platform lags behind. What `is_known`, because it was
    listed or shown a moment ago, is therefore asked for again for a bounded time, and then the listing is asked. Only
    what that lacks too raises NotFound; what it still shows raises Unavailable. A 410 is believed at once. What is one
    `of_many` that are read was known before the first of them: all of these are waited for together.
    """

    def __init__(self, identity: str, platform: str, transport: Transport, sdk: "Sdk") -> None:
        self.identity = identity
        self.platform = platform
        self._transport = transport
        self._sdk = sdk
        self.told_organization: Organization | None = None  # what `organization` read last
        self._only_listed: set[str] = set()
        self._missing = MissingTogether(transport, self.list_architect_flows)

    def organization(self) -> Organization:
        """Read the org's id and name; needs no permission, so it also tests the credentials.

        Source: docs/platform.md#token.
        """
        found = parsing.organization(self.samples.organization().document)
        is_here = is_loopback(urlsplit(self.platform).hostname or "")
        self.told_organization = found if is_here else found.model_copy(update={"platform": self.platform})
        return self.told_organization

    def list_architect_flows(self) -> tuple[ArchitectFlow, ...]:
        """List all Architect flows that the client may see, sorted by id, of all types.

        Never with a list of types: a fixed one missed 20 of 511 (docs/platform.md#listing). Raises BadPayload where the
        listing stays shorter than its total.
        """
        page = partial(self.samples.architect_flows, _FLOWS_A_PAGE)
        return Listing(page, "Architect flows", parsing.architect_flow).whole()

    def architect_flow(self, architect_flow_id: str, *, is_known: bool = True) -> ArchitectFlow:
        """Read its versions, lock and current operation; from the listing, where only that shows it."""
        read = partial(self._architect_flow, architect_flow_id)
        if not is_known:
            return read()
        try:
            # Where a 404 was waited for already, every later read would wait again.
            found = read() if architect_flow_id in self._only_listed else self.until_found(read)
        except NotFound:
            listed = self._listed(architect_flow_id)
            if listed is None:
                raise
            self._only_listed.add(architect_flow_id)
            return listed
        self._only_listed.discard(architect_flow_id)
        return found

    def unlisted_architect_flow(self, architect_flow_id: str) -> ArchitectFlow:
        """Read the same of one of many that are known, and that the listing did not show a moment ago."""
        return self._missing.read_or_listed(architect_flow_id, lambda: self._architect_flow(architect_flow_id))

    def architect_flow_document(self, architect_flow_id: str, *, of_many: bool = False) -> bytes:
        """Read the same as the platform sends it: in the tutorial's contract it carries `flowData`."""

        def read() -> bytes:
            found = self._document(architect_flow_id)
            asked_for(architect_flow_id, found.document)
            return found.body

        return self._known_architect_flow(architect_flow_id, read, of_many=of_many)

    def configuration(
        self, architect_flow_id: str, version: str, *, is_known: bool = True, of_many: bool = False
    ) -> bytes:
        """Read the configuration of one version, byte for byte (docs/platform.md#reading-a-configuration)."""

        def read() -> bytes:
            return self.samples.configuration(architect_flow_id, version).body

        return self._known_architect_flow(architect_flow_id, read, of_many=of_many) if is_known else read()

    def latest_configuration(self, architect_flow_id: str) -> bytes:
        """Read the newest saved configuration, else the newest checked-in one: it may be newer than what runs."""

        def read() -> bytes:
            found: Accepted = self._sdk.architect.get_flow_latestconfiguration(architect_flow_part(architect_flow_id))
            return found.body

        return self._known_architect_flow(architect_flow_id, read)

    def actions(self) -> tuple[DataAction, ...]:
        """List all integration actions with their limits, authentication actions included.

        Source: docs/platform.md#action-limits.
        """
        page = partial(self.samples.actions, _ACTIONS_A_PAGE)
        return Listing(page, "integration actions", data_action).open()

    def action_content(self, action_id: str) -> ActionContent:
        """Read a whole action as it is live: itself, its templates and, for a function data action, its function."""
        api, asked = self._sdk.integrations, action_part(action_id)
        parts = Parts(
            action_id=action_id,
            document=lambda: api.get_integrations_action(asked, expand="contract", include_config=True),
            template=lambda name: self.until_found(lambda: api.get_integrations_action_template(asked, name)),
            function=lambda: self.until_found(lambda: api.get_integrations_action_function(asked)),
        )
        return self._known(lambda: read_whole(parts), lambda: self._listed_action(action_id))

    def action_draft(self, action_id: str, *, is_known: bool = False) -> ActionContent | None:
        """Read the draft of an action in the same way; None where there is none.

        No listing shows drafts: where one that `is_known` does not come to be found in time, None is returned as well.
        """
        api, asked = self._sdk.integrations, action_part(action_id)
        parts = Parts(
            action_id=action_id,
            document=lambda: api.get_integrations_action_draft(asked, expand="contract", include_config=True),
            template=lambda name: self.until_found(lambda: api.get_integrations_action_draft_template(asked, name)),
            function=lambda: self.until_found(lambda: api.get_integrations_action_draft_function(asked)),
        )
        try:
            return self.until_found(lambda: read_whole(parts)) if is_known else read_whole(parts)
        except NotFound:
            return None

    def action_version(self, action_id: str) -> int:
        """Read the version of an action that is live, and nothing else of it."""

        def read() -> int:
            found = self._sdk.integrations.get_integrations_action(action_part(action_id))
            return action_version(asked_for(action_id, found.document))

        return self._known(read, lambda: self._listed_action(action_id))

    def function_limit_ms(self, action_id: str) -> int:
        """Read how long the function of a function data action may take, in milliseconds.

        Source: docs/platform.md#function-actions.
        """
        return function_limit_ms(function_of(self.samples.function(action_id).document))

    def draft_problems(self, action_id: str) -> tuple[str, ...]:
        """Let the platform validate the draft of an action that is known to have one; returns what is wrong with it."""
        return draft_problems(self.until_found(lambda: self.samples.draft_validation(action_id)).document)

    def moved_resources(self) -> MovedResources:
        """Read which resources moved since the publish of the Architect flows that use them.

        Source: docs/platform.md#what-a-republish-ships.
        """

        def page(number: int) -> Accepted:
            found: Accepted = self._sdk.architect.get_architect_dependencytracking_updatedresourceconsumers(
                page_number=number, page_size=_CONSUMERS_A_PAGE, consumed_resources=True
            )
            return found

        what, apart = "users of moved resources", ("id", "version")
        consumers = Listing(page, what, updated_consumer, told_apart_by=apart).open()
        return MovedResources(by_architect_flow=joined(consumers))

    def action_aggregates(self, query: Mapping[str, Any]) -> Json:
        """Ask for figures of actions (docs/platform.md#analytics); changes nothing, although it is a POST."""
        answer: Accepted = self._sdk.analytics.post_analytics_actions_aggregates_query(json.dumps(query).encode())
        return answer.document or {}

    def data_action_limits(self) -> OrgLimits:
        """Read the org's limits of data actions; the platform's defaults where its own say nothing of executions.

        Needs no permission. Source: docs/platform.md#org-limits.
        """
        own = org_limits(self.samples.limits(_LIMITS).document)
        if own.concurrent is not None:
            return own
        return with_defaults(own, org_limits(self.samples.default_limits(_LIMITS).document))

    @property
    def samples(self) -> Samples:
        """Single answers, headers included, by which a diagnosis goes."""
        return Samples(self._sdk)

    def until_found(self, read: Callable[[], Value]) -> Value:
        """Call `read` again while it raises NotFound, for a bounded time; the last one is raised."""
        return self._transport.until_found(read)

    @property
    def connections(self) -> int:
        """How many requests it can have under way at the same time."""
        return self._transport.connections

    def request_counts(self) -> RequestCounts:
        """Return what this client has asked of the platform so far."""
        return self._transport.counts()

    def close(self) -> None:
        """Give the token back and close the connections; the client cannot be used afterwards. Counts one request."""
        self._transport.close()

    def _known_architect_flow(
        self, architect_flow_id: str, read: Callable[[], Value], *, of_many: bool = False
    ) -> Value:
        """Read a part of an Architect flow that is known to be there."""
        if of_many:
            return self._missing.read_part(architect_flow_id, read)
        return self._known(read, lambda: self._listed(architect_flow_id))

    def _known(self, read: Callable[[], Value], listed: Callable[[], object | None]) -> Value:
        """Read what is known to be there; `listed` returns None where the listing lacks it."""
        return unless_listed(lambda: self.until_found(read), listed)

    def _listed(self, architect_flow_id: str) -> ArchitectFlow | None:
        return next((each for each in self.list_architect_flows() if each.id == architect_flow_id), None)

    def _listed_action(self, action_id: str) -> DataAction | None:
        return next((each for each in self.actions() if each.id == action_id), None)

    def _architect_flow(self, architect_flow_id: str) -> ArchitectFlow:
        return parsing.architect_flow(asked_for(architect_flow_id, self._document(architect_flow_id).document))

    def _document(self, architect_flow_id: str) -> Accepted:
        found: Accepted = self._sdk.architect.get_flow(architect_flow_part(architect_flow_id))
        return found
