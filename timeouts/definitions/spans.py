"""A walk over JSON text that remembers where values stand, so that one of them can be replaced in place.

Only the objects and arrays on the way to a step are walked in Python; all else is parsed at C speed
(docs/measured.md#bytes).
"""

import json
import re
import typing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from timeouts.text.bounds import LONGEST_NAME

Reader = Callable[[str, int], tuple[typing.Any, int]]
"""Reads the value that starts at an index: gives the value (or what is worth keeping of it) and the index after it."""

_blanks = re.compile(r"[ \t\n\r]*").match
_colon = re.compile(r"[ \t\n\r]*:[ \t\n\r]*").match
_next_member = re.compile(r"[ \t\n\r]*([,}])[ \t\n\r]*").match


def _refuse_constant(name: str) -> typing.NoReturn:
    raise ValueError(f"{name} is not JSON")


read_value: Reader = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode
"""Parses the value at an index; NaN and Infinity are refused, as they are not JSON."""


class Repeated(dict[str, typing.Any]):
    """An object as a parser gives it, in which a key stands more than once: of a repeated key, the last value."""

    keys_repeated: frozenset[str]


def with_repeats(pairs: list[tuple[str, typing.Any]]) -> dict[str, typing.Any]:
    """Return an object of its members, marked as `Repeated` where a key stands more than once."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    counts = Counter(key for key, _ in pairs)
    repeated = Repeated(plain)
    repeated.keys_repeated = frozenset(key for key, count in counts.items() if count > 1)
    return repeated


read_watchful: Reader = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=with_repeats).raw_decode
"""Parses the value at an index, and marks objects with repeated keys as `Repeated`."""


def read_whole(text: str) -> typing.Any:
    """Parse text that is one JSON value and nothing beside it, as `read_watchful` does; raises ValueError."""
    value, end = read_watchful(text, 0)
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


class Member(typing.NamedTuple):
    """One member of an object: its key, where the key starts, where the value starts and ends, and the value."""

    key: str
    key_start: int
    start: int
    end: int
    value: typing.Any


@dataclass(frozen=True, slots=True)
class ObjectSpan:
    """An object: where it starts and ends in the text, and its members in their order, repeated keys included."""

    start: int
    end: int
    members: tuple[Member, ...]

    def find(self, key: str) -> Member | None:
        """Return the member with this key, or None. Ask `doubled` first where a repeated key would matter."""
        return next((member for member in self.members if member.key == key), None)

    def text(self, key: str) -> str:
        """Return the text of this key as people see it, cut where no name is as long; '' where none stands there."""
        member = self.find(key)
        return shown(member.value)[:LONGEST_NAME] if member is not None and isinstance(member.value, str) else ""

    def doubled(self, keys: Iterable[str]) -> str | None:
        """Return the first of `keys` that stands more than once, or None."""
        present = [member.key for member in self.members]
        return next((key for key in keys if present.count(key) > 1), None)


@dataclass(frozen=True, slots=True)
class Splice:
    """Replace `text[start:end]` by `replacement`."""

    start: int
    end: int
    replacement: str


def skip_value(text: str, at: int) -> tuple[None, int]:
    """Check the value at `at` and forget it."""
    return None, read_value(text, at)[1]


def read_object(
    text: str, at: int, readers: Mapping[str, Reader] | None = None, otherwise: Reader = read_value
) -> ObjectSpan:
    """Read the object that starts at `at`, each member's value by the reader of its key.

    Raises `json.JSONDecodeError` where the text is not JSON.
    """
    readers = readers or {}
    members: list[Member] = []
    cursor = blanks_end(text, at + 1)
    if text[cursor : cursor + 1] == "}":
        return ObjectSpan(at, cursor + 1, ())
    while True:
        if text[cursor : cursor + 1] != '"':
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, cursor)
        key, after_key = read_value(text, cursor)
        colon = _colon(text, after_key)
        if colon is None:
            raise json.JSONDecodeError("Expecting ':' delimiter", text, after_key)
        start = colon.end()
        value, end = readers.get(key, otherwise)(text, start)
        members.append(Member(key, cursor, start, end, value))
        following = _next_member(text, end)
        if following is None:
            raise json.JSONDecodeError("Expecting ',' delimiter", text, end)
        if following[1] == "}":
            return ObjectSpan(at, following.end(1), tuple(members))
        cursor = following.end()


def read_array(text: str, at: int, reader: Reader) -> tuple[list[typing.Any], int]:
    """Read the array that starts at `at`, each item by `reader`; give the items and the index after the array."""
    items: list[typing.Any] = []
    cursor = blanks_end(text, at + 1)
    if text[cursor : cursor + 1] == "]":
        return items, cursor + 1
    while True:
        item, end = reader(text, cursor)
        items.append(item)
        following = blanks_end(text, end)
        if text[following : following + 1] == "]":
            return items, following + 1
        cursor = _after_comma(text, following)


def removal(span: ObjectSpan, key: str) -> list[Splice]:
    """Return the splice that removes a member with the comma that belongs to it; none where it is absent."""
    place = next((index for index, member in enumerate(span.members) if member.key == key), None)
    if place is None:
        return []
    member = span.members[place]
    if place > 0:
        return [Splice(span.members[place - 1].end, member.end, "")]
    if len(span.members) > 1:
        return [Splice(member.key_start, span.members[1].key_start, "")]
    return [Splice(member.key_start, member.end, "")]


def insertion(span: ObjectSpan, member: str) -> Splice:
    """Return the splice that adds a member (its JSON text) at the end of an object."""
    if not span.members:
        return Splice(span.start + 1, span.start + 1, member)
    end = span.members[-1].end
    return Splice(end, end, f",{member}")


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Apply splices that do not overlap; all text between them stays as it is."""
    return "".join(_pieces(text, splices))


def spliced_bytes(text: str, splices: Iterable[Splice]) -> bytes:
    """Return `spliced` in UTF-8, without making a whole text of a large document once more."""
    return b"".join(piece.encode() for piece in _pieces(text, splices))


def blanks_end(text: str, at: int) -> int:
    """Return the index of the next character that is not JSON white space."""
    if text[at : at + 1] not in {" ", "\n", "\r", "\t"}:
        return at
    found = _blanks(text, at)
    assert found is not None
    return found.end()


def shown(text: str) -> str:
    """Return text that can be stored and printed: a lone surrogate becomes its escape (docs/measured.md#bytes)."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _pieces(text: str, splices: Iterable[Splice]) -> Iterator[str]:
    done = 0
    for splice in sorted(splices, key=lambda splice: splice.start):
        yield text[done : splice.start]
        yield splice.replacement
        done = splice.end
    yield text[done:]


def _after_comma(text: str, at: int) -> int:
    if text[at : at + 1] != ",":
        raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
    return blanks_end(text, at + 1)
