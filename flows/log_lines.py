"""The gateway's log lines become lines of the run that makes its requests: in Prefect's log, with the run's fields."""

import copy
import logging
import threading

from prefect import get_run_logger
from prefect.exceptions import MissingContextError

from genesys import LOGGER_NAME

_once = threading.Lock()


class _IntoTheRun(logging.Handler):
    """Hands each line to the logger of the current Prefect run, whose level and handlers decide what becomes of it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            run = get_run_logger()
        except MissingContextError:
            run = logging.getLogger()  # as it would have gone without us
        if not run.isEnabledFor(record.levelno):
            return
        line = copy.copy(record)
        if isinstance(run, logging.LoggerAdapter):
            line.__dict__.update(run.extra or {})
            line.name = run.logger.name  # Prefect's formatter names the run by that
            run.logger.handle(line)
        else:
            run.handle(line)


def into_runs() -> None:
    """Lead the gateway's lines into Prefect's, from now on and once; no setting of the user's is needed for that.

    A level that somebody has set for them stays.
    """
    logger = logging.getLogger(LOGGER_NAME)
    with _once:
        if any(isinstance(handler, _IntoTheRun) for handler in logger.handlers):
            return
        logger.addHandler(_IntoTheRun())
        logger.propagate = False
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.DEBUG)
