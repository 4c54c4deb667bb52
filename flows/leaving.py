"""What people find after a run: the tables, and the summary that they are to read first.

What a run did is stored before any of this, and nothing here can change how it ends.
"""

from dataclasses import replace
from types import TracebackType
from typing import Self

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State

from flows.report import Report, Run
from genesys import RequestCounts
from tasks.artifact_keys import key_of
from tasks.kept_pictures import picture_of
from tasks.leave_artifacts import Found, Shelf, leave_artifacts, leave_drift
from tasks.storage import storage_of_run
from tasks.uninspected import uninspected
from timeouts.action_use import uses_of
from timeouts.drift import Drift
from timeouts.inventory import Inventory
from timeouts.markdown import escaped
from timeouts.pictures import Picture, sketches_of
from timeouts.plan import Plan
from timeouts.shown import ShownTable
from timeouts.summary import Became, Link, markdown_summary
from timeouts.waits import waits_after, waits_now


class Leaving:
    """Leaves the artifacts of a run while the run goes on; leaving a `with` block waits until all are there.

    Use it in the body of a Prefect flow. Nothing of it raises: artifacts are for looking at.

    Prefect's UIs list the artifacts of a run by their ids, which are random: nothing decides which one comes first
    (prefect 3.8.8). The first of the two UIs lists those of the run itself above those of its tasks; so the summary is
    left from here and the tables from tasks. The second UI mixes them; so its description says where to begin.
    """

    def __init__(self, found: Found, link: Link) -> None:
        self._found = found
        self._link = link
        self._shelf = Shelf()
        self._left: list[ShownTable] = []
        self._moved: Drift | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until all have gone out."""
        self._shelf.close()

    def tables(self) -> None:
        """Leave what was found and done."""
        self._left += _tables_in(leave_artifacts(uninspected(self._found), self._shelf, return_state=True))

    def drift(self, drift: Drift) -> None:
        """Leave what moved since the last audit, which the summary then tells first. Call it in a task."""
        self._moved = drift
        try:
            self._left = [*leave_drift(drift, self._found, self._shelf), *self._left]
        except Exception:  # noqa: BLE001 - see above
            get_run_logger().exception("the table of what moved could not be left")

    def summary(self) -> None:
        """Leave what people are to read first; call it last."""
        organization = self._found.inventory.organization
        try:
            self._shelf.put(
                key_of("timeouts-summary", organization),
                create_markdown_artifact,
                markdown=summary(self._found, self._moved, tuple(self._left), self._link),
                description=f"**Begin here.** Call Data Action timeouts of {escaped(organization.name)}",
            )
        except Exception:  # noqa: BLE001 - see above
            get_run_logger().exception("the run's summary could not be left; what it found and did is stored")


def leave_behind(inventory: Inventory, report: Report, link: Link) -> None:
    """Leave all artifacts of a run that has ended its work."""
    became = Became(report.outcomes, report.action_outcomes) if report.run.mode == "apply" else None
    found = found_by(report.run, inventory, report.plan, report.requests, link)
    with Leaving(replace(found, became=became), link) as leaving:
        leaving.tables()
        leaving.summary()


def found_by(run: Run, inventory: Inventory, plan: Plan | None, requests: RequestCounts, link: Link) -> Found:
    """Say what a run has found, as far as its tables show it."""
    return Found(
        inventory=inventory,
        uses=uses_of(inventory),
        plan=plan,
        checksum="" if plan is None else plan.checksum,
        became=None,
        run_id=run.id,
        run_name=run.name,
        addresses={each.id: link(each) for each in inventory.architect_flows},
        requests=requests,
    )


def summary(found: Found, drift: Drift | None, tables: tuple[ShownTable, ...], link: Link) -> str:
    """Write the Markdown summary of a run, with its pictures."""
    return markdown_summary(
        found.inventory,
        found.plan,
        found.became,
        link=link,
        pictures=_pictures(found),
        drift=drift,
        tables=tables,
    )


def _tables_in(state: State[tuple[ShownTable, ...]]) -> tuple[ShownTable, ...]:
    """Give the tables that a task left; where it fails, it is red in the UI, and the rest is left all the same."""
    left = state.result(raise_on_failure=False)
    if isinstance(left, BaseException):
        get_run_logger().error("the run's tables could not be left: %s", left)
        return ()
    return left


def _pictures(found: Found) -> list[Picture]:
    before = waits_now(found.inventory)
    done = (None, None) if found.became is None else (found.became.outcomes, found.became.action_outcomes)
    after = waits_after(before, found.plan, *done)
    sketches = sketches_of(found.uses, found.inventory.evidence, found.plan, before=before, after=after, form="png")
    return [picture_of(sketch, storage_of_run()) for sketch in sketches]
