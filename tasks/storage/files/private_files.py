"""Files of the user's own that nobody else may read: the key that seals, and an approver's keys."""

import os
import shlex
import stat
from pathlib import Path
from uuid import uuid4

from platformdirs import user_data_path

from genesys import ConfigurationProblem

HOME = "GENESYS_TIMEOUTS_HOME"
"""The environment variable that names another folder for them."""


def own_folder() -> Path:
    """Return where they lie: in GENESYS_TIMEOUTS_HOME, or in the user's own data folder.

    Raises ConfigurationProblem as `named_home` does.
    """
    return named_home() or user_data_path("genesys-timeouts").absolute()


def named_home() -> Path | None:
    """Return the folder that GENESYS_TIMEOUTS_HOME names, None where it names none.

    Raises ConfigurationProblem for a path that begins where somebody happens to be: it would be another folder there.
    """
    named = os.environ.get(HOME)
    if not named:
        return None
    folder = Path(os.path.expanduser(named))  # noqa: PTH111 - pathlib's raises for a user that is not there
    if not folder.is_absolute():
        raise ConfigurationProblem(f"{HOME} is {named}: write the whole path, from / on.")
    return folder


def create_private(path: Path, content: bytes) -> None:
    """Make a file that was not there: it appears whole. Raises FileExistsError, and other OSErrors."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - of a descriptor, for its mode
            file.write(content)
            file.flush()
            os.fsync(number)
        path.hardlink_to(beside)
    finally:
        beside.unlink()


def why_not_private(path: Path, mode: int, what: str) -> str:
    """Say that others may read `what` a file of this mode holds, and what to type; '' where they may not."""
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ""
    return f"{path} holds {what}, and others may read it: chmod 600 {shlex.quote(str(path))}"
