"""What an outcome means for the end of a run and for its roll back: said once, for Architect flows and for actions."""

import typing

import pytest

from tests.timeouts.planning.outcomes import became
from timeouts.planning.outcomes import OutcomeKind, TargetKind, counted, counts_of, of_kind

TARGETS: tuple[TargetKind, ...] = typing.get_args(TargetKind)
MEANINGS: dict[tuple[OutcomeKind, str | None], str] = {
    ("published", "5"): "done, may be live",
    ("published", None): "done, may be live",
    ("unchanged", None): "done",
    ("unchanged", "5"): "done",
    ("skipped", None): "",
    ("skipped", "5"): "may be live",
    ("failed", None): "bad",
    ("failed", "5"): "bad, may be live",
    ("unknown", None): "bad, may be live",
    ("unknown", "5"): "bad, may be live",
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("kind", "version_after"), MEANINGS)
def test_what_an_outcome_means_does_not_depend_on_its_target(
    target: TargetKind, kind: OutcomeKind, version_after: str | None
) -> None:
    """What may be live is what a roll back undoes."""
    outcome = became(kind, kind=target, version_after=version_after)
    said = {"done": outcome.is_done, "bad": outcome.is_bad, "may be live": outcome.may_be_live}

    assert ", ".join(word for word, is_so in said.items() if is_so) == MEANINGS[kind, version_after]


def test_outcomes_are_counted_by_kind_and_those_of_one_target_apart() -> None:
    outcomes = [became("published"), became("unchanged"), became("published", kind="action")]

    assert counts_of(outcomes) == {"published": 2, "unchanged": 1, "skipped": 0, "failed": 0, "unknown": 0}
    assert counted(of_kind(outcomes, "architect_flow")) == "1 published, 1 unchanged (live already)"
    assert counted([]) == ""
