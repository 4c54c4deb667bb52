"""JSON as the org writes it: compact UTF-8, and escaped only where UTF-8 cannot say it (lone surrogates)."""

import json
import re
from collections.abc import Mapping
from typing import Any

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")


def to_bytes(value: Any, *, indent: int | None = None, sort_keys: bool = False) -> bytes:
    """Write a JSON document."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, separators=separators, indent=indent, sort_keys=sort_keys)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=separators, indent=indent, sort_keys=sort_keys).encode()


def with_members(body: bytes, members: Mapping[str, Any]) -> bytes:
    """Replace members of a JSON object, or add them at its end; every other byte stays.

    Raises ValueError for what is not a JSON object.
    """
    encoding = json.detect_encoding(body)
    text = body.decode(encoding, "surrogatepass")
    spans, end = _members(text)
    added = [to_bytes({key: value}).decode()[1:-1] for key, value in members.items() if key not in spans]
    if added:
        text = text[:end] + ",".join([*([""] if spans else []), *added]) + text[end:]
    for key in sorted(members.keys() & spans.keys(), key=spans.__getitem__, reverse=True):
        start, stop = spans[key]
        text = text[:start] + to_bytes(members[key]).decode() + text[stop:]
    return text.encode(encoding, "surrogatepass")


def _members(text: str) -> tuple[dict[str, tuple[int, int]], int]:
    """Return where each member's value stands in a JSON object, and where the object's last member ends."""
    position = _after_blank(text, 0)
    if not text.startswith("{", position):
        raise ValueError("The document is not a JSON object.")
    spans: dict[str, tuple[int, int]] = {}
    last = position + 1
    while not text.startswith("}", _after_blank(text, last)):
        key_at = _after_blank(text, _after_blank(text, last) + (1 if spans else 0))
        key, colon = _DECODER.raw_decode(text, key_at)
        start = _after_blank(text, _after_blank(text, colon) + 1)
        _, last = _DECODER.raw_decode(text, start)
        spans[key] = (start, last)
    return spans, last


def _after_blank(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position
