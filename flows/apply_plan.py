"""The Prefect flow apply-plan: exactly the plan that a dry run saved, and no other."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.record.naming import plan_named
from flows.record.records import saved_plan_text
from flows.run.executing import PlannedRun, execute_plan
from flows.run.our_flow import our_flow
from flows.run.reading import take_inventory
from flows.run.sources import Source, source_of
from flows.run.task_runner import TASK_RUNNER
from genesys.block import GenesysCloudCredentials
from tasks.running.clock import now_ms
from tasks.storage import storage_of_run
from timeouts.planning.changes import LimitName
from timeouts.planning.saved_plan import applicable, stored_plan
from timeouts.text.bounds import Reference


@flow(name="apply-plan", task_runner=TASK_RUNNER, persist_result=False)
@our_flow
def apply_plan(
    plan: Reference, org: GenesysCloudCredentials | None = None, waive: tuple[LimitName, ...] = ()
) -> State[Any]:
    """Publish and verify a plan that a dry run saved. Architect flows that moved since are skipped as stale.

    Args:
        plan: The dry run, by its name or id, or the checksum that it showed. A beginning that fits one alone will do.
        org: The org, by its credentials. None: the worker's environment decides.
        waive: Limits of the policy that this run may exceed, each by its name.
    """
    return execute_plan(saved_run(source_of(org), plan_named(plan, storage_of_run())), "apply", apply=True, waive=waive)


def saved_run(source: Source, plan: str) -> PlannedRun:
    """Load a saved plan, by its run or checksum, and read what it would change. Call it in a Prefect flow's body.

    Raises NoRecordError or SavedPlanError, which say why it must not be applied.
    """
    document = stored_plan(saved_plan_text(storage_of_run(), plan))
    with source.reader() as client:
        saved = applicable(document, now_ms=now_ms(), org_key=client.organization().key)
        inventory = take_inventory(client, saved.policy, only=(*saved.pins, *saved.held))
        requests = client.request_counts()
    return PlannedRun(source, inventory, saved, requests, is_saved=True, until_ms=document.expires_ms)
