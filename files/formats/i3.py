"""Architect exports (`*.i3InboundFlow` and such): base64 of a percent-encoded configuration (docs/platform.md#exports).

Decoded strictly, and encoded as the editor does it: by `encodeURIComponent` and base64 without line breaks.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote_to_bytes

from files.contents import POINTER, is_pointer
from files.formats.configurations import flow_file, split_mark
from files.formats.flow_file import FlowFile, UnreadableFile

_KEPT = "-_.!~*'()"
"""By `encodeURIComponent`, beside letters and digits."""

_ENDING = re.compile(r"\.i3[a-z][^.]*\Z", re.IGNORECASE)
_BLANKS = b" \t\r\n"
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/= \t\r\n]|=(?=[ \t\r\n]*[^= \t\r\n])")
_WRONG_CODE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_GROUP = 4
_PIECE = 1_000_000
_PLAIN = b"{"
"""What begins like this has no percent codes: somebody encoded JSON as it was."""

_ENCODED_OTHERWISE = (
    "it is encoded otherwise than Architect encodes an export, so that changing it would change all of it: export the "
    "Architect flow again"
)


def is_i3(name: str) -> bool:
    """Return whether a file's name says that it is an export: no other program's files end in `i3` and a word."""
    return _ENDING.search(name) is not None


def read_i3(body: bytes) -> FlowFile:
    """Read an export; a byte order mark is kept. Raises UnreadableFile, with the place in the file."""
    mark, packed = split_mark(body)
    document = decode(packed)
    end = packed[len(packed.rstrip(_BLANKS)) :]
    is_exact = mark + encode(document) + end == body
    return flow_file(
        document, pack=lambda edited: mark + encode(edited) + end, unwritable="" if is_exact else _ENCODED_OTHERWISE
    )


def decode(body: bytes) -> bytes:
    """Return the configuration that an export holds, in UTF-8. Raises UnreadableFile."""
    percent = _decode_base64(body)
    if percent.startswith(_PLAIN):
        return percent
    wrong = _WRONG_CODE.search(percent)
    if wrong is not None:
        code = percent[wrong.start() : wrong.start() + 3].decode("ascii", "replace")
        raise UnreadableFile(f"{code!r} at byte {wrong.start():,} of what it encodes is no percent code")
    document = b"".join(map(unquote_to_bytes, _pieces(percent)))
    try:
        document.decode()
    except UnicodeDecodeError as problem:
        raise UnreadableFile(f"what it encodes is not UTF-8 from byte {problem.start:,} on") from problem
    return document


def encode(document: bytes) -> bytes:
    """Return the export of a configuration, as the editor writes it."""
    pieces = (document[at : at + _PIECE] for at in range(0, len(document), _PIECE))
    return base64.b64encode(b"".join(quote(each, safe=_KEPT).encode("ascii") for each in pieces))


def _pieces(percent: bytes) -> Iterator[bytes]:
    """Split what is percent-encoded between codes: the standard library takes 200 bytes for each code meanwhile."""
    at = 0
    while at < len(percent):
        end = at + _PIECE
        if end < len(percent):
            code = percent.rfind(b"%", end - 2, end)
            end = code if code >= 0 else end
        yield percent[at:end]
        at = end


def _decode_base64(body: bytes) -> bytes:
    packed = body.translate(None, _BLANKS)
    if not packed:
        raise UnreadableFile("it is empty")
    if is_pointer(body):
        raise UnreadableFile(POINTER)
    wrong = _NO_BASE64.search(body)
    if wrong is not None:
        raise UnreadableFile(f"{chr(wrong[0][0])!r} at byte {wrong.start():,} is no base64")
    if len(packed) % _GROUP:
        raise UnreadableFile(f"it ends within a group of base64, after {len(body):,} bytes: it is cut off")
    try:
        return base64.b64decode(packed, validate=True)
    except binascii.Error as problem:
        raise UnreadableFile(f"it is no base64: {problem}") from problem
