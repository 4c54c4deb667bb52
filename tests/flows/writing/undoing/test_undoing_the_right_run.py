"""A run is undone only by what it published itself. Whoever names another one is told so, before the org is read."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.client.schemas.objects import State

from flows.apply_plan import apply_plan
from flows.audit import audit
from flows.fleet import fleet
from flows.raise_timeouts import raise_timeouts
from flows.record.recording import Record
from flows.roll_back import roll_back
from reports.report import Report, Run
from simulator.org.people import PersonAction
from simulator.server import Running
from tasks.storage import default_storage
from tests.flows.conftest import org_of_a_module, report_of, run_id_of
from tests.flows.writing.test_roll_back import TEN_SECONDS
from tests.publishing.scenes import FLOW, configuration, org_seed
from tests.timeouts.planning.outcomes import became
from timeouts.planning.outcomes import Outcome
from timeouts.policy.policy import Policy

NAMES: dict[str, Any] = {"of": FLOW, "name": "Main line"}
IN_DOUBT = became("unknown", **NAMES, reason="it did not end in time")
MINE = became("published", **NAMES, version_before="4.0", version_after="5.0")


def publish_as_ada(org: Running, seconds: int) -> None:
    """A person publishes, in Architect, a version of her own."""
    ada = org.org.person("Ada Colleague")
    org.org.play(PersonAction(kind="publish", architect_flow_id=FLOW, person=ada, body=configuration(seconds)))


def refused(run: str, org: Running) -> str:
    """What somebody is told who asks to roll a run back that did not write; the org is not even read."""
    before = org.org.configuration(FLOW)
    org.org.clear_log()
    state = roll_back(run, mode="apply", return_state=True)

    assert state.is_failed()
    assert org.org.configuration(FLOW) == before
    assert org.org.log == []
    return state.message or ""


def left_by(report: Report, *attempts: list[Outcome], run_id: str = "killed-run") -> str:
    """What the attempts of a run that was to apply a plan have left, each with its outcomes; gives the run's id."""
    run = Run(id=run_id, name="brave-otter", kind="apply", mode="apply")
    for outcomes in attempts:
        record = Record(default_storage(), report.model_copy(update={"run": run}))
        record.open()
        for outcome in outcomes:
            record.add(outcome)
    return run_id


def test_who_rolls_a_dry_run_back_undoes_nothing_that_a_person_has_published_since(
    small_org: Running, dry_run: State[Any]
) -> None:
    """The way back of a dry run was computed as though all of it might be live."""
    publish_as_ada(small_org, 10)

    said = refused(run_id_of(dry_run), small_org)

    assert "was a dry run: it changed nothing, so there is nothing to put back" in said
    assert small_org.org.configuration(FLOW) == configuration(10)


@pytest.mark.parametrize("by", ["apply of the saved plan", "raise of its own"])
def test_who_rolls_a_dry_run_back_is_told_which_run_published_its_plan(
    small_org: Running, dry_run: State[Any], by: str
) -> None:
    if by == "apply of the saved plan":
        done: State[Any] = apply_plan(run_id_of(dry_run), return_state=True)
    else:
        done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    run = report_of(done).run

    said = refused(run_id_of(dry_run), small_org)

    assert f"The run {run.name} ({run.id}) published its plan: roll that one back" in said
    assert roll_back(run.id, mode="apply", return_state=True).is_completed()
    assert small_org.org.configuration(FLOW) == configuration()


def test_who_rolls_a_dry_run_back_is_told_who_published_what_it_planned_with_another_policy(
    small_org: Running, dry_run: State[Any]
) -> None:
    run = report_of(raise_timeouts(policy=Policy.raise_to(12_000), mode="apply", return_state=True)).run

    said = refused(run_id_of(dry_run), small_org)

    assert f"What it planned to change was published since by {run.name} ({run.id}): roll that back" in said


def test_of_several_runs_that_published_what_it_planned_the_latest_is_named_first(small_org: Running) -> None:
    small_org.org.reseed(org_seed(2))
    dry = run_id_of(raise_timeouts(policy=TEN_SECONDS, return_state=True))
    runs = [
        report_of(raise_timeouts(policy=Policy.raise_to(12_000, (), (name,)), mode="apply", return_state=True)).run
        for name in ("Main line", "Line 02")
    ]

    said = refused(dry, small_org)

    named = ", ".join(f"{run.name} ({run.id})" for run in reversed(runs))
    assert f"was published since by {named}: roll those back, the latest first" in said


def test_what_was_published_before_a_dry_run_is_not_named(small_org: Running) -> None:
    raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    dry = raise_timeouts(policy=Policy.raise_to(12_000), return_state=True)

    assert refused(run_id_of(dry), small_org).endswith("so there is nothing to put back.")


def test_who_applies_a_saved_plan_twice_is_told_to_roll_the_first_run_back(
    small_org: Running, dry_run: State[Any]
) -> None:
    """Two runs of one saved plan; the second one did nothing, however its outcomes are called."""
    first = report_of(apply_plan(run_id_of(dry_run), return_state=True)).run
    second = left_by(report_of(dry_run), [became("unchanged", **NAMES, version_before="4.0", version_after="5.0")])

    said = refused(second, small_org)

    assert "found live already what it was to publish" in said
    assert f"The run {first.name} ({first.id}) published its plan: roll that one back" in said


def test_an_audit_is_not_rolled_back(small_org: Running) -> None:
    state = audit(return_state=True)

    assert "was an audit: it changed nothing" in refused(run_id_of(state), small_org)


def test_a_run_that_was_refused_is_not_rolled_back(small_org: Running) -> None:
    closed_day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(time.gmtime().tm_wday + 3) % 7]
    window = {"opens": "01:00", "closes": "02:00", "time_zone": "UTC", "days": [closed_day]}
    policy = Policy.model_validate({**TEN_SECONDS.model_dump(mode="json"), "window": window})
    state = raise_timeouts(policy=policy, mode="apply", return_state=True)
    publish_as_ada(small_org, 10)

    assert "was refused (window): it changed nothing" in refused(run_id_of(state), small_org)


def test_a_run_that_found_nothing_to_do_is_not_rolled_back(small_org: Running) -> None:
    publish_as_ada(small_org, 10)
    state = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)

    assert "found nothing to do: it changed nothing" in refused(run_id_of(state), small_org)


def test_a_run_that_ended_before_its_first_write_is_not_rolled_back(small_org: Running, dry_run: State[Any]) -> None:
    ended = left_by(report_of(dry_run), [], run_id=run_id_of(dry_run))
    publish_as_ada(small_org, 10)

    assert "ended before its first write: it changed nothing" in refused(ended, small_org)


@pytest.mark.parametrize(
    "outcome",
    [became("skipped", **NAMES, reason="locked by Ada"), became("failed", **NAMES, reason="refused")],
    ids=["skipped", "failed"],
)
def test_a_run_that_published_nothing_of_its_plan_is_not_rolled_back(
    small_org: Running, dry_run: State[Any], outcome: Outcome
) -> None:
    dry = report_of(dry_run)
    publish_as_ada(small_org, 10)

    assert "published nothing of its plan" in refused(left_by(dry, [outcome]), small_org)


def test_a_roll_back_that_was_only_shown_is_not_rolled_back(small_org: Running) -> None:
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    shown = roll_back(run_id_of(done), return_state=True)

    assert "was a dry run" in refused(run_id_of(shown), small_org)


def task_run_of(state: State[Any]) -> str:
    """The task run that left the tables of a run."""
    of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[UUID(run_id_of(state))]))
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=of_run)
    return next(str(each.task_run_id) for each in found if each.task_run_id)


def fleet_of_none(_state: State[Any]) -> str:
    """A fleet leaves no record of its own, only its orgs' runs do."""
    return str(fleet([], return_state=True).state_details.flow_run_id)


KINDS: dict[str, tuple[Callable[[State[Any]], str], str]] = {
    "a task run": (task_run_of, "there is no record of a run {named} here: name, by its name or id, a Prefect flow"),
    "a fleet": (fleet_of_none, "there is no record of a run {named} here: name, by its name or id, a Prefect flow"),
    "another checksum": (lambda _state: f"sha256:{64 * '0'}", "there is no run and no plan called {named} here"),
    "nothing": (lambda _state: "", "no run is named: name one by its name or id"),
    "a path": (
        lambda state: f"../results/x/../{run_id_of(state)}",
        "there is no run and no plan called {named} here: name one by its name, its id, its plan's checksum",
    ),
}


@pytest.fixture(scope="module")
def published(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[State[Any], Running, Path]]:
    """A raise that published, its org, and what it has kept."""
    kept = tmp_path_factory.mktemp("kept")
    with org_of_a_module(org_seed(), kept) as org:
        yield raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True), org, kept


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_of_another_kind_is_refused_by_name(
    published: tuple[State[Any], Running, Path], results: Path, kind: str
) -> None:
    done, org, kept = published
    shutil.copytree(kept, results)
    name, told = KINDS[kind]
    named = name(done)

    assert told.format(named=named) in refused(named, org)


def test_a_run_whose_second_attempt_was_skipped_is_rolled_back(small_org: Running, dry_run: State[Any]) -> None:
    dry = report_of(dry_run)
    raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)

    back = roll_back(
        left_by(dry, [IN_DOUBT], [became("skipped", **NAMES, reason="stale")]), mode="apply", return_state=True
    )

    assert back.is_completed(), back.message
    assert small_org.org.configuration(FLOW) == configuration()


def test_what_was_begun_when_a_run_was_killed_is_undone(small_org: Running, dry_run: State[Any]) -> None:
    dry = report_of(dry_run)
    raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    killed = dry.model_copy(update={"run": Run(id="killed-run", name="brave-otter", kind="raise", mode="apply")})
    record = Record(default_storage(), killed)
    record.open()
    assert record.begin(FLOW) == ""

    back = roll_back("killed-run", mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_step_that_a_person_set_between_two_attempts_comes_back_as_she_left_it(
    small_org: Running, dry_run: State[Any]
) -> None:
    first = report_of(dry_run)
    left_by(first, [IN_DOUBT])
    publish_as_ada(small_org, 5)
    second = report_of(raise_timeouts(policy=TEN_SECONDS, return_state=True))
    raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)

    back = roll_back(left_by(second, [MINE]), mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert small_org.org.configuration(FLOW) == configuration(5)


def test_a_roll_back_of_a_roll_back_gives_what_was_applied_and_its_own_roll_back_takes_it_again(
    small_org: Running,
) -> None:
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    back = roll_back(run_id_of(done), mode="apply", return_state=True)
    forth = roll_back(run_id_of(back), mode="apply", return_state=True)
    assert small_org.org.configuration(FLOW) == configuration(10)

    again = roll_back(run_id_of(forth), mode="apply", return_state=True)

    assert again.is_completed(), again.message
    assert small_org.org.configuration(FLOW) == configuration()


def test_who_applies_one_plan_from_two_runs_is_told_who_did_what(small_org: Running, dry_run: State[Any]) -> None:
    """The second run says that it changed nothing, and counts what was live already apart."""
    first = apply_plan(run_id_of(dry_run), return_state=True)
    second = apply_plan(run_id_of(dry_run), return_state=True)

    assert [outcome.outcome for outcome in report_of(first).outcomes] == ["published"]
    assert [outcome.outcome for outcome in report_of(second).outcomes] == ["unchanged"]
    assert "1 unchanged (live already)" in (second.message or "")
    assert run_id_of(first) in refused(run_id_of(second), small_org)
