"""The task leave-approval: who asked, who answered and what came of it, as an artifact of the run."""

from collections.abc import Callable

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from tasks.leave_artifacts import key_of
from timeouts.approval import ApprovalRecord
from timeouts.approval_page import record_page


@task(name="leave-approval", cache_policy=NO_CACHE)
def leave_approval(record: ApprovalRecord, moment: Callable[[int], str]) -> None:
    """Leave the record of an approval; each step of it is a version of the org's artifact `timeouts-approval-...`."""
    organization = record.proposal.organization
    create_markdown_artifact(
        key=key_of("timeouts-approval", organization),
        markdown=record_page(record, moment),
        description=f"Who approved what in {organization.name}",
    )
