"""How long the functions behind function data actions may take, kept by the action's version, which never changes."""

import hashlib
from typing import Annotated

from pydantic import Field, TypeAdapter

from tasks.storage import ResultStorage
from timeouts.org import DataAction

_LIMIT_MS = TypeAdapter(Annotated[int, Field(strict=True, ge=1, le=60_000)])
"""No action may take longer than a minute (the platform's own bound), and no function as long as that."""


class FunctionLimits:
    """What is kept of the functions of one org."""

    def __init__(self, storage: ResultStorage, organization_id: str) -> None:
        self._storage = storage
        self._organization_id = organization_id

    def with_known(self, action: DataAction) -> DataAction:
        """Give the action with the limit of its function, where that is kept; one without a function as it is."""
        if action.kind != "function":
            return action
        return action.model_copy(update={"function_ms": self._read(action)})

    def keep(self, action: DataAction, limit_ms: int) -> None:
        """Keep the limit of the function of this version of the action."""
        if action.version is not None:
            self._storage.keep(self._name(action), _LIMIT_MS.dump_json(limit_ms))

    def _read(self, action: DataAction) -> int | None:
        if action.version is None:
            return None
        try:
            return _LIMIT_MS.validate_json(self._storage.read(self._name(action)))
        except (ValueError, OSError):
            return None

    def _name(self, action: DataAction) -> str:
        key = repr((self._organization_id, action.id, action.version))
        return f"genesys-timeouts-function-{hashlib.sha256(key.encode()).hexdigest()}"
