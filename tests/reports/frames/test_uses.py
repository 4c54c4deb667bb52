"""What is said of an action: who uses it, and what nobody may say of it."""

from dataclasses import replace

from reports.columns import ACTIONS
from reports.frames.actions import action_rows
from reports.frames.uses import uses_of
from reports.markdown.summary import markdown_summary
from tests.reports.made import made
from tests.timeouts.org_of_actions import INVENTORY

USES = uses_of(INVENTORY)


def test_an_action_that_steps_use_and_one_that_none_uses_are_told_apart() -> None:
    notes = {use.name: use.note for use in USES}

    assert notes == {
        "CRM | look up": "",
        "Score [v2]": "a function: 1s to 15s",
        "Get time": "owned by Genesys: not ours to change",
        "CRM token": "authenticates others: takes no limit",
        "Merge (old)": "no Architect flow uses it",
    }


def test_an_action_knows_the_shortest_and_the_longest_wait_of_its_steps() -> None:
    crm = next(use for use in USES if use.action_id == "crm")

    assert (crm.steps, crm.architect_flows, crm.shortest_ms, crm.longest_ms) == (4, 2, 3_000, 5_000)


def test_a_limit_that_is_not_understood_is_shown_as_unknown() -> None:
    odd = tuple(each.model_copy(update={"limit_ms": None, "unknown_limit": "x"}) for each in INVENTORY.actions)
    report = made(replace(INVENTORY, actions=odd))

    assert {ACTIONS["limit"](row) for row in action_rows(report)} == {"unknown"}
    assert "limit unknown" in markdown_summary(report, {})


def test_where_not_the_whole_org_was_looked_at_nothing_is_said_to_be_unused() -> None:
    part = replace(INVENTORY, is_whole=False)

    assert "no Architect flow uses" not in markdown_summary(made(part), {})
