"""Edits of Architect configurations: the planned timeouts change, and not one byte beside them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.publishing.forms import FORMS
from tests.timeouts.conftest import architect, computed, encoded, literal, node, set_to, unset
from timeouts.definitions import EditRefusedError, read_definition
from timeouts.definitions.proof import prove_edit
from timeouts.model.settings import LiteralTimeout

STEP = (
    b'{"actionName":"CRM","actionId":"a","category":{"name":"CRM"},"useSuggestedTimeout":%b,"id":"s",'
    b'"__type":"DataAction",%b"paths":[]}'
)
EXPRESSION = (
    b'"timeout":{"config":{"lit":{"pos":1,"text":"%b","type":"dur"}},"text":"%b","type":"dur",'
    b'"uiMetaData":{"mode":1},"metaData":{},"version":2%b},'
)

TOKENS = {
    **FORMS,
    "escaped control": rb'"\u0008\b"',
    "raw angles": b'"< > & \'"',
    "blanks and line ends": b" [ \t1 ,\r\n 2 ] ",
    "deep": b"[" * 300 + b"]" * 300,
}
"""The forms that go over the wire in tests/publishing, some of them odder still."""


def around(token: bytes, step: bytes) -> bytes:
    """A configuration with a token before, beside and after a step."""
    node_with = step.replace(b'"paths":[]', b'"paths":[],"odd":' + token)
    return b'{"before":%b,"flowSequenceItemList":[{"odd":%b,"actionList":[%b],"also":%b}],"after":%b}\n' % (
        token,
        token,
        node_with,
        token,
        token,
    )


def plain_step(duration: bytes, suggested: bytes = b"false", service: bytes = b"") -> bytes:
    return STEP % (suggested, EXPRESSION % (duration, duration, service))


@pytest.mark.parametrize("token", TOKENS)
def test_every_form_of_json_around_a_timeout_is_kept_to_the_byte_and_stands_the_proof(token: str) -> None:
    before = around(TOKENS[token], plain_step(b"P0D0H0M3S0F", b"true", b',"outOfService":true'))
    after = around(TOKENS[token], plain_step(b"P0D0H0M10S0F"))

    assert read_definition(before).with_edits(set_to({"s": 10_000})) == after
    prove_edit(before, after, set_to({"s": 10_000}))


def test_white_space_of_a_pretty_document_is_kept() -> None:
    document = architect(node(1, literal(3_000) | {"outOfService": True}, suggested=True))
    expected = architect(node(1, literal(10_000)))
    before, after = (json.dumps(one, indent=2).encode() for one in (document, expected))

    assert read_definition(before).with_edits(set_to({"node-1": 10_000})) == after


@pytest.mark.parametrize("place", [0, 3, 6])
def test_out_of_service_is_removed_with_its_comma_wherever_it_stands(place: int) -> None:
    members = list(literal(3_000).items())
    marked = dict([*members[:place], ("outOfService", True), *members[place:]])
    body = encoded(architect(node(1, marked)))

    assert read_definition(body).with_edits(set_to({"node-1": 10_000})) == encoded(architect(node(1, literal(10_000))))


@pytest.mark.parametrize("timeout", [unset(), computed(), "soon", [], {}, 5, {"config": {"lit": {"text": 1}}}])
def test_a_suggested_timeout_without_a_literal_is_built_anew_in_the_editors_shape(timeout: Any) -> None:
    body = encoded(architect(node(1, timeout, suggested=True)))

    assert read_definition(body).with_edits(set_to({"node-1": 10_000})) == encoded(architect(node(1, literal(10_000))))


def test_a_suggested_timeout_that_is_missing_is_put_beside_the_flag() -> None:
    step = node(1, suggested=True)
    del step["timeout"]
    edited = read_definition(encoded(architect(step))).with_edits(set_to({"node-1": 10_000}))

    assert json.loads(edited) == architect(node(1, literal(10_000)))


def test_the_rest_of_a_literal_expression_is_kept() -> None:
    odd = {"isEnabled": False, "$note": "", "properties": None, "uiMetaData": {"mode": 4, "x": 1}, "version": 1}
    body = encoded(architect(node(1, literal(3_000) | odd)))

    assert read_definition(body).with_edits(set_to({"node-1": 10_000})) == encoded(
        architect(node(1, literal(10_000) | odd))
    )


@pytest.mark.parametrize(
    ("timeouts_ms", "reason"),
    [
        ({"node-9": 10_000}, "no step has the id node-9"),
        ({"node-1": 0}, "not a possible timeout"),
        ({"node-1": -1}, "not a possible timeout"),
        ({"node-1": 10**15}, "not a possible timeout"),
        ({"node-2": 10_000}, "computed: MakeDuration"),
        ({"node-3": 10_000}, "not understood: the timeout is unset"),
    ],
)
def test_an_edit_that_must_not_be_is_refused_by_name(timeouts_ms: dict[str, int], reason: str) -> None:
    definition = read_definition(encoded(architect(node(1), node(2, computed()), node(3, unset()))))

    with pytest.raises(EditRefusedError, match=reason):
        definition.with_edits(set_to(timeouts_ms))


steps = st.lists(st.tuples(st.booleans(), st.sampled_from([3_000, 90_500, 10_000])), min_size=1, max_size=5)
timeouts = st.dictionaries(st.integers(1, 5), st.integers(1, 60_000), max_size=5)


def of_steps(shapes: list[tuple[bool, int]]) -> bytes:
    nodes = [node(number, literal(ms), suggested=flag) for number, (flag, ms) in enumerate(shapes, 1)]
    return encoded(architect(*nodes[1:], menu=tuple(nodes[:1])))


@given(shapes=steps, wanted=timeouts)
def test_an_edit_sets_what_was_asked_and_every_other_step_says_what_it_said(
    shapes: list[tuple[bool, int]], wanted: dict[int, int]
) -> None:
    definition = read_definition(of_steps(shapes))
    asked = {f"node-{number}": ms for number, ms in wanted.items() if number <= len(shapes)}
    edited = read_definition(definition.with_edits(set_to(asked)))

    assert [step.setting for step in edited.steps] == [
        LiteralTimeout(timeout_ms=asked[step.id]) if step.id in asked else step.setting for step in definition.steps
    ]


@given(shapes=steps, wanted=timeouts)
def test_edits_commute(shapes: list[tuple[bool, int]], wanted: dict[int, int]) -> None:
    body = of_steps(shapes)
    asked = {f"node-{number}": ms for number, ms in wanted.items() if number <= len(shapes)}
    one_by_one = body
    for step_id in sorted(asked, reverse=True):
        one_by_one = read_definition(one_by_one).with_edits(set_to({step_id: asked[step_id]}))

    assert one_by_one == read_definition(body).with_edits(set_to(asked))


@given(shapes=steps, wanted=timeouts)
def test_an_edit_done_twice_is_an_edit_done_once(shapes: list[tuple[bool, int]], wanted: dict[int, int]) -> None:
    asked = {f"node-{number}": ms for number, ms in wanted.items() if number <= len(shapes)}
    once = read_definition(of_steps(shapes)).with_edits(set_to(asked))

    assert read_definition(once).with_edits(set_to(asked)) == once
