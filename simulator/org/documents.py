"""JSON as the org writes it: compact UTF-8, and escaped only where UTF-8 cannot say it (lone surrogates)."""

import json
from typing import Any


def to_bytes(value: Any, *, indent: int | None = None, sort_keys: bool = False) -> bytes:
    """Write a JSON document."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, separators=separators, indent=indent, sort_keys=sort_keys)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=separators, indent=indent, sort_keys=sort_keys).encode()
