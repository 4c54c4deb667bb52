"""The question before a publish, in its words: what it says of those who wait, and what it asks for."""

import io
from typing import Any

import pytest
from rich.console import Console

from cli.kept.confirming import confirmed, for_a_saved_plan, warnings_of
from cli.outputs import Files
from flows.record.records import plan_name
from reports.report import OtherRun
from tasks.running.clock import now_ms
from tasks.storage import default_storage
from tests.reports.made import made
from tests.timeouts import org_of_actions
from tests.timeouts.planning.saved import saved_plan
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.planning.unmatched import unmatched_in
from timeouts.policy.policy import Policy

RAISED = org_of_actions.plan()


def put_back(*limits: tuple[int | None, int | None]) -> Plan:
    """A plan that undoes a run and takes the limits of actions from the one to the other."""
    changes = [
        change.model_copy(update={"before_ms": before, "after_ms": after})
        for change, (before, after) in zip(RAISED.action_changes, limits, strict=False)
    ]
    return RAISED.model_copy(update={"undoes": RAISED.checksum, "action_changes": tuple(changes)})


def asked(plan: Plan, monkeypatch: pytest.MonkeyPatch, answer: str = "n\n", **more: Any) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    out = Console(file=io.StringIO(), width=300)
    confirmed(plan, out, **more)
    return out.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_what_was_to_spare_something_and_matches_nothing_stands_right_before_the_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy = Policy.raise_to(10_000, exclude=("Bilingg*",)).model_copy(update={"protected": ("Mian line",)})
    shown = made(org_of_actions.INVENTORY, compute_plan(org_of_actions.INVENTORY, policy))
    told = warnings_of(shown)

    said = asked(RAISED, monkeypatch, warnings=told)

    assert [any(name in each for name in ("Bilingg*", "Mian line")) for each in told] == [True, True]
    assert said.splitlines()[1:3] == told
    assert "[y/N]" in said.splitlines()[4]


def test_who_puts_a_run_back_reads_before_the_question_what_another_run_published_of_the_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = OtherRun(id="run-0", name="psychedelic-fulmar", action_limits=7)
    told = warnings_of(made(org_of_actions.INVENTORY, put_back((10_000, 5_000)), other_runs=(first,)))

    said = asked(RAISED, monkeypatch, warnings=told)

    assert said.splitlines()[1] == (
        "psychedelic-fulmar published 7 action limits of the same plan, which stay as they are."
    )


def test_who_raises_limits_is_told_that_all_other_callers_wait_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    said = asked(RAISED, monkeypatch)

    assert "Scripts, agents and all other callers of these actions wait longer, too." in said
    assert "Publish? [y/N]" in said


@pytest.mark.parametrize(
    ("limits", "how"),
    [
        ([(10_000, 5_000), (10_000, 8_000)], "which is shorter than now"),
        ([(5_000, 10_000)], "which is longer than now"),
        ([(5_000, None)], "which is longer than now"),
        ([(None, 5_000)], "which is shorter than now"),
        ([(10_000, 5_000), (5_000, 10_000)], "some shorter and some longer than now"),
    ],
)
def test_who_puts_limits_back_is_told_that_all_callers_wait_as_before_and_whether_that_is_less(
    limits: list[tuple[int | None, int | None]], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = asked(put_back(*limits), monkeypatch)

    assert f"callers of these actions wait as before that run again, {how}." in said
    assert "Put back? [y/N]" in said
    assert "Not put back. The plan is kept." in said
    assert "too" not in said
    assert "ublish" not in said


def answered(plan: Plan, waive: tuple[str, ...] = ()) -> bool:
    """Whether `apply` goes on with a plan that a dry run has saved."""
    unmatched = unmatched_in(org_of_actions.INVENTORY, plan.policy, released=())
    saved = saved_plan(plan, now_ms=now_ms(), unmatched=unmatched)
    default_storage().write(plan_name(plan.checksum), saved.model_dump_json().encode())
    return for_a_saved_plan(plan.checksum, waive, Files())


@pytest.mark.usefixtures("prefect")
def test_of_a_saved_plan_too_it_is_said_what_was_to_spare_something_and_matches_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    policy = Policy.raise_to(10_000, levers=("step", "action"), exclude=("Bilingg*",))

    assert not answered(compute_plan(org_of_actions.INVENTORY, policy))

    said = " ".join(capsys.readouterr().out.split())
    assert said.index("leaves nothing alone: neither an Architect flow") < said.index("[y/N]")
    assert "did you mean Billing" in said


@pytest.mark.usefixtures("prefect")
def test_a_saved_plan_that_would_be_refused_is_not_asked_about(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    policy = Policy.model_validate({"rules": [{"at_least": "10s", "name": "x"}], "limits": {"actions": 1}})
    plan = compute_plan(org_of_actions.INVENTORY, policy.model_copy(update={"levers": ("step", "action")}))
    limits = tuple(each.limit for each in plan.violations)

    assert limits
    assert answered(plan)
    assert "[y/N]" not in capsys.readouterr().out
    assert not answered(plan, limits)
