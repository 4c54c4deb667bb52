"""An org of its own for each module of tests, whose fixture `seed` says what is in it."""

from collections.abc import Iterator

import pytest

from simulator.org.seeds import OrgSeed
from simulator.server import Running, running
from tests.environment import point_at
from tests.flows.conftest import AT_ONCE


@pytest.fixture(scope="module")
def _served(seed: OrgSeed) -> Iterator[Running]:
    with running(seed) as simulator:
        yield simulator


@pytest.fixture
def served(_served: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The org at its beginning, and the environment pointing at it."""
    _served.org.reset()
    _served.org.plan_publish(AT_ONCE)
    point_at(_served.url, monkeypatch, "2s")
    return _served
