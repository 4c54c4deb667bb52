"""The history of single Architect flows: what a run or somebody else did to each, one small table a time."""

from reports.histories import histories_of
from tests.reports.made import made
from tests.timeouts.drift.two_audits import drift
from tests.timeouts.org_of_examples import INVENTORY, OUTCOMES, plan
from tests.timeouts.planning.outcomes import became
from timeouts.planning.outcomes import Outcome


def test_those_that_went_wrong_come_first() -> None:
    assert [one.architect_flow_id for one in histories_of(made(INVENTORY, plan(), OUTCOMES))] == ["af-1", "af-3"]


def test_what_was_left_as_it_was_has_no_history() -> None:
    left: list[Outcome] = [
        became("skipped", "af-3", "Zulu | pipes", reason="locked"),
        became("unchanged", "af-1", "Support"),
    ]

    assert histories_of(made(INVENTORY, plan(), left)) == []


def test_what_a_run_of_ours_did_is_not_told_twice() -> None:
    assert "af-2" not in {one.architect_flow_id for one in histories_of(made(INVENTORY, drift=drift()))}
