"""The records of approvals in Prefect's result storage: one for each run that asked for one."""

from tasks.storage.results import ResultStorage
from tasks.storage.stored import Stored
from timeouts.planning.approval.ruling import ApprovalRecord


def stored_approval(storage: ResultStorage, run_id: str) -> Stored[ApprovalRecord]:
    """Return how far the approval that a run has asked for is. What it says is checked against what is running."""
    return Stored(storage, f"genesys-timeouts-approval-{run_id}", ApprovalRecord)
