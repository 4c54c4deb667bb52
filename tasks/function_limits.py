"""How long the functions behind function data actions may take: one request each, kept by the action's version."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from genesys import (
    AuthenticationFailed,
    ConfigurationProblem,
    GenesysError,
    NotFound,
    ReadClient,
    Stopped,
    about,
    of_action,
)
from tasks.storage import ResultStorage
from timeouts.org import DataAction

_STOPS_THE_RUN = (AuthenticationFailed, ConfigurationProblem, Stopped)


@dataclass(frozen=True, slots=True)
class WithFunctions:
    """The actions with the limits of their functions. `note`: what could not be read, '' where all was."""

    actions: tuple[DataAction, ...]
    note: str = ""


def with_functions(
    client: ReadClient, actions: Sequence[DataAction], storage: ResultStorage, organization_id: str
) -> WithFunctions:
    """Add what is known of each function. After the first refusal no more are asked for: it would be the same."""
    found: list[DataAction] = []
    unread: list[str] = []
    problem = ""
    for action in actions:
        if action.kind != "function":
            found.append(action)
            continue
        limit_ms = _kept(storage, organization_id, action)
        if limit_ms is None and not problem:
            try:
                with about(of_action(action.id, action.name)):
                    limit_ms = client.function_limit_ms(action.id)
            except _STOPS_THE_RUN:
                raise
            except NotFound as missing:
                unread.append(f"{action.name} ({missing})")
            except GenesysError as refusal:
                problem = str(refusal)
            else:
                _keep(storage, organization_id, action, limit_ms)
        elif limit_ms is None:
            unread.append(action.name)
        found.append(action.model_copy(update={"function_ms": limit_ms}))
    return WithFunctions(tuple(found), _note(found, problem or "; ".join(unread)))


def _note(actions: Sequence[DataAction], reason: str) -> str:
    names = [action.name for action in actions if action.kind == "function" and action.function_ms is None]
    if not names:
        return ""
    return f"The functions behind {', '.join(names)} could not be read, so they count with 15s at most: {reason}"


def _kept(storage: ResultStorage, organization_id: str, action: DataAction) -> int | None:
    if action.version is None:
        return None
    try:
        kept = json.loads(storage.read(_name(organization_id, action)))
    except (ValueError, OSError):
        return None
    return kept if isinstance(kept, int) and not isinstance(kept, bool) else None


def _keep(storage: ResultStorage, organization_id: str, action: DataAction, limit_ms: int) -> None:
    if action.version is not None:
        storage.write(_name(organization_id, action), json.dumps(limit_ms).encode())


def _name(organization_id: str, action: DataAction) -> str:
    key = repr((organization_id, action.id, action.version))
    return f"genesys-timeouts-function-{hashlib.sha256(key.encode()).hexdigest()}"
