"""Whole documents compared and hashed by content: nothing of a number, a repeated key or a deep nesting is lost."""

import hashlib
import json
import math
import re
import typing
from dataclasses import dataclass

_PIECE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|[^\s,:\[\]{}"]+', re.DOTALL)
_LONGEST_INTEGER = 4_000  # Python converts no more than 4,300 digits.


@dataclass(frozen=True, slots=True)
class Written:
    """A value as it is written, where Python's own would forget how: `10.00`, `1e400`, `-0`, YAML without quotes."""

    written: str


def parse_exact(text: str) -> typing.Any:
    """Parse JSON that `read_definition` accepted, of any depth, so that every difference in content survives.

    Fractions and odd integers are `Written`; the second `a` of an object is `a (occurrence 2)`.
    """
    try:
        return _EXACT.decode(text)
    except RecursionError:
        return _parse_iteratively(text)


def text_fingerprint(text: str) -> str:
    """Return the fingerprint of JSON that was accepted before."""
    return fingerprint_of(parse_exact(text))


def fingerprint_of(document: typing.Any) -> str:
    """Return `sha256:` and the hash of the canonical JSON of what `parse_exact` gave."""
    try:
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), default=_unmistakable)
    except RecursionError:
        canonical = _encode_iteratively(document)
    return f"sha256:{hashlib.sha256(canonical.encode('ascii')).hexdigest()}"


def _integer(written: str) -> int | Written:
    return Written(written) if written == "-0" or len(written) > _LONGEST_INTEGER else int(written)


def as_object(pairs: list[tuple[str, typing.Any]]) -> dict[str, typing.Any]:
    """Return an object of its members; the second `a` of it is `a (occurrence 2)`."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    numbered: dict[str, typing.Any] = {}
    occurrences: dict[str, int] = {}  # the last one of each key: thousands are not counted anew for each
    for key, value in pairs:
        name, occurrence = key, occurrences.get(key, 1)
        while name in numbered:
            occurrence += 1
            name = f"{key} (occurrence {occurrence})"
        occurrences[key] = occurrence
        numbered[name] = value
    return numbered


_EXACT = json.JSONDecoder(parse_int=_integer, parse_float=Written, object_pairs_hook=as_object)


def _unmistakable(number: Written) -> list[float | str]:
    # NaN cannot come out of a document, so that no array of a document can be taken for a number.
    return [math.nan, number.written]


def _parse_iteratively(text: str) -> typing.Any:
    """Parse valid JSON that is nested too deeply for the parser of the standard library."""
    nested: list[list[typing.Any]] = [[]]
    for piece in _PIECE.findall(text):
        if piece in {"{", "["}:
            nested.append([])
        elif piece == "]":
            items = nested.pop()
            nested[-1].append(items)
        elif piece == "}":
            flat = nested.pop()
            nested[-1].append(as_object(list(zip(flat[::2], flat[1::2], strict=True))))
        else:
            nested[-1].append(_EXACT.decode(piece))
    return nested[0][0]


def _encode_iteratively(document: typing.Any) -> str:
    """Write what `json.dumps` writes in `fingerprint_of`, whatever the depth."""
    written: list[str] = []
    pending: list[tuple[bool, typing.Any]] = [(False, document)]
    while pending:
        is_text, value = pending.pop()
        if is_text:
            written.append(value)
        elif isinstance(value, dict):
            written.append("{")
            pending.append((True, "}"))
            for place, key in reversed(list(enumerate(sorted(value)))):
                pending.append((False, value[key]))
                pending.append((True, f"{',' if place else ''}{json.dumps(key)}:"))
        elif isinstance(value, list):
            written.append("[")
            pending.append((True, "]"))
            for place, item in reversed(list(enumerate(value))):
                pending.append((False, item))
                pending.append((True, "," if place else ""))
        else:
            written.append(json.dumps(value, separators=(",", ":"), default=_unmistakable))
    return "".join(written)
