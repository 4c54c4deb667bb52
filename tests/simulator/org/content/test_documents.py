"""Members of a document are replaced, and every other byte stays."""

import json

import pytest

from simulator.org.content.documents import with_members


def test_a_member_is_replaced_where_it_stands() -> None:
    assert with_members(b'{ "a" : [1, 2] ,"b":\t"\\u00fc\\/" }', {"a": 3}) == b'{ "a" : 3 ,"b":\t"\\u00fc\\/" }'


def test_several_members_are_replaced_and_new_ones_come_last() -> None:
    raw = '{"a":{"c":1},"ü":"\U0001f4c5","b":2 }'.encode()

    assert with_members(raw, {"b": "long", "a": 0, "c": []}).decode() == '{"a":0,"ü":"\U0001f4c5","b":"long","c":[] }'


@pytest.mark.parametrize(("raw", "expected"), [(b"{}", b'{"a":1}'), (b" { } ", b' {"a":1 } ')])
def test_an_empty_document_gets_its_first_member(raw: bytes, expected: bytes) -> None:
    assert with_members(raw, {"a": 1}) == expected


def test_the_encoding_stays() -> None:
    raw = json.dumps({"a": "ü", "b": 1}, ensure_ascii=False).encode("utf-16")

    assert json.loads(with_members(raw, {"b": "☎"})) == {"a": "ü", "b": "☎"}


@pytest.mark.parametrize("raw", [b"[]", b"", b"1"])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="not a JSON object"):
        with_members(raw, {})
