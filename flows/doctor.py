"""The Prefect flow doctor: what stands in the way of runs in one's own org. It cannot write there, and asks little."""

from dataclasses import replace
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.run.endings import ending_of_doctor
from flows.run.our_flow import OURS, our_flow
from flows.sources.connections import credentials_for, read_client
from genesys import Credentials, TransportSettings
from genesys.block import GenesysCloudCredentials
from genesys.examination.examine import endpoint_of
from reports.keys import key_of
from reports.tables import doctor_table
from tasks.examination.read_platform import read_platform
from tasks.examination.read_prefect import read_prefect
from tasks.publish_artifacts import Publisher
from tasks.running.artifacts import create_table
from timeouts.doctor.diagnosing import diagnose
from timeouts.doctor.finding import Diagnosis
from timeouts.model.org import Organization
from timeouts.text.outlets import escaped

_ANSWER_MS = 10_000
_NOWHERE = Organization(id="unknown", name="unknown org")


@flow(name="doctor", **OURS)
@our_flow
def doctor(org: GenesysCloudCredentials | None = None) -> State[Any]:
    """Check the way to an org, the client's access to it, and Prefect: a row each, and what to do. Reads only.

    Args:
        org: The org, by its credentials. None: the worker's environment decides.
    """
    credentials = credentials_for(org)
    with read_client(credentials, _impatient()) as client:
        platform = read_platform(client, endpoint_of(credentials))
    diagnosis = diagnose(platform, read_prefect())
    _publish(diagnosis)
    return ending_of_doctor(diagnosis)


def examine_here(credentials: Credentials) -> Diagnosis:
    """Check the same without a Prefect run, which is for terminals: Prefect may be what is amiss, and nothing stays."""
    with read_client(credentials, _impatient()) as client:
        platform = read_platform.fn(client, endpoint_of(credentials))
    return diagnose(platform, read_prefect.fn())


def _impatient() -> TransportSettings:
    """Return how long an answer may take here: who waits for a check is told that nothing came, and not kept."""
    usual = TransportSettings.from_environment()
    read_ms = min(usual.read_ms, _ANSWER_MS)
    return replace(
        usual, read_ms=read_ms, total_ms=2 * read_ms, attempts=2, missing_ms=0, waiting_budget_ms=3 * _ANSWER_MS
    )


def _publish(diagnosis: Diagnosis) -> None:
    """Publish the table, and store nothing beside it. A server that does not take it costs the run nothing."""
    org, table = diagnosis.org or _NOWHERE, doctor_table(diagnosis)
    Publisher().publish(
        key_of(table.what, org),
        create_table,
        rows=table.rows(),
        description=f"**Begin here.** {escaped(org.name)}: {escaped(table.sentence)}",
    )
