"""How long the functions behind function data actions may take, kept by the action's version, which never changes.

A function carries no version of its own: right after a publish, a replica that lags behind shows the limit from before
under the new version. So a limit counts as known once it was read again, the same, long after any such lag.
"""

from typing import Annotated

from pydantic import Field

from publishing.order import LAG_MS
from tasks.running.clock import now_ms
from tasks.storage.results import ResultStorage
from tasks.storage.stored import Stored, name_of
from timeouts.model.org import DataAction
from timeouts.model.values import Value

CONFIRMED_AFTER_MS = 10 * LAG_MS
"""No run that disbelieves a function and reads it again for the lag of replicas confirms what it disbelieves."""


class _Read(Value):
    """`limit_ms`: no action may take longer than a minute (the platform's own bound), and no function as long as that.

    `first_ms`: when it was read first, in milliseconds since 1970.
    """

    limit_ms: Annotated[int, Field(strict=True, ge=1, le=60_000)]
    first_ms: int
    is_confirmed: bool = False


class FunctionLimits:
    """What is kept of the functions of one org."""

    def __init__(self, storage: ResultStorage, org_key: str) -> None:
        self._storage = storage
        self._org_key = org_key

    def with_known(self, action: DataAction) -> DataAction:
        """Return the action with the limit of its function, where that is known; one without a function as it is."""
        if action.kind != "function":
            return action
        read = None if action.version is None else self._stored(action).get()
        known_ms = read.limit_ms if read is not None and read.is_confirmed else None
        return action.model_copy(update={"function_ms": known_ms})

    def keep(self, action: DataAction, limit_ms: int) -> None:
        """Keep what was read just now of the function of this version of the action."""
        if action.version is None:
            return
        stored, read_ms = self._stored(action), now_ms()
        before = stored.get()
        if before is None or before.limit_ms != limit_ms:
            stored.keep(_Read(limit_ms=limit_ms, first_ms=read_ms))
        elif read_ms - before.first_ms >= CONFIRMED_AFTER_MS:
            stored.keep(before.model_copy(update={"is_confirmed": True}))

    def _stored(self, action: DataAction) -> Stored[_Read]:
        key = repr((self._org_key, action.id, action.version))
        return Stored(self._storage, name_of("function", key), _Read, is_ours=_is_past)


def _is_past(read: _Read) -> bool:
    return read.first_ms <= now_ms()
