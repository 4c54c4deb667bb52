"""A fleet of orgs: one table of all of them, whatever becomes of one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context

import pytest
from prefect import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed

from flows.audit import audit
from flows.fleet import fleet
from genesys.block import GenesysCloudCredentials
from tests.environment import wait_for
from tests.flows.artifacts import tables_of
from tests.flows.conftest import run_id_of

ORGS = "north", "south"


@pytest.fixture
def orgs() -> Iterator[list[GenesysCloudCredentials]]:
    """The saved credentials of two orgs that nobody connects to."""
    blocks = [GenesysCloudCredentials(client_id=name, client_secret="s", region="eu-west-1") for name in ORGS]
    for name, block in zip(ORGS, blocks, strict=True):
        block.save(name)
    yield blocks
    for name in ORGS:
        GenesysCloudCredentials.delete(name)


@contextmanager
def audits_of_which_the_last_is_deleted() -> Iterator[None]:
    """A deployment of audits without a worker: its runs end well, but for that of the last org, which is deleted."""
    with get_client(sync_client=True) as client:
        deployment = client.create_deployment(client.create_flow(audit), "audit")

    def started() -> list[FlowRun]:
        chosen = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
        with get_client(sync_client=True) as client:
            return client.read_flow_runs(deployment_filter=chosen)

    def end_them() -> None:
        wait_for(lambda: len(started()) == len(ORGS))
        with get_client(sync_client=True) as client:
            for run in started():
                if run.name.startswith(ORGS[-1]):
                    client.delete_flow_run(run.id)
                else:
                    client.set_flow_run_state(run.id, Completed(), force=True)

    ending = threading.Thread(target=copy_context().run, args=(end_them,))
    ending.start()
    yield
    ending.join()
    with get_client(sync_client=True) as client:
        client.delete_deployment(deployment)


def test_a_run_that_somebody_deletes_costs_no_other_org_its_line(orgs: list[GenesysCloudCredentials]) -> None:
    with audits_of_which_the_last_is_deleted():
        ended = fleet(orgs, return_state=True)
    rows = tables_of(run_id_of(ended))["timeouts-fleet"]

    assert ended.is_failed()
    assert ended.message == "1 of 2 orgs did not end well: south: Deleted"
    assert [(row["credentials"], row["ended"]) for row in rows] == [("north", "Completed"), ("south", "Deleted")]
    assert rows[1]["what it says"] == "somebody has deleted this run on the Prefect server"
