from typing import Any

import pytest

from simulator.clients import WRITING, OAuthClient
from simulator.org.org import Org
from simulator.org.versions import Actor, PublishPlan
from tests.simulator.conftest import Client, Connect, Switch, person_action


@pytest.fixture
def saved(client: Client) -> Client:
    client.act("checkout"), client.save()
    return client


def settled(client: Client, architect_flow: str = "architect-flow-1") -> Any:
    for _ in range(10):
        seen = client.architect_flow(architect_flow)
        if seen.get("currentOperation", {"complete": True})["complete"]:
            return seen
    return seen


def test_a_publish_runs_for_as_many_reads_as_planned(saved: Client, org: Org) -> None:
    org.plan_publish(PublishPlan(reads=3))
    saved.act("publish")
    seen = [saved.architect_flow()["currentOperation"]["actionStatus"] for _ in range(4)]
    assert seen == ["STARTED", "PENDING_GENERATION", "PENDING_BACKEND_NOTIFICATION", "SUCCESS"]


def test_a_publish_runs_for_as_long_as_planned(saved: Client, org: Org) -> None:
    org.plan_publish(PublishPlan(reads=0, ms=5_000))
    saved.act("publish")
    assert not saved.architect_flow()["currentOperation"]["complete"]
    org.advance_ms(5_000)
    assert saved.architect_flow()["currentOperation"]["complete"]


def test_a_publish_may_never_end(saved: Client, org: Org) -> None:
    org.plan_publish(PublishPlan(ending="never"), "architect-flow-1")
    saved.act("publish")
    assert not settled(saved)["currentOperation"]["complete"]


def test_a_publish_may_be_answered_and_then_nothing_happens(saved: Client, org: Org) -> None:
    org.plan_publish(PublishPlan(ending="nothing"))
    answer = saved.act("publish")
    assert (answer.status, answer.json()["actionStatus"]) == (200, "STARTED")
    assert "currentOperation" not in settled(saved)


def test_a_listing_shows_an_operation_as_it_stands(saved: Client, org: Org) -> None:
    org.plan_publish(PublishPlan(reads=2))
    saved.act("publish")
    listed = [saved("GET", "/api/v2/flows").json()["entities"][0]["currentOperation"]["complete"] for _ in range(3)]
    assert listed == [False, False, True]


def test_a_failed_publish_says_why_and_keeps_the_lock(saved: Client, org: Org) -> None:
    details = (("missing", "queue", "q-1", "Sales"),)
    org.plan_publish(PublishPlan(ending="failure", error_code="E1", error_message="No.", error_details=details))
    saved.act("publish")
    seen = settled(saved)
    assert seen["currentOperation"]["errorCode"] == "E1"
    assert seen["currentOperation"]["errorDetails"][0]["entityName"] == "Sales"
    assert seen["publishedVersion"]["id"] == "2.0"
    assert "lockedClient" in seen


def test_a_failed_publish_may_have_checked_in_already(saved: Client, org: Org) -> None:
    org.plan_publish(PublishPlan(ending="failure", checked_in_anyway=True))
    saved.act("publish")
    seen = settled(saved)
    assert (seen["checkedInVersion"]["id"], seen["publishedVersion"]["id"]) == ("3.0", "2.0")
    assert "lockedClient" not in seen


def test_a_publish_of_a_version_that_does_not_exist_says_200_and_does_nothing(client: Client, org: Org) -> None:
    before = org.state()
    answer = client.act("publish", version="99.0")
    assert (answer.status, answer.json()["actionStatus"]) == (200, "STARTED")
    assert "currentOperation" not in settled(client)
    assert org.state() == before


@pytest.mark.parametrize(("setting", "label"), [("nothing", "2.0"), ("works", "1.0"), ("works_as_new", "3.0")])
def test_publishing_an_older_version_is_a_switch(client: Client, switch: Switch, setting: Any, label: str) -> None:
    switch(publish_of_older=setting)
    client.act("publish", version="1.0")
    assert settled(client)["publishedVersion"]["id"] == label


def test_a_checked_in_version_is_published_by_its_label(client: Client) -> None:
    client.act("publish", "architect-flow-4", version="3.0")
    assert settled(client, "architect-flow-4")["publishedVersion"]["id"] == "3.0"


def test_a_checkout_without_a_save_publishes_the_same_content_as_a_new_version(client: Client, org: Org) -> None:
    client.act("checkout"), client.act("publish")
    settled(client)
    assert org.configuration("architect-flow-1", "3.0") == org.configuration("architect-flow-1", "2.0")


def test_a_publish_sent_again_after_the_end_is_seen_in_the_state(saved: Client, org: Org) -> None:
    saved.act("publish"), settled(saved), saved.act("publish"), settled(saved)
    assert org.state()["architectFlows"]["architect-flow-1"]["versions"][-1]["publications"] == 2


def test_nothing_else_goes_while_an_operation_runs(saved: Client, org: Org) -> None:
    org.plan_publish(PublishPlan(ending="never"))
    saved.act("publish")
    for action in ("checkout", "checkin", "publish", "revert"):
        assert saved.act(action).json()["code"] == "architect.operation.already.in.progress"
    assert saved.save().status == 409


def test_a_running_operation_may_block_nothing_but_the_next_one_by_switch(
    client: Client, org: Org, anna: Actor, switch: Switch
) -> None:
    switch(running_operation_blocks="publish")
    org.plan_publish(PublishPlan(ending="never"))
    org.play(person_action("validate", anna))
    assert [client.act("checkout").status, client.save().status] == [200, 200]
    assert client.act("publish").json()["code"] == "architect.operation.already.in.progress"


def test_a_validation_is_an_operation_that_changes_nothing(client: Client, org: Org, anna: Actor) -> None:
    before = client.architect_flow()
    assert org.play(person_action("validate", anna)).refused == ""
    after = settled(client)
    operation = after.pop("currentOperation")
    said = (operation["actionName"], operation["actionStatus"], operation["user"]["id"])
    assert said == ("VALIDATE", "SUCCESS", "person-anna")
    assert after == before


def test_publishing_over_a_persons_lock_is_refused(client: Client) -> None:
    assert client.act("publish", "architect-flow-5").json()["code"] == "architect.flow.locked.by.user"


def test_there_must_be_something_to_publish(client: Client) -> None:
    answer = client.act("publish", "architect-flow-7")
    assert answer.json()["code"] == "architect.flow.cannot.checkin.missing.config"


def test_publish_may_refuse_a_saved_draft_by_switch(saved: Client, switch: Switch) -> None:
    switch(publish_of_saved="refuses")
    assert saved.act("publish").json()["code"] == "architect.flow.not.checked.in"


def test_publish_of_a_saved_draft_may_fail_by_switch(saved: Client, switch: Switch) -> None:
    switch(publish_of_saved="fails")
    saved.act("publish")
    assert settled(saved)["currentOperation"]["errorCode"] == "ARCHITECT_FLOW_NOT_CHECKED_IN"


def test_publish_of_a_saved_draft_may_leave_what_is_checked_in_by_switch(saved: Client, switch: Switch) -> None:
    switch(publish_of_saved="publishes_only")
    saved.act("publish")
    seen = settled(saved)
    assert (seen["checkedInVersion"]["id"], seen["publishedVersion"]["id"]) == ("2.0", "3.0")
    assert not {"savedVersion", "lockedClient"} & seen.keys()


def test_after_a_check_in_publish_needs_no_draft(saved: Client, switch: Switch) -> None:
    switch(publish_of_saved="refuses")
    assert saved.act("checkin").json()["actionName"] == "CHECKIN"
    assert settled(saved)["checkedInVersion"]["id"] == "3.0"
    saved.act("publish")
    assert settled(saved)["publishedVersion"]["id"] == "3.0"


@pytest.mark.parametrize(("setting", "status"), [("conflict", 409), ("fails", 200), ("publishes", 200)])
def test_a_deleted_action_stands_in_the_way_by_switch(
    saved: Client, org: Org, switch: Switch, setting: Any, status: int
) -> None:
    switch(missing_dependency=setting)
    org.delete_action("custom_-_crm")
    assert saved.act("publish").status == status
    assert settled(saved)["publishedVersion"]["id"] == ("3.0" if setting == "publishes" else "2.0")


@pytest.fixture
def boss(connect: Connect, org: Org) -> Client:
    org.add_client(OAuthClient("boss", "boss-secret", "Boss", WRITING | {"architect:flow:unlock"}))
    return connect("boss")


def test_unlock_checks_a_saved_draft_in(boss: Client) -> None:
    after = boss.act("unlock", "architect-flow-6").json()
    assert after["checkedInVersion"]["id"] == "3.0"
    assert "lockedUser" not in after


@pytest.mark.parametrize(("setting", "label"), [("nothing", "2.0"), ("checks_in", "3.0")])
def test_unlock_of_a_bare_checkout_is_a_switch(
    client: Client, boss: Client, switch: Switch, setting: Any, label: str
) -> None:
    switch(unlock_of_bare_checkout=setting)
    client.act("checkout")
    assert boss.act("unlock").json()["checkedInVersion"]["id"] == label


def test_checking_in_another_ones_draft_needs_the_permission_to_unlock(client: Client, boss: Client) -> None:
    assert client.act("checkin", "architect-flow-6").status == 409
    assert boss.act("checkin", "architect-flow-6").status == 200


@pytest.mark.parametrize(("setting", "status"), [(True, 200), (False, 403)])
def test_whether_unlock_is_enough_to_publish_is_a_switch(
    connect: Connect, org: Org, switch: Switch, setting: Any, status: int
) -> None:
    switch(publish_accepts_unlock_permission=setting)
    org.add_client(OAuthClient("odd", "odd-secret", "Odd", frozenset({"architect:flow:unlock"})))
    assert connect("odd").act("publish").status == status
