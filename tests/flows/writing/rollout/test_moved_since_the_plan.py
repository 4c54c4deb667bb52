"""What moved between a plan and its publishing: callers get what was promised, or nothing is published."""

import json
from contextvars import copy_context
from threading import Thread
from typing import Any

import pytest
from prefect.client.schemas.objects import State

from flows.apply_plan import apply_plan
from flows.raise_timeouts import raise_timeouts
from flows.run.progress import listening
from reports.report import Report
from simulator.org.actions.people import DataActionEdit
from simulator.org.seeds import ActionSeed, ArchitectFlowSeed, DivisionSeed, OrgSeed, PersonSeed
from simulator.org.versions import Actor
from simulator.server import Running
from tests.flows.conftest import report_of
from tests.flows.waiting import another_run_in
from tests.simulator.conftest import configuration, step
from timeouts.planning.outcomes import Outcome, of_kind
from timeouts.policy.policy import Policy

ADA = Actor("person", "person-ada", "Ada Colleague")
PINNED = Policy.model_validate(
    {
        "rules": [
            {"name": "pin what is suggested", "match": {"setting": ["suggested"]}, "exactly": "10s"},
            {"name": "at least 10s", "at_least": "10s"},
        ],
        "limits": {"share": "100%"},
    }
)
BY_BOTH = PINNED.model_copy(update={"levers": ("step", "action")})


@pytest.fixture(scope="module")
def seed() -> OrgSeed:
    """Two steps that wait 3 s, and one that waits as long as its action."""

    def acting(action_id: str, name: str, seconds: int) -> ActionSeed:
        config = {"timeoutSeconds": seconds, "request": {}, "response": {}}
        return ActionSeed(action_id, name, "CRM", "i-1", version=4, config=config)

    def flow(name: str, action_id: str, **keys: Any) -> ArchitectFlowSeed:
        body = json.dumps(configuration(step("a-step", actionId=action_id, actionName=name, **keys))).encode()
        return ArchitectFlowSeed(name, name, "inboundcall", "home", lambda _: body, published_versions=("1.0",))

    return OrgSeed(
        "org-moved",
        "Moved",
        "architect",
        (DivisionSeed("home", "Home"),),
        (PersonSeed("person-ada", "Ada Colleague"),),
        [acting("custom_-_a", "Alpha", 10), acting("custom_-_b", "Beta", 12), acting("custom_-_c", "Gamma", 5)],
        (
            flow("Alpha", "custom_-_a", useSuggestedTimeout=True),
            flow("Beta", "custom_-_b"),
            flow("Gamma", "custom_-_c"),
        ),
    )


def limit(served: Running, action: str, seconds: int | None) -> None:
    """Let a colleague set a limit."""
    served.org.play(DataActionEdit(kind="limit_action", action_id=action, person=ADA, timeout_seconds=seconds))


def planned(policy: Policy) -> Report:
    return report_of(raise_timeouts(policy=policy, return_state=True))


def became(report: Report) -> dict[str, tuple[str, str]]:
    def in_short(outcome: Outcome) -> tuple[str, str]:
        return outcome.outcome, outcome.reason

    return {each.target.name: in_short(each) for each in of_kind(report.outcomes, "architect_flow")}


LOWERED = ("skipped", "stale: the limit of Alpha is now 30s, planned on 10s")
MASKED = ("skipped", "stale: the limit of Beta is now 5s, planned on 12s")


def test_a_saved_plan_lowers_nobody_and_is_masked_nowhere_whatever_became_of_the_limits(served: Running) -> None:
    dry = planned(PINNED)
    limit(served, "custom_-_a", 30)
    limit(served, "custom_-_b", 5)
    before = served.org.state()["architectFlows"]

    report = report_of(apply_plan(dry.run.id, return_state=True))

    assert became(report) == {"Alpha": LOWERED, "Beta": MASKED}
    assert served.org.state()["architectFlows"] == before


def test_what_did_not_move_is_published(served: Running) -> None:
    dry = planned(PINNED)
    limit(served, "custom_-_a", 30)

    report = report_of(apply_plan(dry.run.id, return_state=True))

    assert became(report) == {"Alpha": LOWERED, "Beta": ("published", "")}


def test_a_limit_that_moved_while_another_run_was_waited_for_counts_too(served: Running) -> None:
    """That other run may well be the one that moved it."""
    with another_run_in(served.org.seed.id, lambda: limit(served, "custom_-_a", 30)):
        report = report_of(raise_timeouts(policy=PINNED, mode="apply", return_state=True))

    assert became(report) == {"Alpha": LOWERED, "Beta": ("published", "")}


def test_nothing_is_asked_again_where_nobody_was_waited_for(served: Running) -> None:
    raise_timeouts(policy=PINNED, mode="apply", return_state=True)

    listings = [call for call in served.org.log if call.path == "/api/v2/integrations/actions"]
    assert len(listings) == 1


def test_a_second_attempt_at_a_plan_goes_on_where_the_first_one_has_raised_the_limit(served: Running) -> None:
    """It died between the action and the step: the limit is no longer what the plan was made from, by its own doing."""
    dry = planned(BY_BOTH)
    limit(served, "custom_-_c", 10)

    report = report_of(apply_plan(dry.run.id, return_state=True))

    assert [each.outcome for each in of_kind(report.outcomes, "action")] == ["unchanged"]
    assert became(report)["Gamma"] == ("published", "")


def test_a_limit_that_another_run_of_ours_raised_while_this_one_read_counts_too(served: Running) -> None:
    """That other run began and ended meanwhile, so nobody was waited for: callers were pinned under the new limit."""
    alpha = {"name": "30s", "match": {"action": "Alpha"}, "at_least": "30s"}
    raising = Policy.model_validate({"levers": ["action"], "rules": [alpha], "limits": {"share": "100%"}})
    outside = copy_context()
    others: list[State[Any]] = []

    def other() -> None:
        others.append(raise_timeouts(policy=raising, mode="apply", return_state=True))

    def once_listed(stage: str, _done: int, _total: int) -> None:
        if stage == "Reading Architect flows" and not others:
            served.org.clear_log()
            thread = Thread(target=outside.run, args=(other,))
            thread.start()
            thread.join(60)

    with listening(once_listed):
        report = report_of(raise_timeouts(policy=PINNED, mode="apply", return_state=True))

    assert [each.outcome for each in of_kind(report_of(others[0]).outcomes, "action")] == ["published"]
    assert len([call for call in served.org.log if call.path == "/api/v2/integrations/actions"]) == 2
    assert became(report) == {"Alpha": LOWERED, "Beta": ("published", "")}
