"""What `make serve` brings up, twice in a test run: on Postgres with two workers, and as it is, on SQLite with one.

That on SQLite is new Pythons through and through; that on Postgres, which has most of the runs, starts warm.

The files that share one stand in one group, so that they run in one process, one after the other; each begins with the
demo org as it was seeded. They end with the last test that needs them: idle, they cost a quarter of a core.
"""

from collections.abc import Generator, Iterator
from contextlib import ExitStack

import pytest

from tests.deployments.hook import Told, listening
from tests.deployments.served import GIVEN, Served, serving
from tests.servers import postgres
from tests.warm import warm_python

WITHOUT_TASK_RUNS = {"PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED": "false"}
"""Nothing here reads them, and to record them takes a tenth of what the server does; that on SQLite does as shipped."""

_ENDED_AFTER = pytest.StashKey[dict[str, ExitStack]]()
"""What is to be ended after a test, by the id of that test."""


def until_the_last(request: pytest.FixtureRequest) -> ExitStack:
    """Return what ends with the last test of this process that uses the fixture, not with the last one of this room."""
    using = [item for item in request.session.items if request.fixturename in getattr(item, "fixturenames", ())]
    stack = ExitStack()
    request.config.stash.setdefault(_ENDED_AFTER, {})[using[-1].nodeid] = stack
    return stack


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """End what the test was the last to use."""
    try:
        return (yield)
    finally:
        if stack := item.config.stash.get(_ENDED_AFTER, {}).pop(item.nodeid, None):
            stack.close()


@pytest.fixture(scope="package")
def told() -> Iterator[Told]:
    """The webhook that the servers on Postgres notify."""
    with listening() as found:
        yield found


@pytest.fixture(scope="package")
def _on_postgres(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, told: Told
) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("on-postgres")
    notified = {"NOTIFY_URL": told.address, **WITHOUT_TASK_RUNS}
    with until_the_last(request) as stack:
        database = stack.enter_context(postgres(home))
        python = warm_python()
        yield stack.enter_context(serving(home, database=database, workers=2, environment=notified, python=python))


@pytest.fixture(scope="package")
def _on_sqlite(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with until_the_last(request) as stack:
        yield stack.enter_context(serving(tmp_path_factory.mktemp("on-sqlite"), environment=GIVEN))


@pytest.fixture(scope="module")
def on_postgres(_on_postgres: Served) -> Served:
    """The servers on Postgres, with the demo org at its beginning."""
    _on_postgres.begin_anew()
    return _on_postgres


@pytest.fixture(scope="module")
def on_sqlite(_on_sqlite: Served) -> Served:
    """The servers on SQLite, with the demo org at its beginning."""
    _on_sqlite.begin_anew()
    return _on_sqlite
