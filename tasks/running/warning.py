"""Warns of what a run goes on without: in the run's own log, or the process's where there is no run."""

import logging

from prefect import get_run_logger
from prefect.exceptions import MissingContextError

_log = logging.getLogger(__name__)


def warn(text: str, *arguments: object) -> None:
    """Log a warning in the log of the current run; outside of runs, in that of the process."""
    try:
        log = get_run_logger()
    except MissingContextError:
        log = _log
    log.warning(text, *arguments)
