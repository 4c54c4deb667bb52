"""Reading what an earlier run published, so soon after it that a listing may not show it yet."""

from flows.record.merged_attempts import UndoneRun
from flows.run.reading import take_inventory
from publishing.order import Timing
from publishing.settling import caught_up
from tasks.running.reader import Reader
from timeouts.inventory import Inventory
from timeouts.planning.later.older import not_believing, older_than


def take_inventory_since(reader: Reader, undone: UndoneRun, pace: Timing) -> Inventory:
    """List and read what a run published, again while anything is shown in an older version than that run made.

    What is so still once replicas do not lag any more counts as not read. Call it in the body of a Prefect flow.
    """

    def take() -> Inventory:
        return take_inventory(reader, undone.plan.policy, only=undone.pins)

    def is_behind(now: Inventory) -> bool:
        return bool(older_than(now, undone.made))

    return not_believing(caught_up(take, is_behind, pace), undone.made)
