"""What callers feel when the system behind answers late."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.demo.definitions.expressions import duration_text
from simulator.demo.org import build_demo_org, build_flow_data_org
from simulator.org.content.modules import embedded, snapshot
from simulator.org.org import Org
from simulator.org.people import PersonAction
from simulator.org.seeds import ActionSeed, OrgSeed
from simulator.server import Running, running
from tests.simulator.conftest import CRM, Client, Switch, configuration, step

ONE = "architect-flow-1"
NEVER_MS = 1_000_000

Alone = Callable[..., Org]
Feels = Callable[..., Any]


@pytest.fixture
def feels(client: Client, org: Org) -> Feels:
    """Publish these steps, let the system behind answer so late, and give path, what ended the wait, and when."""

    def felt(answer_after_ms: int, *steps: dict[str, Any]) -> Any:
        client.act("checkout"), client.save(configuration(*steps)), client.act("publish")
        client.architect_flow(), client.architect_flow()
        found = org.executions(answer_after_ms, architect_flow_id=ONE)
        shown = [(one["path"], one["ended_by"], one["after_ms"]) for one in found]
        return shown[0] if len(steps) == 1 else shown

    return felt


@pytest.fixture
def alone(tiny: OrgSeed) -> Alone:
    """Make an org of one Architect flow with these steps, even such as nobody could save."""

    def made(*steps: dict[str, Any], body: bytes | None = None, **keys: Any) -> Org:
        raw = body or json.dumps(configuration(*steps)).encode()
        seed = dataclasses.replace(tiny.architect_flows[0], configuration=lambda _label: raw)
        return Org(dataclasses.replace(tiny, architect_flows=[seed], **keys))

    return made


@pytest.mark.parametrize(
    ("answer_after_ms", "expected"),
    [
        (0, ("__SUCCESS__", "answer", 0)),
        (2_999, ("__SUCCESS__", "answer", 2_999)),
        (3_000, ("__SUCCESS__", "answer", 3_000)),
        (3_001, ("__TIMEOUT__", "step", 3_000)),
        (60_000, ("__TIMEOUT__", "step", 3_000)),
    ],
)
def test_a_literal_below_the_actions_limit_ends_the_wait_on_the_timeout_path(
    feels: Feels, answer_after_ms: int, expected: Any
) -> None:
    assert feels(answer_after_ms, step(text="P0D0H0M3S0F")) == expected


@pytest.mark.parametrize(
    ("answer_after_ms", "expected"),
    [(10_000, ("__SUCCESS__", "answer", 10_000)), (10_001, ("__FAILURE__", "action", 10_000))],
)
def test_the_actions_limit_ends_the_wait_of_a_longer_literal_on_the_failure_path(
    feels: Feels, answer_after_ms: int, expected: Any
) -> None:
    assert feels(answer_after_ms, step(text="P0D0H0M20S0F")) == expected


def test_a_longer_literal_has_its_own_wait_by_switch(feels: Feels, switch: Switch) -> None:
    switch(step_over_action_limit="step")

    assert feels(20_000, step(text="P0D0H0M20S0F")) == ("__SUCCESS__", "answer", 20_000)
    assert feels(20_001, step(text="P0D0H0M20S0F")) == ("__TIMEOUT__", "step", 20_000)


def test_of_two_equal_waits_the_steps_ends_first(feels: Feels) -> None:
    assert feels(10_001, step(text="P0D0H0M10S0F")) == ("__TIMEOUT__", "step", 10_000)


@pytest.mark.parametrize("stored", ["P0D0H0M1S0F", "P0D0H1M0S0F"])
@pytest.mark.parametrize("marked", [{}, {"outOfService": True}])
def test_a_suggested_timeout_is_the_actions_limit_whatever_is_stored_in_the_step(
    feels: Feels, stored: str, marked: Any
) -> None:
    suggested = step(text=stored, useSuggestedTimeout=True)
    suggested["timeout"] |= marked

    assert feels(10_000, suggested) == ("__SUCCESS__", "answer", 10_000)
    assert feels(10_001, suggested) == ("__FAILURE__", "action", 10_000)


@pytest.mark.parametrize("worth_ms", [60_000, 5_000])
def test_what_a_suggested_timeout_is_worth_without_a_limit_is_a_switch(
    feels: Feels, switch: Switch, worth_ms: int
) -> None:
    switch(suggested_without_limit_ms=worth_ms)

    assert feels(NEVER_MS, step(actionId="custom_-_pay", useSuggestedTimeout=True)) == (
        "__FAILURE__",
        "action",
        worth_ms,
    )


def test_a_literal_alone_ends_the_wait_for_an_action_without_a_limit(feels: Feels) -> None:
    assert feels(NEVER_MS, step(actionId="custom_-_pay", text="P0D0H2M0S0F")) == ("__TIMEOUT__", "step", 120_000)


def test_the_action_is_asked_as_it_is_now(feels: Feels, client: Client) -> None:
    client("PATCH", CRM, {"config": {"timeoutSeconds": 30}, "version": 4})

    assert feels(29_000, step(useSuggestedTimeout=True)) == ("__SUCCESS__", "answer", 29_000)


def test_a_function_ends_after_its_own_limit(feels: Feels) -> None:
    assert feels(NEVER_MS, step(actionId="custom_-_fn", useSuggestedTimeout=True)) == ("__FAILURE__", "action", 15_000)


@pytest.mark.parametrize(("own", "function", "ends_ms"), [(8, None, 8_000), (None, None, 15_000), (12, 5, 5_000)])
def test_the_smaller_of_a_functions_and_its_actions_limit_holds_and_a_function_has_fifteen_seconds_unless_set(
    alone: Alone, own: int | None, function: int | None, ends_ms: int
) -> None:
    config = {} if own is None else {"timeoutSeconds": own}
    score = ActionSeed("fn", "Score", "Function Data Actions", "i-1", config=config, function_timeout_seconds=function)
    org = alone(step(actionId="fn", useSuggestedTimeout=True), actions=[score])

    assert [one["after_ms"] for one in org.executions(NEVER_MS)] == [ends_ms]


@pytest.mark.parametrize("category", ["function_data_actions", "Function-Data-Actions"])
def test_a_category_names_functions_however_its_words_are_joined(alone: Alone, category: str) -> None:
    score = ActionSeed("fn", "Score", category, "i-1", config={})
    org = alone(step(actionId="fn", useSuggestedTimeout=True), actions=[score])

    assert [one["after_ms"] for one in org.executions(NEVER_MS)] == [15_000]


def expression(**config: Any) -> dict[str, Any]:
    return {"config": config, "text": "", "type": "dur"}


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"useSuggestedTimeout": "true"}, "useSuggestedTimeout is 'true'"),
        ({"useSuggestedTimeout": None}, "useSuggestedTimeout is None"),
        ({"timeout": None}, "no timeout"),
        ({"timeout": expression(emp={"pos": 1, "text": "", "type": "dur"})}, "no timeout"),
        ({"timeout": expression(ref={"text": "Flow.Wartezeit"})}, "computed"),
        ({"timeout": expression(MakeDuration={"operands": []})}, "computed"),
        ({"timeout": expression(lit={"text": "10 seconds"})}, "not understood"),
        ({"timeout": expression(lit={"text": "P0D0H0M9S0F"})}, "not understood"),
        ({"timeout": {**expression(lit={"text": "P0D0H0M0S0F"}), "text": "P0D0H0M0S0F"}}, "not understood"),
        (
            {"timeout": {**expression(lit={"text": "P0D0H0M9S0F"}), "text": "P0D0H0M9S0F", "outOfService": True}},
            "out of service",
        ),
    ],
)
def test_of_a_step_that_is_not_understood_no_path_is_told(alone: Alone, keys: dict[str, Any], reason: str) -> None:
    (found,) = alone(step(**keys)).executions(1_000)

    assert (found["path"], found["ended_by"], found["after_ms"]) == (None, None, None)
    assert reason in found["reason"]


def test_a_step_fails_at_once_when_its_action_was_deleted(feels: Feels, org: Org) -> None:
    assert feels(0, step(actionId="custom_-_pay")) == ("__SUCCESS__", "answer", 0)
    org.delete_action("custom_-_pay")
    (found,) = org.executions(0, architect_flow_id=ONE)

    assert (found["path"], found["ended_by"], found["after_ms"]) == ("__FAILURE__", "action", 0)
    assert "custom_-_pay" in found["reason"]


def test_a_step_fails_at_once_when_there_never_was_such_an_action(feels: Feels) -> None:
    assert feels(500, step(actionId="custom_-_gone")) == ("__FAILURE__", "action", 0)


def test_only_what_is_published_counts(client: Client, org: Org) -> None:
    before = org.executions(9_000, architect_flow_id=ONE)
    client.act("checkout"), client.save(configuration(step(text="P0D0H0M10S0F")))

    assert org.executions(9_000, architect_flow_id=ONE) == before
    assert before[0]["path"] == "__TIMEOUT__"


def test_steps_in_menus_count_and_other_nodes_with_a_timeout_do_not(alone: Alone) -> None:
    document = configuration(step("in-task"), step("secure", __type="SecureAction"))
    choice = {"digit": "1", "action": step("in-menu")}
    document["flowSequenceItemList"].append({"id": "menu", "__type": "Menu", "menuChoiceList": [choice]})
    document["defaultSettings"] = {"DataAction": step("default")}
    org = alone(body=json.dumps(document).encode())

    assert [one["step_id"] for one in org.executions(1)] == ["in-task", "in-menu"]
    assert [one["step_id"] for one in org.executions(1, step_id="in-menu")] == ["in-menu"]


def carrying(*steps: dict[str, Any], own: tuple[dict[str, Any], ...] = ()) -> bytes:
    copies = snapshot("module-1", "Module", "3.0", configuration(*steps), nested=False)
    return json.dumps(embedded(configuration(*(own or (step("own"),))), [copies])).encode()


def test_a_step_of_a_module_runs_as_the_callers_snapshot_has_it(alone: Alone) -> None:
    org = alone(body=carrying(step("copied", "P0D0H0M2S0F")))
    (found,) = org.executions(3_000, architect_flow_id=ONE, step_id="copied")

    assert (found["path"], found["ended_by"], found["after_ms"]) == ("__TIMEOUT__", "step", 2_000)
    assert (found["module_id"], found["module"], found["module_version"]) == ("module-1", "Module", "3.0")


def test_steps_of_modules_run_with_all_others_only_when_asked_for(alone: Alone) -> None:
    org = alone(body=carrying(step("copied")))

    assert [one["step_id"] for one in org.executions(1)] == ["own"]
    assert [one["step_id"] for one in org.executions(1, also=["copies"])] == ["own", "copied"]
    assert "module_id" not in org.executions(1, also=["copies"])[0]


def test_secure_steps_run_when_they_are_named_or_asked_for(alone: Alone) -> None:
    org = alone(body=carrying(own=(step("own"), step("secure", "P0D0H0M2S0F", __type="SecureAction"))))
    (named,) = org.executions(3_000, architect_flow_id=ONE, step_id="secure")

    assert (named["path"], named["kind"]) == ("__TIMEOUT__", "SecureAction")
    assert [one["step_id"] for one in org.executions(1, also=["secure"])] == ["own", "secure"]
    assert ["kind" in one for one in org.executions(1, also=["secure"])] == [False, True]


def test_other_words_than_copies_and_secure_are_refused(org: Org) -> None:
    with pytest.raises(ValueError, match="bridge"):
        org.executions(1, also=["bridge"])  # type: ignore[list-item]


def test_a_caller_gets_a_raised_module_with_its_own_republish_only(demo: Org) -> None:
    org = Org(demo.seed)
    person = org.person("A colleague")
    module = next(one for one in demo.seed.architect_flows if one.type == "commonmodule")
    (inside,) = org.executions(9_000, architect_flow_id=module.id)
    callers = [one["architect_flow_id"] for one in org.executions(0, step_id=inside["step_id"], also=["copies"])[1:]]
    raised = org.configuration(module.id).replace(*_raise_to_ten_seconds(inside["after_ms"]))

    def paths() -> dict[str, str]:
        found = org.executions(9_000, step_id=inside["step_id"], also=["copies"])
        return {one["architect_flow_id"]: one["path"] for one in found}

    org.play(PersonAction(kind="publish", architect_flow_id=module.id, person=person, body=raised))
    assert paths() == {module.id: "__SUCCESS__", **dict.fromkeys(callers, "__TIMEOUT__")}
    for caller in callers:
        org.play(PersonAction(kind="publish", architect_flow_id=caller, person=person))
    assert len(callers) >= 3
    assert set(paths().values()) == {"__SUCCESS__"}


def _raise_to_ten_seconds(before_ms: int) -> tuple[bytes, bytes]:
    return duration_text(before_ms).encode(), duration_text(10_000).encode()


def test_without_a_name_every_published_architect_flow_runs(org: Org) -> None:
    found = org.executions(1)

    assert {one["architect_flow_id"] for one in found} == {f"architect-flow-{number}" for number in (1, 2, 4, 5, 6)}
    assert found[0] == {
        "architect_flow_id": ONE,
        "architect_flow": "Flow 1",
        "step_id": "step-1",
        "step": "Ask the CRM, öäü ☎",
        "action_id": "custom_-_crm",
        "path": "__SUCCESS__",
        "ended_by": "answer",
        "after_ms": 1,
    }


def test_what_cannot_be_read_is_told_instead_of_left_out(alone: Alone) -> None:
    (found,) = alone(body=b"[]").executions(1)

    assert (found["step_id"], found["path"]) == (None, None)
    assert found["reason"] == "The configuration is not a JSON object."


def test_the_control_plane_asks_over_http(client: Client, simulator: Running) -> None:
    def ask(body: dict[str, Any]) -> Any:
        return client.pool.request("POST", f"{simulator.url}/simulator/executions", body=json.dumps(body))

    answer = ask({"answer_after_ms": 9_000, "architect_flow_id": ONE, "step_id": "step-1"})
    assert [one["path"] for one in answer.json()] == ["__TIMEOUT__"]
    assert ask({"answer_after_ms": 9_000, "architect_flow_id": "nowhere"}).status == 404
    assert ask({"answer_after_ms": 9_000, "architect_flow_id": "architect-flow-7"}).status == 400
    assert ask({"answer_after_ms": 9_000, "step_id": "nowhere"}).status == 400
    assert ask({"answer_after_ms": -1}).status == 400
    assert ask({"answer_after_ms": "soon"}).status == 400
    assert ask({}).status == 400


@pytest.fixture(scope="module")
def demo() -> Org:
    return Org(build_demo_org(1, 60))


def test_every_step_of_the_demo_org_has_a_path_or_a_reason(demo: Org) -> None:
    found = demo.executions(9_000)

    assert {one["path"] for one in found} == {"__SUCCESS__", "__TIMEOUT__", "__FAILURE__", None}
    assert all(("reason" in one) is (one["path"] is None) for one in found)


def test_the_longer_the_answer_takes_the_fewer_steps_of_the_demo_org_succeed(demo: Org) -> None:
    succeeded = [
        sum(one["path"] == "__SUCCESS__" for one in demo.executions(ms)) for ms in (0, 2_000, 9_000, 20_000, 60_000)
    ]

    assert succeeded == sorted(succeeded, reverse=True)
    assert len(set(succeeded)) == len(succeeded)


@pytest.fixture
def tutorial() -> Iterator[Running]:
    with running(build_flow_data_org(1)) as one:
        yield one


def test_the_tutorials_steps_wait_as_long_as_they_say_and_else_three_seconds(tutorial: Running) -> None:
    found = {(one["architect_flow"], one["step"]): one for one in tutorial.org.executions(4_500)}

    assert found["Order hotline", "Kunde suchen"]["path"] == "__SUCCESS__"
    assert (found["Order hotline", "Order status"]["path"], found["Order hotline", "Order status"]["after_ms"]) == (
        "__TIMEOUT__",
        3_000,
    )
    assert found["Order hotline", "Order status"]["ended_by"] == "step"
    assert {one["action_id"] for one in found.values()} == {None}
    assert "'3000'" in found["Password reset", "Send mail"]["reason"]
