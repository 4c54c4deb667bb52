"""How large what others write may be, and how much of it an error repeats (docs/bounds.md)."""

import reprlib
import typing
import zlib

from pydantic import Field

from timeouts.text.visible import cut

LONGEST_NAME = 10_000
"""Characters of the name or id of anything; nothing that people name is a tenth as long."""

MOST_NAMES = 1_000

Names = typing.Annotated[
    tuple[typing.Annotated[str, Field(max_length=LONGEST_NAME)], ...], Field(max_length=MOST_NAMES)
]
"""Names that somebody fills in for one run."""

Reference = typing.Annotated[str, Field(max_length=100)]
"""The id of a run or the checksum of a plan, as somebody fills it in."""

MOST_VALUES = 4_000_000
"""Of a JSON document: what a configuration of 64 MiB has that is written as the largest real ones are."""

_LONGEST_QUOTED = 60
_MOST_BITS = 200

GZIP = 16 + zlib.MAX_WBITS
"""What zlib calls the format of gzip."""


def has_too_many_values(document: bytes) -> bool:
    """Return whether a JSON document may hold more than `MOST_VALUES`, before any of them takes up memory.

    Counted are the characters that begin an object, a list or another item of one; those in texts count too.
    """
    return sum(map(document.count, (b",", b"[", b"{"))) > MOST_VALUES


def gunzipped(packed: bytes, most_bytes: int) -> bytes:
    """Return what gzip made small. Raises ValueError where that has more bytes, or does not end as it should."""
    unpacker = zlib.decompressobj(GZIP)
    try:
        content = unpacker.decompress(packed, most_bytes)
    except zlib.error as problem:
        raise ValueError(f"its gzip is broken ({problem})") from problem
    if unpacker.unconsumed_tail:
        raise ValueError(f"it is larger than {most_bytes} bytes unpacked")
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("its gzip is cut off")
    return content


def is_deeper(document: typing.Any, levels: int) -> bool:
    """Return whether objects and lists of a document stand in each other more than so many levels deep."""
    layer = [document]
    for _ in range(levels + 1):
        holders = [value for value in layer if isinstance(value, dict | list)]
        if not holders:
            return False
        layer = [below for value in holders for below in (value.values() if isinstance(value, dict) else value)]
    return True


def quoted(given: object) -> str:
    """Repeat what somebody gave, in an error about it: as much as fits into a line beside a reason."""
    if isinstance(given, int) and given.bit_length() > _MOST_BITS:
        return f"a number of more than {_LONGEST_QUOTED} digits"  # which Python may refuse to write
    return cut(repr(given[: _LONGEST_QUOTED + 1]) if isinstance(given, str) else reprlib.repr(given), _LONGEST_QUOTED)
