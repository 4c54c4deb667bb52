"""An org as it was read: what is in it, what is missing, and that it adds up."""

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.org import DataAction
from timeouts.model.settings import Suggested
from timeouts.model.steps import Step


def test_a_step_is_found_with_its_architect_flow_its_reading_and_its_action() -> None:
    (found,) = inventory([listed()], [reading(step(1, Suggested()))], [action(limit_ms=5_000)]).steps

    assert (found.architect_flow.name, found.reading.version, found.step.id) == ("Support", "4.0", "node-1")
    assert found.action == action(limit_ms=5_000)


@pytest.mark.parametrize(("actions", "waits_ms"), [([], None), ([action()], 7_000), ([action(limit_ms=5_000)], 5_000)])
def test_a_step_waits_what_its_action_allows_and_what_the_run_assumes(
    actions: list[DataAction], waits_ms: int | None
) -> None:
    org = inventory([listed()], [reading(step(1, Suggested()))], actions, suggested_default_ms=7_000)

    assert [org.effective_ms(found.step) for found in org.steps] == [waits_ms]


def test_an_architect_flow_without_a_reading_counts_as_not_read() -> None:
    org = inventory([listed("a"), listed("b", "Billing")], [reading(of="a")])

    assert (org.coverage.listed, org.coverage.read, org.coverage.not_read) == (2, 1, 1)
    assert [(each.name, each.coverage) for each in org.coverage.problems] == [("Billing", "not_read")]
    assert not org.is_complete


def test_what_is_missing_beside_architect_flows_is_said_in_sentences() -> None:
    assert "lists no Architect flow at all" in inventory().gaps[0]
    assert "lists no integration action" in inventory([listed()], [reading(step(1, Suggested()))]).gaps[0]
    assert inventory([listed()], [reading()], notes=("X could not be read",)).gaps == ("X could not be read",)


def test_a_limit_that_is_not_understood_makes_an_org_incomplete() -> None:
    odd = action(unknown_limit="config.timeoutSeconds is '3'")
    org = inventory([listed()], [reading(step(1, Suggested()))], [odd])

    assert [org.effective_ms(found.step) for found in org.steps] == [None]
    assert (org.is_complete, len(org.gaps)) == (False, 1)
    assert "Look up customer (config.timeoutSeconds is '3')" in org.gaps[0]


@pytest.mark.parametrize("steps", [(), (step(1, Suggested(), "custom_-_old", kind="bridge"),)], ids=["none", "bridge"])
def test_a_limit_that_nobody_waits_for_need_not_be_known(steps: tuple[Step, ...]) -> None:
    odd = action(id="custom_-_old", unknown_limit="config is not shown")

    assert inventory([listed()], [reading(*steps)], [action(), odd]).is_complete


def test_in_files_every_limit_has_to_be_known_for_steps_elsewhere_may_call_any() -> None:
    odd = action(unknown_limit="config.timeoutSeconds is '3'")

    assert not inventory([listed()], [reading()], [odd], limits_elsewhere=True).is_complete


def test_of_many_limits_that_are_not_understood_the_first_twenty_are_named() -> None:
    odd = [action(id=f"custom_-_{number}", name=f"A{number}", unknown_limit="odd") for number in range(1_000)]

    (gap,) = inventory([listed()], [reading(*(step(1, Suggested(), each.id) for each in odd))], odd).gaps

    assert gap.count("(odd)") == 20
    assert gap.endswith("A19 (odd) and 980 more")


def test_of_a_part_of_an_org_nobody_says_that_it_is_empty() -> None:
    assert inventory([listed()], [], [action()]).of(frozenset()).gaps == ()


def test_architect_flows_of_one_name_are_told_apart_by_what_differs() -> None:
    org = inventory(
        [
            listed("a", "Support", type="inboundcall"),
            listed("b", "Support", type="workflow"),
            listed("c", "Billing", type="workflow"),
        ]
    ).told_apart()

    assert [each.label for each in org.architect_flows] == ["Support (inboundcall)", "Support (workflow)", "Billing"]
    assert [each.name for each in org.architect_flows] == ["Support", "Support", "Billing"]


def test_what_another_one_is_called_tells_nothing_apart() -> None:
    """Whoever named it would name both, as with `--protected`; case does not count there."""
    flows = [listed(each[0], "Support", type=each) for each in ("workflow", "inboundcall")]
    actions = [action(each[0], name="Get", category=each) for each in ("Live", "Test")]
    named_so = listed("c", "SUPPORT (workflow)"), action("c", name="get (live)")

    org = inventory([*flows, named_so[0]], [], [*actions, named_so[1]]).told_apart()

    assert [each.told_apart_by for each in org.architect_flows] == ["w", "inboundcall", ""]
    assert [each.told_apart_by for each in org.actions] == ["L", "Test", ""]


def test_of_one_name_and_type_the_id_tells() -> None:
    org = inventory([listed("a"), listed("b")]).told_apart()

    assert [each.label for each in org.architect_flows] == ["Support (a)", "Support (b)"]
