"""The small org of scenes.py, served once and made anew for every test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from genesys import WriteClient
from simulator.server import Running, running
from simulator.switches import Switches
from tests.publishing.scenes import Scene, client_of, org_seed


@pytest.fixture(scope="session")
def _running() -> Iterator[Running]:
    with running(org_seed()) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def _client(_running: Running) -> Iterator[WriteClient]:
    client = client_of(_running.url)
    yield client
    client.close()


@pytest.fixture
def stage(_running: Running, _client: WriteClient) -> Callable[..., Scene]:
    """Make the org anew; the arguments change its one Architect flow."""

    def make(**flow: Any) -> Scene:
        _running.org.reseed(org_seed(**flow))
        _running.org.set_switches(Switches())
        return Scene(_running.url, _running.org, _client)

    return make


@pytest.fixture
def scene(stage: Callable[..., Scene]) -> Scene:
    """The org with its one Architect flow published and free."""
    return stage()
