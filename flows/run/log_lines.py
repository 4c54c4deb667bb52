"""The lines of a run's log: one each, whatever names they hold; the gateway's are among them, with the run's fields."""

import copy
import logging
import threading
import traceback

from prefect import get_run_logger
from prefect.exceptions import MissingContextError
from prefect.settings import PREFECT_UI_URL

from genesys import LOGGER_NAME
from tasks.running.warning import OUTSIDE_OF_RUNS
from timeouts.text.outlets import inert

_once = threading.Lock()
_OF_RUNS = ("prefect.flow_runs", "prefect.task_runs")
_SHOWN_BY = (*_OF_RUNS, "")


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


class _OneLineEach(logging.Filter):
    """Makes one harmless line of each record of a run, Prefect's own included: both UIs make links of addresses.

    The address of Prefect's own UI stays one: Prefect says at the beginning where a run is viewed.
    A traceback stays as long as it is, indented, so that none of its lines passes for a line of the log. Fields keep
    their values: JSON escapes what they hold.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = inert(record.getMessage()), ()
        if ui := str(PREFECT_UI_URL.value() or ""):
            record.msg = record.msg.replace(inert(ui), ui)
        if record.exc_info and record.exc_info[0] is None:
            record.exc_info = None  # Prefect says "NoneType: None" below a task that ended in a red state
        elif record.exc_info:
            lines = "".join(traceback.format_exception(*record.exc_info)).splitlines()
            record.exc_text = "\n".join(f"  {_inert_part(line)}" for line in lines)
        return True


def _inert_part(line: str) -> str:
    """Return a line of a traceback with its indentation."""
    return line[: len(line) - len(line.lstrip(" "))] + inert(line)


def one_line_each() -> None:
    """Have all lines of all runs in this process made harmless, and the gateway's where there is no run; once.

    To be called when a Prefect flow is imported: Prefect has said how the run is called before its body begins.
    """
    with _once:
        for name in (*_OF_RUNS, LOGGER_NAME, OUTSIDE_OF_RUNS):
            logger = logging.getLogger(name)
            if not any(isinstance(each, _OneLineEach) for each in logger.filters):
                logger.addFilter(_OneLineEach())


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
