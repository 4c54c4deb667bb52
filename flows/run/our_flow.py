"""What all our Prefect flows have in common: how they begin, and how they end where something is raised."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.task_runners import ThreadPoolTaskRunner

from flows.guards.job_variables import check_job_variables
from tasks.running.states import failed
from timeouts.policy.policy import MOST_AT_A_TIME

Parameters = ParamSpec("Parameters")

OURS: dict[str, Any] = {
    "task_runner": ThreadPoolTaskRunner(max_workers=MOST_AT_A_TIME),
    "persist_result": False,
    "retries": 0,
}
"""What every flow says. Its tasks go on in as many threads as a policy may ask to be published at a time.

Reading has threads of its own, which all batches share (genesys/reading/readers.py). Prefect never repeats a run by
itself, whatever PREFECT_FLOWS_DEFAULT_RETRIES says: a person does, who has seen how it ended.
"""


def our_flow(body: Callable[Parameters, State[Any]]) -> Callable[Parameters, State[Any]]:
    """Refuse what the server sets of a run's environment, and end in a red state where anything is raised.

    To be put under `@flow`. The state holds what was raised: Prefect itself would store that as a pickle in its result
    storage, whatever the flow says of its results. What is no Exception, such as a suspension or an interruption,
    passes as it is.
    """

    @functools.wraps(body)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> State[Any]:
        try:
            check_job_variables()
            return body(*args, **kwargs)
        except Exception as problem:  # noqa: BLE001 - whatever it is, Prefect would store it
            get_run_logger().exception("Encountered an exception during execution:")  # in Prefect's own words
            said = f"Flow run encountered an exception: {type(problem).__name__}: {problem}"
            return failed(said, data=problem)

    return run
