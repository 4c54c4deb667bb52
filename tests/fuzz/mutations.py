"""What is done to documents that are right: at the level of bytes, and at the level of their values."""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

CORPUS = Path(__file__).parent / "corpus"

ODD_JSON: tuple[bytes, ...] = (
    *(b"null", b"true", b"-1", b"0", b"-0", b"1.5", b"1e400", b"-1e400", b"NaN", b"Infinity", b'""', b"[]", b"{}"),
    *(b"9" * 19, b"9" * 400, b"9" * 4_301, b"1e-400", b"18446744073709551617", b'"' + b"x" * 10_001 + b'"'),
    *(b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\u0000"', b'"\xe2\x80\xae"', b'"P0D0H0M10S0F"', b'"10s"', b'"*a*a*a*b"'),
    *(b"[" * 60 + b"]" * 60, b"[" * 2_000 + b"]" * 2_000, b'{"a":' * 300 + b"1" + b"}" * 300, b'{"a":1,"a":2}'),
    *(b'{"id":"x"}', b'[{"id":"x"},{"id":"x"}]', b'"node-1"', b'"DataAction"', b'"2026-01-01T00:00:00Z"', b"1e3"),
)
"""Texts of JSON values that a schema does not expect, some of which are none."""

_ODD = {f"@@{place}@@": odd for place, odd in enumerate(ODD_JSON)}
_TOKENS = (*ODD_JSON, *(b"", b",", b":", b"{", b"}", b"[", b"]", b'"', b"\\", b"\xff", b"\xef\xbb\xbf", b"\x00", b"\n"))


def tried(
    expected: type[Exception] | tuple[type[Exception], ...], call: Callable[..., T], *given: Any
) -> tuple[T | None, str]:
    """What a call gives, or what its error says; any other error is what is looked for."""
    try:
        return call(*given), ""
    except expected as told:
        return None, str(told) or type(told).__name__


def kept(room: str) -> list[bytes]:
    """The files of the corpus of a room: what was found once, and what is worth beginning from."""
    return [path.read_bytes() for path in sorted((CORPUS / room).iterdir())]


@st.composite
def damaged(draw: st.DrawFn, bodies: st.SearchStrategy[bytes], tokens: Sequence[bytes] = _TOKENS) -> bytes:
    """A body with pieces written over, taken out, repeated or moved; now and then none of it."""
    body = draw(bodies)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.sampled_from((0, 0, 1, 2, 7, 50, len(body))))
        piece = draw(st.sampled_from(tokens) | st.binary(max_size=20) | st.just(body[start:end] * 3))
        body = body[:start] + piece + body[end:]
    return body


@st.composite
def altered(draw: st.DrawFn, documents: st.SearchStrategy[Any]) -> bytes:
    """JSON in which values were replaced by odd ones, taken out, or given twice."""
    document = copy.deepcopy(draw(documents))
    for _ in range(draw(st.integers(0, 3))):
        places = list(_places(document))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(("odd", "odd", "remove", "key", "repeat", "swap"))):
            case "odd":
                holder[key] = draw(st.sampled_from(sorted(_ODD)))
            case "remove":
                del holder[key]
            case "key" if isinstance(holder, dict):
                holder[draw(st.text(max_size=5))] = holder.pop(key)
            case "repeat" if isinstance(holder, list):
                holder.extend([copy.deepcopy(holder[key])] * draw(st.sampled_from((1, 2, 50))))
            case _:
                other, its = draw(st.sampled_from(places))
                holder[key] = copy.deepcopy(other[its])
    return _written(document, pretty=draw(st.booleans()), escaped=draw(st.booleans()))


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    pending = [document]
    while pending:
        holder = pending.pop()
        keys = (
            list(holder) if isinstance(holder, dict) else list(range(len(holder))) if isinstance(holder, list) else []
        )
        for key in keys:
            yield holder, key
            pending.append(holder[key])


def _written(document: Any, *, pretty: bool, escaped: bool) -> bytes:
    text = json.dumps(document, indent=1 if pretty else None, ensure_ascii=escaped)
    body = text.encode("utf-8", "backslashreplace")
    for marker, odd in _ODD.items():
        body = body.replace(f'"{marker}"'.encode(), odd)
    return body
