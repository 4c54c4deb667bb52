"""How the tasks of a run share its process."""

from typing import Any

from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner


def several_at_a_time() -> TaskRunner[PrefectFuture[Any]]:
    """Four task runs at once: with four batches waiting, the reading threads that they share never run dry."""
    runner: Any = ThreadPoolTaskRunner(max_workers=4)
    return runner  # type: ignore[no-any-return] # Prefect's own stubs do not agree with themselves
