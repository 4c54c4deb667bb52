"""How a run works in its process: as a Prefect flow that starts quickly, with tasks that share the process."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Flow
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from pydantic_core import to_jsonable_python

P = ParamSpec("P")
R = TypeVar("R")


class QuickFlow(Flow[P, R]):
    """A Prefect flow whose parameters pydantic writes: Prefect's own way loads FastAPI first, which takes 0.1 s.

    It is asked where a run is not started by a deployment.
    """

    def serialize_parameters(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Give the parameters as the run shows them; secrets are masked, and what has no JSON is named by its type."""
        return {name: to_jsonable_python(value, fallback=_by_its_type) for name, value in parameters.items()}


def quick_flow(**options: Any) -> Callable[[Callable[P, R]], Flow[P, R]]:
    """Make a Prefect flow of a function; `options` are those of Prefect's own decorator."""

    def made_of(function: Callable[P, R]) -> Flow[P, R]:
        return QuickFlow(function, **options)

    return made_of


def several_at_a_time() -> TaskRunner[PrefectFuture[Any]]:
    """Sixteen task runs at once, as many as a policy may ask to be published at a time.

    Reading has threads of its own, which all batches share (tasks/readers.py).
    """
    runner: Any = ThreadPoolTaskRunner(max_workers=16)
    return runner  # type: ignore[no-any-return] # Prefect's own stubs do not agree with themselves


def _by_its_type(value: object) -> str:
    return f"<{type(value).__name__}>"
