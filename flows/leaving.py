"""What people find after a run: the tables, and the summary that they are to read first.

What a run found and did is stored before any of this, and nothing here can change how it ends.
"""

from collections.abc import Callable

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.report import Report
from tasks.artifact_keys import key_of
from tasks.inventory import Inventory
from tasks.kept_pictures import picture_of
from tasks.leave_artifacts import Found, Shelf, leave_artifacts
from tasks.storage import storage_of_run
from tasks.uninspected import uninspected
from timeouts.action_use import ActionUse, uses_of
from timeouts.markdown import escaped
from timeouts.org import ArchitectFlow
from timeouts.pictures import Picture, sketches_of
from timeouts.shown import ShownTable
from timeouts.summary import Audit, Became, Link, markdown_summary
from timeouts.waits import waits_after, waits_now


def leave_behind(inventory: Inventory, report: Report, *, suggested_default_ms: int, link: Link) -> None:
    """Leave all artifacts of a run. Call it in the body of a Prefect flow; it never raises.

    Prefect's UIs list the artifacts of a run by their ids, which are random: nothing decides which one comes first
    (prefect 3.8.8). The first of the two UIs lists those of the run itself above those of its tasks; so the summary is
    left from here and the tables from a task. The second UI mixes them; so its description says where to begin.
    """
    became = Became(report.outcomes, report.action_outcomes) if report.run.mode == "apply" else None
    found = Found(
        inventory=inventory,
        uses=report.actions if inventory.listing.is_whole else _uses_in_a_part(inventory, suggested_default_ms),
        plan=report.plan,
        became=became,
        drift=report.drift,
        run_id=report.run.id,
        run_name=report.run.name,
        suggested_default_ms=suggested_default_ms,
        addresses={each.id: link(each) for each in inventory.listing.architect_flows},
    )
    try:
        tables = _tables(found)
        with Shelf() as shelf:
            shelf.put(
                key_of("timeouts-summary", report.org),
                create_markdown_artifact,
                markdown=summary(found, tables, link),
                description=f"**Begin here.** Call Data Action timeouts of {escaped(report.org.name)}",
            )
    except Exception:  # noqa: BLE001 - see above
        get_run_logger().exception("the run's summary could not be left; what it found and did is stored")


def _uses_in_a_part(inventory: Inventory, suggested_default_ms: int) -> tuple[ActionUse, ...]:
    """Give what a report leaves out where not the whole org was looked at: it would pass for all the uses there are."""
    return uses_of(inventory.listing.actions, inventory.readings, suggested_default_ms=suggested_default_ms)


def summary(found: Found, tables: tuple[ShownTable, ...], link: Callable[[ArchitectFlow], str]) -> str:
    """Write the Markdown summary of a run, with its pictures."""
    inventory, listing = found.inventory, found.inventory.listing
    audit = Audit(
        listing.organization,
        listing.architect_flows,
        inventory.readings,
        listing.actions,
        inventory.evidence,
        listing.notes,
        is_whole=listing.is_whole,
    )
    return markdown_summary(
        audit,
        found.plan,
        found.became,
        link=link,
        pictures=_pictures(found),
        drift=found.drift,
        tables=tables,
    )


def _tables(found: Found) -> tuple[ShownTable, ...]:
    """Leave the tables; where the task fails, it is red in the UI, and the summary is left all the same."""
    state = leave_artifacts(uninspected(found), return_state=True)
    left = state.result(raise_on_failure=False)
    if isinstance(left, BaseException):
        get_run_logger().error("the run's tables could not be left: %s", left)
        return ()
    return left


def _pictures(found: Found) -> list[Picture]:
    listing, readings = found.inventory.listing, found.inventory.readings
    default_ms = found.suggested_default_ms
    before = waits_now(readings, listing.actions, suggested_default_ms=default_ms)
    done = (None, None) if found.became is None else (found.became.outcomes, found.became.action_outcomes)
    after = waits_after(before, found.plan, *done)
    sketches = sketches_of(found.uses, found.inventory.evidence, found.plan, before=before, after=after, form="png")
    return [picture_of(sketch, storage_of_run()) for sketch in sketches]
