"""What else goes live with a republish: said for each Architect flow of a plan, and left where the policy says so."""

from dataclasses import replace
from typing import Any

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.planning.test_modules import plan_of
from timeouts.inventory import Inventory
from timeouts.model.org import MovedResource, MovedResources
from timeouts.model.settings import LiteralTimeout
from timeouts.model.steps import Snapshot
from timeouts.planning.changes import Shipped
from timeouts.planning.plan import pins_of

NEWER_MODULE = Shipped(kind="modules", name="Login", before="3.0", after="4.0", module_id="module-1")
PROMPT = MovedResource(id="p1", name="Welcome", type="USERPROMPT")
QUEUE = MovedResource(id="q1", name="Sales", type="QUEUE")
MODULE = MovedResource(id="module-1", name="Login", type="COMMONMODULEFLOW")


def org(embedded: str = "3.0", moved: MovedResources | None = None) -> Inventory:
    """A caller with a step of its own, and a module whose step is fine."""
    short, fine = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=20_000)
    carried = Snapshot(module_id="module-1", name="Login", version=embedded, steps=(step(2, fine),))
    return inventory(
        [listed("caller", "Caller"), listed("module-1", "Login", type="commonmodule")],
        [reading(step(1, short), of="caller", snapshots=(carried,)), reading(step(2, fine), of="module-1")],
        [action(limit_ms=30_000, version=1)],
        moved_resources=moved,
    )


def moved(*resources: MovedResource) -> MovedResources:
    return MovedResources(by_architect_flow={"caller": resources})


def test_a_newer_module_is_known_from_the_listing() -> None:
    (pin,) = plan_of(org()).pins

    assert pin.ships == (NEWER_MODULE,)
    assert str(NEWER_MODULE) == "module Login (3.0 to 4.0)"


def test_a_part_of_an_org_knows_the_modules_that_it_is_not_about() -> None:
    """A roll back reads only what it puts back, and ships what any republish does."""
    part = replace(org(), readings=org().readings[:1]).of({"caller"})

    (pin,) = pins_of(part, {"caller"})

    assert pin.ships == (NEWER_MODULE,)


def test_a_module_as_published_ships_nothing() -> None:
    (pin,) = plan_of(org(embedded="4.0")).pins

    assert pin.ships == ()


def test_what_dependency_tracking_names_is_shipped_too_and_modules_once() -> None:
    (pin,) = plan_of(org(moved=moved(PROMPT, QUEUE, MODULE))).pins

    assert [str(each) for each in pin.ships] == ["module Login (3.0 to 4.0)", "prompt Welcome", "resource Sales"]


@pytest.mark.parametrize(
    ("kept", "resources", "named"), [(["modules"], (), "module Login (3.0 to 4.0)"), (["prompts"], (PROMPT,), "prompt")]
)
def test_a_policy_leaves_what_would_ship_more(kept: list[str], resources: Any, named: str) -> None:
    plan = plan_of(org(moved=moved(*resources)), leave_if_it_ships=kept)

    assert plan.changes_nothing
    (left,) = plan.left_alone
    assert left.why == "ships"
    assert named in left.reason


def test_a_policy_that_leaves_prompts_does_not_mind_modules() -> None:
    assert not plan_of(org(moved=moved()), leave_if_it_ships=["prompts"]).changes_nothing


@pytest.mark.parametrize("unknown", [None, MovedResources(problem="403, architect:dependencyTracking:view")])
def test_what_is_not_known_counts_as_something_where_the_policy_asks(unknown: MovedResources | None) -> None:
    (left,) = plan_of(org(moved=unknown), leave_if_it_ships=["prompts"]).left_alone

    assert "whether a republish would also bring prompts live is not known" in left.reason


def test_what_could_not_be_asked_is_said_where_something_is_published() -> None:
    refused = MovedResources(problem="403")

    assert plan_of(org(moved=refused)).ships_problem == "403"
    assert plan_of(org(moved=refused), rules=[]).ships_problem == ""
