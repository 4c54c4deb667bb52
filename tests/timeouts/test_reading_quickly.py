"""The quick reader: it says what the exact one says, or leaves the document to it (docs/decisions/0016)."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.timeouts.conftest import architect, encoded, flow_data, node
from tests.timeouts.documents import documents
from tests.timeouts.test_unreadable_definitions import BROKEN
from timeouts.definitions import Definition, UnreadableDefinition
from timeouts.definitions.architect_quick import read_quickly
from timeouts.definitions.reading import read_definition, read_exactly

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


def told_by(definition: Definition) -> Any:
    return definition.kind, definition.steps, definition.locations, vars(definition)


def by_exact_reader(body: bytes) -> Any:
    try:
        return told_by(read_exactly(body.decode()))
    except ValueError:
        return "unreadable"


def by_quick_reader(body: bytes) -> Any:
    try:
        definition = read_quickly(body, body.decode())
    except UnicodeDecodeError:
        return None
    return definition and told_by(definition)


def reason_of(read: Callable[[bytes], Definition], body: bytes) -> str:
    try:
        return f"none, it is {read(body).kind}"
    except UnicodeDecodeError as problem:
        return f"it is not UTF-8 from byte {problem.start} on"
    except UnreadableDefinition as problem:
        return problem.reason
    except ValueError as problem:
        return f"it is not JSON: {problem}"


@given(documents())
def test_a_definition_that_is_read_quickly_is_read_as_the_exact_reader_reads_it(body: bytes) -> None:
    assert by_quick_reader(body) in (None, by_exact_reader(body))


@settings(max_examples=1_000)
@given(damaged())
def test_whatever_is_done_to_a_definition_the_quick_reader_says_the_same_or_nothing(body: bytes) -> None:
    assert by_quick_reader(body) in (None, by_exact_reader(body))


@given(damaged())
def test_a_definition_is_unreadable_for_the_exact_readers_reason(body: bytes) -> None:
    assert reason_of(read_definition, body) == reason_of(lambda body: read_exactly(body.decode()), body)


TWICE = {
    "empty containers": b'{"flowSequenceItemList":[],"flowSequenceItemList":[]}',
    "an empty manifest": b'{"flowSequenceItemList":[],"manifest":{},"manifest":{}}',
    "empty actions": b'{"flowSequenceItemList":[{"actionList":[],"actionList":[]}]}',
    "empty choices": b'{"flowSequenceItemList":[{"menuChoiceList":[],"menuChoiceList":[]}]}',
    "an action that is null": b'{"flowSequenceItemList":[{"menuChoiceList":[{"action":null,"action":null}]}]}',
    "the id of a node": encoded(architect(OTHER | {"id": "a"}, OTHER | {"id": "a"})),
}


@pytest.mark.parametrize("broken", [*BROKEN.values(), *TWICE.values()], ids=[*BROKEN, *TWICE])
def test_no_broken_definition_is_read_quickly(broken: bytes) -> None:
    assert (by_exact_reader(broken) if broken.isascii() else "unreadable", by_quick_reader(broken)) == (
        "unreadable",
        None,
    )


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        json.dumps(PLAIN, indent=2).encode(),
        json.dumps(PLAIN, ensure_ascii=True).encode(),
        encoded(architect()),
        encoded(architect(node(1), manifest=False)),
        encoded(architect(node(1, useSuggestedTimeout="no"))),
        encoded(architect(node(1, useSuggestedTimeout=None))).replace(b'"text":', b'"text":"","text":'),
        encoded(architect(flowSequenceItemList=[{"actionList": None}, {"menuChoiceList": [{"action": None}, {}]}, {}])),
    ],
)
def test_a_definition_as_the_platform_writes_it_is_read_quickly(body: bytes) -> None:
    assert by_quick_reader(body) == by_exact_reader(body)


ODD = {
    "letters as escapes": GOOD.replace(b'"__type"', rb'"\u005f_type"', 1),
    "a lone surrogate": GOOD.replace(b"Main menu", rb"\ud800"),
    "a list within an action": GOOD.replace(b'"id":"n9"', b'"id":"n9","actionList":[]'),
    "a key twice in a step": GOOD.replace(b'"trackingId":1', b'"trackingId":1,"trackingId":1'),
    "a step without a type": encoded(architect(node(1), manifest=False)).replace(b'"__type":"DataAction",', b""),
    "an id that is a number": GOOD.replace(b'"n9"', b"9"),
    "a name that is null": GOOD.replace(b'"Main menu"', b"null"),
    "a very long number": GOOD.replace(b'"trackingId":1,', b'"trackingId":' + b"1" * 4_001 + b","),
    "both lists in one container": GOOD.replace(b'"variables":[],', b'"menuChoiceList":[{"action":{"id":"a"}}],'),
    "the other kind": encoded(flow_data()),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_definition_that_is_odd_in_any_way_is_left_to_the_exact_reader(odd: str) -> None:
    assert by_quick_reader(ODD[odd]) is None
    assert read_definition(ODD[odd]).steps is not None
