"""What all our Prefect flows have in common: how they begin, and how they end where something is raised."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

from prefect import get_run_logger
from prefect.client.schemas.objects import State

from flows.guards.job_variables import check_job_variables
from tasks.running.states import failed

Parameters = ParamSpec("Parameters")


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
