import json
from typing import Any

import pytest

from simulator.api.errors import Refusal
from simulator.org.content.validation import duration_ms, validate
from simulator.org.org import Org
from simulator.org.versions import Actor
from simulator.switches import Switches
from tests.simulator.conftest import Client, Switch, configuration, person_action, step


def refused(document: Any, **switches: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        validate(Switches(**switches), json.dumps(document).encode(), "flow")
    assert caught.value.status == 400
    return caught.value


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 5_000])
def test_a_body_that_is_no_json_object_is_refused(body: Any) -> None:
    with pytest.raises(Refusal, match=r"flow\.data\.missing"):
        validate(Switches(), body, "flow")


def test_two_nodes_with_one_id_are_refused_and_named() -> None:
    refusal = refused(configuration(step("same"), step("same")))
    assert refusal.details[0]["entityId"] == "same"


@pytest.mark.parametrize("key", ["nextAction", "initialSequence"])
def test_a_reference_to_nothing_is_refused(key: str) -> None:
    document = configuration(step(nextAction="gone")) if key == "nextAction" else configuration(initialSequence="gone")
    assert refused(document).details[0]["fieldName"] == key


def test_a_path_to_nothing_is_refused() -> None:
    assert "gone" in refused(configuration(step(paths=[{"nextActionId": "gone"}]))).message


@pytest.mark.parametrize("text", ["10s", "P0D0H0M3S", "PT10S", "P0D0H0M3.5S0F", "", None, 3])
def test_a_timeout_that_is_no_duration_is_refused(text: Any) -> None:
    refused(configuration(step(text=text)))


def test_text_and_literal_must_agree() -> None:
    one = step()
    one["timeout"]["text"] = "P0D0H0M9S0F"
    assert "differ" in refused(configuration(one)).message


def test_zero_is_fine_only_where_the_suggested_timeout_rules(client: Client) -> None:
    refused(configuration(step(text="P0D0H0M0S0F")))
    client.act("checkout")
    assert client.save(configuration(step(text="P0D0H0M0S0F", useSuggestedTimeout=True))).status == 200


def test_more_than_a_minute_is_refused_by_switch() -> None:
    refused(configuration(step(text="P0D0H1M0S1F")), refuses_steps_over_60s=True)


def test_an_out_of_service_literal_is_refused_by_switch() -> None:
    one = step()
    one["timeout"]["outOfService"] = True
    refused(configuration(one), refuses_out_of_service_literals=True)


def test_a_step_in_a_menu_choice_is_checked_too() -> None:
    menu = {"id": "menu", "__type": "Menu", "menuChoiceList": [{"action": step(text="soon", paths=[])}]}
    refused({"flowSequenceItemList": [menu]})


@pytest.mark.parametrize(
    "document", [{}, {"flowSequenceItemList": None}, {"flowSequenceItemList": [None, {"actionList": {}}, {"id": 3}]}]
)
def test_what_is_not_known_is_accepted(client: Client, document: Any) -> None:
    client.act("checkout")
    assert client.save(document).status == 200


@pytest.mark.parametrize(
    ("text", "ms"), [("P0D0H1M30S0F", 90_000), ("p0d0h0m0s1500f", 1_500), ("-P1D0H0M0S0F", -86_400_000), ("x", None)]
)
def test_durations_are_read(text: Any, ms: int | None) -> None:
    assert duration_ms(text) == ms


@pytest.fixture
def wrong(org: Org, anna: Actor) -> Any:
    """A step that nobody could save, and that is live all the same."""
    one = step("old", text="soon")
    org.play(person_action("publish", anna, body=json.dumps(configuration(one)).encode()))
    return one


def test_what_was_wrong_before_is_accepted_again(client: Client, wrong: Any) -> None:
    client.act("checkout")
    assert client.save(configuration(wrong, description="other")).status == 200


def test_what_was_wrong_before_may_be_refused_by_switch(client: Client, switch: Switch, wrong: Any) -> None:
    switch(accepts_what_it_served=False)
    client.act("checkout")
    assert client.save(configuration(wrong, description="other")).status == 400


def test_what_becomes_wrong_is_refused(client: Client, wrong: Any) -> None:
    client.act("checkout")
    assert client.save(configuration(wrong, step("new", text="soon"))).status == 400


@pytest.mark.parametrize(("text", "fine"), [("P0D0H0M0S99F", False), ("P0D0H0M0S100F", True)])
def test_a_bridge_step_waits_a_tenth_of_a_second_at_least(text: str, fine: bool) -> None:
    document = configuration(step(text=text, __type="BridgeServerAction"))
    if fine:
        validate(Switches(), json.dumps(document).encode(), "flow")
    else:
        assert "below the minimum" in refused(document).message
