"""How the change of one action's limit ends, in the words that people are told."""

from genesys import GenesysError, Gone, NotFound, Stopped, is_refusal
from publishing.order import TWICE, ActionOrder, Publication, Timing
from publishing.settling import how_long
from timeouts.model.action_content import ActionContent, compare_contents
from timeouts.model.wording import duration_or
from timeouts.planning.outcomes import INTERRUPTED_BEFORE, OutcomeKind

GONE = "it does not exist any more"
INTERRUPTED = f"{INTERRUPTED_BEFORE}changed"
_HIDDEN = "[hidden]"


def _differ(wanted: ActionContent, now: ActionContent) -> bool:
    return bool(compare_contents(wanted.fingerprints(), now.fingerprints()).foreign)


class Ending:
    """Makes the publication of one order. Every ending says what is true, and what was left as it was.

    The platform's own words are told, too; what it repeats of the headers that we send it (`hide`) is left out.
    """

    def __init__(self, order: ActionOrder) -> None:
        self.order = order
        self._secrets: frozenset[str] = frozenset()

    def hide(self, content: ActionContent) -> None:
        """Repeat nothing of the headers of a content."""
        self._secrets |= content.secrets()

    def published(self, version: int, wanted: ActionContent, note: str = "") -> Publication:
        """End: it is live as `version`."""
        outcome = self.order.outcome("published", version_after=version).noted(note)
        return Publication(outcome=outcome, expected=wanted.fingerprints())

    def unchanged(self, content: ActionContent, reason: str) -> Publication:
        """End: the limit was there already; where that is a newer version, an earlier attempt may have made it."""
        return self._ended("unchanged", reason, content.version if content.version > self.order.version else None)

    def skipped(self, reason: str) -> Publication:
        """End: it was left as it was, on purpose."""
        return self._ended("skipped", reason)

    def failed(self, reason: str, *, is_refused: bool = False) -> Publication:
        """End: it was not done, and what is live is as it was; `is_refused`: for a reason of the platform's own."""
        ended = self._ended("failed", f"{reason}; the limit is as it was")
        return Publication(outcome=ended.outcome.refused()) if is_refused else ended

    def not_begun(self, problem: GenesysError) -> Publication:
        """Say what kept us from changing anything."""
        if isinstance(problem, NotFound | Gone):
            return self.skipped(GONE)
        if isinstance(problem, Stopped):
            return self.skipped(INTERRUPTED)
        return self.failed(f"nothing was changed: {problem}", is_refused=is_refusal(problem))

    def unknown(self, reason: str) -> Publication:
        """End: the platform did not say."""
        return self._ended("unknown", f"{reason}; run again to resolve it")

    def unreadable(self, problem: GenesysError) -> Publication:
        """End: it was sent, and the platform cannot be read."""
        return self.unknown(f"what became of the change could not be read: {problem}")

    def nothing_came(self, what: str, pace: Timing) -> Publication:
        """End: it was sent, and nothing was seen to come of it; `what` happened to its answer."""
        return self.unknown(f"{what}, and nothing came of it {how_long(pace)}")

    def already(self, content: ActionContent) -> Publication | None:
        """Say why there is nothing to do, or why it must not be done, given what is live; None where it may be."""
        if content.version < self.order.version:
            return self.skipped(
                f"stale: version {content.version} is shown, and the plan knows {self.order.version}: plan anew"
            )
        if content.has_limit(self.order.after_ms):
            return self.unchanged(content, "the limit is there already")
        if content.version != self.order.version:
            return self.skipped(
                f"stale: version {content.version} was published after the plan, which knows {self.order.version}"
            )
        if not content.has_limit(self.order.before_ms):
            return self.skipped(
                f"stale: its limit is {duration_or('not set', content.limit_ms)}, the plan knows"
                f" {duration_or('none', self.order.before_ms)}"
            )
        if self._would_lower(content):
            return self.skipped(
                f"stale: its limit is {duration_or('not set', content.limit_ms)}, and"
                f" {duration_or('none', self.order.after_ms)} would lower it, which the plan may not"
            )
        return None

    def made_all_the_same(self, now: ActionContent, wanted: ActionContent, refusal: GenesysError) -> Publication | None:
        """Say that ours is live although it was refused; None where it is not the next version, or not as `wanted`."""
        if now.version != self.order.version + 1 or _differ(wanted, now):
            return None
        return self.with_note(
            self.published(now.version, wanted), f"the platform refused it ({refusal}), and it is live: {TWICE}"
        )

    def after_somebody(self, now: ActionContent, wanted: ActionContent) -> Publication:
        """Say what a newer version means: it is ours, ours with a later change of somebody's, or somebody's alone."""
        if not _differ(wanted, now):
            return self.published(now.version, wanted)
        if not now.has_limit(self.order.after_ms):
            return self.skipped(f"stale: somebody published version {now.version} at the same time")
        if now.version == self.order.version + 1:
            return self.unchanged(now, f"somebody published version {now.version} at the same time, with that limit")
        return self.published(now.version, now, "somebody changed it at the same time; the limit is as planned")

    def with_note(self, publication: Publication, note: str) -> Publication:
        """Add what else people should know; '' is nothing."""
        outcome = publication.outcome.noted(self._told(note))
        return publication.model_copy(update={"outcome": outcome})

    def _would_lower(self, content: ActionContent) -> bool:
        """Compare with what is live now; what a custom action waits for without a limit is not known."""
        live_ms, after_ms = content.limit_ms, content.with_limit(self.order.after_ms).limit_ms
        if self.order.may_lower or live_ms is None:
            return False
        return after_ms is None or after_ms < live_ms

    def _ended(self, kind: OutcomeKind, reason: str, version_after: int | None = None) -> Publication:
        return Publication(outcome=self.order.outcome(kind, self._told(reason), version_after))

    def _told(self, text: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, _HIDDEN)
        return text
