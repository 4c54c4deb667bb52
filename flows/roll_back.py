"""The Prefect flow roll-back: the inverse of what a run published, where nobody has changed it since."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from files.folders import Folders
from flows.record.listed import ServerNotAskedError, state_going_on
from flows.record.merged_attempts import UndoneRun, undone_run
from flows.record.naming import run_named
from flows.record.records import check_org, kept_attempts, targets_of
from flows.run.executing import PlannedRun, execute_plan
from flows.run.our_flow import OURS, our_flow
from flows.run.pace import pace_until
from flows.run.reading import take_inventory
from flows.sources.sources import check_kind, source_of
from genesys.block import GenesysCloudCredentials
from publishing.order import Timing
from publishing.settling import caught_up
from reports.commands.next_steps import name_for_commands
from reports.report import WriteMode
from tasks.compute_roll_back import compute_roll_back
from tasks.running.opaque_to_prefect import opaque_to_prefect
from tasks.running.reader import Reader
from tasks.storage import storage_of_run
from timeouts.inventory import Inventory
from timeouts.planning.later.older import not_believing, older_than
from timeouts.planning.later.under_way import under_way
from timeouts.text.bounds import Reference


@flow(name="roll-back", **OURS)
@our_flow
def roll_back(
    run: Reference,
    org: GenesysCloudCredentials | None = None,
    mode: WriteMode = "dry run",
    files: Folders | None = None,
) -> State[Any]:
    """Put back what a run published. A step that somebody changed since is left and named; later edits survive.

    Args:
        run: The Prefect flow run to undo, by its name, id or plan's checksum: a raise, an apply, or another roll back.
            A dry run changed nothing.
        org: The org, by its credentials. None: the worker's environment decides.
        mode: A dry run shows what would be put back and changes nothing; apply publishes and verifies it.
        files: Folders of files instead of an org: those that the run wrote to.
    """
    run_id = run_named(run, storage_of_run())
    undone = undone_run(storage_of_run(), kept_attempts(storage_of_run(), run_id))
    check_kind(f"the run {run_id}", undone.plan.organization, undone.files_options, files)
    source = source_of(org, files)
    with source.reader() as reader:
        # First: what belongs to another org is in none of this one's listings, and would be waited for.
        check_org(run_id, undone.plan.organization, reader.organization())
        inventory = take_inventory_since(reader, undone, pace_until(threading.Event()))
        requests = reader.request_counts()
    plan = compute_roll_back(opaque_to_prefect(inventory), undone.plan, undone.may_be_live, undone.places)
    planned = PlannedRun(
        source,
        replace(inventory, remarks=(*inventory.remarks, *_going_on(undone.name, run_id))),
        plan,
        requests,
        undoes=name_for_commands(undone.name, run_id),
        roll_back_of=undone.as_known,
        in_doubt=() if files else undone.in_doubt.difference(planned.target.id for planned in targets_of(plan)),
    )
    return execute_plan(planned, "roll back", apply=mode == "apply")


def _going_on(name: str, run_id: str) -> Iterator[str]:
    """Say that a run has not ended, where the Prefect server says so."""
    with suppress(ServerNotAskedError):
        if state := state_going_on(run_id):
            yield (
                f"The run {name} ({run_id}) was {state} when this was planned: unless it was killed, it may publish "
                "more, which is not in this plan. Once it has ended, roll it back again"
            )


def take_inventory_since(reader: Reader, undone: UndoneRun, pace: Timing) -> Inventory:
    """List and read what a run published, again while anything is shown as it was before that run.

    What is so still once replicas do not lag any more counts as not read; so does what the run may still bring, for its
    publish goes on at the platform. Call it in the body of a Prefect flow.
    """

    def take() -> Inventory:
        return take_inventory(reader, undone.plan.policy, only=undone.pins)

    def is_behind(now: Inventory) -> bool:
        return bool(older_than(now, undone.made, undone.plan.action_changes))

    now = caught_up(take, is_behind, pace)
    older = older_than(now, undone.made, undone.plan.action_changes)
    return not_believing(now, {**under_way(now, undone.plan, undone.in_doubt), **older})
