"""Following an asynchronous publish to its end, by reading `currentOperation` (genesys-cloud.md 6.4)."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from genesys import GenesysError, ReadClient
from publishing.order import Pace
from timeouts.org import ArchitectFlow, Operation

PUBLISH = "PUBLISH"
SUCCESS = "SUCCESS"


@dataclass(frozen=True, slots=True)
class Followed:
    """How a publish ended: `architect_flow` as last read (None when it never could be), and the state of it.

    `error` is the platform's own reason when it failed; `ended` is False when the deadline passed first.
    """

    architect_flow: ArchitectFlow | None
    ended: bool
    error: str = ""


def is_running(operation: Operation | None) -> bool:
    """Whether a publish is under way."""
    return operation is not None and operation.action == PUBLISH and not operation.complete


def follow(
    client: ReadClient, architect_flow_id: str, operation_id: str, version_before: str | None, pace: Pace
) -> Followed:
    """Poll until the operation is over or the deadline has passed.

    Success is believed only when the operation says SUCCESS *and* the published version moved: the platform answers
    200 to publishes that then do nothing. Where another operation took the place of ours, the published version
    alone decides. Reads that fail are repeated until the deadline: the publish goes on without us.
    """
    seen: ArchitectFlow | None = None
    trouble = ""
    for wait_ms in _waits(pace):
        pace.sleep_ms(wait_ms)
        try:
            seen = client.architect_flow(architect_flow_id)
        except GenesysError as problem:
            trouble = str(problem)
            continue
        operation = seen.operation
        moved = seen.published_version is not None and seen.published_version != version_before
        if operation is None or operation.id != operation_id:
            if moved:
                return Followed(seen, ended=True)
        elif operation.complete:
            if operation.status != SUCCESS:
                return Followed(
                    seen, ended=True, error=operation.error or f"ended as {operation.status}, no reason given"
                )
            if moved:
                return Followed(seen, ended=True)
    return Followed(seen, ended=False, error=trouble)


def _waits(pace: Pace) -> Iterator[int]:
    """The waits before each read, the last one shortened so that the deadline is met."""
    end_ms = pace.now_ms() + pace.deadline_ms
    for wait_ms in itertools.chain(pace.polls_ms, itertools.repeat(pace.polls_ms[-1])):
        left_ms = end_ms - pace.now_ms()
        if left_ms <= 0:
            return
        yield min(wait_ms, left_ms)
