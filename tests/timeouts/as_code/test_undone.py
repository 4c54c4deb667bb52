"""What of a plan for an org the next deploy of the files would undo."""

from tests.timeouts.as_code.org_and_files import (
    MINUTE,
    S3,
    S10,
    S30,
    archy,
    as_code,
    file,
    in_files,
    live,
    of_archy,
    plan,
)
from tests.timeouts.conftest import action, inventory, listed, reading
from timeouts.as_code.comparing import compare_with_files
from timeouts.as_code.undone import UndoneLimit, UndoneStep, undone_by_deploy
from timeouts.inventory import Inventory
from timeouts.model.settings import Expression, Suggested, TimeoutSetting
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy


def test_a_raise_of_a_step_is_undone_where_the_file_says_something_else() -> None:
    found = [each for each in undone_by_deploy(plan(), as_code()) if isinstance(each, UndoneStep)]

    assert [(each.path, each.step_name, each.puts_back) for each in found] == [
        ("flows/billing.i3InboundFlow", "Ask", Suggested()),
        ("flows/billing.i3InboundFlow", "Pay", S3),
        ("flows/main.yaml", "Raised here", MINUTE),
        ("flows/main.yaml", "Short in both", S3),
        ("flows/main.yaml", "New in the org", None),
    ]


def test_a_raise_of_a_limit_is_undone_where_the_file_sets_another_one() -> None:
    found = [each for each in undone_by_deploy(plan(), as_code()) if isinstance(each, UndoneLimit)]

    assert [(each.path, each.name, each.puts_back_ms, each.after_ms) for each in found] == [
        ("actions/look-up.custom.json", "Look up", 5_000, 20_000)
    ]


def test_nothing_is_undone_where_the_file_says_already_what_the_plan_sets() -> None:
    assert _undone_by(S10) == []


def test_what_a_deploy_fills_in_may_be_undone() -> None:
    placeholder = Expression(text="{{patience}}")

    assert _undone_by(placeholder) == [("unknown", placeholder)]


def test_a_file_without_the_step_takes_it_away() -> None:
    made = compute_plan(_org(), Policy.raise_to(10_000))
    without = compare_with_files(_org(), in_files([file()], [archy()]))

    assert [each.difference for each in undone_by_deploy(made, without)] == ["only live"]


def test_a_limit_that_a_file_leaves_to_the_platform_is_not_put_back() -> None:
    org = inventory(
        [listed("af-1", "Main")],
        [reading(live(1, Suggested(), "Ask"), of="af-1")],
        [action("crm", 5_000, name="Look up", version=1)],
    )
    silent = in_files([], [], [action("main.tf#crm", None, name="Look up")])
    made = compute_plan(org, Policy.raise_to(10_000, levers=("action",)))

    assert made.action_changes
    assert undone_by_deploy(made, compare_with_files(org, silent)) == ()


def test_how_a_step_was_found_and_whether_its_time_may_be_lowered_is_told() -> None:
    files = in_files([file()], [archy(of_archy(1, S30, "Ask"), of_archy(2, S30, "Ask"))])
    pinned = Policy.model_validate({"rules": [{"name": "pin", "exactly": "10s"}], "allow_lowering": True})

    for policy, may_lower in ((Policy.raise_to(10_000), False), (pinned, True)):
        undone = undone_by_deploy(compute_plan(_org(), policy), compare_with_files(_org(), files))
        assert [
            (each.matched_by, each.may_lower, each.difference) for each in undone if isinstance(each, UndoneStep)
        ] == [("order", may_lower, "file longer")]


def _org() -> Inventory:
    return inventory(
        [listed("af-1", "Main")],
        [reading(live(1, S3, "Ask"), of="af-1")],
        [action("crm", None, name="Look up", version=1)],
    )


def _undone_by(in_the_file: TimeoutSetting) -> list[tuple[str, TimeoutSetting | None]]:
    made = compute_plan(_org(), Policy.raise_to(10_000))
    files = in_files([file()], [archy(of_archy(1, in_the_file, "Ask"))])
    undone = undone_by_deploy(made, compare_with_files(_org(), files))
    return [(each.difference, each.puts_back) for each in undone if isinstance(each, UndoneStep)]
