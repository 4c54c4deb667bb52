"""How the change of one action's limit ends, in the words that people are told."""

from dataclasses import replace

from genesys import GenesysError, Gone, NotFound, Stopped
from publishing.action_order import ActionOrder, ActionPublication
from timeouts.action_content import ActionContent, compare_contents
from timeouts.action_outcomes import ActionOutcome, ActionOutcomeKind
from timeouts.wording import duration_or

GONE = "it does not exist any more"
INTERRUPTED = "interrupted before it was changed"


class Ending:
    """Makes the publication of one order. Every ending says what is true, and what was left as it was."""

    def __init__(self, order: ActionOrder) -> None:
        self.order = order

    def published(self, version: int, wanted: ActionContent, *notes: str) -> ActionPublication:
        """It is live as `version`."""
        outcome = self._outcome("published").model_copy(update={"version_after": version, "notes": notes})
        return ActionPublication(outcome, wanted.fingerprints())

    def unchanged(self, reason: str) -> ActionPublication:
        """The limit was there already."""
        return ActionPublication(self._outcome("unchanged", reason))

    def skipped(self, reason: str) -> ActionPublication:
        """It was left as it was, on purpose."""
        return ActionPublication(self._outcome("skipped", reason))

    def failed(self, reason: str) -> ActionPublication:
        """It was not done, and what is live is as it was."""
        return ActionPublication(self._outcome("failed", f"{reason}; the limit is as it was"))

    def not_begun(self, problem: GenesysError) -> ActionPublication:
        """Say what kept us from changing anything."""
        if isinstance(problem, NotFound | Gone):
            return self.skipped(GONE)
        if isinstance(problem, Stopped):
            return self.skipped(INTERRUPTED)
        return self.failed(f"nothing was changed: {problem}")

    def unknown(self, reason: str) -> ActionPublication:
        """The platform did not say."""
        return ActionPublication(self._outcome("unknown", f"{reason}; run again to resolve it"))

    def already(self, content: ActionContent) -> ActionPublication | None:
        """Say why there is nothing to do, or why it must not be done, given what is live; None where it may be."""
        if content.version != self.order.version:
            if content.limit_ms == self.order.after_ms:
                return self.unchanged("the limit is there already")
            return self.skipped(
                f"stale: version {content.version} was published after the plan, which knows {self.order.version}"
            )
        if content.limit_ms != self.order.before_ms:
            return self.skipped(
                f"stale: its limit is {duration_or('not set', content.limit_ms)}, the plan knows"
                f" {duration_or('none', self.order.before_ms)}"
            )
        return None

    def after_somebody(self, now: ActionContent, wanted: ActionContent) -> ActionPublication:
        """Say what a newer version means: it is ours, ours with a later change of somebody's, or somebody's alone."""
        if not compare_contents(wanted.fingerprints(), now.fingerprints()).foreign:
            return self.published(now.version, wanted)
        if now.limit_ms == self.order.after_ms:
            return self.published(now.version, now, "somebody changed it at the same time; the limit is as planned")
        return self.skipped(f"stale: somebody published version {now.version} at the same time")

    def _outcome(self, kind: ActionOutcomeKind, reason: str = "") -> ActionOutcome:
        return ActionOutcome(
            action_id=self.order.action_id,
            name=self.order.name,
            outcome=kind,
            reason=reason,
            limit_before_ms=self.order.before_ms,
            limit_after_ms=self.order.after_ms,
            version_before=self.order.version,
        )


def with_note(publication: ActionPublication, note: str) -> ActionPublication:
    """Add what else people should know; '' is nothing."""
    outcome = publication.outcome
    if not note:
        return publication
    return replace(publication, outcome=outcome.model_copy(update={"notes": (*outcome.notes, note)}))
