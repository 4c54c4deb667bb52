"""When Prefect may run a task again: for its own environment. Requests are repeated in the gateway, nowhere else."""

from typing import Any

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import exponential_backoff


def is_infrastructure(_task: Task[Any, Any], _task_run: TaskRun, state: State[Any]) -> bool:
    """Return whether the task failed for want of disk, result storage or the like (OSError), which may pass.

    What the platform answered is final here: the gateway has tried already (docs/design.md#one-retry-layer).
    """
    return isinstance(state.result(raise_on_failure=False), OSError)


OURS: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False, "retries": 0}
"""What every task says: Prefect keeps nothing of what it returns, and takes nothing from storage (decision 3).

Nor does it repeat one, whatever PREFECT_TASKS_DEFAULT_RETRIES says: a second publish finds live what the first one
made, and calls it unchanged, so that a roll back would leave it.
"""

RETRIED: dict[str, Any] = {
    **OURS,
    "retries": 2,
    "retry_delay_seconds": exponential_backoff(backoff_factor=1),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": is_infrastructure,
}
"""What a task that reads says of its retries."""
