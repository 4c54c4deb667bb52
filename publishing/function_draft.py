"""Changing the limit of a function data action: its function can only be changed in a draft.

| step     | reads                            | writes       | then                                                |
|----------|----------------------------------|--------------|-----------------------------------------------------|
| look     | action, draft                    | -            | DRAFT; FUNCTION: the draft is one that a run of     |
|          |                                  |              | ours left; skipped: anybody else's, stale, gone     |
| DRAFT    | the draft; lost: until it comes  | POST draft   | FUNCTION; TIDY, then skipped: the action changed    |
|          | or the settle period is over     |              | meanwhile; skipped: somebody else's; failed         |
| FUNCTION | lost: the draft, in the same way | PUT function | VALIDATE; TIDY, then failed: refused                |
| VALIDATE | validation                       | -            | CONFIRM; TIDY, then failed: not valid               |
| CONFIRM  | draft, the action's version      | -            | PUBLISH; TIDY, then failed or skipped: not as sent, |
|          |                                  |              | the action changed; skipped: edited                 |
| PUBLISH  | lost: the action, until it moves | POST publish | published; PUBLISH: the next version is asked for;  |
|          | or the settle period is over;    |              | TIDY, then failed or skipped; TIDY, then unknown:   |
|          | refused: CONFIRM                 |              | lost, and nothing came of it                        |
| TIDY     | the draft, before and after      | DELETE draft | the draft of ours is gone; else it is told          |

Drafts carry no owner. That one is ours, a mark says which is set before it is made, and its content: what is live, but
for the limit. What anybody has edited in it is theirs, and neither published nor deleted.

Source: docs/platform.md#function-actions.
"""

from genesys import (
    AmbiguousWrite,
    Conflict,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    Stopped,
    WriteClient,
)
from publishing.action_ending import GONE, INTERRUPTED, Ending
from publishing.action_order import ActionOrder, ActionPublication, Marks
from publishing.action_patch import has_moved, settled
from publishing.draft_tidying import NOT_SHOWN, DraftTidying
from publishing.order import Timing
from publishing.settling import settle
from timeouts.action_content import ActionContent, compare_contents

_SOMEBODYS = "somebody has a draft of it"
_UNLIKE_OURS = "the one that a run of ours left is not what is live with another limit any more: discard it by hand"

_LATER = "should our draft come later, the next run takes it up"


class _EndedError(Exception):
    """The protocol is over; carries what came of it."""

    def __init__(self, publication: ActionPublication) -> None:
        super().__init__()
        self.publication = publication


class FunctionDraft:
    """One attempt at one order. Call `run` once. Raises nothing that the gateway raises."""

    def __init__(self, client: WriteClient, order: ActionOrder, pace: Timing, marks: Marks) -> None:
        self._client = client
        self._id = order.action_id
        self._order = order
        self._pace = pace
        self._marks = marks
        self._ending = Ending(order)
        self._tidying = DraftTidying(client, order.action_id, pace, marks, self._is_ours)
        self._live: ActionContent | None = None

    def run(self) -> ActionPublication:
        """Go through all steps, to one ending."""
        try:
            draft = self._look() or self._make_draft()
            why = self._set_function(draft)
            self._validate()
            return self._publish(self._confirm(why))
        except _EndedError as ended:
            return ended.publication

    def _look(self) -> ActionContent | None:
        """Read what is there; gives the draft that an interrupted run of ours left, None where there is none."""
        is_marked = self._marks.has(self._id)
        try:
            self._live = self._client.action_content(self._id)
            draft = self._client.action_draft(self._id, is_known=is_marked)
        except GenesysError as problem:
            raise _EndedError(self._ending.not_begun(problem)) from None
        self._ending.hide(self._live)
        stands = self._ending.already(self._live)
        if stands is not None and draft is None:
            self._marks.drop(self._id)
        if stands is not None:
            raise _EndedError(stands if draft is None else self._ending.with_note(stands, self._tidying.discard()))
        if draft is not None and not is_marked:
            raise _EndedError(self._ending.skipped(f"{_SOMEBODYS}, which a change could take away"))
        if draft is not None and not self._is_ours(draft):
            raise _EndedError(self._ending.skipped(f"{_SOMEBODYS}, or {_UNLIKE_OURS}"))
        return draft

    def _make_draft(self) -> ActionContent:
        if self._pace.stopped():
            raise _EndedError(self._ending.skipped(INTERRUPTED))
        is_marked = self._marks.has(self._id)
        self._marks.put(self._id)
        try:
            self._client.create_draft(self._id)
        except AmbiguousWrite as lost:
            draft = self._awaited_draft(lost)
        except Conflict as refusal:
            draft = self._draft_in_the_way(refusal, is_marked=is_marked)
        except GenesysError as problem:
            if not is_marked:
                self._marks.drop(self._id)
            raise _EndedError(self._not_made(problem)) from None
        else:
            draft = self._read_draft()
        if not self._is_ours(draft):
            raise _EndedError(self._made_of_another(draft))
        return draft

    def _awaited_draft(self, lost: AmbiguousWrite) -> ActionContent:
        """Wait for the draft; where it does not come the mark stays, for it may come later."""
        try:
            draft = settle(lambda: self._client.action_draft(self._id), self._pace)
        except GenesysError as problem:
            raise _EndedError(self._given_up("whether the draft was made could not be read", problem)) from None
        if draft is None:
            ended = self._decided(self._ending.failed(f"the draft was lost on the way and not made ({lost})"))
            raise _EndedError(self._ending.with_note(ended, _LATER))
        return draft

    def _draft_in_the_way(self, refusal: Conflict, *, is_marked: bool) -> ActionContent:
        """There is a draft that was not shown: one of ours, where we left one, else somebody's of this moment."""
        if not is_marked:
            self._marks.drop(self._id)
            raise _EndedError(self._ending.skipped(f"{_SOMEBODYS} since a moment ago ({refusal})"))
        try:
            draft = self._client.action_draft(self._id, is_known=True)
        except GenesysError as problem:
            raise _EndedError(self._given_up("the draft could not be read", problem)) from None
        if draft is None:
            hidden = f"it has a draft, which may be ours and is not shown ({refusal})"
            raise _EndedError(self._ending.with_note(self._ending.failed(hidden), NOT_SHOWN))
        return draft

    def _not_made(self, problem: GenesysError) -> ActionPublication:
        if isinstance(problem, NotFound):
            return self._decided(self._ending.failed(f"the draft was not made: {problem}"))
        return self._ending.not_begun(problem)

    def _made_of_another(self, draft: ActionContent) -> ActionPublication:
        """A draft that is not as we looked: the action was changed before it was made, or it is somebody's work."""
        try:
            self._live = self._client.action_content(self._id)
        except (NotFound, Gone):
            return self._gone()
        except GenesysError as problem:
            return self._given_up("what the draft was made of could not be read", problem)
        stands = self._ending.already(self._live)
        if stands is not None and self._is_ours(draft):
            return self._tidied(stands)
        return self._edited()

    def _set_function(self, draft: ActionContent) -> str:
        """Put the new limit into the draft; gives why it may not be there all the same."""
        if draft.has_limit(self._order.after_ms):
            return "the function in the draft is not as it was sent"
        self._stop_if_asked()
        try:
            self._client.put_draft_function(self._id, draft.with_limit(self._order.after_ms).put_function())
        except AmbiguousWrite as lost:
            self._wait_for_function()
            return f"the change was lost on the way and did not happen ({lost})"
        except GenesysError as problem:
            raise _EndedError(self._given_up("the change was not made", problem)) from None
        return "the function in the draft is not as it was sent"

    def _wait_for_function(self) -> None:
        """Give a change whose answer was lost the time to come; the last look decides whether it did."""

        def changed() -> bool | None:
            draft = self._client.action_draft(self._id)
            return (draft is not None and draft.has_limit(self._order.after_ms)) or None

        try:
            settle(changed, self._pace)
        except GenesysError as problem:
            raise _EndedError(self._given_up("the draft could not be read", problem)) from None

    def _validate(self) -> None:
        self._stop_if_asked()
        try:
            problems = self._client.draft_problems(self._id)
        except GenesysError as problem:
            raise _EndedError(self._given_up("the draft could not be validated", problem)) from None
        if problems:
            why = f"the platform does not take the draft: {'; '.join(problems)}"
            raise _EndedError(self._tidied(self._ending.failed(why)))

    def _confirm(self, why: str) -> ActionContent:
        """Take the last look before the publish: the draft is as we want it, and the action as it was."""
        draft = self._read_draft()
        if compare_contents(self._wanted.fingerprints(), draft.fingerprints()).foreign:
            raise _EndedError(self._tidied(self._ending.failed(why)) if self._is_ours(draft) else self._edited())
        try:
            version = self._client.action_version(self._id)
        except (NotFound, Gone):
            raise _EndedError(self._gone()) from None
        except GenesysError as problem:
            raise _EndedError(self._given_up("the action could not be read", problem)) from None
        if version != self._order.version:
            raise _EndedError(self._tidied(self._decided(self._ending.failed("the action changes all the time"))))
        return draft

    def _publish(self, draft: ActionContent) -> ActionPublication:
        """Publish under the draft's version, or the one after it: the platform's words for it allow for both.

        A refusal is an answer: all is confirmed again before the other one is tried.
        """
        why = ""
        for version in (draft.version, draft.version + 1):
            self._stop_if_asked()
            try:
                published = self._client.publish_draft(self._id, version)
            except AmbiguousWrite as lost:
                return self._waited_for(f"the answer to the publish was lost ({lost})")
            except (Conflict, InvalidRequest) as refusal:
                why = f"the platform refused the publish ({refusal})"
                self._confirm(why)
            except GenesysError as problem:
                return self._given_up("the draft was not published", problem)
            else:
                if published <= self._order.version:
                    return self._waited_for(f"the publish was answered with version {published}")
                self._marks.drop(self._id)
                return self._ending.published(published, draft)
        return self._tidied(self._ending.failed(why))

    def _waited_for(self, what: str) -> ActionPublication:
        """Wait for what a publish without an answer may still bring; where nothing comes, our draft is discarded.

        A publish that comes after that finds no draft.
        """
        note = ""
        try:
            if not has_moved(self._client, self._order, self._pace):
                note = self._tidying.discard()
        except (NotFound, Gone):
            return self._gone()
        except GenesysError as problem:
            return self._ending.unreadable(problem)
        ended = self._decided(self._ending.nothing_came(what, self._pace))
        return self._ending.with_note(ended, note) if ended.outcome.outcome == "unknown" else self._tidied(ended)

    # Small things.

    @property
    def _wanted(self) -> ActionContent:
        assert self._live is not None, "it was looked at first"
        return self._live.with_limit(self._order.after_ms)

    def _is_ours(self, draft: ActionContent) -> bool:
        """Whether a draft is what is live, but for a limit that a run of ours can have left: the old or the new one."""
        assert self._live is not None, "it was looked at first"
        if not any(draft.has_limit(ms) for ms in (self._live.limit_ms, self._order.before_ms, self._order.after_ms)):
            return False
        limited = draft.with_limit(self._order.after_ms)
        return not compare_contents(self._wanted.fingerprints(), limited.fingerprints()).foreign

    def _read_draft(self) -> ActionContent:
        """Read the draft that we are working on, which is known to be there."""
        try:
            draft = self._client.action_draft(self._id, is_known=True)
        except GenesysError as problem:
            raise _EndedError(self._given_up("the draft could not be read", problem)) from None
        if draft is None:
            raise _EndedError(self._missing())
        return draft

    def _stop_if_asked(self) -> None:
        if self._pace.stopped():
            raise _EndedError(self._tidied(self._ending.skipped(INTERRUPTED)))

    # How it ends.

    def _given_up(self, what: str, problem: GenesysError) -> ActionPublication:
        """Say what kept us from going on, and take our draft away."""
        if isinstance(problem, NotFound | Gone):
            return self._refused_as_missing(f"{what}: {problem}")
        if isinstance(problem, Stopped):
            return self._tidied(self._ending.skipped(INTERRUPTED))
        return self._tidied(self._ending.failed(f"{what}: {problem}"))

    def _refused_as_missing(self, why: str) -> ActionPublication:
        """The platform says that there is no draft, or no action: that may pass, so it is decided by reading."""
        try:
            draft = self._client.action_draft(self._id, is_known=True)
        except GenesysError as problem:
            return self._tidied(self._decided(self._ending.failed(f"{why}; why could not be read: {problem}")))
        return self._missing() if draft is None else self._tidied(self._decided(self._ending.failed(why)))

    def _missing(self) -> ActionPublication:
        """Say what became of our draft, which is not shown any more: published, discarded, or the action is gone."""
        ended = self._decided(self._ending.skipped("somebody discarded the draft that we had made"))
        if ended.outcome.outcome == "published" or not self._marks.has(self._id):
            return self._tidied(ended)
        return self._ending.with_note(ended, NOT_SHOWN)

    def _decided(self, not_done: ActionPublication) -> ActionPublication:
        """Decide by reading what is live; what cannot be read is left to the next run."""
        try:
            return settled(self._client, self._wanted, self._ending, not_done)
        except (NotFound, Gone):
            return self._gone()
        except GenesysError as problem:
            return self._ending.unreadable(problem)

    def _gone(self) -> ActionPublication:
        self._marks.drop(self._id)
        return self._ending.skipped(GONE)

    def _edited(self) -> ActionPublication:
        self._marks.drop(self._id)
        return self._ending.skipped(f"{_SOMEBODYS} and edits it; it was left there")

    def _tidied(self, ended: ActionPublication) -> ActionPublication:
        """Discard our draft, and say where that cannot be done; what is unknown is left to the next run."""
        if ended.outcome.outcome == "unknown" or not self._marks.has(self._id):
            return ended
        return self._ending.with_note(ended, self._tidying.discard(is_published=ended.outcome.outcome == "published"))
