"""What files say of an org's Architect flows and actions, beside what is live."""

from dataclasses import replace
from typing import Any

import pytest

from tests.timeouts.as_code.org_and_files import (
    FILES,
    MINUTE,
    ORG,
    S3,
    S10,
    S60,
    UNREADABLE,
    archy,
    as_code,
    file,
    in_files,
    live,
    of_archy,
)
from tests.timeouts.conftest import action, inventory, listed, reading
from timeouts.as_code.as_code import AsCode, Difference
from timeouts.as_code.comparing import compare_with_files
from timeouts.as_code.differences import difference_of
from timeouts.as_code.joining import MOST_FILES
from timeouts.inventory import Inventory
from timeouts.model.settings import Expression, Suggested, TimeoutSetting

FLOW_WAIT = Expression(text="Flow.wait")


def test_every_step_that_stands_in_both_says_which_way_the_file_differs() -> None:
    found = {each.step_name: each.difference for each in as_code().steps if each.architect_flow_id == "af-1"}

    assert found == {
        "Raised here": "file longer",
        "Left as suggested": "same",
        "Short in both": "same",
        "Computed": "same",
        "Over the bridge": "file shorter",
        "New in the org": "only live",
        "Gone from the org": "only in the file",
    }


def test_an_architect_flow_says_its_file_who_published_it_and_how_many_steps_differ() -> None:
    main = as_code().architect_flows[1]

    assert (main.name, main.path, main.published_by) == ("Main", "flows/main.yaml", "the client robot")
    assert main.counts == {"same": 3, "file longer": 1, "file shorter": 1, "only live": 1, "only in the file": 1}
    assert main.is_different


def test_a_name_in_another_case_is_taken_only_where_there_is_none_in_the_same() -> None:
    org = inventory([listed("af-1", "main"), listed("af-2", "MAIN")], [])

    assert [each.name for each in as_code().architect_flows] == ["Billing | EMEA", "Main", "Night line"]
    assert _joined(org, "MAIN") == ["af-2"]
    assert _joined(org, "Main") == ["af-2", "af-1"]


def test_two_types_of_one_name_are_two_architect_flows() -> None:
    org = inventory([listed("af-1", "Main", type="INBOUNDCALL"), listed("af-2", "Main", type="WORKFLOW")], [])

    assert _joined(org, "Main", "workflow") == ["af-2"]
    assert _joined(org, "Main", "") == ["af-1", "af-2"]


def test_each_of_several_files_of_one_name_is_a_row_that_says_so() -> None:
    twice = in_files([file("a.yaml"), file("b.yaml")], [archy(path="a.yaml"), archy(path="b.yaml")])

    found = compare_with_files(ORG, twice).architect_flows

    assert [(each.path, each.files) for each in found] == [("a.yaml", 2), ("b.yaml", 2)]


def test_a_folder_full_of_copies_does_not_multiply_an_org() -> None:
    paths = [f"{number:03}.yaml" for number in range(MOST_FILES + 5)]
    found = compare_with_files(ORG, in_files([file(path) for path in paths], [archy(path=path) for path in paths]))

    assert len(found.architect_flows) == MOST_FILES
    assert found.not_compared_in_all == 5
    assert found.not_compared[0].reason == "15 files have this name, and the first 10 are compared"


def test_limits_of_actions_are_compared_by_name_without_the_date_of_an_export() -> None:
    found = {each.name: (each.file_ms, each.live_ms, each.difference) for each in as_code().actions}

    assert found == {
        "Look up": (5_000, 10_000, "file shorter"),
        "Price": (8_000, 5_000, "file longer"),
        "Slow | score": (20_000, None, "file shorter"),
        "Unsaid": (None, 7_000, "silent"),
    }


def test_an_action_of_another_category_is_another_action() -> None:
    assert as_code().other_actions.examples == ("Alone",)
    assert as_code().other_actions.live == 1


@pytest.mark.parametrize("unread", [{"kind": "function"}, {"unknown_limit": "config.timeoutSeconds is '3'"}])
def test_a_limit_that_could_not_be_read_is_not_known_to_differ(unread: dict[str, Any]) -> None:
    org = inventory([], [], [action("fn", name="Price", **unread)])

    assert compare_with_files(org, FILES).actions[0].difference == "unknown"


def test_an_action_whose_limit_is_computed_in_a_file_is_not_compared_and_not_said_to_be_only_live() -> None:
    computed = action("main.tf#crm", name="Look up", unknown_limit="its timeout is var.limit")
    org = inventory([], [], [action("crm", 10_000, name="Look up"), action("alone", name="Alone")])

    found = compare_with_files(org, inventory(unjoined_actions=(computed,)))

    assert (found.actions, found.other_actions.in_files, found.other_actions.live) == ((), 0, 1)
    assert [(each.path, each.reason) for each in found.not_compared] == [("main.tf#crm", "its timeout is var.limit")]


def test_what_cannot_be_compared_is_counted_and_said() -> None:
    found = as_code()

    assert [(each.path, each.reason) for each in found.not_compared] == [
        ("flows/module.yaml", "its name is filled in by a deploy"),
        ("flows/night.yaml", "what is live could not be read: 403: missing permission"),
        ("main.tf#var", "its name is filled in by a deploy"),
    ]
    assert found.not_compared_in_all == 3


def test_what_stands_on_one_side_only_is_counted() -> None:
    found = as_code().other_architect_flows

    assert (found.in_files, found.live) == (2, 1)
    assert found.examples == ("Not yet live", "Only live"), "the second one is a workflow, and another one is live"
    assert compare_with_files(replace(ORG, is_whole=False), FILES).other_architect_flows.live is None


def test_a_file_that_cannot_be_read_and_one_that_was_never_published_say_so() -> None:
    unread = in_files([file()], [archy(coverage="unreadable", reason="line 3: a tab")])
    draft = inventory([listed("af-1", "Main")], [reading(coverage="not_published", of="af-1")])

    assert compare_with_files(ORG, unread).architect_flows[0].why_unknown == (
        "the file could not be read: line 3: a tab"
    )
    assert compare_with_files(draft, FILES).architect_flows[0].why_unknown == (
        "nothing of it is live: it is not published"
    )


@pytest.mark.parametrize(
    ("in_the_file", "alive", "difference"),
    [
        (MINUTE, Suggested(), "same"),
        (MINUTE, S60, "same"),
        (Suggested(), Suggested(stored_ms=60_000), "same"),
        (Suggested(), S10, "otherwise"),
        (S10, Suggested(), "otherwise"),
        (S3, S10, "file shorter"),
        (MINUTE, S10, "file longer"),
        (FLOW_WAIT, S10, "otherwise"),
        (FLOW_WAIT, Expression(text="Flow.other"), "otherwise"),
        (Expression(text="{{patience}}"), S10, "unknown"),
        (UNREADABLE, S10, "unknown"),
        (S10, UNREADABLE, "unknown"),
        (None, S10, "only live"),
        (S10, None, "only in the file"),
    ],
)
def test_a_setting_in_a_file_differs_from_what_is_live(
    in_the_file: TimeoutSetting | None, alive: TimeoutSetting | None, difference: Difference
) -> None:
    assert difference_of(in_the_file, alive) == difference


def test_it_is_read_back_from_json_as_it_was() -> None:
    assert AsCode.model_validate_json(as_code().to_json()) == as_code()


@pytest.mark.parametrize("name", ["{{flow_name}}", "${var.prefix}-main", " "])
def test_a_name_that_a_deploy_fills_in_is_not_compared(name: str) -> None:
    found = compare_with_files(ORG, in_files([file(name=name)], [archy()]))

    assert not found.architect_flows
    assert found.not_compared_in_all == 1


def test_steps_of_an_export_are_known_by_their_ids_and_those_of_yaml_by_their_names() -> None:
    org = inventory([listed("af-1", "Main")], [reading(live(1, S3, "Ask"), live(2, S10, "Pay"), of="af-1")])
    renamed = live(1, S3, "Asked otherwise"), live(2, S10, "Paid otherwise")

    export = compare_with_files(org, in_files([file()], [reading(*renamed, of="flows/main.yaml")]))
    yaml = compare_with_files(org, in_files([file()], [archy(*renamed)]))

    assert [each.matched_by for each in export.steps] == ["id", "id"]
    assert [each.matched_by for each in yaml.steps] == [None] * 4


def test_steps_of_one_name_are_taken_in_their_order_and_those_of_the_same_container_first() -> None:
    org = inventory(
        [listed("af-1", "Main")],
        [
            reading(
                live(1, S3, "Ask", container="Greeting"),
                live(2, S10, "Ask", container="Menu"),
                live(3, S60, "Ask", container="Menu"),
                of="af-1",
            )
        ],
    )
    yaml = archy(
        of_archy(1, S10, "Ask", container="Menu"),
        of_archy(2, S60, "Ask", container="Menu"),
        of_archy(3, S3, "Ask", container="Greeting"),
    )

    found = compare_with_files(org, in_files([file()], [yaml])).steps

    assert [each.difference for each in found] == ["same"] * 3
    assert [each.matched_by for each in found] == ["name", "order", "order"]


def _joined(org: Inventory, name: str, architect_flow_type: str = "") -> list[str]:
    files = in_files([file(name=name, architect_flow_type=architect_flow_type)], [archy()])
    return [each.architect_flow_id for each in compare_with_files(org, files).architect_flows]
