"""Limits: how much a run may change, what it waives by name, and what it leaves alone unless it is named."""

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.computing import compute_plan
from timeouts.planning.limits import UnknownLimitError, unwaived, violations_of
from timeouts.planning.plan import Plan
from timeouts.planning.unmatched import unmatched_in
from timeouts.policy.policy import Limits, Policy

LIMITS = Limits.model_validate({"architect_flows": 2, "changes": 20, "share": "10%"})


@pytest.mark.parametrize(
    ("architect_flows", "changed", "steps", "exceeded"),
    [
        (2, 20, 200, {}),
        (3, 20, 200, {"architect_flows": "3 Architect flows would change, the limit is 2"}),
        (2, 21, 210, {"changes": "21 steps would change, the limit is 20"}),
        (2, 20, 150, {"share": "20 of 150 steps would change, 13.3% of them; the limit is 10%"}),
    ],
)
def test_each_limit_is_reported_with_its_numbers(
    architect_flows: int, changed: int, steps: int, exceeded: dict[str, str]
) -> None:
    found = violations_of(LIMITS, architect_flows, changed, steps)

    assert exceeded == {violation.limit: violation.text for violation in found}


ALL = violations_of(LIMITS, 3, 21, 21)


def test_all_limits_are_reported_together() -> None:
    assert [violation.limit for violation in ALL] == ["architect_flows", "changes", "share"]


@pytest.mark.parametrize(
    ("waive", "left"),
    [
        ([], ["architect_flows", "changes", "share"]),
        (["share"], ["architect_flows", "changes"]),
        (["share", "changes"], ["architect_flows"]),
        (["window"], ["architect_flows", "changes", "share"]),
        (["share", "changes", "architect_flows"], []),
    ],
)
def test_a_limit_is_waived_by_its_own_name_alone(waive: list[str], left: list[str]) -> None:
    assert left == [violation.limit for violation in unwaived(ALL, waive)]


@pytest.mark.parametrize("violations", [ALL, ()])
def test_a_waiver_of_something_that_is_no_limit_is_refused(violations: tuple[()]) -> None:
    with pytest.raises(
        UnknownLimitError,
        match="no limit is called all, shares: there are architect_flows, changes, share, actions, reach, window",
    ):
        unwaived(violations, ["shares", "share", "all"])


def test_five_hundred_changes_are_the_limit_unless_the_policy_says_otherwise() -> None:
    assert Policy().limits == Limits.model_validate({"architect_flows": 100, "changes": 500, "share": "25%"})


PROTECTING = Policy.raise_to(10_000).model_copy(update={"protected": ("main LINE*", "af-3")})


def planned(*named: str, timeout_ms: int = 3_000) -> Plan:
    listing = [listed("af-1", "Main line Berlin"), listed("af-2", "Support"), listed("af-3", "Sales")]
    readings = [reading(step(1, LiteralTimeout(timeout_ms=timeout_ms)), of=one.id) for one in listing]
    return compute_plan(inventory(listing, readings, [action()]), PROTECTING, named=named)


@pytest.mark.parametrize(
    ("named", "changed"),
    [
        ((), ["af-2"]),
        (("main line berlin",), ["af-1", "af-2"]),
        (("AF-3",), ["af-2", "af-3"]),
        (("Main line*", "Sal?s"), ["af-2"]),
    ],
)
def test_a_protected_architect_flow_is_changed_only_where_it_is_named_in_full(
    named: tuple[str, ...], changed: list[str]
) -> None:
    assert changed == sorted(pin.architect_flow_id for pin in planned(*named).pins)


def test_of_two_of_one_name_the_name_in_tables_protects_releases_and_spares_the_one_that_has_it() -> None:
    two = [listed("af-1", "Support", type="inboundcall"), listed("af-2", "Support", type="workflow")]
    org = inventory(two, [reading(step(1, LiteralTimeout(timeout_ms=3000)), of=each.id) for each in two], [action()])

    def changed(policy: Policy, *named: str) -> list[str]:
        assert unmatched_in(org.told_apart(), policy, released=named) == ()
        return [pin.architect_flow_id for pin in compute_plan(org.told_apart(), policy, named=named).pins]

    protecting = Policy.raise_to(10_000).model_copy(update={"protected": ("support (workflow)",)})
    assert changed(protecting) == ["af-1"]
    assert changed(protecting, "Support (Workflow)") == ["af-1", "af-2"]
    assert changed(Policy.raise_to(10_000, exclude=["Support (inboundcall)"])) == ["af-2"]
    assert changed(Policy.raise_to(10_000, architect_flow=["Support (inbound*"])) == ["af-1"]


@pytest.mark.parametrize("second", ["Support", "SUPPORT"])
def test_a_name_of_several_releases_none_of_them_and_each_is_released_by_its_id(second: str) -> None:
    """Whoever meant the one released all that were called so, without a word."""
    two = [listed("af-1", "Support", type="inboundcall"), listed("af-2", second, type="workflow")]
    readings = [reading(step(1, LiteralTimeout(timeout_ms=3_000)), of=each.id) for each in two]
    org = inventory([*two, listed("af-3", "Sales")], readings, [action()]).told_apart()
    protecting = Policy.raise_to(10_000).model_copy(update={"protected": ("support*",)})

    def changed(*named: str) -> list[str]:
        return sorted(pin.architect_flow_id for pin in compute_plan(org, protecting, named=named).pins)

    assert changed("support") == []
    assert changed("AF-2") == ["af-2"]
    assert changed("support", "af-1", "af-2") == ["af-1", "af-2"]
    (told,) = unmatched_in(org, protecting, released=["support", "af-2", "sales"])
    assert (told.source, told.pattern, told.nearest) == ("released", "support", ())
    assert [each.rpartition(", ")[2] for each in told.several] == ["id af-1", "id af-2"]


def test_of_two_actions_of_one_name_the_name_in_tables_picks_and_spares_the_one_that_has_it() -> None:
    org = inventory(
        [listed("af-1"), listed("af-2")],
        [
            reading(step(1, LiteralTimeout(timeout_ms=3_000), each, action_name="Get"), of=flow)
            for flow, each in (("af-1", "a"), ("af-2", "b"))
        ],
        [action("a", name="Get", category="Live"), action("b", name="Get", category="Test")],
    ).told_apart()

    def changed(policy: Policy) -> list[str]:
        assert unmatched_in(org, policy, released=()) == ()
        return [pin.architect_flow_id for pin in compute_plan(org, policy).pins]

    assert changed(Policy.raise_to(10_000, exclude=["Get (Live)"])) == ["af-2"]
    assert changed(Policy.raise_to(10_000, action=["get (live)"])) == ["af-1"]


def test_what_is_protected_is_named_with_the_way_out() -> None:
    assert {(line.architect_flow_name, line.why, line.reason) for line in planned().left_alone} == {
        (name, "protected", "the policy protects its Architect flow: name it to have it changed")
        for name in ("Main line Berlin", "Sales")
    }


def test_a_protected_step_that_waits_long_enough_is_fine() -> None:
    assert planned(timeout_ms=10_000).counts.fine == 3
