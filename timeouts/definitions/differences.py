"""Every difference in content between two documents, named by its place; order of keys and white space are none."""

import json
import typing
from collections.abc import Iterator, Mapping, Sequence

from timeouts.definitions.documents import Written
from timeouts.definitions.interface import Path
from timeouts.definitions.spans import shown
from timeouts.model.values import Value
from timeouts.text.visible import cut

_LONGEST_SHOWN = 200


class Difference(Value):
    """One place where two documents differ; `before` and `after` are JSON text, None where there is nothing.

    Items of arrays are named by their id where they have one: `flowSequenceItemList[id=...].name`.
    """

    path: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.path}: {self.before or 'nothing'} became {self.after or 'nothing'}"


class LocatedDifference(typing.NamedTuple):
    """A difference with the place where it was found.

    `path` has the keys and indexes of the document before (of the one after for what was added), `added_key` tells
    that a key of an object was added, `lost_key` that it went away.
    """

    path: Path
    difference: Difference
    added_key: bool
    lost_key: bool


class _Pair(typing.NamedTuple):
    """Two values at one place. `above` is None at the top, where `label` is the document's own name."""

    above: "_Pair | None"
    key: str | int
    label: str
    before: typing.Any
    after: typing.Any


class _Absent:
    """Marks what one of the documents does not have; null is a value."""


_ABSENT = _Absent()


def find_differences(before: typing.Any, after: typing.Any) -> Iterator[LocatedDifference]:
    """Walk two documents in step and give what differs; each as `parse_exact` or `Definition.content` gives it."""
    pending = [_Pair(None, "", "$", before, after)]
    while pending:
        pair = pending.pop()
        if isinstance(pair.before, dict) and isinstance(pair.after, dict):
            pending += reversed(list(_members(pair)))
        elif isinstance(pair.before, list) and isinstance(pair.after, list):
            pending += reversed(list(_items(pair)))
        elif not _same_scalar(pair.before, pair.after):
            yield _located(pair)


def _located(pair: _Pair) -> LocatedDifference:
    """Say where a pair stands: only here, for a path for each of a million values would take gigabytes."""
    chain = [pair]
    while (above := chain[-1].above) is not None:
        chain.append(above)
    path = tuple(each.key for each in reversed(chain[:-1]))
    named = cut("".join(each.label for each in reversed(chain)))
    difference = Difference(path=named, before=_shown(pair.before), after=_shown(pair.after))
    is_key = bool(path) and isinstance(path[-1], str)
    added_key, lost_key = is_key and pair.before is _ABSENT, is_key and pair.after is _ABSENT
    return LocatedDifference(path, difference, added_key=added_key, lost_key=lost_key)


def _members(pair: _Pair) -> Iterator[_Pair]:
    for key, value in pair.before.items():
        other = pair.after.get(key, _ABSENT)
        if not _same_scalar(value, other):
            yield _Pair(pair, key, _label(key), value, other)
    for key, value in pair.after.items():
        if key not in pair.before:
            yield _Pair(pair, key, _label(key), _ABSENT, value)


def _items(pair: _Pair) -> Iterator[_Pair]:
    before, after = _by_id(pair.before), _by_id(pair.after)
    if before is None or after is None:
        for index in range(max(len(pair.before), len(pair.after))):
            yield _Pair(pair, index, f"[{index}]", _item(pair.before, index), _item(pair.after, index))
        return
    for item_id, (index, item) in before.items():
        yield _Pair(pair, index, _id_label(item_id), item, after.get(item_id, (0, _ABSENT))[1])
    for item_id, (index, item) in after.items():
        if item_id not in before:
            yield _Pair(pair, index, _id_label(item_id), _ABSENT, item)
    kept = [item_id for item_id in before if item_id in after]
    moved = [item_id for item_id in after if item_id in before]
    if kept != moved:
        yield _Pair(pair, "order", " (order of ids)", tuple(kept), tuple(moved))


def _by_id(items: Sequence[typing.Any]) -> Mapping[str, tuple[int, typing.Any]] | None:
    """Return items by id, or None where one has no id or two share one: then their places tell them apart."""
    if not all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in items):
        return None
    found = {item["id"]: (index, item) for index, item in enumerate(items)}
    return found if len(found) == len(items) else None


def _item(items: Sequence[typing.Any], index: int) -> typing.Any:
    return items[index] if index < len(items) else _ABSENT


def _same_scalar(before: typing.Any, after: typing.Any) -> bool:
    """Return whether both are the same value that holds no others; no comparison goes deep, and true is not 1."""
    return type(before) is type(after) and not isinstance(before, (dict, list)) and bool(before == after)


def _label(key: str) -> str:
    return f".{shown(cut(key, _LONGEST_SHOWN))}"


def _id_label(item_id: str) -> str:
    return f"[id={shown(cut(item_id, _LONGEST_SHOWN))}]"


def _shown(value: typing.Any) -> str | None:
    if isinstance(value, _Absent):
        return None
    if isinstance(value, Written):
        return value.written
    if isinstance(value, dict):
        return f"an object with {len(value)} keys"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return cut(json.dumps(value[:_LONGEST_SHOWN] if isinstance(value, str | tuple) else value), _LONGEST_SHOWN)
