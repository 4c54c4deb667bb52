"""What a run did in all its attempts, by what each of them left: the same for Architect flows and for actions."""

import itertools
from typing import Any

import pytest

from flows.record.merged_attempts import NothingToUndoError, UndoneRun, undone_run
from flows.record.recording import Record
from flows.record.records import kept_attempts, targets_of
from reports.report import Report
from tasks.storage import ResultStorage, default_storage
from tests.flows.writing.test_record import Bucket, published, report
from tests.timeouts.planning.outcomes import became
from timeouts.planning.outcomes import Outcome, OutcomeKind, TargetKind

IDS: dict[TargetKind, str] = {"architect_flow": "af-001", "action": "crm"}

MAY_BE_LIVE: dict[str, tuple[OutcomeKind, str | None]] = {
    "published": ("published", "5"),
    "unknown": ("unknown", None),
    "failed as version 5": ("failed", "5"),
    "deleted after version 5": ("skipped", "5"),
}
NOT_LIVE: dict[str, tuple[OutcomeKind, str | None]] = {
    "skipped": ("skipped", None),
    "unchanged": ("unchanged", "5"),
    "failed": ("failed", None),
}


def outcome_of(kind: TargetKind, outcome: tuple[OutcomeKind, str | None]) -> Outcome:
    return became(outcome[0], IDS[kind], kind=kind, version_after=outcome[1])


def left_by(*attempts: tuple[Report, list[Outcome]]) -> list[Report]:
    """Leave what the attempts of a run have stored, and read it again."""
    for before, outcomes in attempts:
        record = Record(default_storage(), before)
        record.open()
        for outcome in outcomes:
            record.add(outcome)
    return kept_attempts(default_storage(), attempts[0][0].run.id)


def undone_by(*attempts: list[Outcome]) -> UndoneRun:
    return undone_run(default_storage(), left_by(*((report(), outcomes) for outcomes in attempts)))


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize(("earlier", "later"), list(itertools.product(MAY_BE_LIVE, [*NOT_LIVE, "never begun"])))
def test_what_an_earlier_attempt_may_have_published_is_undone_whatever_a_later_one_met(
    kind: TargetKind, earlier: str, later: str
) -> None:
    """Issues F and 15: a later Skipped hid a Failed that was live, for Architect flows and not for actions."""
    met = [outcome_of(kind, NOT_LIVE[later])] if later in NOT_LIVE else []

    undone = undone_by([outcome_of(kind, MAY_BE_LIVE[earlier])], met)

    assert undone.may_be_live == {IDS[kind]}
    assert IDS[kind] in {one.target.id for one in targets_of(undone.plan)}


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize("first", NOT_LIVE)
def test_what_no_attempt_can_have_published_is_not_undone(kind: TargetKind, first: str) -> None:
    other = outcome_of("action" if kind == "architect_flow" else "architect_flow", MAY_BE_LIVE["published"])

    undone = undone_by([outcome_of(kind, NOT_LIVE[first])], [other])

    assert undone.may_be_live == {other.target.id}


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize("only", NOT_LIVE)
def test_a_run_that_can_have_published_nothing_is_refused(kind: TargetKind, only: str) -> None:
    with pytest.raises(NothingToUndoError, match="it changed nothing, so there is nothing to put back"):
        undone_by([outcome_of(kind, NOT_LIVE[only])])


@pytest.mark.parametrize(
    ("attempts", "in_doubt"),
    [
        (("published",), False),
        (("unknown",), True),
        (("unknown", "skipped"), True),
        (("unknown", "failed"), True),
        (("unknown", "unchanged"), False),
        (("published", "unknown"), True),
    ],
)
def test_what_is_unknown_is_in_doubt_until_a_later_attempt_finds_it_live(
    attempts: tuple[str, ...], in_doubt: bool
) -> None:
    undone = undone_by(*([outcome_of("action", (MAY_BE_LIVE | NOT_LIVE)[each])] for each in attempts))

    assert (IDS["action"] in undone.in_doubt) == in_doubt


def later(before: Report) -> Report:
    """The same plan, made when other versions were live."""
    plan = before.plan
    assert plan is not None
    pins = tuple(pin.model_copy(update={"version": "9.0"}) for pin in plan.pins)
    limits = tuple(change.model_copy(update={"version": 9}) for change in plan.action_changes)
    return before.model_copy(update={"plan": plan.model_copy(update={"pins": pins, "action_changes": limits})})


@pytest.mark.parametrize("kind", IDS)
def test_what_two_attempts_may_have_published_counts_with_the_last_of_them(kind: TargetKind) -> None:
    one = outcome_of(kind, MAY_BE_LIVE["published"])
    first = report()

    plan = undone_run(default_storage(), left_by((first, [one]), (later(first), [one]))).plan

    assert [(each.target.id, str(each.version)) for each in targets_of(plan)] == [
        (IDS[kind], "9.0" if kind == "architect_flow" else "9")
    ]


def test_attempts_that_published_different_targets_are_undone_together() -> None:
    both = [outcome_of(kind, MAY_BE_LIVE["published"]) for kind in IDS]

    undone = undone_by(both[:1], both[1:])

    assert {one.target.id for one in targets_of(undone.plan)} == set(IDS.values())
    assert [pin.architect_flow_id for pin in undone.pins] == ["af-001"]


@pytest.mark.parametrize("kind", IDS)
def test_of_what_a_run_published_the_last_version_is_known_that_it_made(kind: TargetKind) -> None:
    first, last = outcome_of(kind, ("published", "5")), outcome_of(kind, ("failed", "6"))

    assert undone_by([first], [last]).made == {IDS[kind]: "6"}
    assert undone_by([first], [outcome_of(kind, NOT_LIVE["unchanged"])]).made == {IDS[kind]: "5"}


def test_two_processes_of_one_run_that_open_at_the_same_moment_keep_an_attempt_each() -> None:
    """A retry in Prefect's UI while the old process lives: both had the first, and one hid what the other published."""
    target = "af-000"
    opened: list[Record] = []

    class OpenedTwice(Bucket):
        def write_path(self, path: str, content: bytes) -> Any:
            if path.endswith("-1-before") and not opened:
                opened.append(Record(ResultStorage(self), begun_at(1)))
                opened[0].open()
            super().write_path(path, content)

    def begun_at(began_ms: int) -> Report:
        before = report()
        return before.model_copy(update={"run": before.run.model_copy(update={"began_ms": began_ms})})

    bucket = OpenedTwice()
    mine = Record(ResultStorage(bucket), begun_at(2))
    mine.open()
    for record, outcome in ((opened[0], published(target)), (mine, became("unchanged", target, "Support"))):
        record.add(became("skipped", "af-002", "Support", reason="locked"))
        assert record.begin(target) == ""
        record.add(outcome)

    attempts = kept_attempts(ResultStorage(bucket), "run-1")

    assert [one.run.began_ms for one in attempts] == [2, 1]
    assert {tuple(each.outcome for each in one.outcomes) for one in attempts} == {
        ("published", "skipped"),
        ("unchanged", "skipped"),
    }
