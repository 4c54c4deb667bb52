"""The small org of scenes.py, served once and made anew for every test."""

import contextlib
import functools
import queue
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.clients import DEMO_WRITER
from simulator.server import running
from simulator.switches import Switches
from tests.publishing.actions.scenes import Act, ActionScene, acting
from tests.publishing.clocks import GatewayClock
from tests.publishing.fork_server import ForkServer, hatching
from tests.publishing.scenes import PATIENT, QUICK, Scene, Stage, client_of, org_seed

_ORGS = 2


@contextlib.contextmanager
def staging() -> Iterator[Stage]:
    """Serve an org; what is given makes it anew, its arguments change its first Architect flow.

    A client waits as long as it takes, so that a busy machine changes nothing; a `hurried` one gives up soon, for a
    server that never answers. Both have logged in before.
    """
    with running(org_seed()) as simulator, contextlib.ExitStack() as stack:
        clock = GatewayClock(passes=simulator.org.advance_ms)
        patient, quick = [
            stack.enter_context(contextlib.closing(client_of(simulator.url, settings, clock=clock)))
            for settings in (PATIENT, QUICK)
        ]

        def make(*, hurried: bool = False, **flow: Any) -> Scene:
            simulator.org.reseed(org_seed(**flow))
            simulator.org.set_switches(Switches())
            simulator.org.add_client(DEMO_WRITER)
            return Scene(simulator.url, simulator.org, quick if hurried else patient)

        for client in (patient, quick):
            client.organization()

        yield make


@pytest.fixture(scope="session")
def stages() -> Iterator["queue.SimpleQueue[Stage]"]:
    """A few orgs, for cells that are played side by side: while one waits for a server that hangs, another goes on."""
    free: queue.SimpleQueue[Stage] = queue.SimpleQueue()
    with contextlib.ExitStack() as stack:
        for _ in range(_ORGS):
            free.put(stack.enter_context(staging()))
        yield free


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Make the org anew; the arguments change its first Architect flow."""
    with staging() as make:
        yield make


@pytest.fixture
def scene(stage: Stage) -> Scene:
    """The org with its Architect flow published and free."""
    return stage()


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """Start runs that can be killed."""
    with hatching() as process:
        yield process


@pytest.fixture
def patching(stage: Stage) -> Act:
    """Make the org anew, with an action that is changed by PATCH."""
    return functools.partial(acting, stage, "custom")


@pytest.fixture
def drafting(stage: Stage) -> Act:
    """Make the org anew, with an action that is changed in a draft, which our client may discard."""
    return functools.partial(acting, stage, "function", may_delete=True)


@pytest.fixture
def patched(patching: Act) -> ActionScene:
    """An org with an action that is changed by PATCH."""
    return patching()


@pytest.fixture
def drafted(drafting: Act) -> ActionScene:
    """An org with an action that is changed in a draft."""
    return drafting()
