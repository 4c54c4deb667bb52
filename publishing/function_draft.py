"""Changing the limit of a function data action: its function can only be changed in a draft (genesys-cloud.md 5).

| step     | reads                            | writes       | then                                                |
|----------|----------------------------------|--------------|-----------------------------------------------------|
| look     | action, draft                    | -            | DRAFT; FUNCTION: the draft is one that a run of     |
|          |                                  |              | ours left; skipped: anybody else's, stale, gone     |
| DRAFT    | the draft, whatever the answer   | POST draft   | FUNCTION; TIDY, then skipped: the action changed    |
|          |                                  |              | meanwhile; skipped: somebody else's; failed         |
| FUNCTION | -                                | PUT function | VALIDATE, also where the answer was lost; TIDY,     |
|          |                                  |              | then failed: refused                                |
| VALIDATE | validation                       | -            | CONFIRM; TIDY, then failed: not valid               |
| CONFIRM  | draft, the action's version      | -            | PUBLISH; TIDY, then failed or skipped: not as sent, |
|          |                                  |              | the action changed; skipped: edited                 |
| PUBLISH  | lost: action; refused: CONFIRM   | POST publish | published; PUBLISH: the next version is asked for;  |
|          |                                  |              | TIDY, then failed or skipped                        |
| TIDY     | the draft, before and after      | DELETE draft | the draft of ours is gone; else it is told          |

Drafts carry no owner. That one is ours, a mark says which is set before it is made, and its content: what is live, but
for the limit. What anybody has edited in it is theirs, and neither published nor deleted.
"""

from genesys import (
    AmbiguousWrite,
    Conflict,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    Stopped,
    WriteClient,
)
from publishing.action_ending import INTERRUPTED, Ending
from publishing.action_order import ActionOrder, ActionPublication, Marks
from publishing.action_patch import settled
from publishing.order import Pace
from timeouts.action_content import ActionContent, compare_contents

_TRIES = 3
_MOMENT_MS = 5_000
_SOMEBODYS = "somebody has a draft of it"
_UNLIKE_OURS = "the one that a run of ours left is not what is live with another limit any more: discard it by hand"
_NEXT = "; the next run takes it up"


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
        try:
            self._live = self._client.action_content(self._id)
            draft = self._client.action_draft(self._id)
        except GenesysError as problem:
            raise _EndedError(self._ending.not_begun(problem)) from None
        self._ending.hide(self._live)
        if draft is None:
            self._marks.drop(self._id)
        stands = self._ending.already(self._live)
        if stands is not None:
            raise _EndedError(stands if draft is None else self._tidied(stands))
        if draft is not None and not self._marks.has(self._id):
            raise _EndedError(self._ending.skipped(f"{_SOMEBODYS}, which a change could take away"))
        if draft is not None and not self._is_ours(draft):
            raise _EndedError(self._ending.skipped(f"{_SOMEBODYS}, or {_UNLIKE_OURS}"))
        return draft

    def _make_draft(self) -> ActionContent:
        self._stop_if_asked()
        self._marks.put(self._id)
        not_there = self._ending.skipped("somebody discarded the draft that we had made")
        try:
            self._client.create_draft(self._id)
        except AmbiguousWrite as lost:
            not_there = self._ending.failed(f"the draft was lost on the way and not made ({lost})")
        except GenesysError as problem:
            self._marks.drop(self._id)
            raise _EndedError(self._not_made(problem)) from None
        draft = self._read_draft(not_there)
        if not self._is_ours(draft):
            raise _EndedError(self._made_of_another(draft))
        return draft

    def _not_made(self, problem: GenesysError) -> ActionPublication:
        if isinstance(problem, Conflict):
            return self._ending.skipped(f"{_SOMEBODYS} since a moment ago ({problem})")
        return self._ending.not_begun(problem)

    def _made_of_another(self, draft: ActionContent) -> ActionPublication:
        """A draft that is not as we looked: the action was changed before it was made, or it is somebody's work."""
        try:
            self._live = self._client.action_content(self._id)
        except GenesysError as problem:
            return self._given_up("what the draft was made of could not be read", problem)
        stands = self._ending.already(self._live)
        if stands is not None and self._is_ours(draft):
            return self._tidied(stands)
        return self._edited()

    def _set_function(self, draft: ActionContent) -> str:
        """Put the new limit into the draft; gives why it may not be there all the same."""
        if not draft.has_limit(self._order.after_ms):
            self._stop_if_asked()
            try:
                self._client.put_draft_function(self._id, draft.with_limit(self._order.after_ms).put_function())
            except AmbiguousWrite as lost:
                return f"the change was lost on the way and did not happen ({lost})"
            except GenesysError as problem:
                raise _EndedError(self._given_up("the change was not made", problem)) from None
        return "the function in the draft is not as it was sent"

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
        draft = self._read_draft(self._ending.skipped("somebody discarded the draft that we had made"))
        if compare_contents(self._wanted.fingerprints(), draft.fingerprints()).foreign:
            raise _EndedError(self._tidied(self._ending.failed(why)) if self._is_ours(draft) else self._edited())
        try:
            version = self._client.action_version(self._id)
        except GenesysError as problem:
            raise _EndedError(self._given_up("the action could not be read", problem)) from None
        if version != self._order.version:
            raise _EndedError(self._settled(self._ending.failed("the action changes all the time")))
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
                why = f"the publish was lost on the way and did not happen ({lost})"
                return self._settled(self._ending.failed(why))
            except (Conflict, InvalidRequest) as refusal:
                why = f"the platform refused the publish ({refusal})"
                self._confirm(why)
            except GenesysError as problem:
                return self._given_up("the draft was not published", problem)
            else:
                self._marks.drop(self._id)
                return self._ending.published(published, draft)
        return self._tidied(self._ending.failed(why))

    # Small things.

    @property
    def _wanted(self) -> ActionContent:
        assert self._live is not None, "it was looked at first"
        return self._live.with_limit(self._order.after_ms)

    def _is_ours(self, draft: ActionContent) -> bool:
        """Whether a draft is what is live, but for a limit that a run of ours can have left: the old or the new one."""
        assert self._live is not None, "it was looked at first"
        if not draft.has_limit(self._live.limit_ms) and not draft.has_limit(self._order.after_ms):
            return False
        limited = draft.with_limit(self._order.after_ms)
        return not compare_contents(self._wanted.fingerprints(), limited.fingerprints()).foreign

    def _read_draft(self, not_there: ActionPublication) -> ActionContent:
        """Read the draft that we are working on; `not_there`: what to say where it is gone and nobody published it."""
        try:
            draft = self._client.action_draft(self._id)
        except GenesysError as problem:
            raise _EndedError(self._given_up("the draft could not be read", problem)) from None
        if draft is None:
            raise _EndedError(self._settled(not_there))
        return draft

    def _stop_if_asked(self) -> None:
        if self._pace.stopped():
            ended = self._ending.skipped(INTERRUPTED)
            raise _EndedError(self._tidied(ended) if self._marks.has(self._id) else ended)

    # How it ends.

    def _given_up(self, what: str, problem: GenesysError) -> ActionPublication:
        """Say what kept us from going on, and take our draft away."""
        if isinstance(problem, NotFound | Gone):
            return self._settled(self._ending.skipped("somebody discarded the draft that we had made"))
        if isinstance(problem, Stopped):
            return self._tidied(self._ending.skipped(INTERRUPTED))
        return self._tidied(self._ending.failed(f"{what}: {problem}"))

    def _settled(self, not_done: ActionPublication) -> ActionPublication:
        """Decide by reading what became of it; what cannot be read is left to the next run."""
        ended = settled(self._client, self._wanted, self._ending, not_done)
        return ended if ended.outcome.outcome == "unknown" else self._tidied(ended)

    def _edited(self) -> ActionPublication:
        self._marks.drop(self._id)
        return self._ending.skipped(f"{_SOMEBODYS} and edits it; it was left there")

    def _tidied(self, ended: ActionPublication) -> ActionPublication:
        """Discard our draft, and say where that cannot be done."""
        return self._ending.with_note(ended, self._tidy())

    def _tidy(self) -> str:
        stays = ""
        for _ in range(_TRIES):
            try:
                draft = self._client.action_draft(self._id)
                if draft is None:
                    self._marks.drop(self._id)
                    return ""
                if not self._marks.has(self._id) or not self._is_ours(draft):
                    self._marks.drop(self._id)
                    return "a draft that is not ours, or not any more, was left there"
                stays = f"our draft may still be there{_NEXT}"
                self._client.delete_draft(self._id)
            except (NotFound, Gone):
                continue
            except Stopped:
                self._pace.sleep_ms(_MOMENT_MS)  # the platform asked to wait; a stop must not leave the draft for that
                stays = f"our draft could not be discarded before the run had to stop{_NEXT}"
            except AmbiguousWrite as lost:
                stays = f"whether our draft is discarded is not known ({lost}){_NEXT}"
            except PermissionDenied as problem:
                return f"our draft stays, for {problem.permission} is missing{_NEXT}, or a person discards it"
            except GenesysError as problem:
                return f"our draft may still be there ({problem}){_NEXT}"
        return stays
