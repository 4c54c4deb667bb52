"""The records of approvals in Prefect's result storage: one for each run that asked for one."""

from tasks.storage.results import ResultStorage
from tasks.storage.stored import Stored
from timeouts.planning.approval import ApprovalRecord


def stored_approval(storage: ResultStorage, run_id: str) -> Stored[ApprovalRecord]:
    """Return how far the approval that a run has asked for is. One that cannot be read counts as none: it asks anew."""
    return Stored(storage, f"genesys-timeouts-approval-{run_id}", ApprovalRecord)
