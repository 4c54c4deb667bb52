"""The one door to the states in which runs and tasks end: what their messages quote is made harmless here.

Prefect's UIs show a message as plain text. Notifications are made of it, and log lines.
"""

from typing import Any

from prefect import states
from prefect.client.schemas.objects import State

from timeouts.text.outlets import inert


def completed(message: str, *, name: str | None = None, data: Any = None) -> State[Any]:
    """Return a green state."""
    return states.Completed(name=name, message=inert(message) or None, data=data)


def failed(message: str, *, name: str | None = None, data: Any = None) -> State[Any]:
    """Return a red state, which automations on failure listen to."""
    return states.Failed(name=name, message=inert(message), data=data)


def cancelled(message: str, *, name: str) -> State[Any]:
    """Return the state of a run that somebody ended."""
    return states.Cancelled(name=name, message=inert(message))
