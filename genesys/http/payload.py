"""What an answer must be before it is believed: decoded whole, JSON by name and by nature, an object.

An HTML or empty 200 is an error here and never an empty listing (docs/measured.md#sdk-failures).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

import msgspec

from timeouts.text.bounds import MOST_VALUES, gunzipped, has_too_many_values

MAX_BYTES = 64 * 1024 * 1024
"""Ten times the largest document that Architect saves (docs/platform.md#manifest-and-bytes)."""

_START = 60
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXTS = ("text/", "application/octet-stream")
_SURROGATES = (b"\\ud", b"\\uD")


class MalformedError(Exception):
    """An answer is not what it says it is. Stays inside the gateway, where it becomes BadPayload or AmbiguousWrite."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, read whole. The names of `headers` are in lower case; `body` is decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether it says that the request was carried out."""
        return 200 <= self.status < 300  # noqa: PLR2004 - what 2xx means

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A well-formed answer: the platform's own bytes. `is_object`: they are a JSON object, and not text or nothing.

    The names of `headers` are in lower case.
    """

    body: bytes
    is_object: bool
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any] | None:
        """The JSON object in it, parsed anew at each question: who wants a configuration wants its bytes.

        None where the object is nested too deeply for Python's parser or has a number of thousands of digits, and where
        there is none. Half a surrogate pair, which no file or database takes, stands as its escape.
        """
        if not self.is_object:
            return None
        try:
            found: dict[str, Any] = json.loads(self.body)
            return _storable(found) if any(escape in self.body for escape in _SURROGATES) else found
        except (RecursionError, ValueError):
            return None


def accepted(answer: Answer, kind: Literal["object", "text", "nothing"] = "object") -> Accepted:
    """Read a 2xx answer strictly. Raises MalformedError, which says what it is instead."""
    if answer.status == 206:  # noqa: PLR2004 - Partial Content
        raise MalformedError("it is a part of a document only")
    if kind == "nothing":
        return _nothing(answer)
    return _text(answer) if kind == "text" else _object(answer)


def _object(answer: Answer) -> Accepted:
    if not answer.body.strip():
        raise MalformedError("it is empty")
    if has_too_many_values(answer.body):
        raise MalformedError(f"it holds more than {MOST_VALUES:,} values")
    if answer.media_type != "application/json" and not answer.media_type.endswith("+json"):
        raise MalformedError(f"it is {answer.media_type or 'of no type'}, not JSON")
    try:
        text = answer.body.decode("utf-8")
        document = _members_of(answer.body) or json.loads(text)
    except RecursionError:
        return Accepted(answer.body, is_object=True, headers=answer.headers)
    except ValueError as problem:
        raise MalformedError(f"it is broken JSON of {len(answer.body)} bytes ({_where(problem)})") from None
    if not isinstance(document, dict):
        raise MalformedError(f"it is a JSON {type(document).__name__}, not an object")
    return Accepted(answer.body, is_object=True, headers=answer.headers)


def _members_of(body: bytes) -> dict[str, msgspec.Raw] | None:
    """Read an object without making anything of what is in it: ten times as quick. None: the exact parser decides."""
    try:
        return _members.decode(body)
    except (ValueError, RecursionError):
        return None


def _storable(value: Any) -> Any:
    """Return a value in which every text can be written as UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list) else value


def _text(answer: Answer) -> Accepted:
    """Read plain text in UTF-8; a page of HTML or JSON in its place is what a broken gateway sends.

    A 204 says that the text is empty. A 200 without a body or a type does not: its body may have been lost on the way.
    """
    if answer.status == HTTPStatus.NO_CONTENT:
        return Accepted(b"", is_object=False, headers=answer.headers)
    if not answer.body and not answer.media_type:
        raise MalformedError("it has neither a body nor a type: what it held may have been lost on the way")
    if answer.media_type in {"text/html", "application/json"} or not answer.media_type.startswith(_TEXTS):
        raise MalformedError(f"it is {answer.media_type or 'of no type'}, not plain text")
    try:
        answer.body.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError("it is not UTF-8") from None
    return Accepted(answer.body, is_object=False, headers=answer.headers)


def _nothing(answer: Answer) -> Accepted:
    if answer.media_type == "text/html":
        raise MalformedError("it is text/html, where nothing was expected")
    return Accepted(answer.body, is_object=False, headers=answer.headers)


def decoded(raw: bytes, encoding: str) -> bytes:
    """Undo the Content-Encoding. Raises MalformedError where the compressed bytes do not end as they should."""
    if encoding in ("", "identity"):
        return raw
    if encoding != "gzip":
        raise MalformedError(f"it is encoded as {encoding[:_START]}, which nobody asked for")
    try:
        return gunzipped(raw, MAX_BYTES)
    except ValueError as problem:
        raise MalformedError(str(problem)) from None


def _where(problem: ValueError) -> str:
    """Name the kind of fault and its place, without a word of the document."""
    if isinstance(problem, json.JSONDecodeError):
        return f"{problem.msg} at character {problem.pos}"
    return "not UTF-8"
