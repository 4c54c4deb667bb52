"""The threads in which the tasks of a run go on: as many as a policy may ask to be published at a time."""

from typing import Any

from prefect.task_runners import ThreadPoolTaskRunner

from timeouts.policy.policy import MOST_AT_A_TIME

TASK_RUNNER: Any = ThreadPoolTaskRunner(max_workers=MOST_AT_A_TIME)
"""`Any`, for Prefect's annotations of a task runner and of a flow do not agree (prefect 3.8.8).

Reading has threads of its own, which all batches share (genesys/reading/readers.py).
"""
