"""A plan of files as a diff: what a run would write, made in memory, and proved as a run proves it."""

import threading
from contextlib import closing

from files.folders import Folders
from files.patch import Patch, patch_of
from files.writing import FilesDraft
from flows.run.pace import pace_until
from publishing.files import write_to_files
from publishing.order import Order, orders_for_actions, orders_for_architect_flows
from timeouts.planning.plan import Plan


def drafted(folders: Folders, plan: Plan) -> Patch:
    """Return what a plan makes of the files as they are. Nothing is written."""
    pace = pace_until(threading.Event())
    with closing(FilesDraft(folders)) as draft:
        orders: list[Order] = [*orders_for_actions(plan), *orders_for_architect_flows(plan, ())]
        outcomes = [write_to_files(draft, order, pace).outcome for order in orders]
        left = (f"{each.target.name}: {each.outcome}: {each.reason}" for each in outcomes if not each.is_done)
        return Patch(patch_of(draft), tuple(left))
