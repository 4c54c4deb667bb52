"""The Prefect flow effect: whether what a run published helped. It cannot write."""

from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from flows.comparison.comparing import compare
from flows.record.changes import changes_of, changes_since
from flows.record.naming import run_named
from flows.record.records import NoRecordError, check_org
from flows.run.current_run import this_run
from flows.run.endings import ending_of_effect
from flows.run.our_flow import OURS, our_flow
from flows.sources.connections import credentials_for, read_client
from flows.sources.sources import NO_FIGURES
from genesys.block import GenesysCloudCredentials
from reports.effect_report import EffectReport
from reports.keys import key_of
from reports.markdown.effect import effect_page
from reports.pictures.charts import effect_chart
from reports.tables import effects_table
from tasks.publish_artifacts import Publisher, publish_table
from tasks.running.artifacts import create_markdown
from tasks.storage import storage_of_writers
from timeouts.effect.stretches import LONGEST_DAYS, earliest_of
from timeouts.model.periods import NO_DAYS, DaysOrNone
from timeouts.text.bounds import Reference
from timeouts.text.outlets import escaped


@flow(name="effect", **OURS)
@our_flow
def effect(run: Reference, org: GenesysCloudCredentials | None = None, days: DaysOrNone = NO_DAYS) -> State[Any]:
    """Compare the calls of each action that a run touched, before and after it: calls, calls lost, and how long.

    Args:
        run: The Prefect flow run to judge, by its name, id or plan's checksum: a raise, an apply or a roll back that
            published.
        org: The org, by its credentials. None: the worker's environment decides.
        days: How many days to compare at most on either side, such as 7d, which is what it is without it.
    """
    storage, longest_days = storage_of_writers(), days or LONGEST_DAYS
    changes = changes_of(storage, run_named(run, storage))
    if changes.organization.is_files:
        raise NoRecordError(f"the run {changes.run_name} is of the files of {changes.organization.name}: {NO_FIGURES}")
    others = changes_since(storage, changes.organization, earliest_of(changes, longest_days))
    with read_client(credentials_for(org)) as client:
        check_org(changes.run_id, changes.organization, client.organization())
        (found,) = compare(client, changes.organization, [changes], others, longest_days)
        requests = client.request_counts()
    report = EffectReport(
        run=this_run("effect", "read only"), org=changes.organization, effect=found, requests=requests
    )
    _publish(report)
    return ending_of_effect(report)


def _publish(report: EffectReport) -> None:
    """Publish the page with its picture, and the table. Nothing of it raises: artifacts are for looking at."""
    log, publisher = get_run_logger(), Publisher()
    try:
        publish_table(publisher, report.run, report.org, effects_table([report.effect]))
        publisher.publish(
            key_of("timeouts-effect", report.org),
            create_markdown,
            markdown=effect_page(report, effect_chart([report.effect], "png")),
            description=f"**Begin here.** Whether {escaped(report.effect.changes.run_name)} helped",
        )
    except Exception:
        log.exception("the effect could not be published; it is in the state of the run")
