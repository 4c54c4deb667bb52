"""What a record knows of the places of steps in YAML: under which fingerprints, in all attempts of a run."""

from collections.abc import Sequence
from typing import Any

import pytest

from flows.record.merged_attempts import undone_run
from flows.record.places import known_places
from reports.report import Report, steps_of
from tasks.storage import default_storage
from tests.flows.writing.test_record import report
from tests.timeouts.conftest import archy_step, inventory, listed, reading
from tests.timeouts.planning.outcomes import became
from timeouts.inventory import Inventory
from timeouts.model.settings import LiteralTimeout
from timeouts.model.steps import Step
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy


def at(place: int, name: str) -> Step:
    """A short step that stands there in its file."""
    of_file: dict[str, Any] = {"id": f"workflow.tasks[0].task.actions[{place}].callData", "name": name}
    return archy_step(place, LiteralTimeout(timeout_ms=3_000), "crm", **of_file)


def file_of(*steps: Step, fingerprint: str) -> Inventory:
    return inventory([listed()], [reading(*steps, kind="archy", fingerprint=fingerprint)], limits_elsewhere=True)


def attempt(now: Inventory, after: str) -> Report:
    """An attempt that raised all steps of a file, and left it with that fingerprint."""
    plan = compute_plan(now, Policy.raise_to(10_000))
    outcomes = (became("published", fingerprint_after=after),)
    return report().model_copy(update={"plan": plan, "steps": steps_of(now), "outcomes": outcomes})


@pytest.mark.parametrize(
    ("second", "known"), [("after 1", {"before", "after 1", "after 2"}), ("edited between them", set())]
)
def test_places_are_known_before_a_run_and_after_it_unless_somebody_edited_the_file_between_two_attempts(
    second: str, known: set[str]
) -> None:
    one = attempt(file_of(at(0, "Ask"), fingerprint="before"), "after 1")
    two = attempt(file_of(at(0, "Ask"), fingerprint=second), "after 2")

    assert known_places([one]).fingerprints == {"af-1": {"before", "after 1"}}
    assert known_places([one, two]).fingerprints == {"af-1": known}


def test_of_equal_steps_the_most_are_known_that_an_attempt_found() -> None:
    one = attempt(file_of(at(0, "Ask"), at(1, "Ask"), fingerprint="before"), "after 1")
    two = attempt(file_of(at(0, "Ask"), fingerprint="edited"), "after 2")

    assert list(known_places([one, two]).steps.values()) == [2]


def test_two_steps_that_stood_in_one_place_when_two_attempts_wrote_are_both_undone() -> None:
    one = attempt(file_of(at(0, "Ask"), fingerprint="before"), "after 1")
    two = attempt(file_of(at(0, "New"), fingerprint="edited"), "after 2")

    assert _names(one, two) == ["Ask", "New"]
    assert _names(one, one) == ["Ask"]


def _names(*attempts: Report) -> Sequence[str]:
    return [change.step_name for change in undone_run(default_storage(), attempts).plan.changes]
