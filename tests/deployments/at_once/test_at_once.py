"""What registrations and drains do to one server while others are at it, or where an answer is lost."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from prefect import flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.events.schemas.automations import Automation, AutomationCore
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_CLIENT_MAX_RETRIES,
    PREFECT_CLIENT_RETRY_EXTRA_CODES,
    temporary_settings,
)
from prefect.states import Completed, Running

from deployments import drain as drain_module
from deployments import register
from deployments.automations import PREFIX, make_automations
from deployments.drain import drain
from deployments.environments import CLIENT_IN_OUTAGES
from deployments.register import POOL, QUEUES
from tests.flows.gateway import gateway_to
from tests.prefect_servers import prefect_api

NOTIFY, RAISE = uuid4(), uuid4()
DRIFT = f"{PREFIX}a drift starts a plan"
BAD_END = f"{PREFIX}a run did not end well"
TELLING = 5
"""How many automations there are without the one for dead runs."""


@pytest.fixture(scope="module", autouse=True)
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with prefect_api(tmp_path_factory.mktemp("prefect")):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_registered() -> None:
    asyncio.run(forget())


async def forget() -> None:
    async with get_client() as client:
        for each in await client.read_automations():
            await client.delete_automation(each.id)


async def make() -> list[str]:
    """Register the automations, as one registration does."""
    async with get_client() as client:
        return await make_automations(client, notify=NOTIFY, raise_deployment=RAISE, dead_runs=False)


async def make_pool() -> None:
    """Register the work pool, which resumes it, as one registration does."""
    async with get_client() as client:
        await register._make_pool(client)  # what else a registration does takes half a minute


async def found() -> list[Automation]:
    async with get_client() as client:
        return await client.read_automations()


async def twin_of(client: PrefectClient, name: str, *, enabled: bool) -> UUID:
    """Make another automation that does what the one of this name does; gives the id of the older one."""
    (there,) = await client.read_automations_by_name(name)
    await client.create_automation(AutomationCore(**{**there.model_dump(exclude={"id"}), "enabled": enabled}))
    return there.id


@contextmanager
def answers_lost(path: str) -> Iterator[None]:
    """Be behind a proxy that is too late for the answer to one POST, and ask again then, as whoever registers does."""
    with gateway_to(PREFECT_API_URL.value().removesuffix("/api")) as gateway:
        gateway.late.append(path)
        patience = {
            PREFECT_API_URL: f"{gateway.url}/api",
            PREFECT_CLIENT_RETRY_EXTRA_CODES: CLIENT_IN_OUTAGES["PREFECT_CLIENT_RETRY_EXTRA_CODES"],
            PREFECT_CLIENT_MAX_RETRIES: 1,
        }
        with temporary_settings(patience):
            yield
        assert not gateway.late


def test_an_automation_whose_making_was_carried_out_and_not_answered_is_there_once() -> None:
    with answers_lost("/api/automations/"):
        names = asyncio.run(make())

    assert Counter(each.name for each in asyncio.run(found())) == dict.fromkeys(names, 1)


def test_two_registrations_at_once_make_each_automation_once() -> None:
    async def both() -> None:
        await asyncio.gather(make(), make())

    asyncio.run(both())

    assert len(asyncio.run(found())) == TELLING


def test_of_twins_the_oldest_stays_and_what_somebody_switched_stays_switched() -> None:
    async def leave_twins() -> tuple[UUID, UUID]:
        await make()
        async with get_client() as client:
            drift = await twin_of(client, DRIFT, enabled=True)
            return drift, await twin_of(client, BAD_END, enabled=False)

    drift, bad_end = asyncio.run(leave_twins())

    asyncio.run(make())

    there = {each.name: each for each in asyncio.run(found())}
    assert len(asyncio.run(found())) == len(there) == TELLING
    assert (there[DRIFT].id, there[DRIFT].enabled) == (drift, True)
    assert (there[BAD_END].id, there[BAD_END].enabled) == (bad_end, False)


def test_a_queue_whose_making_was_carried_out_and_not_answered_ends_no_registration() -> None:
    with answers_lost(f"/api/work_pools/{POOL}/queues"):
        asyncio.run(make_pool())

    async def queues() -> list[str]:
        async with get_client() as client:
            return [each.name for each in await client.read_work_queues(work_pool_name=POOL)]

    assert sorted(asyncio.run(queues())) == sorted(["default", *QUEUES])


@flow
def nothing() -> None:
    """Be there to be run."""


async def run_in_the_pool() -> UUID:
    """Have a run of the pool that is running, as the server sees it."""
    async with get_client() as client:
        deployment = await client.create_deployment(await client.create_flow(nothing), "any", work_pool_name=POOL)
        run = await client.create_flow_run_from_deployment(deployment)
        await client.set_flow_run_state(run.id, Running(), force=True)
        return run.id


def test_a_drain_pauses_a_pool_again_that_a_registration_resumes_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would say that the workers can be stopped, and they take up runs."""
    monkeypatch.setattr(drain_module, "_POLL_S", 0)
    monkeypatch.setattr(drain_module, "_ENDING_S", 0)
    asyncio.run(make_pool())
    run, said = asyncio.run(run_in_the_pool()), list[str]()

    async def register_and_end() -> None:
        await make_pool()
        async with get_client() as client:
            await client.set_flow_run_state(run, Completed(), force=True)

    def say(text: str) -> None:
        said.append(text)
        if text.startswith("waiting for"):
            asyncio.run(register_and_end())

    left = drain(POOL, 60, say)

    with get_client(sync_client=True) as client:
        is_paused = client.read_work_pool(POOL).is_paused
    assert (left, is_paused) == ([], True)
    assert said[1:] == [f"somebody resumed {POOL} meanwhile, as `genesys-timeouts register` does: it is paused again"]
