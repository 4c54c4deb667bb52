"""A log as one JSON object a line, for `deployments/logging.yml`. Imports nothing of Prefect: that is importing this.

Prefect's own JsonFormatter keeps our fields too, but holds the text as a template apart from its arguments.
"""

import json
import logging
import math
from datetime import UTC, datetime

_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "send_to_api"}


class JsonLines(logging.Formatter):
    """Writes `time` (ISO 8601, UTC), `level`, `logger`, `message`, then every field that the line was given.

    Those of Prefect name the run (`flow_run_id`, `flow_run_name`, `task_run_id`, ...); ours stand in genesys/log.py. An
    exception is in `exception`, its traceback in `traceback`. Everything beyond ASCII is escaped, so that a line is one
    line on any console and names come back from the JSON as they are.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name, value in vars(record).items():
            if name not in _OF_EVERY_RECORD and value is not None:
                line.setdefault(name, _plain(value))
        if record.exc_info and record.exc_info[0]:
            line["exception"] = f"{record.exc_info[0].__name__}: {record.exc_info[1]}"
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


def _plain(value: object) -> str | int | float | bool:
    """Return what JSON can say, else the text of it."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float | bool) else str(value)
