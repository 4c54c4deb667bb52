"""The task extract-actions: the Call Data Action steps of a batch of Architect flows."""

from collections.abc import Sequence

from prefect import get_run_logger, task

from files.reader import FilesReader
from genesys import about, fields, of_org
from genesys.reading.readers import Readers
from tasks.running.retries import RETRIED
from timeouts.model.org import ArchitectFlow, Organization
from timeouts.model.steps import Reading

BATCH = 50
"""Architect flows a task run: each run costs the Prefect server about 25 ms of CPU (docs/measured.md#task-runs)."""


class NotAllReadError(Exception):
    """Some of the batch could not be read. Raised, not returned, so that the task is red in the Prefect UI."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        missing = [reading for reading in readings if reading.coverage == "not_read"]
        super().__init__(
            f"{len(missing)} of {len(readings)} Architect flows could not be read: "
            + "; ".join(f"{reading.architect_flow_id}: {reading.reason}" for reading in missing)
        )
        self.readings = list(readings)


@task(name="extract-actions", **RETRIED)
def extract_actions(
    organization: Organization, batch: Sequence[ArchitectFlow], readers: Readers | FilesReader
) -> list[Reading]:
    """Read the live definition of every Architect flow of the batch, with `readers` that all batches share.

    Returns one reading for each, in the order of the batch. Raises `NotAllReadError`, which carries them all, when
    the platform did not give some of them, or a file could not be opened.
    """
    with about(of_org(organization)):
        readings = _readings_of(batch, readers)
    steps = sum(len(reading.steps) for reading in readings)
    get_run_logger().info(
        "%d Architect flows, %d Call Data Action steps", len(readings), steps, extra=fields(of_org(organization))
    )
    if any(reading.coverage == "not_read" for reading in readings):
        raise NotAllReadError(readings)
    return readings


def _readings_of(batch: Sequence[ArchitectFlow], readers: Readers | FilesReader) -> list[Reading]:
    if isinstance(readers, FilesReader):  # parsing needs the processor and waits for nothing: threads would not help
        return [readers.read(architect_flow) for architect_flow in batch]
    under_way = [readers.begin(architect_flow) for architect_flow in batch]
    return [fetched.result().result() for fetched in under_way]
