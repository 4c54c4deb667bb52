"""The task compare-with-last-audit: what has moved in the org since, and what the next audit is to compare with."""

from prefect import get_run_logger, task

from reports.frames.compared.drift import drift_sentence
from tasks.running.retries import RETRIED
from tasks.storage import storage_of_run, storage_of_writers
from tasks.storage.known_readings import EXTRACTOR_VERSION
from tasks.storage.last_audit import FIRST, LastAudit
from tasks.storage.our_versions import OurVersions
from timeouts.drift.comparing import drift_between
from timeouts.drift.drift import Drift
from timeouts.drift.snapshot import AuditStamp, snapshot_of
from timeouts.inventory import Inventory

_FIRST_OF_FILES = "This is the first audit of these files here, so there is nothing to compare it with."
NOTHING_SEEN = "This audit saw no Architect flow at all, so there is nothing to compare with the one before."


@task(name="compare-with-last-audit", **RETRIED)
def compare_with_last_audit(inventory: Inventory, stamp: AuditStamp, client_id: str, seen_by: str) -> Drift:
    """Say what moved since the last audit of the org by the same OAuth client, and keep what this one saw in its place.

    An attempt that follows another one of the same run compares with the same audit again. An audit that saw nothing is
    compared with none, and none with it. `client_id`: of the OAuth client of this run, for what it published itself.
    `seen_by`: as of the source; an audit is compared with one of the same, for no other saw the same.
    """
    storage = storage_of_run()
    if not inventory.architect_flows:
        return Drift(note=NOTHING_SEEN)
    org_key = inventory.organization.key
    seen = snapshot_of(inventory, stamp=stamp, reader=EXTRACTOR_VERSION)
    kept = LastAudit(storage, org_key, EXTRACTOR_VERSION, seen_by)
    earlier = kept.before(seen)
    is_first = earlier.note == FIRST
    drift = Drift(note=_FIRST_OF_FILES if is_first and inventory.organization.is_files else earlier.note)
    if earlier.snapshot is not None:
        drift = drift_between(
            earlier.snapshot,
            seen,
            suggested_default_ms=inventory.suggested_default_ms,
            ours=OurVersions(storage_of_writers(), org_key).runs(),
            client_id=client_id,
        )
    kept.keep(seen)
    get_run_logger().info("%s", drift_sentence(drift))
    return drift
