"""Single answers of the platform as they come, headers included: one request each, no listing to its end."""

from typing import TYPE_CHECKING

from genesys.http.payload import Accepted
from genesys.routes import action_part, architect_flow_part, path_part

if TYPE_CHECKING:
    from genesys.sdk.api import Sdk


class Samples:
    """The calls that a diagnosis makes. Every method is one GET, and raises the errors of errors.py."""

    def __init__(self, sdk: "Sdk") -> None:
        self._sdk = sdk

    def organization(self) -> Accepted:
        """Ask who the org is."""
        return self._of(self._sdk.organization.get_organizations_me())

    def token(self) -> Accepted:
        """Ask whose token it is."""
        return self._of(self._sdk.tokens.get_tokens_me())

    def own_roles(self) -> Accepted:
        """Ask for the client's own roles, with what is in them."""
        return self._of(self._sdk.authorization.get_authorization_subjects_me(include_full_roles=True))

    def permitted_divisions(self, permission: str, count: int) -> Accepted:
        """Ask in which divisions the client has a permission."""
        api = self._sdk.authorization
        return self._of(api.get_authorization_divisionspermitted_paged_me(permission, page_size=count, page_number=1))

    def divisions(self, count: int) -> Accepted:
        """Ask for all divisions of the org."""
        return self._of(self._sdk.authorization.get_authorization_divisions(page_size=count, page_number=1))

    def architect_flows(self, count: int, page: int = 1) -> Accepted:
        """Ask for a page of the Architect flows by id."""
        api = self._sdk.architect
        return self._of(api.get_flows(page_number=page, page_size=count, sort_by="id", sort_order="asc"))

    def versions(self, architect_flow_id: str, count: int) -> Accepted:
        """Ask for the newest versions of an Architect flow."""
        flow = architect_flow_part(architect_flow_id)
        return self._of(self._sdk.architect.get_flow_versions(flow, page_number=1, page_size=count))

    def configuration(self, architect_flow_id: str, version: str) -> Accepted:
        """Ask for the configuration of one version."""
        flow, label = architect_flow_part(architect_flow_id), path_part(version, "the label of a version")
        return self._of(self._sdk.architect.get_flow_version_configuration(flow, label))

    def actions(self, count: int, page: int = 1) -> Accepted:
        """Ask for a page of the integration actions by id, with their config: all those that an audit counts."""
        api = self._sdk.integrations
        return self._of(
            api.get_integrations_actions(
                page_number=page,
                page_size=count,
                sort_by="id",
                sort_order="asc",
                include_config=True,
                include_auth_actions="true",
            )
        )

    def function(self, action_id: str) -> Accepted:
        """Ask for the function behind a function data action."""
        return self._of(self._sdk.integrations.get_integrations_action_function(action_part(action_id)))

    def draft_validation(self, action_id: str) -> Accepted:
        """Ask for the validation of an action's draft: 404 where there is none, 403 without the permission to edit."""
        return self._of(self._sdk.integrations.get_integrations_action_draft_validation(action_part(action_id)))

    def moved_resources(self) -> Accepted:
        """Ask for one user of moved resources."""
        api = self._sdk.architect
        return self._of(api.get_architect_dependencytracking_updatedresourceconsumers(page_number=1, page_size=1))

    def limits(self, namespace: str) -> Accepted:
        """Ask for the limits that a namespace shows."""
        return self._of(self._sdk.organization.get_organizations_limits_namespace(namespace))

    def default_limits(self, namespace: str) -> Accepted:
        """Ask for the limits that a namespace has for every org."""
        return self._of(self._sdk.organization.get_organizations_limits_namespace_defaults(namespace))

    @staticmethod
    def _of(accepted: Accepted) -> Accepted:
        """Name the type of what the SDK returns here; it ships none."""
        return accepted
