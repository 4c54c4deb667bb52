"""Architect exports: decoded strictly, encoded as the editor does it, and left alone where that would change them."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files.formats.flow_file import UnreadableFile
from files.formats.i3 import decode, encode, read_i3
from tests.files.samples import SampleStep, configuration_json, encode_i3, i3_export
from timeouts.model.step_edits import SetTimeout


def test_an_export_gives_the_configuration_that_was_encoded() -> None:
    flow = read_i3(i3_export(name="Orders"))

    assert (flow.name, flow.type, len(flow.definition.steps)) == ("Orders", "inboundcall", 1)
    assert flow.document == configuration_json(name="Orders")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_whatever_text_is_encoded_is_decoded_to_the_same(text: str) -> None:
    assert decode(encode(text.encode())) == text.encode()


def test_it_is_encoded_as_a_browser_encodes_it() -> None:
    assert base64.b64decode(encode('{"a":"é !\'()*~-_.%🙂"}'.encode())) == (
        b"%7B%22a%22%3A%22%C3%A9%20!'()*~-_.%25%F0%9F%99%82%22%7D"
    )


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"  \n\n"])
def test_white_space_at_the_end_is_kept(end: bytes) -> None:
    export = i3_export() + end

    flow = read_i3(export)

    assert (flow.unwritable, flow.pack(flow.document)) == ("", export)


def test_a_byte_order_mark_is_kept() -> None:
    export = b"\xef\xbb\xbf" + i3_export() + b"\r\n"

    flow = read_i3(export)

    assert (flow.unwritable, flow.pack(flow.document)) == ("", export)


@pytest.mark.parametrize(
    "export",
    [
        base64.b64encode(configuration_json()),
        base64.encodebytes(base64.b64decode(i3_export())),
        base64.b64encode(base64.b64decode(i3_export()).replace(b"%3A", b"%3a")),
    ],
    ids=["without percent codes", "in lines", "with small percent codes"],
)
def test_what_is_encoded_otherwise_is_read_and_refused_for_writing(export: bytes) -> None:
    flow = read_i3(export)

    assert len(flow.definition.steps) == 1
    assert "encoded otherwise than Architect encodes an export" in flow.unwritable


def broken(percent: bytes) -> bytes:
    return base64.b64encode(percent)


@pytest.mark.parametrize(
    ("export", "reason"),
    [
        (b"", "it is empty"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
            "it is a pointer of Git LFS: run `git lfs pull`",
        ),
        (i3_export()[:-3], "it ends within a group of base64, after"),
        (i3_export()[:40] + b"!" + i3_export()[40:], "'!' at byte 40 is no base64"),
        (i3_export()[:40] + b"=" + i3_export()[41:], "'=' at byte 40 is no base64"),
        (broken(b"%7B%2"), "'%2' at byte 3 of what it encodes is no percent code"),
        (broken(b"%7B%zz%7D"), "'%zz' at byte 3 of what it encodes is no percent code"),
        (broken(b"%7B%ff%7D"), "what it encodes is not UTF-8 from byte 1 on"),
        (encode_i3(b"{"), "it is not JSON"),
        (encode_i3(b"[]"), "it is JSON, but not an object"),
        (encode_i3(b"{}"), "it has neither flowSequenceItemList nor flowData"),
    ],
)
def test_a_broken_export_is_told_with_the_place(export: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match="^" + reason.replace("(", r"\(")):
        read_i3(export)


def test_a_raise_changes_nothing_but_the_timeout_of_the_configuration() -> None:
    flow = read_i3(i3_export([SampleStep(timeout_ms=4_000, suggested=False)]))
    (step,) = flow.definition.steps

    after = json.loads(decode(flow.pack(flow.definition.with_edits({step.id: SetTimeout(timeout_ms=9_000)}))))

    before = json.loads(flow.document)
    node = before["flowSequenceItemList"][0]["actionList"][0]
    node["timeout"]["text"] = node["timeout"]["config"]["lit"]["text"] = "P0D0H0M9S0F"
    assert after == before


@pytest.mark.parametrize("before", range(4))
def test_what_is_decoded_piece_by_piece_is_the_same(before: int) -> None:
    document = (b"x" * before + "ü€{".encode() * 300_000)[:2_100_000].decode("utf-8", "ignore").encode()

    assert decode(encode(document)) == document
