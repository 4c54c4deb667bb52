"""What the documents on the platform say about whose work they are: ours, an earlier attempt's, or a colleague's."""

from collections.abc import Iterable
from dataclasses import dataclass

from genesys import NotFound, ReadClient
from publishing.architect.drafts import (
    HIDDEN_IN_DRAFTS,
    body_after,
    fingerprint_of,
    is_made_by_this_tool,
    is_same_content,
)
from publishing.architect.operations import PublishResult
from publishing.architect.snapshots import left_behind, snapshots_in
from publishing.order import ArchitectFlowOrder
from publishing.verification import name_differences
from timeouts.definitions.differences import Difference
from timeouts.definitions.proof import compare_published
from timeouts.model.org import ArchitectFlow
from timeouts.text.labels import is_before, is_next, next_label

_NAMED_DIFFERENCES = 3
_STALE = "stale: under our lock lies other content than the plan was made from"
_MORE = "the draft that our check-out made shows more than what is published, which was published without it"
_LESS = "the draft that our check-out made shows less than what is published, which was published with it"


def is_abandoned_by_us(client: ReadClient, seen: ArchitectFlow) -> bool:
    """Tell whether the latest content is one that a dead run of ours can have left, on top of what is live.

    Raises GenesysError.
    """
    if seen.published_version is None:
        return False
    live = client.configuration(seen.id, seen.published_version)
    return is_made_by_this_tool(live, client.latest_configuration(seen.id))


@dataclass(frozen=True, slots=True)
class Basis:
    """What to make the edit in, under our lock: `body`, b'' where the `latest` content is not the plan's.

    `note`: what of the latest content is the server's own, '' where nothing is; `stale`: in what it differs from the
    plan's, where it does. Both are for people.
    """

    latest: bytes
    body: bytes = b""
    note: str = ""
    stale: str = _STALE


class Contents:
    """Reads and compares configurations of the Architect flow of one order. Every method may raise GenesysError.

    `edited` is what we have sent or are about to send, b'' before that.
    """

    def __init__(self, client: ReadClient, order: ArchitectFlowOrder) -> None:
        self._client = client
        self._order = order
        self._id = order.target.id
        self._hidden = HIDDEN_IN_DRAFTS
        self.edited = b""

    def latest(self) -> bytes:
        """Return the newest saved content, else the newest checked-in one."""
        return self._client.latest_configuration(self._id)

    def planned(self) -> bytes:
        """Return the configuration that the plan was made from; b'' where there was none, or it is not kept."""
        if self._order.version is None:
            return b""
        try:
            return self._client.configuration(self._id, self._order.version)
        except NotFound:
            return b""

    def basis(self, seen: ArchitectFlow, *, is_leftover: bool, had_draft: bool) -> Basis:
        """Return what to edit: the latest content, or the planned one where only the server tells the two apart.

        Keys that a draft alone shows, and those that it alone does not show, are the server's where our check-out made
        it (docs/platform.md#open-save): the former do not go live with ours, the latter stay live. Where there was a
        draft before (`had_draft`), somebody may have made it; `is_leftover`: we did, and it is replaced.
        """
        latest = self.latest()
        if fingerprint_of(latest) == self._order.fingerprint:
            return Basis(latest, latest)
        planned = self.planned()
        if not self._order.fingerprint or fingerprint_of(planned) != self._order.fingerprint:
            return Basis(latest)
        if is_leftover:
            return Basis(latest, planned)
        compared = compare_published(planned, latest, lambda _: True)
        from_before = _checked_in_before(seen)
        if had_draft or from_before or compared.foreign:
            return Basis(latest, stale=_told(_STALE, compared.foreign or compared.normalised) + from_before)
        less = [each for each in compared.normalised if each.after is None]
        more = [each for each in compared.normalised if each.after is not None]
        self._hidden |= {each.path for each in less}
        notes = [_told(words, found) for words, found in ((_MORE, more), (_LESS, less)) if found]
        return Basis(latest, planned, note="; ".join(notes))

    def ordered(self) -> bytes:
        """Return the configuration that the order asks for; b'' where that cannot be made."""
        return body_after(self.planned(), self._order)

    def is_leftover(self, seen: ArchitectFlow) -> bool:
        """Return whether an unlocked saved draft is exactly what this order makes: a revert of ours left it there."""
        if seen.saved_version is None or seen.unpublished_version is not None:
            return False
        return fingerprint_of(self.latest()) in (self._order.fingerprint, fingerprint_of(self.ordered()))

    def may_discard(self, seen: ArchitectFlow) -> bool:
        """Return whether the saved draft may go: it is our edit, or what a committed version holds anyway."""
        latest = self.latest()
        if fingerprint_of(latest) == self._order.fingerprint or self._is_draft_of(self.edited, latest):
            return True
        committed = seen.checked_in_version or seen.published_version
        return committed is not None and self._is_draft_of(self._client.configuration(self._id, committed), latest)

    def is_what_we_saved(self) -> bool:
        """Return whether the latest content is our edit."""
        return self._is_draft_of(self.edited, self.latest())

    def is_ordered(self, draft: bytes) -> bool:
        """Return whether a draft is what the order asks for already."""
        return self._is_draft_of(self.ordered(), draft)

    def is_ordered_live(self, seen: ArchitectFlow, *, is_ours: bool) -> bool:
        """Return whether what is live is what the order asks for, whoever published it.

        `is_ours`: whether a publish of ours was sent; then what it took in from modules says nothing of whose it was.
        """
        if self._order.version is None or seen.published_version is None:
            return False
        live = self._client.configuration(self._id, seen.published_version)
        if not is_same_content(self.ordered(), live):
            return False
        return is_ours or not self._order.copies or not left_behind(snapshots_in(live), self._order.copies)

    def our_version(self, ended: PublishResult, seen: ArchitectFlow) -> str | None:
        """Return which version our publish made, now that another one is live; None where it is a colleague's alone.

        A colleague may have published right after us: then ours is the next version and theirs is live. But where the
        publish ran without our lock, what it published is what somebody checked in who had broken it.
        """
        version = seen.published_version or ""
        if ended.is_ours and is_next(self._order.version, version):
            return version
        if not is_before(version, self._order.version) and self._holds_our_edit(version):
            return version
        ours = next_label(self._order.version)
        if ours is not None and (ended.had_our_lock or not ended.is_ours) and self._holds_our_edit(ours):
            return ours
        return None

    def _is_draft_of(self, content: bytes, draft: bytes) -> bool:
        return is_same_content(content, draft, self._hidden)

    def _holds_our_edit(self, label: str) -> bool:
        try:
            return is_same_content(self.edited, self._client.configuration(self._id, label))
        except NotFound:
            return False


def _told(words: str, found: Iterable[Difference]) -> str:
    named = name_differences([str(each) for each in found], _NAMED_DIFFERENCES)
    return f"{words}: {named}" if named else words


def _checked_in_before(seen: ArchitectFlow) -> str:
    """Say that what is checked in is older than what is live (docs/platform.md#open-publish-checks-in), else ''."""
    label, live = seen.checked_in_version, seen.published_version
    if label is None or not is_before(label, live):
        return ""
    return f"; checked in is {label}, from before {live}, which is live: drafts may start from it"
