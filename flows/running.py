"""How the tasks of a run share its process."""

from typing import Any

from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner


def several_at_a_time() -> TaskRunner[PrefectFuture[Any]]:
    """Sixteen task runs at once, as many as a policy may ask to be published at a time.

    Reading has threads of its own, which all batches share (flows/reading.py).
    """
    runner: Any = ThreadPoolTaskRunner(max_workers=16)
    return runner  # type: ignore[no-any-return] # Prefect's own stubs do not agree with themselves
