"""The exit codes of the terminal."""

import enum
from typing import NoReturn

import typer


class Exit(enum.IntEnum):
    """What a script can tell from the exit code."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    INCOMPLETE = 3


def leave(code: Exit) -> NoReturn:
    """End the command with this code."""
    raise typer.Exit(int(code))
