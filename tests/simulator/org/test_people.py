from typing import Any

import pytest

from simulator.faults.matching import Match
from simulator.org.org import Org
from simulator.org.versions import Actor
from tests.simulator.conftest import Client, Switch, person_action


def test_a_colleague_may_lock(client: Client, org: Org, anna: Actor) -> None:
    assert org.play(person_action("lock", anna)).refused == ""
    assert client.architect_flow()["lockedUser"]["name"] == "Anna Colleague"


def test_a_colleague_may_save_a_draft(client: Client, org: Org, anna: Actor) -> None:
    org.play(person_action("save_draft", anna))
    latest = client.get("/api/v2/flows/architect-flow-1/latestconfiguration")
    assert latest["description"] == "Edited by Anna Colleague"
    assert client.architect_flow()["publishedVersion"]["id"] == "2.0"


def test_a_colleague_may_publish_what_they_like(client: Client, org: Org, anna: Actor) -> None:
    org.play(person_action("publish", anna, body=b'{"mine": true}'))
    seen = client.architect_flow()
    assert (seen["publishedVersion"]["id"], seen["publishedBy"]["id"]) == ("3.0", "person-anna")
    assert org.configuration("architect-flow-1") == b'{"mine": true}'
    assert "lockedUser" not in seen


def test_a_colleague_may_check_in_and_rename(client: Client, org: Org, anna: Actor) -> None:
    org.play(person_action("check_in", anna))
    org.play(person_action("rename", anna, name="Better"))
    seen = client.architect_flow()
    assert (seen["checkedInVersion"]["id"], seen["publishedVersion"]["id"], seen["name"]) == ("3.0", "2.0", "Better")


@pytest.mark.parametrize("shows", ["no_version", "inactive"])
def test_a_colleague_may_unpublish_and_a_publish_puts_it_back_into_service(
    client: Client, org: Org, anna: Actor, switch: Switch, shows: str
) -> None:
    switch(unpublished_shows=shows)
    org.play(person_action("unpublish", anna))
    seen = client.architect_flow()
    assert ("publishedVersion" in seen, seen["active"]) == (shows == "inactive", False)
    org.play(person_action("publish", anna))
    seen = client.architect_flow()
    assert (seen["publishedVersion"]["id"], seen["active"]) == ("3.0", True)


@pytest.mark.parametrize("kind", ["lock", "save_draft", "check_in", "publish"])
def test_the_platform_refuses_people_too(client: Client, org: Org, anna: Actor, kind: Any) -> None:
    client.act("checkout")
    assert "locked.by.user" in org.play(person_action(kind, anna)).refused
    assert client.architect_flow()["lockedClient"]["id"] == "demo-writer"


def test_a_forced_unlock_takes_the_lock_and_commits_the_draft(client: Client, org: Org, anna: Actor) -> None:
    client.act("checkout"), client.save()
    assert org.play(person_action("lock", anna, force=True)).refused == ""
    seen = client.architect_flow()
    assert (seen["lockedUser"]["id"], seen["checkedInVersion"]["id"]) == ("person-anna", "3.0")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_colleague_acts_right_before_or_after_a_request(client: Client, org: Org, anna: Actor, when: Any) -> None:
    org.schedule(person_action("lock", anna), when, Match("POST", "/api/v2/flows/actions/revert"))
    client.act("checkout"), client.act("revert")
    assert ("lockedUser" in client.architect_flow()) is (when == "after")
    assert bool(org.people.done[0].refused) is (when == "before")


def test_a_person_is_told_by_name_or_invented(org: Org) -> None:
    assert org.person("person-anna").name == "Anna Colleague"
    assert org.person("Bob") == org.person("Bob")


def test_the_same_moment_comes_for_the_nth_request(client: Client, org: Org, anna: Actor) -> None:
    org.schedule(person_action("rename", anna, name="Now"), "before", Match("GET", "/api/v2/flows/*", nth=2))
    assert [client.architect_flow()["name"] for _ in range(2)] == ["Flow 1", "Now"]


def test_a_draft_that_cannot_be_parsed_is_saved_as_it_is(org: Org, anna: Actor) -> None:
    org.play(person_action("publish", anna, body=b"[" * 2_000))
    assert org.play(person_action("publish", anna)).refused == ""
    assert org.state()["architectFlows"]["architect-flow-1"]["published"] == "4.0"
