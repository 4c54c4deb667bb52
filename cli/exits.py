"""How a command ends: its exit codes, and what stands in its way, which is said."""

import enum
from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

import typer

Given = ParamSpec("Given")


class Exit(enum.IntEnum):
    """What a script can tell from the exit code."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    INCOMPLETE = 3


class UsageError(Exception):
    """What was asked for cannot be done; the text says what to type instead."""


class NotDoneError(Exception):
    """What was asked for was not done, though nothing is wrong with that; the text says why."""


def saying_problems(command: Callable[Given, Exit]) -> Callable[Given, Exit]:
    """Have a command say what stands in its way, and end with the code that this has.

    USAGE: what was asked for, or the configuration, is wrong. FAILED: the org refuses it, or it was not done.
    """

    @wraps(command)
    def saying(*args: Given.args, **kwargs: Given.kwargs) -> Exit:
        from cli.showing.screens import complain
        from genesys import AuthenticationFailed, ConfigurationProblem, GenesysError
        from timeouts.model.durations import DurationError
        from timeouts.policy.policy_file import PolicyError

        try:
            return command(*args, **kwargs)
        except (UsageError, PolicyError, DurationError, ConfigurationProblem, AuthenticationFailed) as problem:
            complain(str(problem))
            return Exit.USAGE
        except (GenesysError, NotDoneError) as problem:
            complain(str(problem))
            return Exit.FAILED

    return saying


def leave(code: Exit) -> NoReturn:
    """End the command with this code."""
    raise typer.Exit(int(code))
