"""A plan of files as a diff: what a run would write, made in memory, and proved as a run proves it."""

import threading
from contextlib import closing
from typing import NamedTuple

from files.folders import Folders
from files.patch import patch_of
from files.writing import FilesDraft
from flows.run.pace import pace_until
from publishing.files import write_to_files
from publishing.order import Order, orders_for_actions, orders_for_architect_flows
from timeouts.planning.outcomes import Outcome
from timeouts.planning.plan import Plan


class Drafted(NamedTuple):
    """A diff that `git apply` takes; `left`: what of the plan is not in it, with the reason."""

    patch: bytes
    left: tuple[Outcome, ...]


def drafted(folders: Folders, plan: Plan) -> Drafted:
    """Return what a plan makes of the files as they are. Nothing is written."""
    pace = pace_until(threading.Event())
    with closing(FilesDraft(folders)) as draft:
        orders: list[Order] = [*orders_for_actions(plan), *orders_for_architect_flows(plan, ())]
        outcomes = [write_to_files(draft, order, pace).outcome for order in orders]
        return Drafted(patch_of(draft), tuple(each for each in outcomes if not each.is_done))
