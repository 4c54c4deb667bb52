"""A webhook on this machine, which keeps what it is told."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.deployments.served import Json
from tests.web import Asked, answering


@dataclass(frozen=True, slots=True)
class Told:
    """A webhook and what it was told so far."""

    address: str
    messages: list[Json]

    def wait_for(self, subject: str, patience_s: float = 60) -> Json:
        """Wait for a message whose subject starts so."""
        deadline = time.monotonic() + patience_s
        while True:
            found = [message for message in self.messages if message["subject"].startswith(subject)]
            if found:
                return found[0]
            assert time.monotonic() < deadline, self.messages
            time.sleep(0.2)


@contextmanager
def listening() -> Iterator[Told]:
    """Listen for as long as the block lasts."""
    messages: list[Json] = []

    def keep(asked: Asked) -> tuple[int, bytes]:
        messages.append(json.loads(asked.body))
        return 204, b""

    with answering(keep) as address:
        yield Told(f"{address}/hooks/secret-part", messages)
