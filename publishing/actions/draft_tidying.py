"""Discarding a draft that a run of ours made, and what people must know where it may still be there.

A 404 alone does not say that a draft is gone: no listing shows drafts. Its mark is dropped only where the platform took
our discard or published the draft; else the next run has to know that it is ours, should it be there all the same.
"""

from collections.abc import Callable

from genesys import AmbiguousWrite, GenesysError, Gone, NotFound, PermissionDenied, Stopped, WriteClient
from publishing.order import DraftMarks, Timing
from publishing.settling import settle
from timeouts.model.action_content import ActionContent

_TRIES = 3
_MOMENT_MS = 5_000
_NEXT = "; the next run takes it up"
NOT_SHOWN = "our draft is not shown any more: where it is there all the same, the next run takes it up"


class DraftTidying:
    """Discards the draft of one action; `is_ours` tells by its content whether a draft is one that we made."""

    def __init__(
        self,
        client: WriteClient,
        action_id: str,
        pace: Timing,
        marks: DraftMarks,
        is_ours: Callable[[ActionContent], bool],
    ) -> None:
        self._client = client
        self._id = action_id
        self._pace = pace
        self._marks = marks
        self._is_ours = is_ours

    def discard(self, *, is_published: bool = False) -> str:
        """Discard our draft; return what is left of it, '' for nothing. Raises nothing that the gateway raises.

        `is_published`: it went live, so that none should be there.
        """
        stays, is_over = "", is_published
        for _ in range(_TRIES):
            try:
                draft = self._client.action_draft(self._id, is_known=not is_over)
                if draft is None:
                    return self._not_there(is_over=is_over)
                if not self._marks.has(self._id) or not self._is_ours(draft):
                    self._marks.drop(self._id)
                    return "a draft that is not ours, or not any more, was left there"
                stays, is_over = f"our draft may still be there{_NEXT}", False
                self._client.delete_draft(self._id)
                is_over = True
            except (NotFound, Gone):
                continue
            except Stopped:
                self._pace.sleep_ms(_MOMENT_MS)  # the platform asked to wait; a stop must not leave the draft for that
                stays = f"our draft could not be discarded before the run had to stop{_NEXT}"
            except AmbiguousWrite as lost:
                stays = f"whether our draft is discarded is not known ({lost}){_NEXT}"
                if self._is_gone_late():
                    return ""
            except PermissionDenied as problem:
                return f"our draft stays, for {problem.permission} is missing{_NEXT}, or a person discards it"
            except GenesysError as problem:
                return f"our draft may still be there ({problem}){_NEXT}"
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
