"""Fingerprints: the same content gives the same one, however it is written, and other content another."""

import json
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.timeouts.conftest import architect, encoded, node
from tests.timeouts.definitions.json_texts import json_texts
from timeouts.definitions import documents, read_definition
from timeouts.definitions.documents import fingerprint_of, parse_exact

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=12,
)


def fingerprint(document: Any, **writing: Any) -> str:
    return read_definition(json.dumps(document, **writing).encode()).fingerprint


def reversed_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


@given(JSON)
def test_key_order_white_space_and_escapes_do_not_count(variables: Any) -> None:
    document = architect(node(1), variables=variables)

    assert fingerprint(document) == fingerprint(reversed_keys(document), indent=3, ensure_ascii=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"10.00", b"10.0"),
        (b"1e3", b"1E3"),
        (b"18446744073709551617", b"18446744073709551616"),
        (b"0.1000000000000000055", b"0.1"),
        (b"-0", b"0"),
        (b"[-0,1]", b"[0,1]"),
        (b"1", b"1.0"),
        (b"1", b'"1"'),
        (b"1", b"true"),
        (b"0.5", b'["NaN","0.5"]'),
        (b'{"a":1,"a":2}', b'{"a":2}'),
        (b'{"a":1,"a":1,"a":2}', b'{"a":1,"a":2,"a":1}'),
        (b"[1,2]", b"[2,1]"),
        (b"null", b"[]"),
        (rb'"\ud800"', rb'"\ud801"'),
    ],
)
def test_content_that_differs_in_any_way_has_another_fingerprint(one: bytes, other: bytes) -> None:
    body = encoded(architect(node(1)))
    first, second = (body.replace(b'"variables":[]}', b'"variables":%b}' % value) for value in (one, other))

    assert read_definition(first).fingerprint != read_definition(second).fingerprint


@pytest.mark.parametrize("digits", [3_999, 4_200, 4_500])
def test_a_long_integer_has_one_fingerprint_whatever_stands_beside_it(digits: int) -> None:
    number = "9" * digits
    (plain, _), (beside, _) = parse_exact(f"[{number},1]"), parse_exact(f'[{number},"-0,"]')

    assert plain == beside


def test_the_fingerprint_is_made_once() -> None:
    definition = read_definition(encoded(architect(node(1))))

    assert definition.fingerprint is definition.fingerprint


@settings(max_examples=5 * settings().max_examples)
@given(json_texts())
def test_the_way_for_deep_documents_gives_what_the_ordinary_way_gives(text: str) -> None:
    plain = documents.parse_exact(text)
    assert documents._parse_iteratively(text) == plain

    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), default=documents._unmistakable)
    assert documents._encode_iteratively(plain) == canonical


def test_documents_beyond_the_depth_of_the_standard_library_have_fingerprints() -> None:
    levels = sys.getrecursionlimit() * 30
    deep = [fingerprint_of(parse_exact("[" * levels + end + "]" * levels)) for end in ("1", "1", '{"b":[1.0],"a":2}')]

    assert (deep[0] == deep[1], deep[0] == deep[2]) == (True, False)
