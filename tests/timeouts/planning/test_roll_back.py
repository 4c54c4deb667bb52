"""Roll backs: what a run changed is put back where nobody has changed it since; all else is left and named."""

from collections.abc import Callable, Collection
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import architect, encoded, flow_data, inventory, listed, literal, node, set_to
from tests.timeouts.documents import (
    PIN,
    Documents,
    applied,
    architect_step,
    documents,
    org_of,
    planned,
    roll_back_of,
)
from timeouts.definitions import read_definition
from timeouts.definitions.proof import prove_edit
from timeouts.inventory import Inventory
from timeouts.model.org import Organization
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.model.steps import Reading
from timeouts.planning.plan import Plan
from timeouts.planning.roll_back import compute_roll_back
from timeouts.policy.policy import Policy

BEFORE = {"af-1": encoded(architect(node(1), architect_step(2, "unset", suggested=True)))}
PLAN = planned(BEFORE)
AFTER = applied(PLAN, BEFORE)


def edited(since: Callable[[bytes], bytes]) -> dict[str, bytes]:
    """The published documents after a colleague's edit."""
    return {each: since(body) for each, body in AFTER.items()}


def whys(plan: Plan) -> dict[str, str]:
    return {line.step_id: line.why for line in plan.left_alone}


# The laws.

orgs = st.lists(documents(), min_size=1, max_size=3).map(
    lambda bodies: {f"af-{number}": body for number, body in enumerate(bodies, 1)}
)


@given(orgs)
def test_a_roll_back_after_an_apply_gives_byte_identical_definitions(before: Documents) -> None:
    plan = planned(before)
    after = applied(plan, before)

    assert applied(roll_back_of(plan, after), after) == before


@given(orgs, st.sampled_from([PIN, Policy.raise_to(10_000)]))
def test_once_a_plan_is_applied_there_is_nothing_to_do(before: Documents, policy: Policy) -> None:
    assert planned(applied(planned(before, policy), before), policy).changes == ()


@given(orgs)
def test_a_roll_back_of_a_roll_back_gives_what_was_applied(before: Documents) -> None:
    plan = planned(before)
    after = applied(plan, before)
    back = roll_back_of(plan, after)
    again = roll_back_of(back, applied(back, after))

    assert applied(again, applied(back, after)) == after


@given(orgs)
def test_a_second_roll_back_finds_everything_as_it_was(before: Documents) -> None:
    plan = planned(before)
    second = roll_back_of(plan, before)

    assert (second.changes, second.left_alone, second.counts.fine) == ((), (), len(plan.changes))


@given(orgs)
def test_every_edit_of_a_roll_back_stands_the_proof(before: Documents) -> None:
    plan = planned(before)
    after = applied(plan, before)
    back = roll_back_of(plan, after)

    for each, body in applied(back, after).items():
        prove_edit(after[each], body, back.edits_of(each))


@given(orgs, st.randoms(use_true_random=False))
def test_the_order_of_input_never_changes_a_roll_back(before: Documents, chance: Any) -> None:
    plan = planned(before)
    after = applied(plan, before)
    shuffled = {each: after[each] for each in chance.sample(sorted(after), len(after))}

    assert roll_back_of(plan, shuffled).checksum == roll_back_of(plan, after).checksum


@given(orgs, st.sampled_from([b"Call CRM 1", b"Support", b"Call 1", b"node-end"]))
def test_a_roll_back_after_a_colleagues_edit_keeps_the_edit(before: Documents, renamed: bytes) -> None:
    plan = planned(before)
    since = {each: body.replace(renamed, b"Renamed") for each, body in applied(plan, before).items()}

    assert applied(roll_back_of(plan, since), since) == {
        each: body.replace(renamed, b"Renamed") for each, body in before.items()
    }


@given(orgs, st.integers(1, 4))
def test_a_step_that_a_colleague_set_since_stays_and_the_others_go_back(before: Documents, number: int) -> None:
    plan = planned(before)
    theirs = f"node-{number}"

    def with_theirs(body: bytes) -> bytes:
        definition = read_definition(body)
        return definition.with_edits(set_to({theirs: 7_777} if theirs in definition.locations else {}))

    since = {each: with_theirs(body) for each, body in applied(plan, before).items()}
    back = roll_back_of(plan, since)

    for each, body in applied(back, since).items():
        steps = {step.id: step for step in read_definition(body).steps}
        for was in read_definition(before[each]).steps:
            expected = LiteralTimeout(timeout_ms=7_777) if was.id == theirs else was.setting
            assert expected == steps[was.id].setting


@given(orgs)
def test_a_roll_back_reads_back_from_its_own_json(before: Documents) -> None:
    plan = planned(before)
    back = roll_back_of(plan, applied(plan, before))
    stored = Plan.model_validate_json(back.model_dump_json())

    assert (stored, stored.checksum) == (back, back.checksum)


# What is undone, and what is not.


def test_a_roll_back_names_the_run_it_undoes_and_is_pinned_to_what_is_live_now() -> None:
    back = roll_back_of(PLAN, AFTER)

    assert (PLAN.checksum, [read_definition(AFTER["af-1"]).fingerprint]) == (
        back.undoes,
        [pin.fingerprint for pin in back.pins],
    )


def test_a_change_of_a_roll_back_says_what_is_now_and_what_comes_back() -> None:
    suggested = next(change for change in roll_back_of(PLAN, AFTER).changes if change.step_id == "node-2")

    assert (LiteralTimeout(timeout_ms=10_000), Suggested(), None, 10_000, 60_000) == (
        suggested.before,
        suggested.after,
        suggested.after_ms,
        suggested.before_effective_ms,
        suggested.after_effective_ms,
    )


def test_a_roll_back_may_lower_what_no_policy_might() -> None:
    assert {change.reason for change in roll_back_of(PLAN, AFTER).changes} == {
        "put back to literal 3s, as before the run",
        "put back to suggested, as before the run",
    }


@pytest.mark.parametrize(("may_be_live", "undone"), [({"af-1"}, 2), ((), 0), ({"af-2"}, 0)])
def test_what_the_run_published_or_may_have_published_is_undone_and_nothing_else(
    may_be_live: Collection[str], undone: int
) -> None:
    back = compute_roll_back(PLAN, may_be_live, org_of(AFTER))

    assert (len(back.changes), back.counts.not_matched) == (undone, 2 - undone)


def test_a_step_that_was_set_since_is_left_and_named() -> None:
    back = roll_back_of(PLAN, edited(lambda body: read_definition(body).with_edits(set_to({"node-1": 12_000}))))

    assert [(line.step_name, line.why, line.reason) for line in back.left_alone] == [
        (
            "Call CRM 1",
            "changed_since",
            "the run left literal 10s, now it says literal 12s: somebody changed it after the run",
        )
    ]


@pytest.mark.parametrize("now", [b'"timeout":"soon"', b'"timeout":{"config":{"Flow.x":{}},"text":"Flow.x"}'])
def test_a_step_that_is_computed_or_unreadable_since_is_left_and_named(now: bytes) -> None:
    whole = b'"timeout":' + encoded(literal(10_000))

    assert whys(roll_back_of(PLAN, edited(lambda body: body.replace(whole, now)))) == {
        "node-1": "changed_since",
        "node-2": "changed_since",
    }


def test_a_note_that_somebody_put_into_the_timeout_itself_is_not_lost() -> None:
    since = edited(lambda body: body.replace(b'"version":2', b'"version":2,"$note":"mine"'))

    assert set(whys(roll_back_of(PLAN, since)).values()) == {"changed_since"}


def test_a_timeout_that_the_server_writes_in_other_words_is_still_ours() -> None:
    since = edited(lambda body: body.replace(b'"type":"dur","uiMetaData"', b'"type": "d\\u0075r" ,\n"uiMetaData"'))

    assert len(roll_back_of(PLAN, since).changes) == 2


def test_a_step_that_is_gone_is_left_and_named() -> None:
    without = {"af-1": encoded(architect(node(2, literal(10_000))))}

    assert whys(roll_back_of(PLAN, without)) == {"node-1": "gone"}


def test_an_architect_flow_that_is_gone_is_left_and_named() -> None:
    assert whys(roll_back_of(PLAN, {})) == {"node-1": "gone", "node-2": "gone"}


@pytest.mark.parametrize(
    "now", [[], [Reading(architect_flow_id="af-1", coverage="not_read", reason="403: missing permission")]]
)
def test_an_architect_flow_that_cannot_be_read_now_is_left_and_named(now: list[Reading]) -> None:
    back = compute_roll_back(PLAN, {"af-1"}, inventory([listed()], now))

    assert set(whys(back).values()) == {"not_read"}


def test_a_roll_back_counts_every_step_of_the_run_once() -> None:
    counts = roll_back_of(PLAN, edited(lambda body: read_definition(body).with_edits(set_to({"node-1": 1})))).counts

    assert (counts.steps, counts.changed, counts.left_alone, counts.fine, counts.not_matched) == (2, 1, 1, 0, 0)


def test_a_run_of_another_org_is_refused() -> None:
    with pytest.raises(ValueError, match="that run was in the org Example"):
        compute_roll_back(PLAN, (), Inventory(Organization(id="org-2", name="Other")))


def test_a_run_over_flow_data_is_undone_in_the_same_way() -> None:
    before = {"f1": encoded(flow_data({"id": "n1", "type": "dataAction"}))}
    plan = planned(before)
    after = applied(plan, before)

    assert (before, [3_000]) == (
        applied(roll_back_of(plan, after), after),
        [change.after_effective_ms for change in roll_back_of(plan, after).changes],
    )
