"""Fingerprints of documents, quickly where nothing in them is odd: the same that `documents` gives of them all.

A quick parser forgets what stands twice and how a number was written; it is asked only where that can be excluded
(docs/decisions/0016).
"""

import codecs
import functools
import json
import re

import msgspec

from timeouts.definitions.documents import fingerprint_of, hash_of, holds_long_number, parse_exact

_MINUS_ZERO = re.compile(rb"-0(?=[\s,\]}]|\Z)")
_ESCAPES = "genesys-timeouts.json-escapes"


def text_fingerprint(text: str) -> str:
    """Give the fingerprint of JSON that was accepted before: `fingerprint_of(parse_exact(text))`."""
    canonical = quick_canonical(text)
    return fingerprint_of(parse_exact(text)) if canonical is None else hash_of(canonical)


def quick_canonical(text: str) -> bytes | None:
    """Give the canonical JSON that `fingerprint_of` hashes, or None where only the exact way knows it."""
    fractions = 0

    def as_written(number: str) -> msgspec.Raw:
        nonlocal fractions
        fractions += 1
        return msgspec.Raw(f'[NaN,"{number}"]'.encode())

    try:
        body = text.encode()
        if b"\\u0022" in body or _MINUS_ZERO.search(body) or holds_long_number(body):
            return None
        document = msgspec.json.Decoder(float_hook=as_written).decode(body)
        canonical = msgspec.json.encode(document, order="deterministic")
    except (ValueError, OverflowError, RecursionError):
        return None
    # A repeated key that got lost took its quotes along; a fraction brought two. All other quotes are still there.
    if canonical.count(b'"') != body.count(b'"') + 2 * fractions:
        return None
    return _in_ascii(canonical)


def _in_ascii(canonical: bytes) -> bytes:
    if not canonical.isascii():
        canonical = canonical.decode().encode("ascii", _ESCAPES)
    return canonical.replace(b"\x7f", b"\\u007f")


def _escaped(problem: UnicodeError) -> tuple[str, int]:
    assert isinstance(problem, UnicodeEncodeError), "it is asked where text is encoded alone"
    return _in_escapes(problem.object[problem.start : problem.end]), problem.end


@functools.lru_cache(maxsize=1_000)
def _in_escapes(letters: str) -> str:
    """Write letters as JSON in ASCII; a language has a few dozen that are not."""
    return json.dumps(letters)[1:-1]


codecs.register_error(_ESCAPES, _escaped)
