"""The task publish-approval: who asked, who answered and what came of it, as an artifact of the run."""

from uuid import UUID

from prefect import task

from reports.keys import key_of
from reports.markdown.approval import record_page
from reports.table import Addresses
from tasks.running.artifacts import create_markdown
from tasks.running.retries import OURS
from timeouts.model.org import Organization
from timeouts.planning.approval.ruling import ApprovalRecord
from timeouts.planning.plan import Plan
from timeouts.text.outlets import escaped


@task(name="publish-approval", **OURS)
def publish_approval(
    plan: Plan, record: ApprovalRecord, signatures: int, addresses: Addresses, answer_by_ms: int | None
) -> UUID:
    """Publish the record of an approval, with the whole plan; each step of it is a version of the org's artifact.

    `signatures`: how many a plan needs. `addresses`: where to open each Architect flow, by its id. `answer_by_ms`:
    until when the next answer is waited for (milliseconds since 1970), None where none is. Returns the id of this
    version.
    """
    organization = record.proposal.organization
    return create_markdown(
        key=approval_key(organization),
        markdown=record_page(plan, record, signatures, addresses, answer_by_ms),
        description=f"Who approved what in {escaped(organization.name)}",
    )


def approval_key(organization: Organization) -> str:
    """Return the key of an org's artifact of approvals."""
    return key_of("timeouts-approval", organization)
