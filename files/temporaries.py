"""The names of files that stand beside another one while that is written anew: a stopped run may leave one."""

import re
from uuid import uuid4

_NAME = re.compile(r"\.genesys-timeouts-[0-9a-f]{32}\.tmp")


def new_temporary() -> str:
    """Return a name that no file has."""
    return f".genesys-timeouts-{uuid4().hex}.tmp"


def is_temporary(name: str) -> bool:
    """Return whether a file of this name is one of ours that stands beside another one."""
    return _NAME.fullmatch(name) is not None
