"""The Prefect flows on folders of files: read, planned, written, proved and put back as an org is."""

from pathlib import Path

import pytest

from files.folders import Folders
from flows.apply_plan import apply_plan
from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from tests.files.conftest import contents
from tests.files.samples import SampleRepository, write_repository
from tests.flows.conftest import plan_of, report_of, run_id_of
from tests.git import committed
from timeouts.policy.policy import Policy

BOTH_LEVERS = Policy.raise_to(10_000, levers=("step", "action"))


@pytest.fixture
def shop(tmp_path: Path) -> SampleRepository:
    """A team's folder, in no Git repository."""
    return write_repository(tmp_path / "shop")


@pytest.fixture
def folders(shop: SampleRepository) -> Folders:
    """All of it but the file that is not understood."""
    return Folders(paths=(str(shop.folder),), exclude=shop.unreadable)


def test_an_audit_counts_what_is_there_and_names_what_it_does_not_understand(shop: SampleRepository) -> None:
    state = audit(files=Folders(paths=(str(shop.folder),)), return_state=True)

    report = report_of(state)
    assert (report.coverage.listed, len(report.steps), len(report.actions)) == (6, shop.steps, shop.actions)
    assert [each.architect_flow_id for each in report.coverage.problems] == list(shop.unreadable)
    assert (state.name, report.requests.total) == ("Incomplete", 0)


def test_two_files_with_one_name_are_told_apart_by_their_paths_and_matched_by_their_name(folders: Folders) -> None:
    policy = Policy.raise_to(10_000, levers=("step", "action"), architect_flow=("Orders",))

    state = raise_timeouts(files=folders, policy=policy, return_state=True)

    report = report_of(state)
    names = {step.architect_flow_id: step.architect_flow for step in report.steps}
    both = {f"flows/Orders{ending}": f"Orders (flows/Orders{ending})" for ending in (".yaml", ".i3InboundFlow")}
    assert {each: names[each] for each in both} == both
    assert names["flows/Survey.json"] == "Survey"
    assert {change.architect_flow_name for change in plan_of(state).changes} <= {*both.values()}
    assert not report.unmatched


def test_an_audit_of_files_that_are_all_understood_is_green(folders: Folders) -> None:
    assert audit(files=folders, return_state=True).is_completed()


def test_the_next_audit_says_what_moved(folders: Folders, shop: SampleRepository) -> None:
    audit(files=folders, return_state=True)
    survey = shop.folder / "flows" / "Survey.json"
    survey.write_bytes(survey.read_bytes().replace(b"P0D0H0M2S0F", b"P0D0H0M3S0F"))

    drift = report_of(audit(files=folders, return_state=True)).drift

    assert drift is not None
    assert [each.architect_flow_name for each in drift.steps] == ["Survey"]


def test_an_audit_is_compared_with_one_of_the_same_choice_of_files(folders: Folders) -> None:
    audit(files=folders, return_state=True)
    chosen = folders.model_copy(update={"include": ("flows/Survey*",)})

    first, again = (report_of(audit(files=each, return_state=True)).drift for each in (chosen, folders))

    assert first is not None
    assert first.note == "This is the first audit of these files here, so there is nothing to compare it with."
    assert again is not None
    assert (again.is_found, again.note) == (False, "")


def test_a_dry_run_writes_nothing(folders: Folders, shop: SampleRepository) -> None:
    before = contents(shop.folder)

    planned = plan_of(raise_timeouts(files=folders, policy=BOTH_LEVERS, return_state=True))

    assert planned.changes
    assert planned.action_changes
    assert contents(shop.folder) == before


def test_what_a_raise_writes_the_next_one_finds_and_a_roll_back_makes_byte_identical(
    folders: Folders, shop: SampleRepository
) -> None:
    before = contents(shop.folder)

    done = raise_timeouts(files=folders, policy=BOTH_LEVERS, mode="apply", return_state=True)
    written = contents(shop.folder)
    again = raise_timeouts(files=folders, policy=BOTH_LEVERS, mode="apply", return_state=True)
    back = roll_back(run_id_of(done), files=folders, mode="apply", return_state=True)

    assert done.is_completed(), done.message
    outcomes = report_of(done).outcomes
    assert {each.outcome for each in outcomes} == {"published"}
    assert {each.version_after for each in outcomes if each.target.kind == "architect_flow"} == {None}
    changed = {each.target.id.partition("#")[0] for each in outcomes}
    assert {path for path in before if before[path] != written[path]} == changed
    assert plan_of(again).changes_nothing
    assert back.is_completed(), back.message
    assert contents(shop.folder) == before


def test_a_file_that_moved_after_the_plan_is_stale_and_the_others_are_written(
    folders: Folders, shop: SampleRepository
) -> None:
    planned = raise_timeouts(files=folders, policy=BOTH_LEVERS, return_state=True)
    survey = shop.folder / "flows" / "Survey.json"
    survey.write_bytes(survey.read_bytes() + b"\n")

    done = report_of(apply_plan(run_id_of(planned), files=folders, return_state=True))

    outcomes = {each.target.id: each for each in done.outcomes}
    stale = outcomes.pop("flows/Survey.json")
    assert stale.outcome == "skipped"
    assert stale.reason.startswith("stale: flows/Survey.json")
    assert {each.outcome for each in outcomes.values()} == {"published"}


def test_what_git_could_not_give_back_is_left_and_named(folders: Folders, shop: SampleRepository) -> None:
    committed(shop.folder)
    survey = shop.folder / "flows" / "Survey.json"
    survey.write_bytes(survey.read_bytes() + b"\n")

    planned = plan_of(raise_timeouts(files=folders, policy=BOTH_LEVERS, return_state=True))
    in_the_way = {pin.architect_flow_id: pin.obstacle for pin in planned.pins if pin.obstacle}
    assert in_the_way == {"flows/Survey.json": "it has changes that are not committed in Git"}

    done = raise_timeouts(files=folders, policy=BOTH_LEVERS, mode="apply", return_state=True)

    left = {each.target.id: each.reason for each in report_of(done).outcomes if each.outcome == "skipped"}
    assert list(left) == ["flows/Survey.json"]
    assert "changes that are not committed in Git" in left["flows/Survey.json"]
    assert done.is_completed(), done.message


def test_files_that_cannot_be_changed_as_they_are_use_up_no_failure_budget(
    folders: Folders, shop: SampleRepository
) -> None:
    for number, name in enumerate(("Orders.i3InboundFlow", "Orders.yaml")):
        (shop.folder / f"kept-{number}").hardlink_to(shop.folder / "flows" / name)
    policy = BOTH_LEVERS.model_copy(update={"failure_budget": 1})

    done = report_of(raise_timeouts(files=folders, policy=policy, mode="apply", return_state=True))

    outcomes = {each.target.id: each.outcome for each in done.outcomes}
    refused = {name: what for name, what in outcomes.items() if "Orders" in name}
    assert set(refused.values()) == {"failed"}
    assert {what for name, what in outcomes.items() if name not in refused} == {"published"}


def test_a_dry_run_says_which_actions_it_would_not_write(folders: Folders, shop: SampleRepository) -> None:
    committed(shop.folder)
    actions = shop.folder / "terraform" / "actions.tf"
    actions.write_bytes(actions.read_bytes() + b"\n")

    planned = plan_of(raise_timeouts(files=folders, policy=BOTH_LEVERS, return_state=True))

    in_the_way = {each.action_id: each.obstacle for each in planned.action_changes if each.obstacle}
    assert in_the_way
    assert all(each.startswith("terraform/actions.tf#") for each in in_the_way)
    assert set(in_the_way.values()) == {"it has changes that are not committed in Git"}


def test_a_second_raise_goes_over_the_first_one_before_anybody_committed_it_and_both_go_back(
    folders: Folders, shop: SampleRepository
) -> None:
    actions = shop.folder / "actions" / "Look-up-customer.custom.json"
    actions.write_bytes(actions.read_bytes().replace(b'"timeoutSeconds": 3', b'"timeoutSeconds": 3.0'))
    committed(shop.folder)
    before = contents(shop.folder)
    first = raise_timeouts(files=folders, policy=BOTH_LEVERS, mode="apply", return_state=True)
    between = contents(shop.folder)
    longer = Policy.raise_to(20_000, levers=("step", "action"))
    second = raise_timeouts(files=folders, policy=longer, mode="apply", return_state=True)

    assert {each.outcome for each in report_of(second).outcomes} == {"published"}, second.message
    roll_back(run_id_of(second), files=folders, mode="apply", return_state=True)
    assert contents(shop.folder) == between
    roll_back(run_id_of(first), files=folders, mode="apply", return_state=True)
    assert contents(shop.folder) == before


def test_a_roll_back_goes_over_what_is_not_committed_and_keeps_what_others_wrote_since(
    folders: Folders, shop: SampleRepository
) -> None:
    committed(shop.folder)
    before = contents(shop.folder)
    done = raise_timeouts(files=folders, policy=BOTH_LEVERS, mode="apply", return_state=True)
    returns = shop.folder / "flows" / "Returns.yaml"
    returns.write_bytes(b"# Looked at by Ada\n" + returns.read_bytes())

    back = roll_back(run_id_of(done), files=folders, mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert contents(shop.folder) == {
        **before,
        "flows/Returns.yaml": b"# Looked at by Ada\n" + before["flows/Returns.yaml"],
    }


def test_a_step_that_somebody_changed_since_is_left_by_a_roll_back(folders: Folders, shop: SampleRepository) -> None:
    done = raise_timeouts(files=folders, policy=BOTH_LEVERS, mode="apply", return_state=True)
    survey = shop.folder / "flows" / "Survey.json"
    survey.write_bytes(survey.read_bytes().replace(b"P0D0H0M10S0F", b"P0D0H0M12S0F"))

    left = plan_of(roll_back(run_id_of(done), files=folders, return_state=True)).left_alone

    assert [(each.architect_flow_id, each.why) for each in left] == [("flows/Survey.json", "changed_since")]


@pytest.mark.parametrize("named", ["plan", "run"])
def test_what_was_made_of_files_says_which_folders_to_name(
    folders: Folders, shop: SampleRepository, named: str
) -> None:
    done = raise_timeouts(files=folders, policy=BOTH_LEVERS, mode="apply", return_state=True)

    state = apply_plan(plan_of(done).checksum, return_state=True)
    if named == "run":
        state = roll_back(run_id_of(done), return_state=True)

    assert f"add --files {shop.folder}" in str(state.message)


def test_figures_are_not_asked_of_files(folders: Folders) -> None:
    assert "files hold no figures" in str(audit(files=folders, evidence="14d", return_state=True).message)
