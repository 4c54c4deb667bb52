"""What shows what it said before a run is not fine where the run's own change may still come."""

from typing import Any

import pytest

from tests.timeouts.conftest import action, inventory, listed, raw_timeout, reading, step
from timeouts.inventory import Inventory
from timeouts.model.org import DataAction, Holder, Operation, Organization
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.later.older import not_believing
from timeouts.planning.later.under_way import moved_meanwhile, under_way
from timeouts.planning.plan import Plan
from timeouts.planning.roll_back import compute_roll_back
from timeouts.policy.policy import Policy

SHORT, LONG = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=10_000)
OURS = Holder(kind="client", id="c-1", name="Timeout pipeline")
ADA = Holder(kind="person", id="p-1", name="Ada")
PUBLISHING = Operation(id="op-1", action="PUBLISH", status="STARTED")
BOTH = {"af-1", "crm"}


def crm(limit_ms: int | None = 5_000, version: int = 4, **changed: Any) -> DataAction:
    return action("crm", limit_ms, version=version, name="CRM", **changed)


def org(now: DataAction | None = None, says: LiteralTimeout = SHORT, **flow: Any) -> Inventory:
    """One Architect flow, of whose two steps one is raised by its own timeout, and the action behind them."""
    version = flow.get("published_version", "4.0")
    steps = step(1, says, "crm", raw_timeout=raw_timeout(says)), step(2, Suggested(), "crm")
    kind = flow.pop("read_as", "architect")
    return inventory([listed(**flow)], [reading(*steps, version=version, kind=kind)], [now or crm()])


def plan() -> Plan:
    return compute_plan(org(), Policy.raise_to(10_000, levers=("step", "action")))


def doubted(now: Inventory, in_doubt: set[str]) -> dict[str, str]:
    return dict(under_way(now, plan(), in_doubt))


@pytest.mark.parametrize(
    ("flow", "why"),
    [
        ({"operation": PUBLISHING}, "its publish may still be under way there (PUBLISH is running)"),
        ({"locked_by": OURS}, "its publish may still be under way there (Timeout pipeline has locked it)"),
        ({"read_as": "flowData"}, "its change may still come"),
    ],
)
def test_an_architect_flow_as_before_is_left_where_the_publish_of_the_run_may_still_come(
    flow: dict[str, Any], why: str
) -> None:
    now = org(**flow)

    back = compute_roll_back(plan(), {"af-1"}, not_believing(now, under_way(now, plan(), {"af-1"})))

    (left,) = back.left_alone
    assert (back.counts.fine, left.why, why in left.reason) == (0, "not_read", True), left.reason


@pytest.mark.parametrize(
    ("flow", "in_doubt"),
    [
        ({}, {"af-1"}),
        ({"operation": PUBLISHING, "locked_by": OURS}, set()),
        ({"locked_by": ADA}, {"af-1"}),
        ({"operation": PUBLISHING.model_copy(update={"complete": True})}, {"af-1"}),
        ({"operation": PUBLISHING.model_copy(update={"status": "FAILURE"})}, {"af-1"}),
        ({"operation": PUBLISHING, "says": LONG, "published_version": "5.0"}, {"af-1"}),
        ({"locked_by": OURS, "published_version": "6.0"}, {"af-1"}),
        ({"read_as": "flowData", "says": LONG}, {"af-1"}),
    ],
    ids=["idle", "known", "a person's lock", "ended", "failed", "landed", "put back since", "flowData that landed"],
)
def test_an_architect_flow_is_what_it_says_where_nothing_of_the_run_can_come_any_more(
    flow: dict[str, Any], in_doubt: set[str]
) -> None:
    assert doubted(org(**flow), in_doubt) == {}


def test_a_caller_that_the_run_only_republishes_is_as_before_as_long_as_its_version_is() -> None:
    republished = plan().model_copy(update={"changes": ()})
    found = [under_way(org(operation=PUBLISHING, published_version=each), republished, BOTH) for each in ("4.0", "5.0")]

    assert [set(each) for each in found] == [BOTH, {"crm"}]


@pytest.mark.parametrize("now", [crm(), crm(kind="function", function_ms=5_000, limit_ms=None, version=5)])
def test_an_action_with_the_limit_from_before_is_not_certain_where_it_is_not_known_what_came_of_the_run(
    now: DataAction,
) -> None:
    shown = org(now)
    seen = not_believing(shown, under_way(shown, plan(), {"crm"}))

    back = compute_roll_back(plan(), {"crm"}, seen)

    (left,) = back.actions_left
    assert (left.why, "its change may still come" in left.reason, seen.is_complete) == ("not_read", True, False)


@pytest.mark.parametrize(
    ("now", "in_doubt"),
    [(crm(), set()), (crm(10_000, 5), {"crm"}), (crm(12_000, 4), {"crm"}), (crm(version=6), {"crm"})],
    ids=["known", "landed", "changed", "another version, which a late change does not name"],
)
def test_an_action_is_what_it_shows_where_nothing_of_the_run_can_come_any_more(
    now: DataAction, in_doubt: set[str]
) -> None:
    assert doubted(org(now), in_doubt) == {}


def test_a_file_is_what_it_says_for_nothing_writes_it_but_the_run_itself() -> None:
    files = Organization(id="files-1", name="Files")
    now = Inventory(files, org().architect_flows, org().actions, org(read_as="flowData").readings)

    assert under_way(now, plan(), BOTH) == {}


@pytest.mark.parametrize(
    ("now", "moved"),
    [
        (org(), ()),
        (org(published_version="5.0"), ("Support",)),
        (org(crm(5_000, 5)), ("CRM",)),
        (org(crm(version=3), published_version="3.0"), ()),
        (inventory(), ()),
    ],
    ids=["nothing", "an Architect flow", "an action", "a replica that lags behind", "not listed"],
)
def test_what_is_live_in_a_later_version_than_it_was_read_in_is_named(now: Inventory, moved: tuple[str, ...]) -> None:
    assert moved_meanwhile(org(), now, BOTH) == moved
    assert moved_meanwhile(org(), now, ()) == ()
