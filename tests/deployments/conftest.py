"""What `make serve` brings up, twice in a test run: on Postgres with two workers, and as it is, on SQLite with one.

The files that share one stand in one group, so that they run in one process, one after the other; each begins with the
demo org as it was seeded. They end with the last test of this room: idle, they cost a quarter of a core.
"""

from collections.abc import Iterator

import pytest

from tests.deployments.hook import Told
from tests.deployments.served import GIVEN, Served, serving
from tests.servers import postgres


@pytest.fixture(scope="package")
def told() -> Iterator[Told]:
    """The webhook that the servers on Postgres notify."""
    with Told().listening() as found:
        yield found


@pytest.fixture(scope="package")
def _on_postgres(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("on-postgres")
    notified = {"NOTIFY_URL": told.address}
    with postgres(home) as database, serving(home, database=database, workers=2, environment=notified) as found:
        yield found


@pytest.fixture(scope="package")
def _on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("on-sqlite"), environment=GIVEN) as found:
        yield found


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
