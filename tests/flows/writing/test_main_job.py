"""`raise --to 10s --apply` on the demo org: what it does, and that it does nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from flows.raise_timeouts import raise_timeouts
from reports.report import Report, WriteMode
from simulator.demo.org import build_demo_org
from simulator.org.org import Org
from tests.flows.conftest import org_of_a_module, report_of
from tests.flows.orgs import limit_seconds, literal_ms, live_steps, own_part, timeouts_of, without_timeouts
from timeouts.policy.policy import Policy

TO_MS = 10_000


@dataclass(frozen=True)
class Done:
    """The org, its state before and after, and two runs: the raise and the same again."""

    org: Org
    before: dict[str, Any]
    after: dict[str, Any]
    report: Report
    again: Report
    calls_again: list[str]


def run(policy: Policy, *, mode: WriteMode = "apply") -> Report:
    state = raise_timeouts(policy=policy, mode=mode, return_state=True)
    assert state.is_completed(), state.message
    return report_of(state)


@pytest.fixture(scope="module")
def done(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    with org_of_a_module(build_demo_org(), tmp_path_factory.mktemp("results")) as simulator:
        org = simulator.org
        before = org.state(bodies=True)
        report = run(Policy.raise_to(TO_MS))
        after = org.state(bodies=True)
        org.clear_log()
        again = run(Policy.raise_to(TO_MS))
        calls = [call.path for call in org.log if call.method != "GET" and "token" not in call.path]
        yield Done(org, before, after, report, again, calls)


def architect_flows(state: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = state["architectFlows"]
    return found


def live_body(architect_flow: dict[str, Any]) -> Any:
    text = next(each["text"] for each in architect_flow["versions"] if each["id"] == architect_flow["published"])
    return own_part(text)


def is_free(architect_flow: dict[str, Any]) -> bool:
    newest = architect_flow["versions"][-1]["id"] if architect_flow["versions"] else None
    return architect_flow["lock"] is None and architect_flow["saved"] is None and newest == architect_flow["published"]


def test_every_literal_below_10_s_whose_raise_takes_effect_is_raised(done: Done) -> None:
    limits = {action.id: limit_seconds(action) for action in done.org.seed.actions}
    too_short = [
        node["name"]
        for key, architect_flow in architect_flows(done.after).items()
        if architect_flow["published"] and is_free(architect_flow)
        for node in live_steps(done.org, key)
        if (literal_ms(node) or TO_MS) < TO_MS and (limits[node["actionId"]] or 60) * 1000 >= TO_MS
    ]

    assert too_short == []


def test_the_state_differs_only_in_those_timeouts_and_the_versions(done: Done) -> None:
    changed = {change.step_id for change in (done.report.plan.changes if done.report.plan else ())}

    for key, before in architect_flows(done.before).items():
        after = architect_flows(done.after)[key]
        if before == after:
            continue
        old, new = live_body(before), live_body(after)
        assert without_timeouts(old) == without_timeouts(new)
        touched = {step for step, said in timeouts_of(new).items() if timeouts_of(old)[step] != said}
        assert touched
        assert touched <= changed
        assert [each["id"] for each in after["versions"][:-1]] == [each["id"] for each in before["versions"]]
        assert (after["lock"], after["saved"], after["name"]) == (None, None, before["name"])
    assert done.after["actions"] == done.before["actions"]


def test_each_changed_architect_flow_moved_by_exactly_one_version(done: Done) -> None:
    published = [outcome for outcome in done.report.outcomes if outcome.outcome == "published"]

    assert len(published) >= 12
    for outcome in published:
        assert float(outcome.version_after or 0) == float(outcome.version_before or 0) + 1


def test_locked_and_drafted_architect_flows_are_skipped_by_name_and_reason(done: Done) -> None:
    skipped = {outcome.target.name: outcome.reason for outcome in done.report.outcomes if outcome.outcome == "skipped"}

    assert any("locked by" in reason for reason in skipped.values())
    assert any("draft" in reason for reason in skipped.values())
    for key, before in architect_flows(done.before).items():
        if before["lock"] is not None:
            assert architect_flows(done.after)[key] == before


def test_the_actions_whose_own_limit_stands_in_the_way_are_named(done: Done) -> None:
    assert done.report.plan is not None
    limits = {action.name: limit_seconds(action) for action in done.org.seed.actions}

    assert done.report.plan.action_advice
    for advice in done.report.plan.action_advice:
        assert (limits[advice.name] or 60) * 1000 < TO_MS
        assert advice.steps > 0


def test_expressions_and_what_is_not_understood_are_left_and_told(done: Done) -> None:
    assert done.report.plan is not None
    why = [line.why for line in done.report.plan.left_alone]

    assert why.count("expression") == sum(step.setting.kind == "expression" for step in done.report.steps)
    assert why.count("unreadable") == sum(step.setting.kind == "unreadable" for step in done.report.steps)


def test_every_step_is_accounted_for(done: Done) -> None:
    assert done.report.plan is not None
    counts = done.report.plan.counts

    assert counts.steps == len(done.report.steps)
    assert counts.steps == counts.changed + counts.left_alone + counts.fine + counts.not_matched


def test_a_run_straight_after_finds_nothing_to_do_and_writes_nothing(done: Done) -> None:
    assert done.again.plan is not None
    assert done.again.plan.changes == ()
    assert done.calls_again == []
    assert not [outcome for outcome in done.again.outcomes if outcome.outcome != "skipped"]


def test_a_run_straight_after_reads_only_what_was_published(done: Done) -> None:
    route = "GET /api/v2/flows/{flowId}/versions/{versionId}/configuration"
    published = [outcome for outcome in done.report.outcomes if outcome.outcome == "published"]

    assert done.again.requests.requests[route] == len(published)
