"""Which org an OAuth client belongs to: it never moves, so that most runs need not ask (docs/platform.md#token)."""

from collections.abc import Sequence
from concurrent.futures import Executor
from contextvars import copy_context

from genesys import ReadClient
from tasks.running.clock import now_ms
from tasks.storage.results import ResultStorage
from tasks.storage.stored import Stored, name_of
from timeouts.model.durations import DAY_MS
from timeouts.model.org import ArchitectFlow, Organization
from timeouts.model.values import Value

_LASTS_MS = 7 * DAY_MS
"""After that it is asked again: an org may get another name."""

_WITNESSES = 50


class _Known(Value):
    organization: Organization
    asked_ms: int
    witnesses: tuple[str, ...]


class KnownOrg:
    """The org of a client, as it is kept in `storage`; where it is not, `threads` ask while the org is being listed."""

    def __init__(self, storage: ResultStorage, client: ReadClient, threads: Executor) -> None:
        self._client = client
        key = repr((client.platform, client.identity))
        self._stored: Stored[_Known] = Stored(storage, name_of("org", key), _Known, is_ours=_is_recent)
        self.name = self._stored.name
        self._known = self._stored.get()
        self._told = client.told_organization
        is_to_ask = self._known is None and self._told is None
        self._asked = threads.submit(copy_context().run, client.organization) if is_to_ask else None

    @property
    def key(self) -> str | None:
        """The key of the org as it is kept, None where it is not."""
        return None if self._known is None else self._known.organization.key

    def identify(self, architect_flows: Sequence[ArchitectFlow]) -> Organization:
        """Say which org these Architect flows belong to.

        What is kept is believed for a week, and only where some of the Architect flows that it was kept with are
        there still: their ids are unique, so that another org behind the same address is never taken for it. What the
        platform told this very client counts for more, and corrects it.
        """
        listed = [architect_flow.id for architect_flow in architect_flows]
        known = self._known
        if known and self._told in (None, known.organization) and not set(listed).isdisjoint(known.witnesses):
            return known.organization
        organization = self._told or (self._asked.result() if self._asked else self._client.organization())
        kept = _Known(organization=organization, asked_ms=now_ms(), witnesses=tuple(listed[:_WITNESSES]))
        self._stored.keep(kept)
        return organization


def _is_recent(known: _Known) -> bool:
    return 0 <= now_ms() - known.asked_ms < _LASTS_MS
