"""The Prefect flow apply-plan: exactly the plan that a dry run saved, and no other."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from files.folders import Folders
from flows.record.naming import plan_named
from flows.record.records import saved_plan_text
from flows.run.executing import PlannedRun, execute_plan
from flows.run.our_flow import OURS, our_flow
from flows.run.reading import read_what_is_taken_in, take_inventory
from flows.sources.sources import Source, check_kind, source_of
from genesys.block import GenesysCloudCredentials
from reports.report import Kind
from tasks.running.clock import now_ms
from tasks.storage import storage_of_run
from timeouts.planning.changes import LimitName
from timeouts.planning.saved_plan import SavedPlan, applicable, stored_plan
from timeouts.text.bounds import Reference


@flow(name="apply-plan", **OURS)
@our_flow
def apply_plan(
    plan: Reference,
    org: GenesysCloudCredentials | None = None,
    waive: tuple[LimitName, ...] = (),
    files: Folders | None = None,
) -> State[Any]:
    """Publish and verify a plan that a dry run saved. Architect flows that moved since are skipped as stale.

    The run of a plan that puts a run back is called a roll back, as the run is that does both at once.

    Args:
        plan: The dry run, by its name or id, or the checksum that it showed. A unique prefix will do.
        org: The org, by its credentials. None: the worker's environment decides.
        waive: Limits of the policy that this run may exceed, each by its name.
        files: Folders of files instead of an org: those that the plan was made for.
    """
    saved = saved_plan(plan_named(plan, storage_of_run()))
    check_kind("the plan", saved.organization, saved.files_options, files)
    kind: Kind = "roll back" if saved.plan.undoes else "apply"
    return execute_plan(saved_run(source_of(org, files), saved), kind, apply=True, waive=waive)


def saved_plan(reference: str) -> SavedPlan:
    """Load a saved plan, by its run or checksum. Raises NoRecordError or SavedPlanError."""
    return stored_plan(saved_plan_text(storage_of_run(), reference))


def saved_run(source: Source, saved: SavedPlan) -> PlannedRun:
    """Read what a saved plan would change. Call it in a Prefect flow's body.

    Raises SavedPlanError, which says why it must not be applied.
    """
    with source.reader() as reader:
        plan = applicable(saved, now_ms=now_ms(), org_key=reader.organization().key)
        pinned = take_inventory(reader, plan.policy, only=(*plan.pins, *plan.held))
        inventory = read_what_is_taken_in(reader, pinned, plan)
        requests = reader.request_counts()
    return PlannedRun(
        source,
        inventory,
        plan,
        requests,
        is_saved=True,
        until_ms=saved.expires_ms,
        undoes=saved.undoes,
        roll_back_of=saved.roll_back_of,
        released=saved.protected,
    )
