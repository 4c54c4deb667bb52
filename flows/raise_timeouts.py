"""The Prefect flow raise-timeouts: audit, plan, and when asked publish and verify."""

from collections.abc import Sequence
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from files.folders import Folders
from flows.comparison.beside_files import compared, read_files
from flows.run.executing import PlannedRun, execute_plan
from flows.run.our_flow import OURS, our_flow
from flows.run.reading import take_inventory
from flows.sources.sources import Source, check_figures, source_of
from genesys import ConfigurationProblem
from genesys.block import GenesysCloudCredentials
from reports.report import WriteMode
from tasks.compute_changes import compute_changes
from tasks.running.opaque_to_prefect import opaque_to_prefect
from timeouts.model.periods import NO_DAYS, DaysOrNone
from timeouts.planning.changes import LimitName
from timeouts.policy.policy import Policy
from timeouts.policy.time_zones import why_misread
from timeouts.text.bounds import Names


@flow(name="raise-timeouts", **OURS)
@our_flow
def raise_timeouts(
    *,  # so that the run form may ask in this order: first where and how, then the many fields of the policy
    org: GenesysCloudCredentials | None = None,
    mode: WriteMode = "dry run",
    policy: Policy,
    waive: tuple[LimitName, ...] = (),
    protected: Names = (),
    evidence: DaysOrNone = NO_DAYS,
    files: Folders | None = None,
    compare_with: Folders | None = None,
) -> State[Any]:
    """Raise the timeouts of Call Data Action steps, and the limits of their actions, as a policy asks.

    Args:
        org: The org, by its credentials. None: the worker's environment decides.
        mode: A dry run shows the plan and changes nothing; apply publishes and verifies it.
        policy: Which steps should wait how long. The first rule that matches a step decides.
        waive: Limits of the policy that this run may exceed, each by its name.
        protected: Protected Architect flows that this run may change, each by its whole name or id.
        evidence: The org's own figures of so many days, such as 14d: for rules that go by them, and what waiting costs.
        files: Folders of files instead of an org.
        compare_with: Folders of files to compare the org with: what of the plan their next deploy would undo.
    """
    planned = planned_run(source_of(org, files, compare_with), policy, protected, evidence)
    return execute_plan(planned, "raise", apply=mode == "apply", waive=waive)


def planned_run(source: Source, policy: Policy, protected: Sequence[str], evidence_days: int | None) -> PlannedRun:
    """Read the whole source and compute what a policy changes in it. Call it in the body of a Prefect flow.

    Raises ConfigurationProblem for a policy that cannot be meant so.
    """
    if policy.window is not None and (why := why_misread(policy.window.time_zone)):
        raise ConfigurationProblem(f"The policy's window: {why}.")
    check_figures(source, policy, evidence_days)
    in_files = read_files(source.compared_with)
    with source.reader() as reader:
        inventory = take_inventory(reader, policy, evidence_days=evidence_days, to_publish=True)
        requests = reader.request_counts()
        plan = source.told_of_obstacles(compute_changes(opaque_to_prefect(inventory), policy, protected), reader)
    as_code = compared(inventory, in_files)
    return PlannedRun(source, inventory, plan, requests, released=protected, as_code=as_code)
