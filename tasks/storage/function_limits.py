"""How long the functions behind function data actions may take, kept by the action's version, which never changes."""

from typing import Annotated

from pydantic import Field

from tasks.storage.results import ResultStorage
from tasks.storage.stored import Stored, name_of
from timeouts.model.org import DataAction

_LIMIT_MS = Annotated[int, Field(strict=True, ge=1, le=60_000)]
"""No action may take longer than a minute (the platform's own bound), and no function as long as that."""


class FunctionLimits:
    """What is kept of the functions of one org."""

    def __init__(self, storage: ResultStorage, org_key: str) -> None:
        self._storage = storage
        self._org_key = org_key

    def with_known(self, action: DataAction) -> DataAction:
        """Return the action with the limit of its function, where that is kept; one without a function as it is."""
        if action.kind != "function":
            return action
        known_ms = None if action.version is None else self._stored(action).get()
        return action.model_copy(update={"function_ms": known_ms})

    def keep(self, action: DataAction, limit_ms: int) -> None:
        """Keep the limit of the function of this version of the action."""
        if action.version is not None:
            self._stored(action).keep(limit_ms)

    def _stored(self, action: DataAction) -> Stored[int]:
        key = repr((self._org_key, action.id, action.version))
        return Stored(self._storage, name_of("function", key), _LIMIT_MS)
