"""The end of a Prefect flow that raises: a red state, and nothing of Prefect's in the storage.

Prefect stores what a flow raises as a pickle in its result storage, whatever the flow says of its results.
"""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

from prefect import get_run_logger
from prefect.client.schemas.objects import State

from tasks.running.states import failed

Parameters = ParamSpec("Parameters")


def failing_in_order(body: Callable[Parameters, State[Any]]) -> Callable[Parameters, State[Any]]:
    """Have the body of a Prefect flow end in a red state where it raises; the state holds what was raised.

    To be put under `@flow`. What is no Exception, such as a suspension or an interruption, passes as it is.
    """

    @functools.wraps(body)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> State[Any]:
        try:
            return body(*args, **kwargs)
        except Exception as problem:  # noqa: BLE001 - whatever it is, Prefect would store it
            get_run_logger().exception("Encountered an exception during execution:")  # in Prefect's own words
            said = f"Flow run encountered an exception: {type(problem).__name__}: {problem}"
            return failed(said, data=problem)

    return run
