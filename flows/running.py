"""How a run works in its process: as a Prefect flow that starts quickly, with tasks that share the process."""

import inspect
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, ParamSpec, TypeVar

from prefect import Flow
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.callables import ParameterSchema, parameter_schema
from prefect.utilities.hashing import file_hash
from pydantic_core import to_jsonable_python

P = ParamSpec("P")
R = TypeVar("R")


class QuickFlow(Flow[P, R]):
    """A Prefect flow that is made and started in less time, of a synchronous function.

    Prefect describes the parameters for the run form whenever a flow is made, which takes 0.1 s, and only a deployment
    asks for that; here it is done when somebody asks. Pydantic writes the parameters of a run: Prefect's own way loads
    FastAPI first, which takes 0.1 s, and is gone where a run is not started by a deployment.
    """

    def __init__(self, fn: Callable[P, R], **options: Any) -> None:
        self._described: ParameterSchema | None = None
        options["version"] = options.get("version") or file_hash(inspect.getfile(fn))
        super().__init__(_without_parameters(fn), **options)
        self.fn = fn
        del vars(self)["__signature__"]
        update_wrapper(self, fn)

    @property
    def parameters(self) -> ParameterSchema:
        """What the run form is made of; an attribute of Prefect's own flows."""
        if self._described is None:
            self._described = parameter_schema(self.fn)
        return self._described

    @parameters.setter
    def parameters(self, _of_no_parameters: ParameterSchema) -> None:
        """Take no notice of what Prefect finds where there is nothing to find."""

    def serialize_parameters(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Give the parameters as the run shows them; secrets are masked, and what has no JSON is named by its type."""
        return {name: to_jsonable_python(value, fallback=_by_its_type) for name, value in parameters.items()}


def quick_flow(**options: Any) -> Callable[[Callable[P, R]], Flow[P, R]]:
    """Make a Prefect flow of a function; `options` are those of Prefect's own decorator.

    Its result is never stored, whatever Prefect is set to: what a run leaves is ours to write and to read.
    """

    def made_of(function: Callable[P, R]) -> Flow[P, R]:
        return QuickFlow(function, persist_result=False, **options)

    return made_of


def several_at_a_time() -> TaskRunner[PrefectFuture[Any]]:
    """Sixteen task runs at once, as many as a policy may ask to be published at a time.

    Reading has threads of its own, which all batches share (tasks/readers.py).
    """
    runner: Any = ThreadPoolTaskRunner(max_workers=16)
    return runner  # type: ignore[no-any-return] # Prefect's own stubs do not agree with themselves


def _without_parameters(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make what looks like a function but for its parameters."""

    def stand_in() -> None:
        raise NotImplementedError("only looked at")

    update_wrapper(stand_in, function)
    vars(stand_in)["__signature__"] = inspect.Signature()
    return stand_in


def _by_its_type(value: object) -> str:
    return f"<{type(value).__name__}>"
