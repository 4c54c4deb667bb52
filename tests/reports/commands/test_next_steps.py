"""What can be typed after a run: a whole command for each end that a run can have."""

from dataclasses import replace
from typing import Any

import pytest

from genesys import PermissionDenied
from reports.commands.next_steps import name_for_commands, next_steps, with_next_steps
from reports.page.page import html_report
from reports.report import OtherRun, Report, StepRecord
from tests.reports.made import made
from tests.reports.org_of_rows import report
from tests.timeouts import org_of_actions
from tests.timeouts.as_code import org_and_files
from tests.timeouts.conftest import inventory
from tests.timeouts.org_of_examples import AFTER, INVENTORY, OUTCOMES, plan, roll_back
from tests.timeouts.planning.outcomes import became
from timeouts.doctor.needs import LACKS
from timeouts.model.evidence import Evidence
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.changes import Violation
from timeouts.planning.outcomes import NOT_STARTED, WINDOW_CLOSED
from timeouts.policy.policy import Policy

UNTIL_MS = 1_796_047_320_000
DRY_RUN = made(org_of_actions.INVENTORY, org_of_actions.plan()).model_copy(update={"plan_until_ms": UNTIL_MS})
CHECKSUM = org_of_actions.plan().checksum


def in_org(report: Report, org: str, **changed: Any) -> Report:
    return report.model_copy(update={"run": report.run.model_copy(update={"org_option": org, **changed})})


def commands(report: Report, now_ms: int | None = None) -> list[str]:
    return [step.command for step in next_steps(report, now_ms)]


def test_a_dry_run_says_how_exactly_its_plan_is_published_and_until_when() -> None:
    (step,) = next_steps(DRY_RUN)

    assert step.text == "Publish exactly this plan, until 2026-11-30 14:02 UTC"
    assert step.command == f"genesys-timeouts apply {CHECKSUM}"


def test_a_command_names_the_org_as_the_run_did() -> None:
    assert commands(in_org(DRY_RUN, "demo")) == [f"genesys-timeouts apply {CHECKSUM} --org demo"]


def test_a_refused_plan_is_offered_with_the_waivers_that_it_lacks() -> None:
    (step,) = next_steps(report("dry run", over_the_limit=True))

    assert step.text.startswith("Publish this plan beyond its limits (share)")
    assert step.command.endswith(" --waive share")


def test_a_plan_whose_limits_were_waived_is_offered_with_the_waivers_that_it_had() -> None:
    waived = report("dry run", over_the_limit=True).model_copy(update={"refusals": ()})

    assert commands(waived)[0].endswith(" --waive share")


NIGHT = {"opens": "22:00", "closes": "05:00", "time_zone": "Europe/Berlin"}
CLOSED = Violation(limit="window", text="it is mon 14:05, changes are published from 22:00 to 05:00 Europe/Berlin")
ONCE_OPEN = "once the window is open (22:00 to 05:00 Europe/Berlin, every day)"


def closed(shown: Report, *, refusals: tuple[Violation, ...] = (CLOSED,), **window: Any) -> Report:
    """The same run of a policy with a window, which was closed."""
    assert shown.plan is not None
    policy = Policy.model_validate({**shown.plan.policy.model_dump(mode="json"), "window": {**NIGHT, **window}})
    plan = shown.plan.model_copy(update={"policy": policy})
    return shown.model_copy(update={"plan": plan, "refusals": refusals})


def test_a_plan_that_was_made_by_day_is_offered_for_the_night_and_not_against_its_window() -> None:
    """All that was offered to whoever planned by day was to go around the window."""
    (step,) = next_steps(closed(DRY_RUN))

    assert step.text == f"Publish exactly this plan {ONCE_OPEN}, until 2026-11-30 14:02 UTC"
    assert step.command.startswith("genesys-timeouts apply sha256:")
    assert "--waive" not in step.command


def test_beside_a_closed_window_other_limits_are_offered_with_their_waivers() -> None:
    over = report("dry run", over_the_limit=True)

    (step,) = next_steps(closed(over, refusals=(*over.refusals, CLOSED)))

    assert step.text == f"Publish this plan beyond its limits (share) {ONCE_OPEN}"
    assert step.command.endswith(" --waive share")


def test_a_run_that_waived_the_window_is_offered_with_that_waiver() -> None:
    waived = in_org(closed(DRY_RUN, refusals=()), "", waived=("window",))

    assert commands(waived)[0].endswith(" --waive window")


def test_what_a_closing_window_left_is_taken_up_once_it_is_open_again() -> None:
    left = became("skipped", "af-1", reason=f"{NOT_STARTED}{WINDOW_CLOSED}it is tue 05:00")
    ended = closed(made(INVENTORY, plan(), [OUTCOMES[0], left]), refusals=())

    assert f"Take that up {ONCE_OPEN}; what is live already stays" in next_steps(ended)[0].text


def test_a_plan_that_expires_before_its_window_opens_is_not_promised_but_made_anew() -> None:
    too_late = with_policy(closed(DRY_RUN, days=["fri"]), "policy.yaml")

    (step,) = next_steps(too_late)

    assert step.text == (
        "This plan expires before the window opens (22:00 to 05:00 Europe/Berlin, fri). Make a new one then"
    )
    assert step.command == "genesys-timeouts raise --policy policy.yaml"


def test_a_plan_that_has_expired_is_made_anew_where_its_words_are_known() -> None:
    policy = Policy.raise_to(10_000, action=("CRM*",), levers=("step", "action"))
    old = DRY_RUN.model_copy(update={"plan": org_of_actions.plan().model_copy(update={"policy": policy})})

    assert commands(old, UNTIL_MS) == ["genesys-timeouts raise --to 10s --action 'CRM*' --levers step,action"]
    assert commands(DRY_RUN, UNTIL_MS) == []


def test_what_was_published_can_be_put_back_by_name_and_judged_in_a_week() -> None:
    done = made(INVENTORY, plan(), [each for each in OUTCOMES if each.outcome == "published"], name="loyal-dove")

    assert commands(done)[-2:] == ["genesys-timeouts roll-back loyal-dove", "genesys-timeouts effect loyal-dove"]


FIRST = OtherRun(id="run-0", name="psychedelic-fulmar", action_limits=7, architect_flows=1)


def test_who_took_a_plan_up_is_offered_the_way_back_from_what_the_first_run_published_too() -> None:
    """The roll back that was offered undid half of the plan, and nothing said so."""
    done = in_org(made(INVENTORY, plan(), OUTCOMES, other_runs=(FIRST,)), "demo")

    rest = next_steps(done)[-1]

    assert rest.text == (
        "psychedelic-fulmar published 7 action limits and 1 Architect flow of this plan, which stay when this run is "
        "put back. Show what would be put back of those"
    )
    assert rest.command == "genesys-timeouts roll-back psychedelic-fulmar --org demo"


@pytest.mark.parametrize("outcomes", [None, OUTCOMES], ids=["shown", "applied"])
def test_a_roll_back_offers_the_way_back_from_what_other_runs_published_of_the_plan(outcomes: Any) -> None:
    unread = OtherRun(id="run-0", name="psychedelic-fulmar")
    back = made(AFTER, roll_back(), outcomes, other_runs=(unread,))

    rest = next_steps(back)[-1]

    assert rest.text.startswith("psychedelic-fulmar may have published parts of the same plan, which stay as they are")
    assert rest.command == "genesys-timeouts roll-back psychedelic-fulmar"


def test_what_failed_is_taken_up_by_the_same_plan() -> None:
    found = next_steps(made(INVENTORY, plan(), OUTCOMES))

    assert "failed or unknown" in found[0].text
    assert found[0].command.startswith("genesys-timeouts apply sha256:")


def test_what_the_client_may_not_do_leads_to_the_doctor_first() -> None:
    denied = f"nothing was changed: {PermissionDenied(f'{LACKS}architect:flow:publish')}"
    found = commands(made(INVENTORY, plan(), [became("failed", "af-1", "Support", reason=denied)]))

    assert found[0] == "genesys-timeouts doctor"
    assert found[1].startswith("genesys-timeouts apply sha256:")


def test_a_roll_back_that_was_shown_is_published_by_the_run_that_it_undoes() -> None:
    shown = in_org(made(AFTER, roll_back()), "", kind="roll back", undoes="loyal-dove")

    assert commands(shown) == ["genesys-timeouts roll-back loyal-dove --apply"]


@pytest.mark.parametrize(
    "reason", ["not started: the run was interrupted", "interrupted before it was published; the rest is as it was"]
)
def test_a_roll_back_that_was_interrupted_is_gone_on_with_before_it_is_undone(reason: str) -> None:
    pins = roll_back().pins
    left = [became("skipped", pin.architect_flow_id, pin.name, reason=reason) for pin in pins]
    ended = made(AFTER, roll_back(), [became("published", "af-9", version_after="2.0"), *left], name="bold-owl")

    found = next_steps(in_org(ended, "demo", kind="roll back", undoes="loyal-dove"))

    assert found[0].text == f"{len(pins)} interrupted. Take that up; what is live already stays"
    assert [step.command for step in found] == [
        "genesys-timeouts roll-back loyal-dove --apply --org demo",
        "genesys-timeouts roll-back bold-owl --org demo",
    ]


def test_a_raise_that_was_interrupted_is_gone_on_with_by_the_same_plan() -> None:
    left = became("skipped", "af-1", reason="not started: the run was interrupted")

    assert commands(made(INVENTORY, plan(), [OUTCOMES[0], left]))[0] == f"genesys-timeouts apply {plan().checksum}"


def test_what_a_person_holds_is_not_taken_up_at_once() -> None:
    held = became("skipped", "af-2", reason="locked by Ada [QA]")
    ended = made(AFTER, roll_back(), [became("published", "af-3"), held])

    assert commands(in_org(ended, "", undoes="loyal-dove"))[0] == "genesys-timeouts roll-back loyal-dove"


def test_an_audit_that_found_short_waits_says_how_to_plan_to_raise_them() -> None:
    assert "genesys-timeouts raise --to 10s" in commands(made(INVENTORY))
    assert "genesys-timeouts audit --evidence 14d" in commands(made(INVENTORY))


HELD = [became("skipped", pin.architect_flow_id, reason="locked by Ada") for pin in plan().pins]


@pytest.mark.parametrize("ended", [DRY_RUN, made(INVENTORY, plan(), HELD)])
def test_a_plan_that_is_made_anew_may_change_what_the_one_before_might(ended: Report) -> None:
    asked = {"policy_option": "p.yaml", "protected": ("Main line", "af-2")}
    run = ended.run.model_copy(update=asked)

    found = commands(ended.model_copy(update={"run": run}), UNTIL_MS)

    assert found[0] == "genesys-timeouts raise --policy p.yaml --protected 'Main line' --protected af-2"


def test_a_plan_by_figures_is_made_anew_from_as_many_days() -> None:
    by_figures = Policy.model_validate({"rules": [{"name": "r", "at_least": "evidence"}]})
    planned = plan().model_copy(update={"policy": by_figures})
    audit = with_policy(made(INVENTORY), "p.yaml")

    found = commands(audit.model_copy(update={"plan": planned, "evidence": Evidence(asked_days=60)}))

    assert "genesys-timeouts raise --policy p.yaml --evidence 60d" in found


def with_policy(report: Report, file: str) -> Report:
    return report.model_copy(update={"run": report.run.model_copy(update={"policy_option": file})})


def test_an_audit_by_a_policy_names_its_file_and_says_nothing_where_there_is_none() -> None:
    audit = in_org(made(INVENTORY, plan()), "", kind="audit", mode="read only")

    assert "genesys-timeouts raise --policy 'my policy.yaml'" in commands(with_policy(audit, "my policy.yaml"))
    assert not any("--policy" in command for command in commands(audit))


def test_a_plan_by_a_policy_file_that_has_expired_is_made_anew_from_the_file() -> None:
    assert commands(with_policy(DRY_RUN, "policy.yaml"), UNTIL_MS) == ["genesys-timeouts raise --policy policy.yaml"]


def test_the_page_of_a_run_of_long_ago_offers_no_plan_that_has_expired() -> None:
    page = html_report(with_next_steps(with_policy(DRY_RUN, "policy.yaml"), UNTIL_MS))

    assert "genesys-timeouts apply" not in page
    assert "This plan has expired. Make a new one" in page


def test_an_audit_that_saw_nothing_leads_to_the_doctor() -> None:
    assert commands(made(inventory())) == ["genesys-timeouts doctor"]


@pytest.mark.parametrize(
    ("name", "named"),
    [("loyal-dove", "loyal-dove"), ("nightly (Prod)", "run-1"), ("$(id)", "run-1"), ("-x", "run-1"), ("a b", "run-1")],
)
def test_a_run_whose_name_a_shell_would_read_is_named_by_its_id(name: str, named: str) -> None:
    assert name_for_commands(name, "run-1") == named


def test_the_document_of_a_run_holds_them_and_is_read_back() -> None:
    document = with_next_steps(DRY_RUN)

    assert document.next == next_steps(DRY_RUN)
    assert Report.model_validate_json(document.to_json()) == document


def test_one_is_told_as_one() -> None:
    audit = report("audit")
    short = next(step for step in audit.steps if step.effective_ms is not None and step.effective_ms < 10_000)

    def text(of: Report) -> str:
        return next(step.text for step in next_steps(of.model_copy(update={"plan": None})) if "less than" in step.text)

    bridge = replace(short, kind="bridge")  # which is never changed
    assert text(audit.model_copy(update={"steps": (short, bridge)})).startswith("1 step waits less than 10s. ")
    assert text(audit.model_copy(update={"steps": (short, short)})).startswith("2 steps wait less than 10s. ")
    at_most = replace(short, setting=LiteralTimeout(timeout_ms=3_000), effective_ms=None, is_limit_known=False)
    assert text(audit.model_copy(update={"steps": (at_most,)})).startswith("1 step waits less than 10s. ")


def test_where_limits_of_actions_are_what_is_short_the_plan_of_both_is_named_too() -> None:
    audit = report("audit").model_copy(update={"plan": None})
    short = next(step for step in audit.steps if step.effective_ms is not None and step.effective_ms < 10_000)
    own, held = replace(short, action_limit_ms=30_000), replace(short, action_limit_ms=5_000)

    def levers(*steps: StepRecord) -> list[str]:
        told = next_steps(audit.model_copy(update={"steps": steps}))
        return [each.text for each in told if "--levers step,action" in each.command]

    assert levers(own) == []
    assert levers(own, held) == [
        "For 1 of them it is the action's limit that is too short. Plan to raise such limits, too"
    ]
    assert levers(held) == [
        "1 step waits less than 10s, for the limits of actions. Plan to raise those; this changes nothing"
    ]
    only_held = audit.model_copy(update={"steps": (held,)})
    assert not [each for each in commands(only_held) if each.endswith("raise --to 10s")], "it would change nothing"


DEPLOYED = made(org_and_files.ORG, org_and_files.plan(), as_code=org_and_files.as_code())
BESIDE = {"compared_options": ("--files", "flows")}


def test_a_plan_that_a_deploy_would_undo_is_offered_as_a_patch_of_the_files() -> None:
    publish, patch = commands(in_org(DEPLOYED, "prod", **BESIDE))

    assert publish == f"genesys-timeouts apply {org_and_files.plan().checksum} --org prod"
    assert patch == (
        "genesys-timeouts raise --to 20s --levers step,action --patch timeouts.patch --org prod --files flows"
    )


def test_beside_files_the_org_of_the_environment_is_named() -> None:
    assert commands(in_org(DEPLOYED, "", **BESIDE))[1].endswith(" --patch timeouts.patch --org env --files flows")


def test_what_is_published_and_would_be_undone_is_offered_as_a_raise_of_the_files() -> None:
    live = [became("published", "af-1", "Main", version_before="4.0", version_after="5.0")]
    done = in_org(DEPLOYED, "prod", mode="apply", **BESIDE).model_copy(update={"outcomes": tuple(live)})

    assert "genesys-timeouts raise --to 20s --levers step,action --patch timeouts.patch --files flows" in commands(done)
