"""How the change of a function data action ends, once there may be a draft of ours: told, and the draft discarded.

A 404 alone does not say that a draft is gone: no listing shows drafts. Its mark is dropped only where the platform took
our discard or published the draft; else the next run has to know that it is ours, should it be there all the same.
"""

from genesys import AmbiguousWrite, GenesysError, Gone, NotFound, PermissionDenied, Stopped, WriteClient, is_refusal
from publishing.actions.ending import GONE, INTERRUPTED, Ending
from publishing.actions.patch import settled
from publishing.order import ActionOrder, DraftMarks, Publication, Timing
from publishing.settling import MOMENT_MS, NEXT, TRIES, settle
from publishing.verification import name_differences
from timeouts.model.action_content import ActionContent, compare_contents

SOMEBODYS = "somebody has a draft of it"
_LEFT = "our draft was left there, for it may be somebody's work by now: where it is nobody's, discard it by hand"
NOT_SHOWN = "our draft is not shown any more: where it is there all the same, the next run takes it up"


class DraftEnding(Ending):
    """Knows what was live when the action was read (`live`), and by that which draft is ours."""

    def __init__(self, client: WriteClient, order: ActionOrder, pace: Timing, marks: DraftMarks) -> None:
        super().__init__(order)
        self._client = client
        self._id = order.target.id
        self._marks = marks
        self._pace = pace
        self.live: ActionContent | None = None

    @property
    def wanted(self) -> ActionContent:
        """What is live, with the planned limit."""
        assert self.live is not None, "it was looked at first"
        return self.live.with_limit(self.order.after_ms)

    def is_ours(self, draft: ActionContent) -> bool:
        """Return whether a draft is what is live, but for a limit that a run of ours may have left: old or new."""
        assert self.live is not None, "it was looked at first"
        if not any(draft.has_limit(ms) for ms in (self.live.limit_ms, self.order.before_ms, self.order.after_ms)):
            return False
        limited = draft.with_limit(self.order.after_ms)
        return not compare_contents(self.wanted.fingerprints(), limited.fingerprints()).foreign

    def given_up(self, what: str, problem: GenesysError) -> Publication:
        """Say what kept us from going on, and take our draft away."""
        if isinstance(problem, NotFound | Gone):
            return self._refused_as_missing(f"{what}: {problem}")
        if isinstance(problem, Stopped):
            return self.tidied(self.skipped(INTERRUPTED))
        return self.tidied(self.failed(f"{what}: {problem}", is_refused=is_refusal(problem)))

    def _refused_as_missing(self, why: str) -> Publication:
        """Decide by reading what it means that the platform shows no draft, or no action: that may pass."""
        try:
            draft = self._client.action_draft(self._id, is_known=True)
        except GenesysError as problem:
            return self.tidied(self.decided(self.failed(f"{why}; why could not be read: {problem}")))
        return self.missing() if draft is None else self.tidied(self.decided(self.failed(why)))

    def missing(self) -> Publication:
        """Say what became of our draft, which is not shown any more: published, discarded, or the action is gone."""
        ended = self.decided(self.skipped("somebody discarded the draft that we had made"))
        if ended.outcome.outcome == "published" or not self._marks.has(self._id):
            return self.tidied(ended)
        return self.with_note(ended, NOT_SHOWN)

    def decided(self, not_done: Publication) -> Publication:
        """Decide by reading what is live; what cannot be read is left to the next run."""
        try:
            return settled(self._client, self.wanted, self, not_done, self._pace)
        except (NotFound, Gone):
            return self.gone()
        except GenesysError as problem:
            return self.unreadable(problem)

    def gone(self) -> Publication:
        """Say that the action is not there any more, and no draft of it either."""
        self._marks.drop(self._id)
        return self.skipped(GONE)

    def unlike(self, draft: ActionContent) -> Publication:
        """Say in what a draft differs that was made at our request: the platform's doing, or somebody's work by now."""
        assert self.live is not None, "it was looked at first"
        self._marks.drop(self._id)
        differs = name_differences(compare_contents(self.live.fingerprints(), draft.fingerprints()).foreign)
        return self.with_note(self.failed(f"the draft that the platform made is not what is live: {differs}"), _LEFT)

    def edited(self) -> Publication:
        """Say that our draft is somebody's work by now."""
        self._marks.drop(self._id)
        return self.skipped(f"{SOMEBODYS} and edits it; it was left there")

    def tidied(self, ended: Publication) -> Publication:
        """Discard our draft, and say where that cannot be done; what is unknown is left to the next run."""
        if ended.outcome.outcome == "unknown" or not self._marks.has(self._id):
            return ended
        return self.with_note(ended, self.discard(is_published=ended.outcome.outcome == "published"))

    def discard(self, *, is_published: bool = False) -> str:
        """Discard our draft; return what is left of it, '' for nothing. Raises nothing that the gateway raises.

        `is_published`: it went live, so that none should be there.
        """
        stays, is_over = "", is_published
        for _ in range(TRIES):
            try:
                draft = self._client.action_draft(self._id, is_known=not is_over)
                if draft is None:
                    return self._not_there(is_over=is_over)
                if not self._marks.has(self._id) or not self.is_ours(draft):
                    self._marks.drop(self._id)
                    return "a draft that is not ours, or not any more, was left there"
                stays, is_over = f"our draft may still be there{NEXT}", False
                self._client.delete_draft(self._id)
                is_over = True
            except (NotFound, Gone):
                continue
            except Stopped:
                self._pace.sleep_ms(MOMENT_MS)  # the platform asked to wait; a stop must not leave the draft for that
                stays = f"our draft could not be discarded before the run had to stop{NEXT}"
            except AmbiguousWrite as lost:
                stays = f"whether our draft is discarded is not known ({lost}){NEXT}"
                if self._is_gone_late():
                    return ""
            except PermissionDenied as problem:
                return f"our draft stays, for {problem.permission} is missing{NEXT}, or a person discards it"
            except GenesysError as problem:
                return f"our draft may still be there ({problem}){NEXT}"
        return stays

    def _not_there(self, *, is_over: bool) -> str:
        if not is_over:
            return NOT_SHOWN
        self._marks.drop(self._id)
        return ""

    def _is_gone_late(self) -> bool:
        """Wait for a discard whose answer was lost: one that came later could take a newer draft away."""

        def gone() -> bool | None:
            return self._client.action_draft(self._id, is_known=True) is None or None

        try:
            return settle(gone, self._pace) is not None
        except GenesysError:
            return False
