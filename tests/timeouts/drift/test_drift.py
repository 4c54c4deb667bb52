"""Drift: what has moved in an org since the audit before, who published it, and what nobody knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import action, listed, reading, step
from tests.timeouts.drift.two_audits import AFTER, EARLIER, LATER, S3, S5, S8, S10, drift, moved_between, seen
from timeouts.drift.drift import Drift
from timeouts.drift.snapshot import Snapshot
from timeouts.model.org import Publisher
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, TimeoutSetting, Unreadable
from timeouts.model.steps import Step


def moves(found: Drift) -> dict[str, str]:
    return {f"{line.architect_flow_name} {line.step_name}": line.move for line in found.steps}


def one(*steps: Step, later: bool = False, version: str = "4.0", limit_ms: int | None = None) -> Snapshot:
    """An org of one Architect flow."""
    when = LATER if later else EARLIER
    return seen([listed(published_version=version)], [reading(*steps)], [action(limit_ms=limit_ms)], stamp=when)


def between(before: TimeoutSetting, after: TimeoutSetting) -> Drift:
    return moved_between(one(step(1, before)), one(step(1, after), later=True, version="5.0"))


def test_steps_that_wait_longer_or_shorter_are_told_with_both_waits() -> None:
    longer, shorter = between(S3, S10), between(S10, S8)

    assert [(line.move, line.before_effective_ms, line.after_effective_ms) for line in longer.steps] == [
        ("raised", 3_000, 10_000)
    ]
    assert [(line.move, line.before_effective_ms, line.after_effective_ms) for line in shorter.steps] == [
        ("lowered", 10_000, 8_000)
    ]


def test_a_setting_whose_wait_is_the_same_or_not_known_is_changed() -> None:
    assert between(Suggested(), LiteralTimeout(timeout_ms=60_000)).steps[0].move == "changed"
    assert between(S3, Expression(text="Flow.wait")).steps[0].move == "changed"
    assert between(Expression(text="Flow.wait"), Expression(text="Flow.patience")).steps[0].move == "changed"


def test_a_stored_duration_without_effect_is_no_drift_and_neither_is_another_reason() -> None:
    assert not between(Suggested(stored_ms=3_000), Suggested(stored_ms=9_000)).is_found
    assert not between(Unreadable(reason="unset"), Unreadable(reason="of another type")).is_found


def test_a_step_that_is_renamed_or_moved_is_no_drift() -> None:
    moved = one(step(1, S3, name="Other", container="Elsewhere", tracking_id=77), later=True, version="5.0")

    assert not moved_between(one(step(1, S3)), moved).is_found


def test_new_and_gone_steps_are_told() -> None:
    found = moved_between(one(step(1, S3), step(2, S5)), one(step(1, S3), step(3, S5), later=True, version="5.0"))

    assert moves(found) == {"Support Call CRM 3": "new", "Support Call CRM 2": "gone"}


def test_a_changed_limit_is_told_once_and_with_every_step_that_feels_it() -> None:
    found = moved_between(
        one(step(1, Suggested()), step(2, S3)), one(step(1, Suggested()), step(2, S3), limit_ms=5_000)
    )

    assert [(line.before_ms, line.after_ms, line.affected) for line in found.actions] == [(None, 5_000, 1)]
    assert [(line.step_id, line.by_action, line.move) for line in found.steps] == [("node-1", True, "lowered")]


def test_a_version_that_left_the_timeouts_alone_is_told_and_does_not_count() -> None:
    found = moved_between(one(step(1, S3)), one(step(1, S3), later=True, version="5.0"))

    assert (found.is_found, [(line.move, line.version_after) for line in found.architect_flows]) == (
        False,
        [("published", "5.0")],
    )


def test_new_and_gone_architect_flows_come_with_their_steps() -> None:
    found = moved_between(
        seen([listed("a", "A")], [reading(step(1, S3), of="a")]),
        seen([listed("b", "B")], [reading(step(1, S5), of="b")]),
    )

    assert {(line.name, line.move) for line in found.architect_flows} == {("A", "gone"), ("B", "new")}
    assert moves(found) == {"A Call CRM 1": "gone", "B Call CRM 1": "new"}


@pytest.mark.parametrize("coverage", ["not_read", "unreadable"])
def test_what_one_of_the_two_could_not_read_is_unknown_and_no_drift(coverage: str) -> None:
    known = one(step(1, S3))
    gap = seen([listed()], [reading(coverage=coverage, reason="403")], stamp=LATER)

    for found in (moved_between(known, gap), moved_between(gap, known)):
        assert (found.is_found, len(found.unknown), found.unknown[0].name) == (False, 1, "Support")
        assert "403" in found.unknown[0].reason


def test_an_architect_flow_that_is_published_for_the_first_time_has_new_steps() -> None:
    never = seen([listed(published_version=None)], [reading(coverage="not_published", version=None)])

    assert moves(moved_between(never, one(step(1, S3), later=True))) == {"Support Call CRM 1": "new"}


def test_a_function_whose_limit_could_not_be_read_is_unknown_and_no_drift() -> None:
    def org(function_ms: int | None) -> Snapshot:
        function = action("f", kind="function", name="Score", function_ms=function_ms)
        return seen([listed()], [reading(step(1, Suggested(), "f"))], [function])

    for found in (moved_between(org(5_000), org(None)), moved_between(org(None), org(5_000))):
        assert (found.is_found, [each.name for each in found.unknown]) == (False, ["Score"])


def test_a_limit_that_is_not_understood_is_unknown_and_no_drift() -> None:
    def org(limit_ms: int | None, unknown: str = "") -> Snapshot:
        called = action("a", limit_ms, name="Score", unknown_limit=unknown)
        return seen([listed()], [reading(step(1, Suggested(), "a"))], [called])

    odd = org(None, "config.timeoutSeconds is '3'")
    for found in (moved_between(org(5_000), odd), moved_between(odd, org(5_000)), moved_between(odd, odd)):
        assert (found.is_found, [each.reason for each in found.unknown]) == (False, ["its limit is not understood"])


def test_where_one_of_the_two_saw_no_action_at_all_no_limit_has_drifted() -> None:
    known = one(step(1, Suggested()), step(2, S8), limit_ms=5_000)
    blind = seen([listed()], [reading(step(1, Suggested()), step(2, S8))], [], stamp=LATER)

    for found in (moved_between(known, blind), moved_between(blind, known)):
        assert (found.is_found, [each.name for each in found.unknown]) == (False, ["all integration actions"])
    assert blind.keeping_what_was_known(known).actions == known.actions


def test_an_incomplete_audit_keeps_what_was_known_of_what_it_could_not_read() -> None:
    known = one(step(1, S3))
    gap = seen([listed(published_version="5.0")], [reading(coverage="not_read", reason="403")], stamp=LATER)
    kept = gap.keeping_what_was_known(known)

    assert kept.stamp == LATER
    assert moves(moved_between(kept, one(step(1, S10), version="6.0"))) == {"Support Call CRM 1": "raised"}


def test_our_own_runs_are_told_as_ours_by_the_version_or_by_the_oauth_client() -> None:
    after = seen(
        [listed(published_version="5.0", published_by=Publisher(kind="client", id="client-1"))],
        [reading(step(1, S10))],
        stamp=LATER,
    )
    by_version = moved_between(one(step(1, S3)), after, ours={("af-1", "5.0"): "bold-owl"}).architect_flows[0]
    by_client = moved_between(one(step(1, S3)), after, client_id="client-1").architect_flows[0]
    by_others = moved_between(one(step(1, S3)), after, ours={("af-1", "4.0"): "bold-owl"}).architect_flows[0]

    assert (by_version.ours, by_version.published_by) == (True, "our run bold-owl")
    assert (by_client.ours, by_client.published_by) == (True, "our OAuth client")
    assert (by_others.ours, by_others.published_by) == (False, "client-1")


def test_what_a_client_of_ours_published_is_ours_whatever_it_is_called() -> None:
    ours = Publisher(kind="us", id="client-1", name="Night raises")
    after = seen([listed(published_version="5.0", published_by=ours)], [reading(step(1, S10))], stamp=LATER)
    (found,) = moved_between(one(step(1, S3)), after).architect_flows

    assert (found.ours, found.published_by) == (True, "our OAuth client")


def test_what_a_suggested_timeout_is_worth_is_an_assumption_and_never_drift() -> None:
    found = moved_between(one(step(1, Suggested())), one(step(1, Suggested())), suggested_default_ms=5_000)

    assert not found.is_found


def test_counts_say_how_much_moved_and_by_whom() -> None:
    found = drift()

    assert found.counts == {
        "lowered": 1,
        "raised": 3,
        "changed": 1,
        "new_steps": 2,
        "gone_steps": 2,
        "by_their_action": 1,
        "action_limits": 1,
        "new_architect_flows": 1,
        "gone_architect_flows": 1,
        "republished": 3,
        "other_copies": 0,
        "unknown": 1,
    }
    assert found.by_whom == {"Ada": 2, "our run brave-ant": 1}


SETTINGS = st.one_of(
    st.just(Suggested()),
    st.integers(1, 60).map(lambda seconds: LiteralTimeout(timeout_ms=seconds * 1_000)),
    st.just(Expression(text="Flow.wait")),
    st.just(Unreadable(reason="unset")),
)
ORGS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]), st.dictionaries(st.integers(1, 4), SETTINGS, max_size=4), max_size=4
)


def org_of(found: dict[str, dict[int, TimeoutSetting]], limit_ms: int | None) -> Snapshot:
    return seen(
        [listed(name, name) for name in found],
        [
            reading(*(step(number, setting) for number, setting in steps.items()), of=name)
            for name, steps in found.items()
        ],
        [action(limit_ms=limit_ms)],
    )


LIMITS = st.sampled_from([None, 5_000, 10_000])


@given(ORGS, LIMITS)
def test_an_org_has_not_drifted_from_itself(org: dict[str, dict[int, TimeoutSetting]], limit_ms: int | None) -> None:
    found = moved_between(org_of(org, limit_ms), org_of(org, limit_ms))

    assert (found.is_found, found.architect_flows, found.unknown) == (False, (), ())


@given(ORGS, ORGS, LIMITS, LIMITS)
def test_the_way_back_is_the_same_drift_turned_round(
    one_org: dict[str, dict[int, TimeoutSetting]],
    other: dict[str, dict[int, TimeoutSetting]],
    limit_ms: int | None,
    other_ms: int | None,
) -> None:
    there = moved_between(org_of(one_org, limit_ms), org_of(other, other_ms)).counts
    back = moved_between(org_of(other, other_ms), org_of(one_org, limit_ms)).counts
    turned = {
        "raised": "lowered",
        "new_steps": "gone_steps",
        "new_architect_flows": "gone_architect_flows",
    }
    turned |= {value: key for key, value in turned.items()}

    assert {turned.get(key, key): count for key, count in there.items()} == back


@given(ORGS, ORGS)
def test_every_step_of_either_org_is_told_or_the_same(
    one_org: dict[str, dict[int, TimeoutSetting]], other: dict[str, dict[int, TimeoutSetting]]
) -> None:
    found = moved_between(org_of(one_org, None), org_of(other, None))
    told = {(line.architect_flow_id, line.step_id) for line in found.steps}

    for name in one_org.keys() | other.keys():
        for number in one_org.get(name, {}).keys() | other.get(name, {}).keys():
            same = one_org.get(name, {}).get(number) == other.get(name, {}).get(number)
            assert ((name, f"node-{number}") in told) is not same
    assert len(told) == len(found.steps)


def test_a_snapshot_survives_being_stored() -> None:
    assert Snapshot.model_validate_json(AFTER.model_dump_json()) == AFTER
