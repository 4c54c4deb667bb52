"""The task leave-artifacts: what people find in the Prefect UI after a run."""

from collections.abc import Callable

import pandas as pd
from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from tasks.artifact_keys import key_of
from tasks.inventory import Inventory
from timeouts.action_tables import action_outcomes_table, actions_table, felt_table, load_table
from timeouts.action_use import uses_of
from timeouts.org import ArchitectFlow
from timeouts.pictures import pictures_of
from timeouts.plan import Plan
from timeouts.summary import Audit, Became, markdown_summary
from timeouts.tables import outcomes_table, plan_table, rows, steps_table, verified_table
from timeouts.waits import waits_after, waits_now

Link = Callable[[ArchitectFlow], str]


@task(name="leave-artifacts", cache_policy=NO_CACHE)
def leave_artifacts(
    inventory: Inventory,
    plan: Plan | None,
    became: Became | None,
    *,
    suggested_default_ms: int,
    link: Link,
) -> None:
    """Leave the Markdown summary with its pictures, and the tables of steps, actions, the plan and the outcomes.

    `became` is None unless the plan was applied. Each key ends in the org's name, so that the UI shows an artifact's
    history for one org.
    """
    listing, readings = inventory.listing, inventory.readings
    audit = Audit(
        listing.organization,
        listing.architect_flows,
        readings,
        listing.actions,
        inventory.evidence,
        listing.notes,
        is_whole=listing.is_whole,
    )
    uses = uses_of(listing.actions, readings, suggested_default_ms=suggested_default_ms)
    before = waits_now(readings, listing.actions, suggested_default_ms=suggested_default_ms)
    done = (None, None) if became is None else (became.outcomes, became.action_outcomes)
    after = waits_after(before, plan, *done)
    pictures = pictures_of(uses, inventory.evidence, plan, before=before, after=after, form="png")
    create_markdown_artifact(
        key=key_of("timeouts-summary", listing.organization),
        markdown=markdown_summary(audit, plan, became, link=link, pictures=pictures),
        description=f"Call Data Action timeouts of {listing.organization.name}",
    )
    steps = steps_table(
        listing.architect_flows, readings, listing.actions, plan, suggested_default_ms=suggested_default_ms
    )
    tables = [("timeouts-steps", steps, "Every Call Data Action step as it was found"), *_tables_of(plan, became)]
    if listing.is_whole:
        actions = actions_table(uses, inventory.evidence, plan)
        tables.append(("timeouts-actions", actions, "Every integration action and who uses it"))
    for what, table, description in tables:
        create_table_artifact(key=key_of(what, listing.organization), table=rows(table), description=description)


def _tables_of(plan: Plan | None, became: Became | None) -> list[tuple[str, pd.DataFrame, str]]:
    if plan is None:
        return []
    found = [("timeouts-plan", plan_table(plan), f"Before and after, as planned: {plan.checksum}")]
    if plan.action_changes:
        felt = "Every step that feels a changed action limit, before and after, as planned"
        found.append(("timeouts-action-plan", felt_table(plan), felt))
    if plan.load is not None:
        found.append(("timeouts-cost", load_table(plan.load), "What waiting costs: executions at once"))
    if became is None:
        return found
    if became.action_outcomes:
        actions = action_outcomes_table(became.action_outcomes)
        found.append(("timeouts-action-outcomes", actions, "What became of each action"))
    return [
        *found,
        ("timeouts-outcomes", outcomes_table(became.outcomes, plan), "What became of each Architect flow"),
        ("timeouts-verified", verified_table(became.outcomes, plan), "Before and after, read back from the platform"),
    ]
