from collections.abc import Callable
from typing import Any

import pytest

from simulator.faults.matching import Match
from simulator.org.actions.people import DataActionEdit, DataActionEditKind
from simulator.org.org import Org
from simulator.org.versions import Actor
from tests.simulator.conftest import ACTIONS, CRM, Client, Switch, person_action

EDITED = {"A": "b", "X-Edited-By": "Anna Colleague"}

Play = Callable[..., str]


@pytest.fixture
def play(org: Org, anna: Actor) -> Play:
    """Anna does something to an action; gives why it was refused to her."""

    def act(kind: DataActionEditKind, action: str = "custom_-_crm", **keys: Any) -> str:
        return org.play(DataActionEdit(kind=kind, action_id=action, person=anna, **keys)).refused

    return act


def action(org: Org, action_id: str = "custom_-_crm") -> dict[str, Any]:
    found: dict[str, Any] = org.state()["actions"][action_id]
    return found


def with_header(content: dict[str, Any]) -> dict[str, Any]:
    request = {**content["config"]["request"], "headers": EDITED}
    return {**content, "config": {**content["config"], "request": request}}


def test_an_edit_changes_a_header_and_nothing_else(org: Org, play: Play) -> None:
    before = action(org)
    assert play("edit_action") == ""
    assert action(org) == {**with_header(before), "version": 5}


def test_a_colleague_may_set_another_limit(org: Org, play: Play) -> None:
    before = action(org)
    play("limit_action", timeout_seconds=33)
    assert action(org) == {**before, "version": 5, "config": {**before["config"], "timeoutSeconds": 33}}


def test_a_colleague_may_take_the_limit_away(org: Org, play: Play) -> None:
    play("limit_action", timeout_seconds=None)
    assert "timeoutSeconds" not in action(org)["config"]


@pytest.mark.parametrize(("given", "limit"), [(7, 7), (None, 15)])
def test_the_limit_of_a_function_data_action_is_its_functions(
    org: Org, play: Play, given: int | None, limit: int
) -> None:
    before = action(org, "custom_-_fn")
    play("limit_action", "custom_-_fn", timeout_seconds=given)
    function = {**before["function"], "timeoutSeconds": limit}
    assert action(org, "custom_-_fn") == {**before, "version": 2, "function": function}


def test_a_colleague_may_rename_and_delete(client: Client, org: Org, play: Play) -> None:
    before = action(org)
    play("rename_action", name="Better")
    assert action(org) == {**before, "version": 5, "name": "Better"}
    play("delete_action")
    assert client("GET", CRM).status == 404


def test_a_colleague_may_begin_a_draft(org: Org, play: Play) -> None:
    before = action(org)
    play("draft_action")
    after = action(org)
    assert {**after, "draft": None} == before
    assert after["draft"]["config"] == with_header(before)["config"]
    assert (after["draft"]["version"], after["draft"]["basedOn"]) == (5, 4)


def test_a_colleague_edits_the_draft_that_is_there(client: Client, org: Org, play: Play) -> None:
    client("POST", f"{CRM}/draft")
    client("PATCH", f"{CRM}/draft", {"name": "Ours", "version": 4})
    assert play("draft_action") == ""
    draft = action(org)["draft"]
    assert (draft["name"], draft["version"], draft["config"]["request"]["headers"]) == ("Ours", 6, EDITED)
    assert client("PATCH", f"{CRM}/draft", {"name": "Ours again", "version": 5}).status == 409


@pytest.mark.parametrize("wants", ["draft", "next"])
def test_a_colleague_may_publish_the_draft_that_is_there(
    client: Client, org: Org, switch: Switch, play: Play, wants: str
) -> None:
    switch(draft_publish_wants=wants)
    client("POST", f"{CRM}/draft")
    client("PATCH", f"{CRM}/draft", {"name": "Ours", "version": 4})
    assert play("publish_action_draft") == ""
    after = action(org)
    assert (after["name"], after["version"], after["draft"]) == ("Ours", 5, None)


def test_a_colleague_may_discard_the_draft_that_is_there(client: Client, org: Org, play: Play) -> None:
    before = action(org)
    client("POST", f"{CRM}/draft")
    assert play("discard_action_draft") == ""
    assert action(org) == before


@pytest.mark.parametrize("kind", ["edit_action", "limit_action", "rename_action", "delete_action", "draft_action"])
def test_a_static_action_is_refused_to_people_too(org: Org, play: Play, kind: Any) -> None:
    before = org.state()
    assert "Static actions" in play(kind, "static-time", timeout_seconds=5)
    assert org.state() == before


@pytest.mark.parametrize("kind", ["publish_action_draft", "discard_action_draft"])
def test_without_a_draft_there_is_none_to_publish_or_discard(play: Play, kind: Any) -> None:
    assert "no draft" in play(kind)


def test_limits_outside_the_bounds_are_refused_to_people_too(play: Play) -> None:
    assert "between 1 and 60" in play("limit_action", timeout_seconds=61)
    assert "between 1 and 15" in play("limit_action", "custom_-_fn", timeout_seconds=16)


def test_a_deleted_action_is_refused_to_people_too(play: Play) -> None:
    play("delete_action")
    assert "not found" in play("edit_action")


@pytest.mark.parametrize("kind", ["edit_action", "limit_action", "rename_action"])
@pytest.mark.parametrize("action_id", ["custom_-_crm", "custom_-_fn"])
def test_a_draft_may_stand_in_the_way_of_people_too(
    client: Client, switch: Switch, play: Play, kind: Any, action_id: str
) -> None:
    switch(action_patch_and_draft="conflict")
    client("POST", f"{ACTIONS}/{action_id}/draft")
    assert "has a draft" in play(kind, action_id, timeout_seconds=5)


@pytest.mark.parametrize(("when", "seen"), [("before", (409, "Get customer", 5)), ("after", (200, "New", 6))])
def test_a_colleague_changes_an_action_right_before_or_after_a_request(
    client: Client, org: Org, anna: Actor, when: Any, seen: Any
) -> None:
    person_action = DataActionEdit(kind="limit_action", action_id="custom_-_crm", person=anna, timeout_seconds=33)
    org.schedule(person_action, when, Match("PATCH", CRM))
    answer = client("PATCH", CRM, {"name": "New", "version": 4})
    after = action(org)
    assert (answer.status, after["name"], after["version"]) == seen
    assert after["config"]["timeoutSeconds"] == 33


def test_deeds_on_actions_and_on_architect_flows_stand_in_one_record(org: Org, anna: Actor, play: Play) -> None:
    org.play(person_action("lock", anna)), play("discard_action_draft")
    first, second = org.people.done
    assert (first.person_action.kind, first.refused) == ("lock", "")
    assert (second.person_action.kind, second.person_action.person) == ("discard_action_draft", anna)
    assert "no draft" in second.refused
