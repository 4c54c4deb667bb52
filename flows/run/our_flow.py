"""What all our Prefect flows have in common: how they begin, and how they end where something is raised."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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

_endings: ContextVar[list[State[Any]] | None] = ContextVar("endings", default=None)


@contextmanager
def hearing_endings() -> Iterator[list[State[Any]]]:
    """Collect the states that runs in this context end in: a terminal knows them also where Prefect's server does not.

    A run that is not in it has not come to its end, or has ended by what is no Exception.
    """
    endings: list[State[Any]] = []
    token = _endings.set(endings)
    try:
        yield endings
    finally:
        _endings.reset(token)


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
            ended = body(*args, **kwargs)
        except Exception as problem:  # noqa: BLE001 - whatever it is, Prefect would store it
            get_run_logger().exception("Encountered an exception during execution:")  # in Prefect's own words
            said = f"Flow run encountered an exception: {type(problem).__name__}: {problem}"
            ended = failed(said, data=problem)
        if (endings := _endings.get()) is not None:
            endings.append(ended)
        return ended

    return run
