"""`genesys-timeouts set` says what stands in the way, what to do, and that nothing was changed."""

import dataclasses
import json

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.people import PersonAction
from simulator.org.versions import Actor, PublishPlan
from simulator.server import Running
from tests.cli.scenes import UNTOUCHED, Said, named, set_step, timeouts, writes
from tests.publishing.scenes import ACTION, COLLEAGUE, FLOW, NODE, configuration, org_seed

pytestmark = pytest.mark.usefixtures("prefect")

ADA = Actor("person", COLLEAGUE.id, COLLEAGUE.name)
STEP = "MySlowDataAction"
NOBODY = "99999999-9999-4999-8999-999999999999"


def hotline(tutorial_org: Running) -> str:
    return named(tutorial_org.org, "Order hotline").id


def assert_refused(said: Said, *told: str, code: int = 1) -> None:
    assert said.code == code
    for part in (*told, UNTOUCHED):
        assert part in said.problems
    assert "New timeout" not in said.out
    assert "secret" not in said.all.replace("client secret", "").replace("wrong client id or secret", "")


def test_a_step_that_does_not_exist_gets_the_list_of_those_that_do(tutorial_org: Running) -> None:
    said = set_step(hotline(tutorial_org), "Nope")

    assert_refused(said, "no Call Data Action step named 'Nope'", STEP, "Order status", "Kunde suchen", "default (3s)")
    assert writes(tutorial_org.org) == []


def test_an_architect_flow_without_any_step_says_so(tutorial_org: Running) -> None:
    assert_refused(set_step(named(tutorial_org.org, "After hours").id, STEP), "no Call Data Action step at all")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("0", "a step waits 1ms or more"),
        ("0s", "a step waits 1ms or more"),
        ("30001", "over the ceiling of 30s"),
        ("31s", "over the ceiling of 30s"),
        ("9" * 5_000, "999, over the ceiling of 30s"),
        ("ten seconds", "is not a duration"),
        ("-5", "is not a duration"),
        ("1e4", "is not a duration"),
        ("10.5", "has no unit"),
    ],
)
def test_an_impossible_timeout_is_refused_before_anything_is_asked(
    tutorial_org: Running, value: str, told: str
) -> None:
    tutorial_org.org.clear_log()

    assert_refused(set_step(hotline(tutorial_org), STEP, NEW_TIMEOUT_MS=value), "NEW_TIMEOUT_MS", told, code=2)
    assert tutorial_org.org.log == []


@pytest.mark.parametrize("given", ["", "  "])
def test_an_empty_target_is_wrong_usage(tutorial_org: Running, given: str) -> None:
    assert_refused(set_step(given, STEP), "TARGET_FLOW_ID", code=2)
    assert_refused(set_step(hotline(tutorial_org), given), "TARGET_ACTION_NAME", code=2)


@pytest.mark.usefixtures("tutorial_org")
def test_what_cannot_be_an_id_never_becomes_a_path() -> None:
    assert_refused(set_step("../users/me", STEP), "TARGET_FLOW_ID", "cannot be the id", code=2)


@pytest.mark.parametrize("org", ["tutorial_org", "architect_org"])
def test_an_unknown_architect_flow_is_named(org: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(org)

    assert_refused(set_step(NOBODY, STEP), f"there is no Architect flow {NOBODY}", "404", "TARGET_FLOW_ID")


def test_a_deleted_architect_flow_is_named(architect_org: Running) -> None:
    architect_org.org.play(PersonAction(kind="delete", architect_flow_id=FLOW, person=ADA))

    assert_refused(set_step(FLOW, NODE), f"the Architect flow {FLOW} was deleted", "410")


def test_a_step_that_cannot_be_read_any_more_is_not_told_as_gone(architect_org: Running) -> None:
    """A gateway's page in place of the configuration was told as `the step is not there any more`."""
    second = Match(method="GET", path=f"/api/v2/flows/{FLOW}/versions/*/configuration", nth=2, times=None)
    architect_org.org.add_fault(Fault(kind="status", status=403, body="html", match=second))

    said = set_step(FLOW, NODE)

    assert said.code == 1
    assert "the steps of Main line could not be read" in said.problems
    assert "not there any more" not in said.problems


def test_a_400_names_the_node(tutorial_org: Running) -> None:
    broken = broken_body(tutorial_org)
    tutorial_org.org.play(
        PersonAction(kind="publish", architect_flow_id=hotline(tutorial_org), person=ADA, body=broken)
    )
    tutorial_org.org.play(PersonAction(kind="unlock", architect_flow_id=hotline(tutorial_org), person=ADA))

    said = set_step(hotline(tutorial_org), STEP)

    assert_refused(said, "answered 400", "'Kunde suchen'", "'no-such-node'", "A fresh read shows: 3s")


def broken_body(tutorial_org: Running) -> bytes:
    """The document with a reference that leads nowhere, as a person left it."""
    record = tutorial_org.org.records.find(hotline(tutorial_org))
    assert record.latest is not None
    document = json.loads(record.latest.content.body())
    next(node for node in document["nodes"] if node["name"] == "Kunde suchen")["successNodeId"] = "no-such-node"
    return json.dumps(document).encode()


def test_a_lock_names_its_holder(tutorial_org: Running) -> None:
    said = set_step(named(tutorial_org.org, "Störungsannahme").id, "Ticket anlegen")

    holder = named(tutorial_org.org, "Störungsannahme").locked_by
    assert holder is not None
    assert_refused(said, f"locked by {holder.name}", "run the same command again")
    assert "4s" in said.out
    assert writes(tutorial_org.org) == []


def test_a_409_for_a_lock_taken_just_before_our_put_names_its_holder(tutorial_org: Running) -> None:
    lock = PersonAction(kind="lock", architect_flow_id=hotline(tutorial_org), person=ADA)
    tutorial_org.org.schedule(lock, "before", Match(method="PUT"))
    before = timeouts(tutorial_org.org, "Order hotline")

    said = set_step(hotline(tutorial_org), STEP)

    assert_refused(said, "answered 409", "Ada Colleague")
    assert timeouts(tutorial_org.org, "Order hotline") == before


def test_a_409_for_a_lock_taken_just_before_our_check_out_names_its_holder(architect_org: Running) -> None:
    lock = PersonAction(kind="lock", architect_flow_id=FLOW, person=ADA)
    architect_org.org.schedule(lock, "before", Match(method="POST", path="/api/v2/flows/actions/checkout"))

    assert_refused(set_step(FLOW, NODE), "locked by Ada Colleague")
    assert architect_org.org.configuration(FLOW) == configuration()


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_429_that_passes_is_waited_for(tutorial_org: Running, method: str) -> None:
    tutorial_org.org.add_fault(
        Fault(kind="status", status=429, retry_after="0", match=Match(method=method, path="/api/v2/flows/*", times=2))
    )

    assert set_step(hotline(tutorial_org), STEP).code == 0


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_429_that_asks_for_more_than_a_run_may_wait_is_told_at_once(tutorial_org: Running, method: str) -> None:
    match = Match(method=method, path="/api/v2/flows/*", times=None)
    tutorial_org.org.add_fault(Fault(kind="status", status=429, retry_after="3600", match=match))

    assert_refused(set_step(hotline(tutorial_org), STEP), "429", "the same command again")


@pytest.mark.usefixtures("tutorial_org")
def test_a_wrong_secret_is_a_refused_login_and_is_not_repeated_on_the_screen() -> None:
    said = set_step(NOBODY, STEP, GENESYS_CLIENT_SECRET="hunter2-is-wrong")

    assert_refused(said, "The login is refused", "401", code=2)
    assert "hunter2" not in said.all


@pytest.mark.parametrize("kind", ["tutorial_org", "architect_org"])
def test_a_client_that_may_only_read_is_told_which_permission_is_missing(
    kind: str, request: pytest.FixtureRequest
) -> None:
    simulator: Running = request.getfixturevalue(kind)
    target, step = (FLOW, NODE) if kind == "architect_org" else (hotline(simulator), STEP)
    reader = {"GENESYS_CLIENT_ID": "demo-reader", "GENESYS_CLIENT_SECRET": "demo-reader-secret"}

    assert_refused(set_step(target, step, **reader), "architect:flow:", "403", "A fresh read shows: 3s")


def test_a_change_that_the_actions_own_limit_would_mask_is_not_made(architect_org: Running) -> None:
    seed = org_seed()
    limited = dataclasses.replace(seed.actions[0], config={"timeoutSeconds": 5})
    architect_org.org.reseed(dataclasses.replace(seed, actions=(limited,)))

    said = set_step(FLOW, NODE)

    assert "Old timeout:    3s, the action's own limit is 5s" in said.out
    assert_refused(said, "the action waits 5s, 10s is wanted", "Raise the limit of the action")
    assert "`genesys-timeouts raise` with --levers step,action" in said.problems
    assert writes(architect_org.org) == []


def test_a_limit_that_is_not_understood_makes_the_change_uncertain(architect_org: Running) -> None:
    seed = org_seed()
    odd = dataclasses.replace(seed.actions[0], config={"timeoutSeconds": "5"})
    architect_org.org.reseed(dataclasses.replace(seed, actions=(odd,)))

    said = set_step(FLOW, NODE)

    assert "Old timeout:    3s, the action's own limit is not understood: config.timeoutSeconds is '5'" in said.out
    assert_refused(said, "is not understood", "set its timeout there")
    assert writes(architect_org.org) == []


def test_an_action_that_is_gone_makes_the_change_uncertain(architect_org: Running) -> None:
    architect_org.org.delete_action(ACTION)

    assert_refused(set_step(FLOW, NODE), "not listed", "integrations:action:view")


def test_a_timeout_that_cannot_be_read_is_left_to_a_person(tutorial_org: Running) -> None:
    assert_refused(set_step(named(tutorial_org.org, "Password reset").id, "Send mail"), "Open the step in Architect")


@pytest.mark.usefixtures("tutorial_org")
def test_an_empty_org_option_never_falls_back_to_the_environment() -> None:
    assert_refused(set_step(NOBODY, STEP, "--org", ""), "--org is empty", code=2)


def test_no_credentials_at_all_name_what_to_export(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GENESYS_API_URL", raising=False)

    assert_refused(set_step(NOBODY, STEP), "GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET", "--org demo", code=2)


def test_a_platform_that_gives_no_usable_answer_is_told(tutorial_org: Running) -> None:
    tutorial_org.org.add_fault(Fault(kind="html", match=Match(path="/api/v2/flows/*", times=None)))

    assert_refused(set_step(hotline(tutorial_org), STEP), "GET /api/v2/flows/", "again later")


def test_a_put_whose_answer_was_lost_is_resolved_by_reading_and_not_sent_twice(tutorial_org: Running) -> None:
    tutorial_org.org.add_fault(Fault(kind="reset", takes_effect=True, match=Match(method="PUT")))

    assert set_step(hotline(tutorial_org), STEP).code == 0
    assert len(writes(tutorial_org.org)) == 1


def test_a_publish_that_the_platform_fails_gives_its_reason_and_shows_what_is_there(architect_org: Running) -> None:
    architect_org.org.plan_publish(PublishPlan(ending="failure", error_message="The queue is gone."))

    assert_refused(set_step(FLOW, NODE), "The queue is gone.", "A fresh read shows: 3s")
    assert architect_org.org.state()["architectFlows"][FLOW]["lock"] is None


def test_what_a_colleague_published_in_between_is_shown_and_not_called_untouched(architect_org: Running) -> None:
    match = Match(method="POST", path="/api/v2/flows/actions/publish")
    other = PersonAction(kind="publish", architect_flow_id=FLOW, person=ADA, body=configuration(7), force=True)
    architect_org.org.schedule(other, "before", match)

    said = set_step(FLOW, NODE)

    assert said.code == 1
    assert "A fresh read shows: 7s" in said.problems
    assert UNTOUCHED not in said.problems


def test_a_publish_that_cannot_be_read_back_never_claims_that_nothing_was_changed(tutorial_org: Running) -> None:
    reads = Match(method="GET", path="/api/v2/flows/*", nth=7, times=None)
    tutorial_org.org.add_fault(Fault(kind="status", status=410, match=reads))

    said = set_step(hotline(tutorial_org), STEP)

    assert (said.code, writes(tutorial_org.org)) == (1, [f"/api/v2/flows/{hotline(tutorial_org)}"])
    assert "was published" in said.problems
    assert UNTOUCHED not in said.problems
