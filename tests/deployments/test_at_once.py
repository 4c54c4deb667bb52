"""What registrations and drains do to one server while others are at it, or where an answer is lost."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.events.schemas.automations import Automation, AutomationCore
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_CLIENT_MAX_RETRIES,
    PREFECT_CLIENT_RETRY_EXTRA_CODES,
    temporary_settings,
)

from deployments.automations import PREFIX, make_automations
from deployments.environments import CLIENT_IN_OUTAGES
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


async def found() -> list[Automation]:
    async with get_client() as client:
        return await client.read_automations()


async def twin_of(client: PrefectClient, name: str, *, enabled: bool) -> UUID:
    """Make another automation that does what the one of this name does; gives the id of the older one."""
    (there,) = await client.read_automations_by_name(name)
    await client.create_automation(AutomationCore(**{**there.model_dump(exclude={"id"}), "enabled": enabled}))
    return there.id


def test_an_automation_whose_making_was_carried_out_and_not_answered_is_there_once() -> None:
    server = PREFECT_API_URL.value().removesuffix("/api")
    with gateway_to(server) as gateway:
        gateway.late.append("/api/automations/")
        patience = {
            PREFECT_API_URL: f"{gateway.url}/api",
            PREFECT_CLIENT_RETRY_EXTRA_CODES: CLIENT_IN_OUTAGES["PREFECT_CLIENT_RETRY_EXTRA_CODES"],
            PREFECT_CLIENT_MAX_RETRIES: 1,
        }
        with temporary_settings(patience):
            names = asyncio.run(make())

        assert not gateway.late
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
