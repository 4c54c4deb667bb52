"""The steps of the demo org: what a demo of raising timeouts finds there."""

import json
import math
from collections import Counter
from typing import Any, NamedTuple

import pytest

from simulator.demo.org import build_demo_org
from simulator.org.content.validation import duration_ms
from simulator.org.seeds import ActionSeed, ArchitectFlowSeed
from tests.simulator.demo.walks import live, steps

TEN_SECONDS_MS = 10_000


class GeneratedStep(NamedTuple):
    """A step with its Architect flow and what it says of its timeout."""

    architect_flow: ArchitectFlowSeed
    size: int
    node: dict[str, Any]
    says: str
    timeout_ms: int
    action: ActionSeed

    @property
    def limit_ms(self) -> int:
        return int(self.action.function_timeout_seconds or self.action.config.get("timeoutSeconds", 60)) * 1000

    @property
    def raisable(self) -> bool:
        return self.says == "literal" and self.timeout_ms < TEN_SECONDS_MS <= self.limit_ms

    @property
    def free(self) -> bool:
        return self.architect_flow.locked_by is None and self.architect_flow.draft == "none"


class Survey(NamedTuple):
    """The sizes and the steps of all published configurations."""

    sizes: list[int]
    steps: list[GeneratedStep]


def says(node: dict[str, Any]) -> str:
    flag, timeout = node.get("useSuggestedTimeout"), node["timeout"]
    if flag is True:
        return "suggested"
    literal = timeout["config"].get("lit")
    if flag is not False or "emp" in timeout["config"]:
        return "unreadable"
    if literal is None:
        return "expression"
    return "literal" if literal["text"] == timeout["text"] and duration_ms(literal["text"]) else "unreadable"


@pytest.fixture(scope="module", params=[60, 500])
def survey(request: pytest.FixtureRequest) -> Survey:
    org = build_demo_org(1, request.param)
    known = {action.id: action for action in org.actions}
    found = Survey([], [])
    for one in org.architect_flows:
        raw = live(one)
        found.sizes.append(len(raw))
        if one.published_versions:
            for node in steps(json.loads(raw)):
                lasts_ms = duration_ms(node["timeout"]["text"]) or 0
                found.steps.append(GeneratedStep(one, len(raw), node, says(node), lasts_ms, known[node["actionId"]]))
    return found


def share(survey: Survey, word: str) -> float:
    return sum(step.says == word for step in survey.steps) / len(survey.steps)


def test_no_configuration_is_smaller_or_larger_than_real_ones(survey: Survey) -> None:
    assert min(survey.sizes) >= 15_000
    assert max(survey.sizes) <= 600_000


def test_the_median_configuration_has_about_twenty_kilobytes(survey: Survey) -> None:
    assert 18_000 <= sorted(survey.sizes)[len(survey.sizes) // 2] <= 25_000


def test_one_in_twenty_configurations_has_some_ninety_kilobytes_or_more(survey: Survey) -> None:
    assert 60_000 <= sorted(survey.sizes)[math.ceil(len(survey.sizes) * 0.95) - 1] <= 130_000


def test_the_largest_configuration_is_a_bot(survey: Survey) -> None:
    largest = max(survey.steps, key=lambda step: step.size)

    assert largest.size > 400_000
    assert largest.architect_flow.type in {"bot", "digitalbot"}


def test_nearly_all_steps_leave_their_timeout_to_the_action(survey: Survey) -> None:
    assert 0.80 <= share(survey, "suggested") <= 0.90


def test_suggested_steps_mostly_still_hold_the_editors_minute(survey: Survey) -> None:
    stored = [step.timeout_ms for step in survey.steps if step.says == "suggested"]

    assert 0.5 <= stored.count(60_000) / len(stored) < 1


def test_some_suggested_steps_are_marked_out_of_service_and_no_literal_is(survey: Survey) -> None:
    marked = {step.says for step in survey.steps if "outOfService" in step.node["timeout"]}

    assert marked == {"suggested"}


def test_literals_range_from_one_second_to_a_minute(survey: Survey) -> None:
    literals = [step.timeout_ms for step in survey.steps if step.says == "literal"]

    assert all(1_000 <= timeout_ms <= 60_000 for timeout_ms in literals)
    assert min(literals) < TEN_SECONDS_MS < max(literals)


def test_only_workflows_compute_a_timeout(survey: Survey) -> None:
    computed = [step for step in survey.steps if step.says == "expression"]

    assert {step.architect_flow.type for step in computed} == {"workflow"}
    assert {step.node["timeout"]["uiMetaData"]["mode"] for step in computed} == {0}
    assert all(step.node["timeout"]["metaData"]["references"] for step in computed)


def test_a_few_steps_cannot_be_read(survey: Survey) -> None:
    assert 0 < share(survey, "unreadable") < 0.03


def test_a_raise_to_ten_seconds_takes_effect_in_a_dozen_free_architect_flows(survey: Survey) -> None:
    raised = {step.architect_flow.id: step for step in survey.steps if step.raisable and step.free}

    assert len(raised) >= 12
    assert {"commonmodule", "bot"} <= {step.architect_flow.type for step in raised.values()}
    assert any(step.size > 400_000 for step in raised.values())


def test_such_a_raise_changes_far_less_than_a_quarter_of_all_steps(survey: Survey) -> None:
    assert sum(step.raisable for step in survey.steps) / len(survey.steps) < 0.15


def test_some_raises_would_be_masked_by_the_limit_of_the_action(survey: Survey) -> None:
    assert any(step.says == "literal" and max(step.timeout_ms, step.limit_ms) < TEN_SECONDS_MS for step in survey.steps)


def test_locked_and_drafted_architect_flows_have_steps_worth_raising(survey: Survey) -> None:
    busy = [step.architect_flow for step in survey.steps if step.raisable and not step.free]

    assert any(one.locked_by is not None and one.draft == "none" for one in busy)
    assert {one.draft for one in busy} >= {"saved", "checked_in"}


def test_names_of_steps_repeat_even_in_one_architect_flow(survey: Survey) -> None:
    names = Counter((step.architect_flow.id, step.node["name"]) for step in survey.steps)

    assert max(names.values()) > 1
