"""Definitions that are written in odd ways: read whole, or told as unreadable."""

import contextlib
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.timeouts.conftest import architect, encoded, node
from tests.timeouts.documents import documents
from timeouts.definitions import UnreadableDefinition, read_definition

OTHER = {"__type": "Disconnect", "name": "Hang up"}
PLAIN = architect(node(1), OTHER | {"id": "n9"}, node(2, suggested=True), menu=(node(3), node(4, __type="Menu")))
GOOD = encoded(PLAIN)
STEP = encoded(node(1))

MEMBERS = (
    *(b'"id":"node-2"', b'"id":5', b'"name":"x"', b'"name":"manifest"', b'"__type":"DataAction"', b'"__type":"X"'),
    *(b'"__type":null', b'"actionList":[]', b'"actionList":null', b'"action":null', b'"menuChoiceList":[]'),
    *(b'"manifest":{}', b'"timeout":null', b'"useSuggestedTimeout":true', b'"category":{}', b'"dataAction":[]'),
    *(b'"flowData":{}', b'"flowSequenceItemList":[]', b'"actionId":"a","category":1', b'"\\u005f_type":"DataAction"'),
    *(b'"x":-0', b'"x":1e400', b'"x":{"a":1,"a":2}', rb'"x":"\ud800"', rb'"\"":"\"__type"', b'"text":"\xc3\xa9\x7f"'),
)
TOKENS = (
    *(
        b"null",
        b"01",
        b"-",
        b"1.",
        b"NaN",
        b"Infinity",
        b"9" * 4_301,
        b"[[[",
        b"]",
        b"{",
        b"}",
        b",",
        b":",
        b'"',
        b'\\"',
    ),
    *(
        b"\\",
        b"\\q",
        b"\\u0041",
        b"\\ud800",
        b"\\u12",
        b"\xff",
        b"\xc3\xa9",
        b"\xed\xa0\x80",
        b"\xc2\xa0",
        b"\xef\xbb\xbf",
    ),
    *(b"", b" ", b"\n\t\r", b"\x00", b"\x0c", b"\x1f", b"\x7f", b"//", b"'", STEP, STEP + b",", b'{"id":"node-8"},'),
)
CLUES = tuple(
    re.compile(clue) for clue in (rb"", rb'"', rb'(?=")', rb"\{", rb"(?=\{)", rb",", rb":", rb'"(?:id|__type|action)"')
)
_opening = re.compile(rb"\{(?=\s*\")")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A definition with members that are one too many, or with likely places written over."""
    body = draw(st.sampled_from((GOOD, json.dumps(PLAIN, indent=1).encode())) | documents())
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            start = end = draw(st.sampled_from([found.end() for found in _opening.finditer(body)] or [0]))
            piece = draw(st.sampled_from(MEMBERS)) + b","
        else:
            start = draw(st.sampled_from([found.end() for found in draw(st.sampled_from(CLUES)).finditer(body)] or [0]))
            end = start + draw(st.sampled_from((0, 0, 0, 1, 2, 7, len(body))))
            piece = draw(st.sampled_from(TOKENS))
        body = body[:start] + piece + body[end:]
    return body


@settings(max_examples=10 * settings().max_examples)
@given(damaged())
def test_whatever_is_done_to_a_definition_it_is_read_or_told_as_unreadable(body: bytes) -> None:
    with contextlib.suppress(UnreadableDefinition):
        definition = read_definition(body)
        assert definition.locations.keys() == {step.id for step in definition.steps}
        assert definition.with_edits({}) == body


ODD = {  # with how many steps stand in it
    "letters as escapes": (GOOD.replace(b'"__type":"DataAction"', rb'"\u005f_type":"Data\u0041ction"', 1), 3),
    "a lone surrogate": (GOOD.replace(b"Main menu", rb"\ud800"), 3),
    "a list within an action": (GOOD.replace(b'"id":"n9"', b'"id":"n9","actionList":[]'), 3),
    "a key twice in a step": (GOOD.replace(b'"trackingId":1', b'"trackingId":1,"trackingId":1'), 3),
    "a step without a type": (encoded(architect(node(1), manifest=False)).replace(b'"__type":"DataAction",', b""), 1),
    "an id that is a number": (GOOD.replace(b'"n9"', b"9"), 3),
    "a name that is null": (GOOD.replace(b'"Main menu"', b"null"), 3),
    "a very long number": (GOOD.replace(b'"trackingId":1,', b'"trackingId":' + b"1" * 4_001 + b","), 3),
    "both lists in one container": (GOOD.replace(b'"variables":[],', b'"menuChoiceList":[{"action":{"id":"a"}}],'), 3),
}


@pytest.mark.parametrize(("body", "steps"), ODD.values(), ids=ODD)
def test_a_definition_that_is_odd_in_any_way_is_read_whole(body: bytes, steps: int) -> None:
    assert len(read_definition(body).steps) == steps
