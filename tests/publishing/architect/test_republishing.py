"""Republishing a caller of a common module: its own content stays, and its copies are what the plan wants."""

import json
from typing import Any

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.versions import PublishPlan
from simulator.switches import Switches
from tests.publishing.matrices.matrix import ALL_LATE_MS
from tests.publishing.module_scenes import MODULE, caller, lagging, module, stage_module
from tests.publishing.scenes import FLOW, NODE, Stage, originals_in
from timeouts.definitions import read_definition
from timeouts.model.settings import LiteralTimeout
from timeouts.model.step_edits import SetTimeout
from timeouts.planning.changes import Shipped

SHIPPED = Shipped(kind="modules", name="Login as it is called now", before="1.0", after="2.0", module_id=MODULE)
EVERY_WAY: list[dict[str, Any]] = [
    {},
    {"snapshots_taken": "check_out"},
    {"nested_modules": "inside"},
    {"posted_snapshots": "stored"},
    {"checkout_makes_saved_version": False},
    {"normalises": "adds_field"},
]


@pytest.mark.parametrize("switches", EVERY_WAY, ids=str)
def test_a_republish_moves_exactly_the_snapshot(stage: Stage, switches: dict[str, Any]) -> None:
    scene = stage_module(stage, Switches(**switches))
    before = read_definition(scene.live())

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_after) == ("published", "5.0")
    assert "took in Common login 2.0 instead of 1.0" in outcome.notes
    assert scene.copy_says() == LiteralTimeout(timeout_ms=10_000)
    if "normalises" not in switches:
        assert read_definition(scene.live()).fingerprint == before.fingerprint


def test_a_platform_that_shows_no_snapshots_is_believed_and_it_is_told_that_nothing_was_compared(stage: Stage) -> None:
    scene = stage_module(stage, Switches(shows_snapshots=False))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "published"
    assert "what its copy of Common login says is not shown, and was not compared" in outcome.notes


def test_a_module_that_says_something_else_by_then_is_no_success(stage: Stage) -> None:
    scene = stage_module(stage, module_seconds=7)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert (
        "in its copy of Common login the step Look up the customer says literal 7s and not literal 10s"
        in outcome.reason
    )


def test_a_step_of_its_own_and_a_copy_change_with_one_publish(stage: Stage) -> None:
    scene = stage_module(stage)
    order = scene.order(edits={NODE: SetTimeout(timeout_ms=9_000)}, originals=originals_in(caller()))

    outcome = scene.publish_and_verify(order)

    assert outcome.outcome == "published"
    assert [step.setting for step in read_definition(scene.live()).steps] == [LiteralTimeout(timeout_ms=9_000)]
    assert scene.copy_says() == LiteralTimeout(timeout_ms=10_000)


def test_a_second_run_finds_the_republish_live_already(stage: Stage) -> None:
    scene = stage_module(stage)
    scene.publish_and_verify()

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.flow()["published"]) == ("unchanged", "5.0")


@pytest.mark.parametrize(
    ("plan_knows", "notes"),
    [
        ({}, ("took in Common login 2.0 instead of 1.0, which the plan does not name",)),
        ({"ships": (SHIPPED,)}, ()),
        ({"embeds": (MODULE,)}, ()),
        ({"embedded": {MODULE: frozenset({"1.0", "2.0"})}}, ()),  # in one version within another module
    ],
)
def test_an_own_change_of_the_caller_that_takes_the_module_in_is_told_unless_the_plan_said_so(
    stage: Stage, plan_knows: dict[str, Any], notes: tuple[str, ...]
) -> None:
    """An order without copies is not held against the snapshot, which moves all the same."""
    scene = stage_module(stage)
    edits = {NODE: SetTimeout(timeout_ms=9_000)}
    knows = {"embedded": {MODULE: frozenset({"1.0"})}} | plan_knows
    order = scene.order(edits=edits, originals=originals_in(caller()), copies=(), **knows)

    outcome = scene.publish_and_verify(order)

    assert (outcome.outcome, outcome.notes) == ("published", notes)
    assert scene.copy_says() == LiteralTimeout(timeout_ms=10_000)


def test_a_publish_of_ours_that_takes_in_something_else_while_it_is_taken_back_is_told_as_ours(stage: Stage) -> None:
    """What was taken in says nothing of whose publish it was."""
    scene = stage_module(stage, module_seconds=7)
    lost = Match(method="POST", path="/api/v2/flows/actions/publish")
    scene.org.add_fault(Fault(kind="status", status=504, match=lost, lands_after_ms=75_300))
    first_read_of_the_withdrawal = Match(method="GET", path="/api/v2/flows/*", nth=14)
    scene.org.add_fault(Fault(kind="status", status=429, retry_after="1", match=first_read_of_the_withdrawal))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, scene.live_version()) == ("failed", "5.0", "5.0")
    assert "published as 5.0, but in its copy of Common login" in outcome.reason


def test_a_republish_that_lands_later_than_anything_waits_still_takes_the_module_in(stage: Stage) -> None:
    """An exception (docs/safety.md): what is live already takes the modules in with any publish, draft or not."""
    scene = stage_module(stage)
    lost = Match(method="POST", path="/api/v2/flows/actions/publish")
    scene.org.add_fault(Fault(kind="status", status=504, match=lost, lands_after_ms=100_000))
    scene.org.plan_publish(PublishPlan(reads=0))

    outcome = scene.publish_and_verify()
    scene.org.advance_ms(ALL_LATE_MS)

    assert outcome.outcome == "failed"
    assert (scene.live_version(), scene.is_behind(), scene.flow()["lock"]) == ("5.0", False, None)
    assert scene.own_content(scene.live()) == scene.own_content(caller())


def test_a_caller_that_does_not_call_the_module_any_more_is_no_success(stage: Stage) -> None:
    scene = stage_module(stage)
    order = scene.order(copies=(lagging(module_id="another", module_name="Another"),))

    outcome = scene.publish_and_verify(order)

    assert outcome.outcome == "failed"
    assert "it does not embed Another any more" in outcome.reason


def test_nothing_of_the_callers_own_may_have_changed_since_the_plan(stage: Stage) -> None:
    scene = stage_module(stage, contents=lambda _: caller(own_seconds=4))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert "stale" in outcome.reason
    assert scene.flow()["published"] == "4.0"


def test_the_module_itself_is_left_alone(stage: Stage) -> None:
    scene = stage_module(stage)

    scene.publish_and_verify()

    moved = [each["name"] for each in scene.org.state()["architectFlows"].values() if each["published"] == "5.0"]
    assert moved == [scene.org.state()["architectFlows"][FLOW]["name"]]
    assert (
        json.loads(scene.live())["commonModules"][0]["model"]["flowSequenceItemList"]
        == (module(10)["flowSequenceItemList"])
    )
