"""How the change of a function data action ends, once there may be a draft of ours: told, and the draft discarded."""

from genesys import GenesysError, Gone, NotFound, Stopped, WriteClient, is_refusal
from publishing.actions.draft_tidying import NOT_SHOWN, DraftTidying
from publishing.actions.ending import GONE, INTERRUPTED, Ending
from publishing.actions.patch import settled
from publishing.order import ActionOrder, DraftMarks, Publication, Timing
from timeouts.model.action_content import ActionContent, compare_contents

SOMEBODYS = "somebody has a draft of it"


class DraftEnding(Ending):
    """Knows what was live when the action was read (`live`), and by that which draft is ours."""

    def __init__(self, client: WriteClient, order: ActionOrder, pace: Timing, marks: DraftMarks) -> None:
        super().__init__(order)
        self._client = client
        self._id = order.target.id
        self._marks = marks
        self._pace = pace
        self.tidying = DraftTidying(client, order.target.id, pace, marks, self.is_ours)
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

    def edited(self) -> Publication:
        """Say that our draft is somebody's work by now."""
        self._marks.drop(self._id)
        return self.skipped(f"{SOMEBODYS} and edits it; it was left there")

    def tidied(self, ended: Publication) -> Publication:
        """Discard our draft, and say where that cannot be done; what is unknown is left to the next run."""
        if ended.outcome.outcome == "unknown" or not self._marks.has(self._id):
            return ended
        return self.with_note(ended, self.tidying.discard(is_published=ended.outcome.outcome == "published"))
