"""The servers of a module's tests: everything that `make serve` brings up, on Postgres, with two workers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployments.served import Served, serving
from tests.servers import postgres


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("served")
    with postgres(home) as database, serving(home, database=database, workers=2) as found:
        yield found
