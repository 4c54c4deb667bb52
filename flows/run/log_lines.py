"""The gateway's log lines become lines of the run that makes its requests: in Prefect's log, with the run's fields."""

import copy
import logging
import threading

from prefect import get_run_logger
from prefect.exceptions import MissingContextError

from genesys import LOGGER_NAME

_once = threading.Lock()
_SHOWN_BY = ("prefect.flow_runs", "prefect.task_runs", "")


class _IntoTheRun(logging.Filter):
    """Hands each line to the logger of the current Prefect run, whose level and handlers decide what becomes of it.

    A filter and no handler: a line that belongs to a run must not take its own way as well, and one that does not
    goes where all others go.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            run = get_run_logger()
        except MissingContextError:
            return logging.getLogger().isEnabledFor(record.levelno)
        if isinstance(run, logging.LoggerAdapter) and run.isEnabledFor(record.levelno):
            line = copy.copy(record)
            line.__dict__.update(run.extra or {})
            line.name = run.logger.name  # Prefect's formatter names the run by that
            run.logger.handle(line)
        return False


def into_runs() -> None:
    """Lead the gateway's lines into Prefect's, from now on and once; no setting of the user's is needed for that.

    A level that somebody has set for them stays. Otherwise lines that no run would show are not made: there is one for
    each request at DEBUG.
    """
    logger = logging.getLogger(LOGGER_NAME)
    with _once:
        if not any(isinstance(each, _IntoTheRun) for each in logger.filters):
            logger.addFilter(_IntoTheRun())
            if logger.level == logging.NOTSET:
                logger.setLevel(min(logging.getLogger(name).getEffectiveLevel() for name in _SHOWN_BY))
