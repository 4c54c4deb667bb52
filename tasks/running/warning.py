"""Warns of what a run goes on without: in the run's own log, or the process's where there is no run."""

import logging

from prefect import get_run_logger
from prefect.exceptions import MissingContextError

OUTSIDE_OF_RUNS = __name__
"""The logger that is told where there is no run."""

_log = logging.getLogger(OUTSIDE_OF_RUNS)


def warn(text: str, *arguments: object) -> None:
    """Log a warning in the log of the current run; outside of runs, in that of the process."""
    try:
        log = get_run_logger()
    except MissingContextError:
        log = _log
    log.warning(text, *arguments)
