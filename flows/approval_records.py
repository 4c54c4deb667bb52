"""The records of approvals in Prefect's result storage: one JSON document for each run that asked for one."""

from tasks.storage import ResultStorage
from timeouts.approval import ApprovalRecord


def keep_approval(storage: ResultStorage, record: ApprovalRecord) -> None:
    """Store how far the approval is; a later state of it replaces an earlier one."""
    storage.write(_name(record.proposal.run_id), record.model_dump_json().encode())


def kept_approval(storage: ResultStorage, run_id: str) -> ApprovalRecord | None:
    """Give what a run has asked to have approved so far, None where it has not asked yet.

    A record that cannot be read counts as none: the run then asks anew.
    """
    try:
        return ApprovalRecord.model_validate_json(storage.read(_name(run_id)))
    except (ValueError, OSError):
        return None


def _name(run_id: str) -> str:
    return f"genesys-timeouts-approval-{run_id}"
