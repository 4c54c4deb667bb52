"""A plan that two runs published in parts: to roll one of them back leaves what the other published, and says so."""

from flows.apply_plan import apply_plan
from flows.raise_timeouts import raise_timeouts
from flows.record.other_runs import other_runs_of
from flows.record.recording import Record
from flows.roll_back import roll_back
from reports.report import OtherRun, Report, Run
from simulator.org.versions import PublishPlan
from simulator.server import Running
from tasks.storage import default_storage
from tasks.storage.our_versions import OurRun, OurVersions
from tests.flows.artifacts import summary_of
from tests.flows.conftest import AT_ONCE, plan_of, report_of, run_id_of
from tests.flows.writing.test_record import CRM, published, report
from tests.publishing.scenes import org_seed
from timeouts.planning.outcomes import Outcome
from timeouts.policy.policy import Policy

TEN_SECONDS = Policy.raise_to(10_000)


def others_of(report: Report) -> tuple[OtherRun, ...]:
    return other_runs_of(default_storage(), report)


def left_by(before: Report, name: str, began_ms: int, *outcomes: Outcome) -> Report:
    """What a run of the plan that began then has left and remembered."""
    run = Run(id=f"run-of-{name}", name=name, kind="apply", mode="apply")
    record = Record(default_storage(), before.model_copy(update={"run": run}))
    record.open()
    for outcome in outcomes:
        record.add(outcome)
    assert before.plan is not None
    ours = OurVersions(default_storage(), before.org.key)
    our_run = OurRun(id=run.id, name=name, kind="apply", plan=before.plan.checksum, began_ms=began_ms)
    ours.begin(our_run)
    ours.add(our_run, record.report.outcomes)
    return record.report


def test_who_rolls_back_the_run_that_took_a_plan_up_is_told_what_the_first_one_published(small_org: Running) -> None:
    """Half of the plan stayed live, without a word and with exit 0."""
    small_org.org.reseed(org_seed(3))
    failing = plan_of(raise_timeouts(policy=TEN_SECONDS, return_state=True)).publish_order()[-1].architect_flow_id
    small_org.org.plan_publish(PublishPlan(reads=0, ending="failure", error_message="The queue is gone."), failing)
    first = report_of(raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True))
    small_org.org.plan_publish(AT_ONCE, failing)
    assert first.plan is not None
    left = (OtherRun(id=first.run.id, name=first.run.name, architect_flows=2),)

    second = apply_plan(first.plan.checksum, return_state=True)
    assert f"{first.run.name} published 2 Architect flows of this plan" in summary_of(run_id_of(second))
    assert f"roll-back {first.run.name}" in summary_of(run_id_of(second))
    assert others_of(report_of(second)) == left

    shown = roll_back(run_id_of(second), return_state=True)
    assert others_of(report_of(shown)) == left
    back = roll_back(run_id_of(second), mode="apply", return_state=True)
    assert others_of(report_of(back)) == left
    assert f"{first.run.name} published 2 Architect flows of the same plan, which stay" in summary_of(run_id_of(back))

    rest = roll_back(first.run.id, mode="apply", return_state=True)
    assert rest.is_completed(), rest.message
    assert others_of(report_of(rest)) == ()
    assert others_of(report_of(second)) == ()  # all of it is back by now


def test_of_the_other_runs_the_latest_is_named_first_and_each_target_counts_with_the_last_that_published_it() -> None:
    before = report()
    left_by(before, "first-run", 1, CRM, published("af-000"), published("af-001"))
    left_by(before, "second-run", 2, published("af-001"))
    third = left_by(before, "third-run", 3, published("af-002"))

    assert others_of(third) == (
        OtherRun(id="run-of-second-run", name="second-run", architect_flows=1),
        OtherRun(id="run-of-first-run", name="first-run", action_limits=1, architect_flows=1),
    )


def test_of_many_other_runs_the_latest_twenty_are_looked_at() -> None:
    """A nightly run that failed made the same plan each time, and each end read the records of all of them."""
    before = report()
    for number in range(1, 26):
        left_by(before, f"run-{number}", number, CRM if number == 1 else published("af-000"))

    assert others_of(left_by(before, "last-run", 100)) == (
        OtherRun(id="run-of-run-25", name="run-25", architect_flows=1),
    )


def test_another_run_whose_record_cannot_be_read_is_named_all_the_same() -> None:
    before = report()
    left_by(before, "first-run", 1, CRM)
    second = left_by(before, "second-run", 2, published("af-000"))
    default_storage().write("genesys-timeouts-run-run-of-first-run-1-before", b"{}")

    assert others_of(second) == (OtherRun(id="run-of-first-run", name="first-run"),)


def test_a_run_that_only_shows_its_plan_names_no_other_run() -> None:
    before = report()
    left_by(before, "first-run", 1, CRM)
    run = before.run.model_copy(update={"mode": "dry run"})

    assert others_of(before.model_copy(update={"run": run})) == ()
