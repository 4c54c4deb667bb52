"""What people are told of one order: the outcome and its notes, said once."""

from typing import Any

from publishing.order import Order, Publication
from timeouts.outcomes import Failed, Outcome, Published, Skipped, Unchanged, Unknown


class Record:
    """Takes the outcome of one order down. The first one said stays: what comes after is cleaning up."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._outcome: Outcome | None = None
        self._notes: list[str] = []

    @property
    def is_said(self) -> bool:
        """Whether there is an outcome."""
        return self._outcome is not None

    def published(self, version: str | None, reason: str = "") -> None:
        """It is live as `version`."""
        self._say(Published(**self._naming(version), reason=reason))

    def unchanged(self, reason: str) -> None:
        """It was live before this run did anything."""
        self._say(Unchanged(**self._naming(), reason=reason))

    def skipped(self, reason: str) -> None:
        """It was left as it was, on purpose."""
        self._say(Skipped(**self._naming(), reason=reason))

    def failed(self, reason: str) -> None:
        """It was not done, and what is live is as it was."""
        self._say(Failed(**self._naming(), reason=f"{reason}; the published version is as it was"))

    def unknown(self, reason: str) -> None:
        """The platform did not say."""
        self._say(Unknown(**self._naming(), reason=f"{reason}; run again to resolve it"))

    def note(self, note: str) -> None:
        """Add what else people should know; '' is nothing."""
        if note and note not in self._notes:
            self._notes.append(note)

    def publication(self, expected_fingerprint: str) -> Publication:
        """Give it all."""
        if self._outcome is None:
            raise AssertionError("the protocol ended without an outcome")
        outcome = self._outcome.model_copy(update={"notes": (*self._outcome.notes, *self._notes)})
        return Publication(outcome=outcome, expected_fingerprint=expected_fingerprint)

    def _say(self, outcome: Outcome) -> None:
        self._outcome = self._outcome or outcome

    def _naming(self, version_after: str | None = None) -> dict[str, Any]:
        return {
            "architect_flow_id": self._order.architect_flow_id,
            "name": self._order.name,
            "version_before": self._order.version,
            "version_after": version_after,
        }
