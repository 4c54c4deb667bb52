"""Actions in a run: before the steps that need them, with a canary, within the budget, and back again."""

import json
from typing import Any

import pytest

from flows.apply_plan import apply_plan
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from flows.run.progress import listening
from publishing.order import orders_for_actions
from reports.report import Report
from simulator.clients import OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.actions.people import DataActionEdit
from simulator.org.seeds import ActionSeed, ArchitectFlowSeed, DivisionSeed, OrgSeed, PersonSeed
from simulator.org.versions import Actor
from simulator.server import Running
from tasks.running.clock import now_ms
from tasks.storage.function_limits import CONFIRMED_AFTER_MS
from tests.flows.conftest import plan_of, report_of
from tests.simulator.conftest import configuration, step
from timeouts.planning.outcomes import Outcome, of_kind
from timeouts.policy.policy import Policy

ADA = Actor("person", "person-ada", "Ada Colleague")
ACTIONS = "/api/v2/integrations/actions"
BY_BOTH = Policy.model_validate(
    {
        "rules": [{"name": "at least 10s", "at_least": "10s"}],
        "levers": ["step", "action"],
        "limits": {"share": "100%", "reach": "100%"},
    }
)


@pytest.fixture(scope="module")
def seed() -> OrgSeed:
    """Three actions that are too short, a function among them, and an Architect flow for each; one literal 3 s."""
    config = {"timeoutSeconds": 5, "request": {"headers": {"X-Api-Key": "s3cret"}}, "response": {}}
    actions = [
        ActionSeed("custom_-_a", "Alpha", "CRM", "i-1", version=4, config=config),
        ActionSeed("custom_-_b", "Beta", "CRM", "i-1", version=7, config=config),
        ActionSeed("custom_-_fn", "Gamma", "Function Data Actions", "i-2", function_timeout_seconds=4),
    ]

    def flow(number: int, action_id: str, **keys: Any) -> ArchitectFlowSeed:
        body = json.dumps(configuration(step(f"step-{number}", actionId=action_id, **keys))).encode()
        return ArchitectFlowSeed(
            f"architect-flow-{number}",
            f"Flow {number}",
            "inboundcall",
            "home",
            lambda _: body,
            published_versions=("1.0",),
        )

    return OrgSeed(
        "org-actions",
        "Actions",
        "architect",
        (DivisionSeed("home", "Home"),),
        (PersonSeed("person-ada", "Ada Colleague"),),
        actions,
        (
            flow(1, "custom_-_a", useSuggestedTimeout=True),
            flow(2, "custom_-_b"),
            flow(3, "custom_-_fn", useSuggestedTimeout=True),
        ),
    )


def raised(**asked: Any) -> tuple[Any, Report]:
    state = raise_timeouts(policy=BY_BOTH, mode="apply", return_state=True, **asked)
    return state, report_of(state)


def actions_of(report: Report) -> tuple[Outcome, ...]:
    return of_kind(report.outcomes, "action")


def became(report: Report) -> dict[str, str]:
    return {outcome.target.name: outcome.outcome for outcome in actions_of(report)}


def limits(served: Running) -> dict[str, int | None]:
    return {
        key: (each["function"] or each["config"]).get("timeoutSeconds")
        for key, each in served.org.state()["actions"].items()
    }


def refuse(served: Running, action_id: str, status: int = 400) -> None:
    served.org.add_fault(
        Fault(kind="status", status=status, match=Match(method="PATCH", path=f"{ACTIONS}/{action_id}", times=None))
    )


def test_every_action_is_changed_by_its_own_route(served: Running) -> None:
    state, report = raised()

    assert state.is_completed(), state.message
    assert became(report) == dict.fromkeys(("Alpha", "Beta", "Gamma"), "published")
    assert limits(served) == {"custom_-_a": 10, "custom_-_b": 10, "custom_-_fn": 10}


def test_when_the_first_action_fails_nothing_else_is_touched(served: Running) -> None:
    before = served.org.state()
    refuse(served, "custom_-_a", 403)

    state, report = raised()

    assert state.is_failed()
    assert became(report) == {"Alpha": "failed", "Beta": "skipped", "Gamma": "skipped"}
    assert [outcome.reason for outcome in of_kind(report.outcomes, "architect_flow")] == [
        "not started: it needs a longer limit of Beta, which was not changed; its own would be masked"
    ]
    assert served.org.state() == before


def test_an_action_that_the_platform_refuses_is_followed_by_the_next_one_as_canary(served: Running) -> None:
    refuse(served, "custom_-_a")

    _, report = raised()

    assert became(report) == {"Alpha": "failed", "Beta": "published", "Gamma": "published"}
    assert actions_of(report)[0].is_refused


def test_a_draft_of_a_function_that_does_not_validate_is_refused(served: Running) -> None:
    served.org.plan_validation("custom_-_fn", ["The handler is gone."])

    _, report = raised()

    assert became(report) == {"Alpha": "published", "Beta": "published", "Gamma": "failed"}
    assert [each.is_refused for each in actions_of(report)] == [False, False, True]


def test_an_architect_flow_whose_action_was_not_changed_is_not_published(served: Running) -> None:
    refuse(served, "custom_-_b")

    state, report = raised()

    assert state.is_failed()
    assert became(report) == {"Alpha": "published", "Beta": "failed", "Gamma": "published"}
    assert [(each.outcome, each.target.name) for each in of_kind(report.outcomes, "architect_flow")] == [
        ("skipped", "Flow 2")
    ]
    assert served.org.state()["architectFlows"]["architect-flow-2"]["published"] == "1.0"


def test_failures_of_both_kinds_count_against_one_budget(served: Running) -> None:
    refuse(served, "custom_-_b")
    policy = BY_BOTH.model_copy(update={"failure_budget": 1})
    report = report_of(raise_timeouts(policy=policy, mode="apply", return_state=True))

    assert became(report) == {"Alpha": "published", "Beta": "failed", "Gamma": "skipped"}
    assert "which is the failure budget" in actions_of(report)[2].reason


def test_an_action_of_which_somebody_has_a_draft_is_skipped_and_the_draft_untouched(served: Running) -> None:
    for action_id in ("custom_-_a", "custom_-_fn"):
        served.org.play(DataActionEdit(kind="draft_action", action_id=action_id, person=ADA))
    before = served.org.state()["actions"]

    state, report = raised()

    assert state.is_completed()
    assert became(report) == {"Alpha": "skipped", "Beta": "published", "Gamma": "skipped"}
    after = served.org.state()["actions"]
    assert [after[key] for key in ("custom_-_a", "custom_-_fn")] == [
        before[key] for key in ("custom_-_a", "custom_-_fn")
    ]


def test_more_actions_than_the_policy_allows_are_not_changed_unless_that_is_waived(served: Running) -> None:
    policy = BY_BOTH.model_copy(update={"limits": BY_BOTH.limits.model_copy(update={"actions": 2})})
    state = raise_timeouts(policy=policy, mode="apply", return_state=True)

    assert "the limits of 3 actions would change" in (state.message or "")
    assert set(limits(served).values()) == {5, 4}
    assert raise_timeouts(policy=policy, mode="apply", waive=("actions",), return_state=True).is_completed()


def test_a_saved_plan_changes_the_actions_too_and_skips_what_moved_since(served: Running) -> None:
    dry = report_of(raise_timeouts(policy=BY_BOTH, return_state=True))
    served.org.play(DataActionEdit(kind="edit_action", action_id="custom_-_a", person=ADA))

    report = report_of(apply_plan(dry.run.id, return_state=True))

    assert became(report) == {"Alpha": "skipped", "Beta": "published", "Gamma": "published"}
    assert "stale: version 5 was published after the plan, which knows 4" in actions_of(report)[0].reason
    assert report.actions == ()


def test_a_roll_back_puts_back_what_nobody_changed_since(served: Running) -> None:
    _, report = raised()
    served.org.play(DataActionEdit(kind="limit_action", action_id="custom_-_a", person=ADA, timeout_seconds=12))

    back = report_of(roll_back(report.run.id, mode="apply", return_state=True))

    assert became(back) == {"Beta": "published", "Gamma": "published"}
    assert limits(served) == {"custom_-_a": 12, "custom_-_b": 5, "custom_-_fn": 4}
    assert back.plan is not None
    assert [(left.name, left.why) for left in back.plan.actions_left] == [("Alpha", "changed_since")]


def test_a_roll_back_can_be_rolled_back(served: Running) -> None:
    _, report = raised()
    back = report_of(roll_back(report.run.id, mode="apply", return_state=True))
    report_of(roll_back(back.run.id, mode="apply", return_state=True))

    assert set(limits(served).values()) == {10}


def test_without_the_permission_to_change_actions_nothing_is_changed_and_it_is_named(
    served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = served.org.tokens.clients["demo-writer"]
    permissions = writer.permissions - {"integrations:action:edit", "integrations:actionFunction:edit"}
    served.org.add_client(OAuthClient("narrow", "narrow-secret", "Narrow", permissions))
    monkeypatch.setenv("GENESYS_CLIENT_ID", "narrow")
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", "narrow-secret")
    before = served.org.state()

    state, report = raised()

    assert state.is_failed()
    assert "integrations:action:edit" in actions_of(report)[0].reason
    assert served.org.state() == before


def test_no_header_of_an_action_is_in_the_record_of_a_run(served: Running) -> None:
    served.org.schedule(
        DataActionEdit(kind="edit_action", action_id="custom_-_a", person=ADA),
        "after",
        Match(method="PATCH", path=f"{ACTIONS}/custom_-_a"),
    )
    _, report = raised()

    assert "s3cret" not in report.model_dump_json()


def test_what_functions_may_take_is_asked_twice_and_kept_by_version(
    served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_timeouts(policy=BY_BOTH, return_state=True)
    with monkeypatch.context() as later:
        later.setattr("tasks.storage.function_limits.now_ms", lambda: now_ms() + CONFIRMED_AFTER_MS)
        raise_timeouts(policy=BY_BOTH, return_state=True)
    served.org.clear_log()
    again = report_of(raise_timeouts(policy=BY_BOTH, return_state=True))

    assert not [call for call in served.org.log if call.path.endswith("/function")]
    assert again.plan is not None
    assert [change.before_ms for change in again.plan.action_changes if change.kind == "function"] == [4_000]


def test_functions_that_cannot_be_read_are_told_and_not_changed(
    served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = served.org.tokens.clients["demo-writer"]
    permissions = writer.permissions - {"integrations:actionFunction:view"}
    served.org.add_client(OAuthClient("blind", "blind-secret", "Blind", permissions))
    monkeypatch.setenv("GENESYS_CLIENT_ID", "blind")
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", "blind-secret")

    report = report_of(raise_timeouts(policy=BY_BOTH, return_state=True))

    assert "The functions behind Gamma could not be read, so they count with 15s at most" in report.notes[0]
    assert report.plan is not None
    assert "Gamma" not in [change.name for change in report.plan.action_changes]


def test_a_function_that_is_not_found_for_a_moment_is_asked_for_again(served: Running) -> None:
    """Its action is listed."""
    served.org.add_fault(Fault(kind="status", status=404, match=Match(path=f"{ACTIONS}/*/function")))

    report = report_of(raise_timeouts(policy=BY_BOTH, return_state=True))

    assert report.notes == ()
    assert report.plan is not None
    assert "Gamma" in [change.name for change in report.plan.action_changes]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("change", "may_lower"),
    [
        ({}, False),
        ({"undoes": "checksum"}, True),
        ({"policy": BY_BOTH.model_copy(update={"allow_lowering": True})}, True),
    ],
)
def test_only_a_roll_back_and_a_policy_that_says_so_may_lower_a_limit(change: dict[str, Any], may_lower: bool) -> None:
    plan = plan_of(raise_timeouts(policy=BY_BOTH, return_state=True))

    orders = orders_for_actions(plan.model_copy(update=change))

    assert [order.may_lower for order in orders] == [may_lower] * 3


def test_a_run_that_changes_no_action_reports_no_stage_for_them(small_org: Running) -> None:
    stages: set[str] = set()

    with listening(lambda stage, _done, _total: stages.add(stage)):
        state = raise_timeouts(policy=Policy.raise_to(10_000), mode="apply", return_state=True)

    assert plan_of(state).changes, small_org
    assert "Publishing Architect flows" in stages
    assert "Changing action limits" not in stages
