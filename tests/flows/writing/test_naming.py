"""Which run or plan somebody means, as the command line and the forms of Prefect's UI take it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prefect import get_client

from flows.apply_plan import apply_plan
from flows.effect import effect
from flows.raise_timeouts import raise_timeouts
from flows.record.listed import listed_runs, told
from flows.record.naming import find_plan, find_run
from flows.record.records import NoRecordError
from flows.roll_back import roll_back
from reports.report import Report
from simulator.server import Running
from tasks.storage import default_storage
from tests.flows.conftest import org_of_a_module, plan_of, report_of, run_id_of
from tests.flows.writing.test_roll_back import TEN_SECONDS
from tests.publishing.scenes import FLOW, configuration, org_seed


def dry_run_of_a_name() -> Report:
    named = raise_timeouts.with_options(flow_run_name=f"dry-{uuid4().hex[:12]}")
    return report_of(named(policy=TEN_SECONDS, return_state=True))


@pytest.fixture(scope="module")
def _dry(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    kept = tmp_path_factory.mktemp("kept")
    with org_of_a_module(org_seed(), kept):
        return dry_run_of_a_name(), kept


@pytest.fixture
def dry(small_org: Running, _dry: tuple[Report, Path], results: Path) -> Report:
    """A dry run of the small org: one for all tests, each of which finds what it has kept."""
    assert small_org.url
    report, kept = _dry
    shutil.copytree(kept, results)
    return report


NAMES: dict[str, Callable[[Report], str]] = {
    "name": lambda report: report.run.name,
    "name, with blanks around it": lambda report: f" {report.run.name} ",
    "id": lambda report: report.run.id,
    "beginning of the id": lambda report: report.run.id[:13],
    "checksum": lambda report: report.plan.checksum if report.plan else "",
    "checksum without its kind": lambda report: report.plan.checksum[7:] if report.plan else "",
    "beginning of the checksum": lambda report: report.plan.checksum[:27] if report.plan else "",
}


@pytest.mark.parametrize("by", NAMES)
def test_a_run_and_its_plan_are_found_by_each_of_their_names(dry: Report, by: str) -> None:
    named, storages = NAMES[by](dry), [default_storage()]

    assert find_run(named, storages).reference == dry.run.id
    assert dry.plan is not None
    assert find_plan(named, storages).reference in {dry.run.id, dry.plan.checksum}
    assert ("checksum" in by and by != "beginning of the checksum") == (not find_plan(named, storages).sentence) or (
        by == "id"
    )


def test_whoever_names_a_run_by_less_than_all_of_it_is_told_which_one_it_is(dry: Report) -> None:
    found = find_run(dry.run.name, [default_storage()])

    assert found.sentence.startswith(f"{dry.run.name} is the run {dry.run.name} ({dry.run.id}) of 20")
    assert "raise, dry run in " in found.sentence
    assert find_run(dry.run.id, [default_storage()]).sentence == ""


@pytest.mark.usefixtures("small_org")
def test_a_name_that_several_runs_have_lists_them_and_chooses_none() -> None:
    name = f"twin-{uuid4().hex[:12]}"
    twins = [raise_timeouts.with_options(flow_run_name=name)(policy=TEN_SECONDS, return_state=True) for _ in range(2)]

    with pytest.raises(NoRecordError) as problem:
        find_run(name, [default_storage()])

    assert f"{name} may be one of 2 runs: name one of them by its id" in str(problem.value)
    assert all(run_id_of(each) in str(problem.value) for each in twins)
    # Both made the same plan: as a plan they are one.
    assert find_plan(name, [default_storage()]).reference == plan_of(twins[0]).checksum


def test_a_name_that_is_nearly_right_is_answered_with_the_nearest(dry: Report) -> None:
    with pytest.raises(NoRecordError, match=f"did you mean .*{dry.run.name}"):
        find_run(dry.run.name[:-1], [default_storage()])


@pytest.mark.usefixtures("small_org")
def test_a_name_that_somebody_gave_a_run_on_the_server_does_not_name_it() -> None:
    dry = dry_run_of_a_name()
    with get_client(sync_client=True) as client:
        client.update_flow_run(UUID(dry.run.id), name="loyal-dove-of-somebody")

    with pytest.raises(NoRecordError, match=f"the Prefect server alone says loyal-dove-of-somebody: .*{dry.run.id}"):
        find_run("loyal-dove-of-somebody", [default_storage()])


def test_a_plan_is_applied_put_back_and_judged_by_the_names_of_its_runs(dry: Report, small_org: Running) -> None:
    applied = report_of(apply_plan(dry.run.name, return_state=True))
    assert small_org.org.configuration(FLOW) == configuration(10)

    judged = effect(applied.run.name, return_state=True)
    assert applied.plan is not None
    back = report_of(roll_back(applied.plan.checksum, mode="apply", return_state=True))

    assert "touched 1 action" in (judged.message or "")
    assert small_org.org.configuration(FLOW) == configuration()
    assert back.run.undoes in {applied.run.name, applied.run.id}


def test_a_plan_of_a_roll_back_is_applied_by_its_checksum(dry: Report, small_org: Running) -> None:
    applied = report_of(apply_plan(dry.run.id, return_state=True))
    shown = plan_of(roll_back(applied.run.id, return_state=True))

    done = apply_plan(shown.checksum, return_state=True)

    assert done.is_completed(), done.message
    assert small_org.org.configuration(FLOW) == configuration()
    # It is the same deed as a roll back in one run, and is called so.
    run = report_of(done).run
    assert (run.what, run.undoes) == ("roll back, apply", applied.run.name)
    assert told(listed_runs(most=1)[0], [default_storage()]).what == "roll back, apply"


@pytest.mark.usefixtures("small_org")
def test_a_list_tells_of_a_run_its_org_its_plan_and_what_came_of_it() -> None:
    dry = dry_run_of_a_name()
    apply_plan(dry.run.id, return_state=True)

    last, before = (told(run, [default_storage()]) for run in listed_runs(most=2))

    assert (last.what, before.what) == ("apply", "raise, dry run")
    assert last.about is not None
    assert before.about is not None
    assert (last.about.said, before.about.said) == ("1 published", "1 change in 1 Architect flow")
    assert last.about.org == dry.org
    assert before.name == dry.run.name


def test_a_list_says_of_a_run_that_was_refused_why_and_nothing_of_how(dry: Report) -> None:
    refused = roll_back(run=dry.run.id, return_state=True)

    said = listed_runs(most=1)[0].message
    assert refused.is_failed()
    assert said.startswith(f"the run {dry.run.name} ("), said
