"""The task read-functions: how long the functions behind function data actions may take, one request each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass

from prefect import get_run_logger, task

from genesys import ENDS_A_RUN, BadPayload, GenesysError, NotFound, ReadClient, about, fields, of_action, of_org
from tasks.running.retries import RETRIED
from tasks.storage import storage_of_run
from tasks.storage.function_limits import FunctionLimits
from timeouts.inventory import Inventory
from timeouts.model.org import DataAction
from timeouts.text.phrases import first_few

_AT_ONCE = 4
"""Of the connections of a client: most of these read Architect flows meanwhile."""
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class FunctionsRead:
    """The limits in milliseconds by the ids of their actions. `problem`: why some could not be read, '' for none."""

    limits_ms: Mapping[str, int]
    problem: str = ""


@task(name="read-functions", **RETRIED)
def read_functions(client: ReadClient, inventory: Inventory) -> FunctionsRead:
    """Ask for each function that is not known, a few at a time: it runs beside the reading of Architect flows.

    Those that answer 404 are asked for again together, for one bounded time: their actions are listed. After the first
    refusal no more are asked for: it would be the same, as it would be after an answer that is none of the platform's.
    What is not as documented is so of one function alone.
    """
    kept = FunctionLimits(storage_of_run(), inventory.organization.key)
    limits_ms: dict[str, int] = {}
    missing: list[str] = []
    odd: dict[str, str] = {}

    def read_all() -> None:
        missing.clear()
        last: NotFound | None = None
        unknown = [each for each in inventory.with_unknown_functions if each.id not in limits_ms and each.id not in odd]
        with _asking(client, unknown) as asked:
            for action, answer in asked:
                try:
                    read = answer.result()
                except NotFound as problem:
                    missing.append(f"{action.label} ({problem})")
                    last = problem
                    continue
                if isinstance(read, BadPayload):
                    odd[action.id] = f"{action.label} ({read})"
                else:
                    limits_ms[action.id] = read
                    kept.keep(action, read)
        if last is not None:
            raise last

    try:
        client.until_found(read_all)
    except ENDS_A_RUN:
        raise
    except GenesysError as refusal:
        others = missing if isinstance(refusal, NotFound) else [str(refusal)]
        return FunctionsRead(limits_ms, first_few([*others, *odd.values()], _MOST_NAMED))
    get_run_logger().info(
        "%d functions of %d actions",
        len(limits_ms),
        len(inventory.actions),
        extra=fields(of_org(inventory.organization)),
    )
    return FunctionsRead(limits_ms, first_few([*odd.values()], _MOST_NAMED))


@contextmanager
def _asking(
    client: ReadClient, actions: Sequence[DataAction]
) -> Iterator[Iterable[tuple[DataAction, "Future[int | BadPayload]"]]]:
    """Ask for the functions of these actions; what comes of each, in their order. At the end no more are begun."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="functions") as threads:
        futures = [threads.submit(copy_context().run, _limit_ms, client, action) for action in actions]
        try:
            yield zip(actions, futures, strict=True)
        finally:
            threads.shutdown(cancel_futures=True)


def _limit_ms(client: ReadClient, action: DataAction) -> int | BadPayload:
    """Return what the function may take, or what is odd about it. Raises GenesysError for what is so of all."""
    try:
        with about(of_action(action.id, action.name)):
            return client.function_limit_ms(action.id)
    except BadPayload as problem:
        if problem.exchange is not None:  # no JSON of the platform, such as a gateway's page
            raise
        return problem
