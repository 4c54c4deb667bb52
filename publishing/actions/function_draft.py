"""Changing the limit of a function data action: its function can only be changed in a draft.

| step     | reads                            | writes       | then                                                |
|----------|----------------------------------|--------------|-----------------------------------------------------|
| look     | action, draft; an action that is | -            | DRAFT; FUNCTION: the draft is one that a run of     |
|          | older than the plan's: again,    |              | ours left; skipped: anybody else's, stale, gone     |
|          | for 25 s                         |              |                                                     |
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
for the limit. What anybody has edited in it is theirs, and neither published nor deleted. A new one may differ by the
platform's doing, or be somebody's work already: it stays, and what differs is told.

Source: docs/platform.md#function-actions.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from genesys import (
    AmbiguousWrite,
    Conflict,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    WriteClient,
)
from publishing.actions.current import content_now, version_now
from publishing.actions.draft_ending import NOT_SHOWN, SOMEBODYS, DraftEnding
from publishing.actions.ending import INTERRUPTED
from publishing.actions.patch import has_moved
from publishing.order import ActionOrder, DraftMarks, Publication, Timing
from publishing.settling import settle
from timeouts.model.action_content import ActionContent, compare_contents

_UNLIKE_OURS = "the one that a run of ours left is not what is live with another limit any more: discard it by hand"

_LATER = "should our draft come later, the next run takes it up"


class _EndedError(Exception):
    """The protocol is over; carries what came of it."""

    def __init__(self, publication: Publication) -> None:
        super().__init__()
        self.publication = publication


class FunctionDraft:
    """One attempt at one order. Call `run` once. Raises nothing that the gateway raises."""

    def __init__(self, client: WriteClient, order: ActionOrder, pace: Timing, marks: DraftMarks) -> None:
        self._client = client
        self._id = order.target.id
        self._order = order
        self._pace = pace
        self._marks = marks
        self._ending = DraftEnding(client, order, pace, marks)

    def run(self) -> Publication:
        """Go through all steps, to one ending."""
        try:
            draft = self._look() or self._make_draft()
            why = self._set_function(draft)
            self._validate()
            return self._publish(self._confirm(why))
        except _EndedError as ended:
            return ended.publication

    def _look(self) -> ActionContent | None:
        """Read what is there; returns the draft that an interrupted run of ours left, None where there is none."""
        is_marked = self._marks.has(self._id)
        try:
            self._ending.live = content_now(self._client, self._order, self._pace)
            draft = self._client.action_draft(self._id, is_known=is_marked)
        except GenesysError as problem:
            raise _EndedError(self._ending.not_begun(problem)) from None
        self._ending.hide(self._ending.live)
        stands = self._ending.already(self._ending.live)
        if stands is not None and draft is None:
            self._marks.drop(self._id)
        if stands is not None:
            left = "" if draft is None else self._ending.discard()
            raise _EndedError(self._ending.with_note(stands, left))
        if draft is not None and not is_marked:
            raise _EndedError(self._ending.skipped(f"{SOMEBODYS}, which a change could take away"))
        if draft is not None and not self._ending.is_ours(draft):
            raise _EndedError(self._ending.skipped(f"{SOMEBODYS}, or {_UNLIKE_OURS}"))
        return draft

    def _make_draft(self) -> ActionContent:
        if self._pace.stopped():
            raise _EndedError(self._ending.skipped(INTERRUPTED))
        is_marked, is_made = self._marks.has(self._id), False
        try:
            self._marks.put(self._id)
        except OSError as problem:
            why = f"that the draft is ours could not be stored, so none was made: {problem}"
            raise _EndedError(self._ending.failed(why)) from None
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
            draft, is_made = self._read_draft(), True
        if not self._ending.is_ours(draft):
            raise _EndedError(self._made_of_another(draft, is_made=is_made))
        return draft

    def _awaited_draft(self, lost: AmbiguousWrite) -> ActionContent:
        """Wait for the draft; where it does not come the mark stays, for it may come later."""
        with self._giving_up("whether the draft was made could not be read"):
            draft = settle(lambda: self._client.action_draft(self._id), self._pace)
        if draft is None:
            ended = self._ending.decided(self._ending.failed(f"the draft was lost on the way and not made ({lost})"))
            raise _EndedError(self._ending.with_note(ended, _LATER))
        return draft

    def _draft_in_the_way(self, refusal: Conflict, *, is_marked: bool) -> ActionContent:
        """Return the draft that was not shown before: ours where we left one; somebody else's ends the attempt."""
        if not is_marked:
            self._marks.drop(self._id)
            raise _EndedError(self._ending.skipped(f"{SOMEBODYS} since a moment ago ({refusal})"))
        with self._giving_up("the draft could not be read"):
            draft = self._client.action_draft(self._id, is_known=True)
        if draft is None:
            hidden = f"it has a draft, which may be ours and is not shown ({refusal})"
            raise _EndedError(self._ending.with_note(self._ending.failed(hidden), NOT_SHOWN))
        return draft

    def _not_made(self, problem: GenesysError) -> Publication:
        if isinstance(problem, NotFound):
            return self._ending.decided(self._ending.failed(f"the draft was not made: {problem}"))
        return self._ending.not_begun(problem)

    def _made_of_another(self, draft: ActionContent, *, is_made: bool) -> Publication:
        """Judge a draft that is not what is live: the action was changed before, or it is somebody's work.

        `is_made`: the platform said that it made it for us, so that the difference may be its own doing.
        """
        try:
            self._ending.live = content_now(self._client, self._order, self._pace)
        except (NotFound, Gone):
            return self._ending.gone()
        except GenesysError as problem:
            return self._ending.given_up("what the draft was made of could not be read", problem)
        stands = self._ending.already(self._ending.live)
        if stands is not None and self._ending.is_ours(draft):
            return self._ending.tidied(stands)
        return self._ending.unlike(draft) if is_made and stands is None else self._ending.edited()

    def _set_function(self, draft: ActionContent) -> str:
        """Put the new limit into the draft; returns why it may not be there all the same."""
        if draft.has_limit(self._order.after_ms):
            return "the function in the draft is not as it was sent"
        self._stop_if_asked()
        with self._giving_up("the change was not made"):
            try:
                self._client.put_draft_function(self._id, draft.with_limit(self._order.after_ms).put_function())
            except AmbiguousWrite as lost:
                self._wait_for_function()
                return f"the change was lost on the way and did not happen ({lost})"
        return "the function in the draft is not as it was sent"

    def _wait_for_function(self) -> None:
        """Wait for a change whose answer was lost; the last read decides whether it happened."""

        def changed() -> bool | None:
            draft = self._client.action_draft(self._id)
            return (draft is not None and draft.has_limit(self._order.after_ms)) or None

        with self._giving_up("the draft could not be read"):
            settle(changed, self._pace)

    def _validate(self) -> None:
        self._stop_if_asked()
        with self._giving_up("the draft could not be validated"):
            problems = self._client.draft_problems(self._id)
        if problems:
            why = f"the platform does not take the draft: {'; '.join(problems)}"
            raise _EndedError(self._ending.tidied(self._ending.failed(why, is_refused=True)))

    def _confirm(self, why: str) -> ActionContent:
        """Check right before the publish that the draft is as we want it, and the action as it was."""
        draft = self._read_draft()
        if compare_contents(self._ending.wanted.fingerprints(), draft.fingerprints()).foreign:
            is_ours = self._ending.is_ours(draft)
            raise _EndedError(self._ending.tidied(self._ending.failed(why)) if is_ours else self._ending.edited())
        try:
            version = version_now(self._client, self._order, self._pace)
        except (NotFound, Gone):
            raise _EndedError(self._ending.gone()) from None
        except GenesysError as problem:
            raise _EndedError(self._ending.given_up("the action could not be read", problem)) from None
        if version != self._order.version:
            not_done = self._ending.failed("the action changes all the time")
            raise _EndedError(self._ending.tidied(self._ending.decided(not_done)))
        return draft

    def _publish(self, draft: ActionContent) -> Publication:
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
                return self._ending.given_up("the draft was not published", problem)
            else:
                if published <= self._order.version:
                    return self._waited_for(f"the publish was answered with version {published}")
                self._marks.drop(self._id)
                return self._ending.published(published, self._ending.wanted)
        return self._ending.tidied(self._ending.failed(why, is_refused=True))

    def _waited_for(self, what: str) -> Publication:
        """Wait for what a publish without an answer may still bring; where nothing comes, our draft is discarded.

        A publish that comes after that finds no draft.
        """
        note = ""
        try:
            if not has_moved(self._client, self._order, self._pace):
                note = self._ending.discard()
        except (NotFound, Gone):
            return self._ending.gone()
        except GenesysError as problem:
            return self._ending.unreadable(problem)
        ended = self._ending.decided(self._ending.nothing_came(what, self._pace))
        return self._ending.with_note(ended, note) if ended.outcome.outcome == "unknown" else self._ending.tidied(ended)

    # Small things.

    def _read_draft(self) -> ActionContent:
        """Read the draft that we are working on, which is known to be there."""
        with self._giving_up("the draft could not be read"):
            draft = self._client.action_draft(self._id, is_known=True)
        if draft is None:
            raise _EndedError(self._ending.missing())
        return draft

    def _stop_if_asked(self) -> None:
        if self._pace.stopped():
            raise _EndedError(self._ending.tidied(self._ending.skipped(INTERRUPTED)))

    @contextmanager
    def _giving_up(self, what: str) -> Iterator[None]:
        """End where the platform keeps us from going on."""
        try:
            yield
        except GenesysError as problem:
            raise _EndedError(self._ending.given_up(what, problem)) from None
