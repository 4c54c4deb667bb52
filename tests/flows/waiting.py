"""Another run that holds an org's place, until the run that waits for it is seen to wait."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prefect import get_client

from flows.guards.places import Holder, give_back, place_of, taken
from flows.run.progress import listening


@contextmanager
def another_run_in(org_id: str, before_it_ends: Callable[[], object]) -> Iterator[None]:
    """Hold the place of an org for a run; once somebody waits for it, do what happens meanwhile, and let them in."""
    holder = Holder(run_id="a-run", run_name="the-other", org_name="an org", since_ms=0)
    with get_client(sync_client=True) as client:
        record = taken(client, place_of(org_id), holder)
    assert record

    def end() -> None:
        before_it_ends()
        with get_client(sync_client=True) as client:
            give_back(client, record)

    def once_somebody_waits(stage: str, done: int, _total: int) -> None:
        if stage.startswith("Waiting for") and not done:
            threading.Thread(target=end).start()

    with listening(once_somebody_waits):
        yield
