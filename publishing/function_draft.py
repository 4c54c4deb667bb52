"""Changing the limit of a function data action: its function can only be changed in a draft (genesys-cloud.md 5).

| step     | reads                            | writes       | then                                                |
|----------|----------------------------------|--------------|-----------------------------------------------------|
| look     | action, draft                    | -            | DRAFT; FUNCTION: the draft is one that a run of     |
|          |                                  |              | ours left; skipped: anybody else's, stale, gone     |
| DRAFT    | the draft, whatever the answer   | POST draft   | FUNCTION; skipped: somebody else's; failed          |
| FUNCTION | the draft, whatever the answer   | PUT function | VALIDATE; TIDY: not done; skipped: edited           |
| VALIDATE | validation                       | -            | PUBLISH; TIDY, then failed: not valid               |
| PUBLISH  | lost or refused: action, draft   | POST publish | published; PUBLISH: the next version is asked for;  |
|          |                                  |              | TIDY, then failed or skipped                        |
| TIDY     | the draft, before and after      | DELETE draft | the draft of ours is gone; else it is told          |

Drafts carry no owner. That one is ours, a mark says which is set before it is made; what anybody has edited in it is
theirs, and neither published nor deleted.
"""

from genesys import (
    AmbiguousWrite,
    Conflict,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    WriteClient,
)
from publishing.action_ending import INTERRUPTED, Ending, with_note
from publishing.action_order import ActionOrder, ActionPublication, Marks
from publishing.action_patch import settled
from publishing.order import Pace
from timeouts.action_content import ActionContent, compare_contents

_TRIES = 3
_SOMEBODYS = "somebody has a draft of it"


class _EndedError(Exception):
    """The protocol is over; carries what came of it."""

    def __init__(self, publication: ActionPublication) -> None:
        super().__init__()
        self.publication = publication


class FunctionDraft:
    """One attempt at one order. Call `run` once. Raises nothing that the gateway raises."""

    def __init__(self, client: WriteClient, order: ActionOrder, pace: Pace, marks: Marks) -> None:
        self._client = client
        self._id = order.action_id
        self._order = order
        self._pace = pace
        self._marks = marks
        self._ending = Ending(order)
        self._live: ActionContent | None = None
        self._was_refused = False

    def run(self) -> ActionPublication:
        """Go through all steps, to one ending."""
        try:
            draft = self._look() or self._make_draft()
            edited = self._set_function(draft)
            self._validate()
            return self._publish(edited)
        except _EndedError as ended:
            return ended.publication

    def _look(self) -> ActionContent | None:
        """Read what is there; gives the draft that an interrupted run of ours left, None where there is none."""
        try:
            self._live = self._client.action_content(self._id)
            draft = self._client.action_draft(self._id)
        except GenesysError as problem:
            raise _EndedError(self._ending.not_begun(problem)) from None
        stands = self._ending.already(self._live)
        if stands is not None:
            raise _EndedError(stands if draft is None else self._tidied(stands))
        if draft is None:
            return None
        if not self._marks.has(self._id):
            raise _EndedError(self._ending.skipped(f"{_SOMEBODYS}, which a change could take away"))
        if not self._is_ours(draft):
            raise _EndedError(self._ending.skipped(f"{_SOMEBODYS}, or has edited the one that a run of ours left"))
        return draft

    def _make_draft(self) -> ActionContent:
        self._stop_if_asked()
        self._marks.put(self._id)
        why = "the draft that was made is not there any more"
        try:
            self._client.create_draft(self._id)
        except Conflict as refusal:
            self._marks.drop(self._id)
            raise _EndedError(self._ending.skipped(f"{_SOMEBODYS} since a moment ago ({refusal})")) from None
        except AmbiguousWrite as lost:
            why = f"the draft was lost on the way and not made ({lost})"
        except GenesysError as problem:
            self._marks.drop(self._id)
            raise _EndedError(self._ending.not_begun(problem)) from None
        draft = self._read_draft()
        if draft is None:
            self._marks.drop(self._id)
            raise _EndedError(self._ending.failed(why))
        if not self._is_ours(draft):
            self._marks.drop(self._id)
            raise _EndedError(self._ending.skipped(f"{_SOMEBODYS} and edits it; it was left there"))
        return draft

    def _set_function(self, draft: ActionContent) -> ActionContent:
        """Put the new limit into the draft; gives the draft as it is then."""
        wanted = draft.with_limit(self._order.after_ms)
        why = "the function in the draft is not as it was sent"
        if draft.limit_ms != self._order.after_ms:
            self._stop_if_asked(tidy=True)
            try:
                self._client.put_draft_function(self._id, wanted.put_function())
            except AmbiguousWrite as lost:
                why = f"the change was lost on the way and did not happen ({lost})"
            except GenesysError as problem:
                raise _EndedError(self._tidied(self._ending.failed(f"the change was not made: {problem}"))) from None
        now = self._read_draft()
        if now is None:
            self._marks.drop(self._id)
            raise _EndedError(self._ending.skipped("somebody discarded the draft that we had made"))
        if compare_contents(wanted.fingerprints(), now.fingerprints()).foreign:
            raise _EndedError(self._tidied(self._ending.failed(why)))
        return now

    def _validate(self) -> None:
        self._stop_if_asked(tidy=True)
        try:
            problems = self._client.draft_problems(self._id)
        except GenesysError as problem:
            raise _EndedError(
                self._tidied(self._ending.failed(f"the draft could not be validated: {problem}"))
            ) from None
        if problems:
            why = f"the platform does not take the draft: {'; '.join(problems)}"
            raise _EndedError(self._tidied(self._ending.failed(why)))

    def _publish(self, draft: ActionContent) -> ActionPublication:
        """Publish under the draft's version, or the one after it: which of them is wanted is not documented.

        A refusal is an answer: what is live and the draft are read before the other one is tried.
        """
        self._stop_if_asked(tidy=True)
        ended = self._publish_as(draft, draft.version)
        if ended.outcome.outcome == "failed" and self._was_refused and self._is_untouched(draft):
            ended = self._publish_as(draft, draft.version + 1)
        if ended.outcome.outcome == "published":
            self._marks.drop(self._id)
            return ended
        return ended if ended.outcome.outcome == "unknown" else self._tidied(ended)

    def _publish_as(self, draft: ActionContent, version: int) -> ActionPublication:
        self._was_refused = False
        try:
            return self._ending.published(self._client.publish_draft(self._id, version), draft)
        except AmbiguousWrite as lost:
            why = f"the publish was lost on the way and did not happen ({lost})"
        except (Conflict, InvalidRequest) as refusal:
            self._was_refused = True
            why = f"the platform refused the publish ({refusal})"
        except (NotFound, Gone):
            why = "somebody discarded the draft that we had made"
        except GenesysError as problem:
            return self._ending.failed(f"the draft was not published: {problem}")
        return settled(self._client, draft, self._ending, why)

    def _is_untouched(self, draft: ActionContent) -> bool:
        now = self._read_draft()
        return now is not None and (now.version, now.fingerprints()) == (draft.version, draft.fingerprints())

    # Small things.

    def _is_ours(self, draft: ActionContent) -> bool:
        """Whether a draft is what is live, but for the limit: what a run of ours can have left."""
        assert self._live is not None, "it was looked at first"
        as_live = draft.with_limit(self._live.limit_ms)
        live = self._live.with_limit(self._live.limit_ms)
        return not compare_contents(live.fingerprints(), as_live.fingerprints()).foreign

    def _read_draft(self) -> ActionContent | None:
        """Read the draft that we are working on; what cannot be read now, the next run takes up."""
        try:
            return self._client.action_draft(self._id)
        except GenesysError as problem:
            why = f"the draft could not be read: {problem}"
            raise _EndedError(self._tidied(self._ending.failed(why))) from None

    def _stop_if_asked(self, *, tidy: bool = False) -> None:
        if self._pace.stopped():
            ended = self._ending.skipped(INTERRUPTED)
            raise _EndedError(self._tidied(ended) if tidy else ended)

    def _tidied(self, ended: ActionPublication) -> ActionPublication:
        """Discard our draft, and say where that cannot be done."""
        return with_note(ended, self._tidy())

    def _tidy(self) -> str:
        stays = ""
        for _ in range(_TRIES):
            try:
                draft = self._client.action_draft(self._id)
                if draft is None:
                    self._marks.drop(self._id)
                    return ""
                if not self._marks.has(self._id) or not self._is_ours(draft):
                    return f"{_SOMEBODYS}, which was left there"
                self._client.delete_draft(self._id)
            except (NotFound, Gone):
                continue
            except PermissionDenied as problem:
                return f"our draft stays, for {problem.permission} is missing; the next run takes it up"
            except GenesysError as problem:
                stays = f"our draft may still be there ({problem}); the next run takes it up"
                if not isinstance(problem, AmbiguousWrite):
                    return stays
        return stays
