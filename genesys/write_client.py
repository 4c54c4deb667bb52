"""The client that also changes an org: it is given to nothing but publishing."""

import json
from collections.abc import Callable
from typing import TypeVar

from genesys.errors import AmbiguousWrite, BadPayload
from genesys.http.payload import Accepted
from genesys.log import tell_lost
from genesys.parsing import records as parsing
from genesys.parsing.actions import action_version, function_of
from genesys.parsing.records import Json, asked_for
from genesys.read_client import ReadClient
from genesys.routes import action_part, architect_flow_part
from timeouts.model.org import ArchitectFlow, Operation

Value = TypeVar("Value")


class WriteClient(ReadClient):
    """Also changes Architect flows and actions. A lost answer to a write raises AmbiguousWrite: read and decide."""

    def checkout(self, architect_flow_id: str) -> ArchitectFlow:
        """Take the lock. Raises Conflict where somebody else holds it (docs/platform.md#locks)."""
        answer = self._sdk.architect.post_flows_actions_checkout(architect_flow_part(architect_flow_id))
        return _answered(parsing.architect_flow, answer, architect_flow_id)

    def save_version(self, architect_flow_id: str, body: bytes) -> str:
        """Save a whole configuration under our lock, byte for byte; returns the label of the saved version."""
        answer = self._sdk.architect.post_flow_versions(architect_flow_part(architect_flow_id), body)
        return _answered(parsing.version_label, answer)

    def publish(self, architect_flow_id: str) -> Operation:
        """Start to publish what is saved or checked in. The answer proves nothing: poll.

        Source: docs/platform.md#operations.
        """
        return _answered(
            parsing.operation, self._sdk.architect.post_flows_actions_publish(architect_flow_part(architect_flow_id))
        )

    def revert(self, architect_flow_id: str) -> ArchitectFlow:
        """Discard our saved draft and release our lock (docs/platform.md#editing-calls, #open-revert)."""
        answer = self._sdk.architect.post_flows_actions_revert(architect_flow_part(architect_flow_id))
        return _answered(parsing.architect_flow, answer, architect_flow_id)

    def replace_architect_flow(self, architect_flow_id: str, body: bytes) -> ArchitectFlow:
        """Put a whole Flow document back: the tutorial's contract, where it carries `flowData`."""
        answer = self._sdk.architect.put_flow(architect_flow_part(architect_flow_id), body)
        return _answered(parsing.architect_flow, answer, architect_flow_id)

    def patch_action(self, action_id: str, body: bytes) -> int:
        """Change an action and publish it at once; `version` in it is the lock (docs/platform.md#changing-an-action).

        Returns the new version. Raises Conflict or InvalidRequest where the version is not the current one.
        """
        answer = self._sdk.integrations.patch_integrations_action(action_part(action_id), body)
        return _answered(action_version, answer, action_id)

    def create_draft(self, action_id: str) -> None:
        """Make a draft of an action, a copy of what is live. Raises Conflict where there is one."""
        answer = self._sdk.integrations.post_integrations_action_draft(action_part(action_id))
        _answered(action_version, answer, action_id)

    def put_draft_function(self, action_id: str, body: bytes) -> None:
        """Replace the function of a draft whole."""
        api = self._sdk.integrations
        _answered(function_of, api.put_integrations_action_draft_function(action_part(action_id), body))

    def publish_draft(self, action_id: str, version: int) -> int:
        """Publish the draft of an action; `version` is the draft's. Returns the version that is live then."""
        body = json.dumps({"version": version}).encode()
        answer = self._sdk.integrations.post_integrations_action_draft_publish(action_part(action_id), body)
        return _answered(action_version, answer, action_id)

    def delete_draft(self, action_id: str) -> None:
        """Discard the draft of an action; what is live stays. Raises NotFound where there is none."""
        self._sdk.integrations.delete_integrations_action_draft(action_part(action_id))


def _answered(parse: Callable[[Json | None], Value], answer: Accepted, changed: str = "") -> Value:
    """Read what a write gave back: an answer of another shape does not say that it was done.

    `changed`: the id of what was changed, where the answer is that thing itself.
    """
    try:
        return parse(asked_for(changed, answer.document) if changed else answer.document)
    except BadPayload as problem:
        lost = AmbiguousWrite(f"It may or may not be done: {problem}")
        tell_lost(lost)
        raise lost from None
