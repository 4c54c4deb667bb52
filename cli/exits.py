"""How a command ends: its exit codes, and what is wrong with what was asked for."""

import enum
from typing import NoReturn

import typer


class Exit(enum.IntEnum):
    """What a script can tell from the exit code."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    INCOMPLETE = 3


class UsageError(Exception):
    """What was asked for cannot be done; the text says what to type instead."""


def leave(code: Exit) -> NoReturn:
    """End the command with this code."""
    raise typer.Exit(int(code))
