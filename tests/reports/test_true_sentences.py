"""What a run says of itself is true in the corner cases, too."""

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from flows.run.endings import ending, interrupted
from reports.frames.compared.undone import undone_sentences
from reports.frames.planned.limits import exceeded_limits, refusal_sentence
from reports.frames.planned.plan import nothing_to_do
from reports.markdown.summary import markdown_summary
from reports.page.page import html_report
from reports.policy_draft import drafted_policy
from reports.reasons import REASONS
from reports.report import OtherRun, Report
from reports.terminal.show import show_briefly
from tests.reports.made import made, printed
from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.planning.outcomes import became
from timeouts.as_code.undone import UndoneLimit
from timeouts.inventory import Inventory
from timeouts.model.evidence import ActionEvidence, Evidence
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.planning.changes import Violation
from timeouts.planning.computing import compute_plan
from timeouts.planning.outcomes import Outcome
from timeouts.planning.roll_back import compute_roll_back
from timeouts.planning.unmatched import unmatched_in
from timeouts.policy.policy import Policy

SHORT, LONG = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=20_000)
OVER = (Violation(limit="share", text="20 of 30 steps would change, 66.7% of them; the limit is 25%"),)


def org(*, setting: LiteralTimeout = SHORT, **changed: Any) -> Inventory:
    return inventory(
        [listed("af-1", "Main line", **changed)], [reading(step(1, setting, action_name="CRM"), of="af-1")], [action()]
    )


def planned(found: Inventory, policy: Policy | None = None, **changed: Any) -> Report:
    asked = policy or Policy.raise_to(10_000)
    return made(found, compute_plan(found, asked), **changed)


def views(report: Report) -> dict[str, str]:
    """What people read of a run, each in one line."""
    told = {"terminal": printed(report, 400), "Markdown": markdown_summary(report, {}), "page": html_report(report)}
    return {name: " ".join(text.split()) for name, text in told.items()}


def over_the_limits(kind: str, mode: str, *, waived: bool = False) -> Report:
    report = planned(org())
    assert report.plan is not None
    run = report.run.model_copy(update={"kind": kind, "mode": mode})
    plan = report.plan.model_copy(update={"violations": OVER})
    refusals = () if waived or kind == "audit" else OVER
    return report.model_copy(update={"run": run, "plan": plan, "refusals": refusals})


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        (
            [became("published"), became("skipped", "af-2"), became("skipped", "crm", kind="action")],
            "1 Architect flow is published, 1 action and 1 Architect flow are not done",
        ),
        (
            [became("published", "crm", kind="action"), became("skipped", "crm-2", kind="action")],
            "1 action is published, 1 action is not done",
        ),
        (
            [became("published"), became("published", "crm", kind="action")],
            "1 action and 1 Architect flow are published, 0 Architect flows are not done",
        ),
    ],
)
def test_an_interrupted_run_counts_actions_apart_from_architect_flows(outcomes: list[Outcome], told: str) -> None:
    said = interrupted(planned(org(), outcomes=outcomes)).message

    assert said == f"{told}; the next run goes on from there"


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (over_the_limits("audit", "read only"), "A raise by this policy would be refused."),
        (over_the_limits("raise", "dry run"), "Publishing this would be refused."),
        (over_the_limits("raise", "apply"), "Nothing was published."),
    ],
    ids=["audit", "dry run", "apply"],
)
def test_a_limit_that_is_exceeded_is_not_called_waived_where_nobody_waived_it(report: Report, told: str) -> None:
    for text in views(report).values():
        assert "waived by name" not in text
        assert f"{told} Narrow the rules, change the policy, or waive it by name." in text
        assert text.count("--waive") <= 1, "the command alone says how, and a terminal shows it at the very end"


CLOSED = Violation(limit="window", text="it is mon 14:05, changes are published from 22:00 to 05:00 UTC, every day")


@pytest.mark.parametrize(
    ("mode", "over", "told"),
    [
        ("dry run", (), "Publishing this would be refused now. The plan can be published while the window is open."),
        ("apply", (), "Nothing was published. The plan can be published while the window is open."),
        ("dry run", OVER, "change the policy, or waive it by name. The window has to be open, too."),
    ],
)
def test_a_closed_window_is_waited_for_and_nobody_is_told_to_waive_it(
    mode: str, over: tuple[Violation, ...], told: str
) -> None:
    window = {"opens": "22:00", "closes": "05:00", "time_zone": "UTC"}
    policy = Policy.model_validate({**Policy.raise_to(10_000).model_dump(mode="json"), "window": window})
    closed = planned(org(), policy)
    run = closed.run.model_copy(update={"mode": mode})

    for text in views(closed.model_copy(update={"run": run, "refusals": (*over, CLOSED)})).values():
        assert told in text
        assert "--waive window" not in text


@pytest.mark.parametrize("mode", ["dry run", "apply"])
def test_a_limit_that_was_waived_is_called_so_and_keeps_nobody_from_anything(mode: str) -> None:
    report = over_the_limits("raise", mode, waived=True)

    assert refusal_sentence(report) == ""
    assert [each.is_waived for each in exceeded_limits(report)] == [True]
    for text in views(report).values():
        assert "Over the limit share, waived by name: 20 of 30 steps would change" in text


def test_a_name_of_several_that_was_to_be_released_is_told_with_all_that_have_it() -> None:
    two = [listed("af-1", "Main line"), listed("af-2", "main line")]
    found = inventory(two, [reading(step(1, SHORT), of="af-1")], [action()])
    unmatched = unmatched_in(found, Policy.raise_to(10_000), released=["Main line"])

    for text in views(planned(found, unmatched=unmatched)).values():
        assert (
            "--protected Main line may be one of 2 Architect flows, so it releases none of them: name one by its id "
            "(Main line, id af-1; main line, id af-2)."
        ) in text.replace("\\", "")


def test_the_state_of_a_dry_run_says_that_publishing_would_be_refused() -> None:
    assert "1 would change, which is refused: over the limit share (plan" in str(
        ending(over_the_limits("raise", "dry run")).message
    )


def test_an_audit_with_a_policy_never_speaks_of_what_is_published() -> None:
    locked = planned(org(saved_version="s1"))
    audit = locked.model_copy(update={"run": locked.run.model_copy(update={"kind": "audit", "mode": "read only"})})

    for name, text in views(audit).items():
        assert "republish" not in text, name
        assert "to be skipped" not in text.casefold(), name
    assert "A raise would skip these as things stand: Main line" in views(audit)["terminal"]


@pytest.mark.parametrize(
    ("found", "policy", "told"),
    [
        (org(setting=LONG), None, "Nothing to do: every step that a rule matches waits as that rule asks"),
        (org(saved_version="s1"), None, "Nothing to do now: 1 step is left alone, for the reasons below"),
        (
            org(),
            Policy.raise_to(10_000).model_copy(update={"protected": ("Main*",)}),
            "Nothing to do now: 1 step is left alone, for the reasons below",
        ),
        (org(), Policy.raise_to(10_000, ["Booking"]), "Nothing was done: no rule matches any step"),
        (inventory([listed()], [reading()]), None, "Nothing to do: no step was read"),
        (org(), None, ""),
    ],
    ids=["fine", "held", "protected", "not matched", "no step", "to change"],
)
def test_why_there_is_nothing_to_do_is_said_as_it_is(found: Inventory, policy: Policy | None, told: str) -> None:
    report = planned(found, policy)

    assert report.plan is not None
    assert nothing_to_do(report.plan) == told
    assert told in views(report)["terminal"]
    assert told in views(report)["Markdown"]


def test_a_roll_back_never_says_that_all_is_as_before_where_somebody_has_changed_a_limit_since() -> None:
    before = inventory([listed()], [reading(step(1, Suggested(), "crm"))], [action("crm", 5_000, version=4)])
    raised = compute_plan(before, Policy.raise_to(10_000, levers=("step", "action")))
    now = inventory([listed()], [reading(step(1, Suggested(), "crm"))], [action("crm", 7_000, version=6)])
    report = made(now, compute_roll_back(raised, {"crm"}, now))
    file = io.StringIO()
    show_briefly(Console(file=file, width=400), report)

    assert report.plan is not None
    assert nothing_to_do(report.plan) == "Nothing to put back: 1 action limit left alone, for the reasons below"
    for name, text in {**views(report), "quiet": " ".join(file.getvalue().split())}.items():
        assert "the run left 10s, now it is 7s: somebody changed it after the run" in text, name


def test_where_little_is_shown_the_limits_of_actions_are_counted_too() -> None:
    found = inventory([listed()], [reading(step(1, Suggested(), "crm"))], [action("crm", 5_000, version=4)])
    file = io.StringIO()
    show_briefly(Console(file=file, width=200), planned(found, Policy.raise_to(10_000, levers=("step", "action"))))

    assert "1 action limit to change." in file.getvalue()


def test_the_reasons_below_are_below_where_little_is_shown_too() -> None:
    file = io.StringIO()
    show_briefly(Console(file=file, width=200), planned(org(saved_version="s1")))

    said = file.getvalue()
    assert said.index("for the reasons below") < said.index("A person has locked their Architect flow")


@pytest.mark.parametrize(
    ("unread", "said"),
    [
        ("read", "no Architect flow uses it"),
        ("not_published", "no published Architect flow uses it"),
        ("unreadable", "no Architect flow that was read uses it"),
    ],
)
def test_an_action_is_called_unused_only_where_all_was_read(unread: str, said: str) -> None:
    two = inventory(
        [listed("af-1"), listed("af-2")],
        [reading(step(1, SHORT), of="af-1"), reading(coverage=unread, of="af-2")],
        [action(), action("other", name="Other")],
    )
    report = made(two)

    assert next(use.note for use in report.actions if use.action_id == "other") == said
    nobody = "" if unread == "unreadable" else said.removesuffix(" uses it")
    for name, text in views(report).items():
        assert ("Used by no " in text) is (f"Used by {nobody}: Other" in text) is (name == "terminal" and bool(nobody))
        assert ("Actions that no " in text) is (f"that {nobody} uses" in text) is (name == "Markdown" and bool(nobody))


def test_of_an_org_of_which_nothing_was_read_no_action_is_said_to_be_used_or_not() -> None:
    report = made(inventory([listed()], [reading(coverage="unreadable", reason="it is not JSON")], [action()]))

    assert [use.note for use in report.actions] == [""]
    assert all("uses it" not in text and "no Architect flow use" not in text for text in views(report).values())


def test_figures_without_any_call_are_an_answer_and_no_gap() -> None:
    report = made(org()).model_copy(update={"evidence": Evidence(asked_days=14)})

    assert ending(report).is_completed()
    for text in views(report).values():
        assert "figures hold no call of an action in the last 14 days." in text.replace("org&#39;s", "org's")


def test_what_an_earlier_attempt_published_is_counted_apart() -> None:
    two = inventory(
        [listed("af-1", "Main"), listed("af-2", "Night"), listed("af-3", "Third")],
        [reading(step(1, SHORT), of=f"af-{number}") for number in (1, 2, 3)],
        [action()],
    )
    became_so = [
        became("published", "af-1", "Main", version_before="4.0", version_after="5.0"),
        became("unchanged", "af-2", "Night", version_before="4.0", version_after="5.0"),
        became("skipped", "af-3", "Third", reason="locked"),
    ]
    report = made(two, compute_plan(two, Policy.raise_to(10_000)), became_so)

    said = "1 published, 1 unchanged (live already), 1 skipped"
    assert said in views(report)["terminal"]
    assert said in views(report)["Markdown"]
    assert str(ending(report).message).endswith("1 Architect flow published, 1 unchanged (live already), 1 skipped")


def test_one_of_anything_is_not_counted_as_several() -> None:
    report = planned(org())
    shown = " ".join(views(report).values())

    assert "1 Architect flow listed = 1 read" in shown
    assert "1 step = 1 to change" in shown
    assert str(ending(report).message).startswith("1 step in 1 Architect flow, 1 would change (plan")
    for wrong in ("1 Architect flows", "1 steps", "1 actions", "1 changes", "1 calls"):
        assert f" {wrong}" not in shown, wrong


def test_one_day_one_action_and_one_file_are_told_as_one() -> None:
    one = ActionEvidence(action_id="custom_-_crm", calls=9, mean_ms=9, max_ms=9)
    day = inventory([listed()], [reading(step(1, SHORT))], [action()], evidence=Evidence(asked_days=1, problem="403"))
    figures = replace(day, evidence=Evidence(asked_days=1, covered_days=1, actions=(one,)))

    assert "The figures of the last 1 day could not be read" in day.gaps[0]
    assert "no figures of the last 1 day:" in markdown_summary(made(day), {})
    assert "as the org has figures of 1 action:" in drafted_policy(made(figures))
    two = [
        UndoneLimit(path=path, action_id="a", name="CRM", after_ms=2, puts_back_ms=1, difference="file shorter")
        for path in ("a.tf", "b.tf")
    ]
    assert undone_sentences(two, 1)[-1] == "The next deploys of 1 more file would undo changes, too."


def test_on_the_page_an_id_is_no_count_and_a_step_called_failed_no_outcome() -> None:
    page = html_report(made(inventory([listed()], [reading(step(1234, SHORT, name="failed"))], [action()])))

    assert '<td class="number">1234</td>' in page
    assert "<td>failed</td>" in page


def test_a_run_of_whose_rules_none_matches_ends_red_and_says_what_may_have_been_meant() -> None:
    report = planned(org(), Policy.raise_to(10_000, ["CRMM*"]))
    told = "The rule 'at least 10s' matches no step: no step calls an action CRMM*; did you mean CRM*?"

    state = ending(report)

    assert (state.is_failed(), state.name, state.message) == (True, "NothingMatched", told)
    for text in views(report).values():
        assert told in text.replace("&#39;", "'").replace("\\", "")


def test_a_run_of_whose_rules_one_matches_warns_and_is_green() -> None:
    report = planned(org(), Policy.raise_to(10_000, ["CRM*", "Bookin*"]))

    assert ending(report).is_completed()
    assert "The rule 'at least 10s, Bookin*' matches no step" in views(report)["terminal"]


def test_where_not_all_was_read_what_is_meant_may_be_there() -> None:
    part = inventory(
        [listed("af-1"), listed("af-2")],
        [reading(step(1, SHORT, action_name="CRM"), of="af-1"), reading(coverage="not_read", of="af-2")],
        [action()],
    )
    state = ending(planned(part, Policy.raise_to(10_000, ["Booking*"])))

    assert state.name == "Incomplete"
    assert "matches no step" in str(state.message)
    assert "What is meant may be in the Architect flow that could not be read." in str(state.message)


def test_what_to_do_names_the_words_of_a_policy_beside_the_options_that_stand_for_them() -> None:
    """`raise` has no --allow-lowering, and takes no --levers beside --policy."""
    assert "`allow_lowering: true` in the policy (`--allow-lowering` of `set`)" in REASONS["lowering"].to_do
    for why in ("masked", "action_limit", "suggested_default", "lever"):
        assert "`levers: [step, action]` in the policy (or --levers step,action)" in REASONS[why].to_do


def test_every_view_of_a_roll_back_says_what_other_runs_published_of_the_plan_that_it_undoes() -> None:
    found = org()
    undone = compute_plan(found, Policy.raise_to(10_000))
    raised = org(setting=LiteralTimeout(timeout_ms=10_000))
    first = OtherRun(id="run-0", name="psychedelic-fulmar", action_limits=7, architect_flows=1)
    back = made(raised, compute_roll_back(undone, {"af-1"}, raised), other_runs=(first,))

    out = io.StringIO()
    show_briefly(Console(file=out, width=400), back)

    for view in (*views(back).values(), out.getvalue()):
        assert "psychedelic-fulmar published 7 action limits and 1 Architect flow of the same plan" in view
        assert "which stay as they are." in view
