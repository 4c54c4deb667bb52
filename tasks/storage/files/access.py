"""What may be done in a folder or a storage, asked for and not tried."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Access:
    """What may be done in a storage; None where only doing it would show. `problem`: what stands against it."""

    is_readable: bool | None
    is_writable: bool | None
    problem: str = ""


def access_to(folder: Path) -> Access:
    """Ask for the rights of a folder, or of the one in which it would be made."""
    there = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    if not there.is_dir():
        return Access(is_readable=False, is_writable=False, problem=f"{there} is no folder")
    is_readable, is_writable = os.access(there, os.R_OK | os.X_OK), os.access(there, os.W_OK | os.X_OK)
    missing = "" if is_readable and is_writable else f"{there} cannot be {'written' if is_readable else 'read'}"
    return Access(is_readable=is_readable, is_writable=is_writable, problem=missing)
