"""No definition keeps a process busy or fills its memory: it is read in linear time, or unreadable by a named bound."""

import json
from typing import Any

import pytest

from tests.timeouts.conftest import architect, embedded, encoded, flow_data, literal, node
from tests.timeouts.documents import flow_data_step
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.definitions.proof import ProofFailed, compare_published, prove_edit
from timeouts.model.settings import LiteralTimeout, Unreadable
from timeouts.model.step_edits import SetTimeout

MOST = "timeouts.definitions.architect_walk.MOST_ITEMS"


def modules(depth: int) -> dict[str, Any]:
    """A configuration with a module in a module, and so on."""
    made: dict[str, Any] = {}
    for _ in range(depth):
        made = {"commonModules": [embedded(of="m-1", **made)]}
    return architect(node(1), **made)


@pytest.mark.parametrize(
    "body",
    [
        encoded(architect(*(node(number) for number in range(5)))),
        encoded(architect(node(1), menu=(node(2), node(3)))),
        encoded(architect(node(1), commonModules=[embedded(node(2)), embedded(node(3), of="m-2")])),
        encoded(flow_data(*(flow_data_step(number, 3_000) for number in range(5)))),
        b'{"flowSequenceItemList":[' + b"{}," * 9 + b"{}]}",
    ],
    ids=["steps", "menu", "modules", "flowData", "empty containers"],
)
def test_more_than_so_many_actions_are_not_read(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """60 MB of `{}` took 4 GB and minutes."""
    assert read_definition(body).fingerprint
    monkeypatch.setattr(MOST, 4)

    with pytest.raises(UnreadableDefinition, match="it has more than the 4 containers and actions that are read"):
        read_definition(body)


def test_modules_may_stand_in_modules_only_so_deep() -> None:
    assert len(read_definition(encoded(modules(10))).snapshots) == 10
    with pytest.raises(UnreadableDefinition, match="common modules are embedded in each other more than 16 deep"):
        read_definition(encoded(modules(30)))


@pytest.mark.parametrize("key", ["id", "name", "actionId", "actionName"])
def test_a_name_of_ten_thousand_characters_and_more_is_told_and_not_repeated(key: str) -> None:
    document = architect(node(1) | {key: "x" * 10_001}, manifest=False)

    with pytest.raises(UnreadableDefinition, match=r"has 10,001 characters, 10,000 at most are read: 'x+… ") as told:
        read_definition(encoded(document))
    assert len(told.value.reason) < 200


def test_a_timeout_that_is_written_at_length_is_the_step_s_own_trouble() -> None:
    long = literal(3_000) | {"$note": "x" * 10_000}

    first, second = read_definition(encoded(architect(node(1, long), node(2)))).steps
    assert isinstance(first.setting, Unreadable)
    assert "its timeout is written in 10," in first.setting.reason
    assert (first.raw_timeout, second.setting) == (None, LiteralTimeout(timeout_ms=3_000))


def test_numbers_beyond_all_that_is_counted_are_told_or_left_out() -> None:
    huge = 10**30
    (step,) = read_definition(encoded(flow_data(flow_data_step(1, huge)))).steps
    (other,) = read_definition(encoded(architect(node(1, trackingId=huge)))).steps

    assert isinstance(step.setting, Unreadable)
    assert other.tracking_id is None


def test_reasons_are_bounded_however_much_there_is_to_name() -> None:
    ids = [{"id": f"{number // 2}"} for number in range(20_000)]
    strays = [{"__type": "DataAction", "id": f"{number}"} for number in range(20_000)]

    shared = architect(manifest=False, flowSequenceItemList=[{"actionList": ids}])
    for document in (shared, architect(strays=strays)):
        with pytest.raises(UnreadableDefinition) as told:
            read_definition(encoded(document))
        assert len(told.value.reason) <= 500


MANY = 20_000
REPEATED = "{" + ",".join('"a":1' for _ in range(MANY)) + "}"


def test_a_key_that_stands_there_thousands_of_times_costs_no_more_than_others() -> None:
    """Both took its square."""
    beside = encoded(architect(node(1))).replace(b'"variables":[]', b'"x":' + REPEATED.encode(), 1)
    within = encoded(flow_data(flow_data_step(1, 3_000))).replace(b'"name":"Call 1"', b'"x":' + REPEATED.encode())

    assert read_definition(beside).fingerprint != read_definition(beside.replace(b'"a":1', b'"a":2', 1)).fingerprint
    assert read_definition(within).fingerprint


def test_wide_and_deep_documents_are_compared_without_a_path_for_each_value() -> None:
    """Deep in a document, a path for each of a million values took gigabytes; so did a key of a megabyte."""
    deep = "[" * 300 + ",".join("[]" for _ in range(MANY)) + "]" * 300
    wide = json.dumps({"k" * 1_000_000: [[]] * 5_000})
    body = encoded(architect(node(1))).replace(b'"variables":[]', f'"x":{deep},"y":{wide}'.encode(), 1)
    other = body.replace(b"[],[]", b"[],[1]", 1).replace(b"[], []]}", b"[], [1]]}", 1)

    compared = compare_published(body, other)
    assert len(compared.foreign) == 2
    assert all(len(found.path) <= 500 for found in compared.foreign)


def test_of_thousands_of_differences_a_hundred_are_told() -> None:
    before = encoded(architect(node(1), x=list(range(5_000))))
    after = encoded(architect(node(1), x=list(range(1, 5_001))))

    assert len(compare_published(before, after).foreign) == 100
    with pytest.raises(ProofFailed) as failed:
        prove_edit(before, after, {})
    assert len(failed.value.problems) == 100


def test_thousands_of_steps_are_edited_and_proved() -> None:
    """For each difference, all places of steps were gathered anew."""
    body = encoded(architect(*(node(number) for number in range(3_000))))
    edits = {step.id: SetTimeout(timeout_ms=7_000) for step in read_definition(body).steps}

    prove_edit(body, read_definition(body).with_edits(edits), edits)
