"""The task leave-artifacts: what people find in the Prefect UI after a run."""

from collections.abc import Callable, Sequence

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from slugify import slugify

from tasks.inventory import Inventory
from timeouts.org import ArchitectFlow, Organization
from timeouts.outcomes import Outcome
from timeouts.plan import Plan
from timeouts.summary import Audit, markdown_summary
from timeouts.tables import outcomes_table, plan_table, rows, steps_table, verified_table

Link = Callable[[ArchitectFlow], str]


@task(name="leave-artifacts", cache_policy=NO_CACHE)
def leave_artifacts(
    inventory: Inventory,
    plan: Plan | None,
    outcomes: Sequence[Outcome] | None,
    *,
    suggested_default_ms: int,
    link: Link,
) -> None:
    """Leave the Markdown summary and the tables of all steps, of the plan before/after, and of the outcomes.

    `outcomes` is None unless the plan was applied. Each key ends in the org's name, so that the UI shows an
    artifact's history for one org.
    """
    listing, readings = inventory.listing, inventory.readings
    organization = listing.organization
    audit = Audit(organization, listing.architect_flows, readings, listing.actions)
    create_markdown_artifact(
        key=_key("timeouts-summary", organization),
        markdown=markdown_summary(audit, plan, outcomes, link=link),
        description=f"Call Data Action timeouts of {organization.name}",
    )
    create_table_artifact(
        key=_key("timeouts-steps", organization),
        table=rows(
            steps_table(
                listing.architect_flows, readings, listing.actions, plan, suggested_default_ms=suggested_default_ms
            )
        ),
        description="Every Call Data Action step as it was found",
    )
    if plan is None:
        return
    create_table_artifact(
        key=_key("timeouts-plan", organization),
        table=rows(plan_table(plan)),
        description=f"Before and after, as planned: {plan.checksum}",
    )
    if outcomes is None:
        return
    create_table_artifact(
        key=_key("timeouts-outcomes", organization),
        table=rows(outcomes_table(outcomes, plan)),
        description="What became of each Architect flow",
    )
    create_table_artifact(
        key=_key("timeouts-verified", organization),
        table=rows(verified_table(outcomes, plan)),
        description="Before and after, read back from the platform",
    )


def _key(what: str, organization: Organization) -> str:
    """Artifact keys take lower-case letters, digits and dashes only (prefect.md 7)."""
    return f"{what}-{slugify(organization.name) or 'org'}-{slugify(organization.id)[:8]}"
