"""Restoring: what an edit changed stands again as it stood, to the byte, and nothing else is touched."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import architect, computed, encoded, flow_data, literal, node, set_to
from tests.timeouts.definitions.test_editing_architect import TOKENS, around, plain_step
from tests.timeouts.documents import documents
from timeouts.definitions import EditRefusedError, read_definition, setting_of
from timeouts.definitions.proof import ProofFailed, prove_edit
from timeouts.model.step_edits import ArchitectRawTimeout, FlowDataRawTimeout, Restore, SetTimeout, StepEdit


def originals(body: bytes) -> dict[str, StepEdit]:
    """What would restore every step of a document that can be changed."""
    steps = read_definition(body).steps
    return {step.id: Restore(original=step.raw_timeout) for step in steps if step.raw_timeout is not None}


def raised(body: bytes, timeout_ms: int = 10_000) -> bytes:
    return read_definition(body).with_edits(set_to(dict.fromkeys(originals(body), timeout_ms)))


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("service", [b"", b',"outOfService":true'])
def test_every_form_of_json_around_a_timeout_comes_back_to_the_byte(token: str, service: bytes) -> None:
    before = around(TOKENS[token], plain_step(b"P0D0H0M3S0F", b"true", service))

    assert before == read_definition(raised(before)).with_edits(originals(before))


@pytest.mark.parametrize("token", [token for token in TOKENS if token != "repeated keys"])
def test_every_form_of_json_in_the_timeout_itself_comes_back_to_the_byte(token: str) -> None:
    service = b',"odd":%b,"outOfService":true' % TOKENS[token]
    before = around(b"null", plain_step(b"P0D0H0M3S0F", b"false", service))

    assert before == read_definition(raised(before)).with_edits(originals(before))


@pytest.mark.parametrize("token", TOKENS)
def test_every_form_of_json_around_flow_data_comes_back_to_the_byte(token: str) -> None:
    nodes = b'{"odd":%b,"id":"a","type":"dataAction"},{"id":"b","type":"dataAction","dataAction":{"timeout":5 ,"x":%b}}'
    before = b' {"odd":%b,\n"flowData":{"nodes":[%b]}}\n' % (TOKENS[token], nodes % (TOKENS[token], TOKENS[token]))

    assert before == read_definition(raised(before)).with_edits(originals(before))


@given(documents())
def test_what_was_edited_and_restored_is_the_document_itself_and_stands_the_proof(body: bytes) -> None:
    edits = originals(body)

    assert read_definition(raised(body)).with_edits(edits) == body
    prove_edit(raised(body), body, edits)


@given(documents(), st.randoms(use_true_random=False))
def test_edits_and_restores_commute(body: bytes, chance: random.Random) -> None:
    edits: dict[str, StepEdit] = {
        step_id: chance.choice([restore, SetTimeout(timeout_ms=12_345)]) for step_id, restore in originals(body).items()
    }
    one_by_one = raised(body)
    for step_id in chance.sample(sorted(edits), len(edits)):
        one_by_one = read_definition(one_by_one).with_edits({step_id: edits[step_id]})

    assert one_by_one == read_definition(raised(body)).with_edits(edits)


@given(documents())
def test_a_text_that_was_kept_says_what_the_step_says(body: bytes) -> None:
    for step in read_definition(body).steps:
        assert step.raw_timeout is not None
        assert setting_of(step.raw_timeout) == step.setting


def test_nothing_is_kept_of_a_timeout_that_is_never_changed() -> None:
    computed_one, unreadable = read_definition(encoded(architect(node(1, computed()), node(2, "soon")))).steps

    assert (computed_one.raw_timeout, unreadable.raw_timeout) == (None, None)


def test_a_data_action_that_somebody_filled_since_loses_the_timeout_alone() -> None:
    before = encoded(flow_data({"id": "n1", "type": "dataAction"}))
    since = raised(before).replace(b'{"timeout":10000}', b'{"timeout":10000,"retries":2}')

    assert read_definition(since).with_edits(originals(before)) == encoded(
        flow_data({"id": "n1", "type": "dataAction", "dataAction": {"retries": 2}})
    )


def test_a_data_action_that_somebody_took_out_comes_back_with_its_timeout() -> None:
    before = encoded(flow_data({"id": "n1", "type": "dataAction", "dataAction": {"timeout": 5}}))
    without = encoded(flow_data({"id": "n1", "type": "dataAction"}))

    assert before == read_definition(without).with_edits(originals(before))


PLAIN = encoded(architect(node(1), node(2, computed())))
FOREIGN = FlowDataRawTimeout(data_action=True, timeout="5")


@pytest.mark.parametrize(
    ("step_id", "original", "reason"),
    [
        ("node-9", FOREIGN, "no step has the id node-9"),
        ("node-1", FOREIGN, "another kind of definition"),
        ("node-1", ArchitectRawTimeout(suggested=True, timeout='{},"name":"evil"'), "is not JSON"),
        ("node-1", ArchitectRawTimeout(suggested=True, timeout="{} "), "is not JSON"),
        ("node-1", ArchitectRawTimeout(suggested=True, timeout=""), "is not JSON"),
        ("node-1", ArchitectRawTimeout(suggested=False, timeout='"soon"'), "unreadable, which no run of ours changes"),
        ("node-2", ArchitectRawTimeout(suggested=True, timeout="{}"), "its timeout is computed"),
    ],
)
def test_a_restore_that_must_not_be_is_refused_by_name(step_id: str, original: Any, reason: str) -> None:
    with pytest.raises(EditRefusedError, match=reason):
        read_definition(PLAIN).with_edits({step_id: Restore(original=original)})


def test_a_step_that_is_not_as_it_was_to_be_fails_the_proof() -> None:
    before = encoded(architect(node(1)))

    with pytest.raises(ProofFailed, match="missing: step node-1 does not have the text that was to be restored"):
        prove_edit(raised(before), raised(before), originals(before))


def test_a_timeout_that_lost_something_beside_its_duration_fails_the_proof() -> None:
    before = encoded(architect(node(1, literal(3_000) | {"$note": "ask Ada"})))
    after = raised(before).replace(b',"$note":"ask Ada"', b"")

    with pytest.raises(ProofFailed, match="missing: step node-1 lost something of its timeout"):
        prove_edit(before, after, set_to({"node-1": 10_000}))


def test_what_is_restored_is_plain_json_between_runs() -> None:
    (edit,) = originals(encoded(architect(node(1)))).values()

    assert json.loads(edit.model_dump_json())["original"]["suggested"] is False


def test_a_step_that_could_not_be_changed_fails_the_proof() -> None:
    before = encoded(architect(node(1, computed())))

    with pytest.raises(ProofFailed, match="missing: step node-1 was not one that can be changed"):
        prove_edit(before, encoded(architect(node(1, literal(10_000)))), set_to({"node-1": 10_000}))
