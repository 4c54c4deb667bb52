"""Limits in JSON text: read, put in as their neighbours are written, replaced, or taken out."""

import json
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from files.formats.action_file import FileAction, seconds
from files.formats.flow_file import UnreadableFile
from files.undoing.memory import LimitTexts
from timeouts.definitions.documents import text_fingerprint
from timeouts.definitions.spans import ObjectSpan, Splice, blanks_end, read_value, removal, spliced

Place = tuple[ObjectSpan | None, str]
"""An object, None where it is not there, and the key in it under which a limit stands."""


@contextmanager
def reading(form: str) -> Iterator[None]:
    """Say what is wrong with a text that is read in this block as UnreadableFile; `form`: what it should be."""
    try:
        yield
    except UnicodeDecodeError as problem:
        raise UnreadableFile(f"it is not UTF-8 from byte {problem.start:,} on") from problem
    except RecursionError as problem:
        raise UnreadableFile("it is nested too deeply") from problem
    except ValueError as problem:
        raise UnreadableFile(f"it is not {form}: {problem}") from problem


def whole(text: str, top: ObjectSpan) -> ObjectSpan:
    """Return the object that a text is; raises ValueError where more comes after it."""
    if blanks_end(text, top.end) != len(text):
        raise json.JSONDecodeError("Extra data", text, top.end)
    return top


def written(text: str, place: Place) -> str | None:
    """Return the text of a limit, None where there is none."""
    span, key = place
    member = None if span is None else span.find(key)
    return None if member is None else text[member.start : member.end]


def with_limit(text: str, places: Sequence[Place], action: FileAction, limit_ms: int | None) -> list[Splice]:
    """Return the splices that set the limit of an action, in milliseconds; `places`: its own, and its function's."""
    before = (action.limit_ms, action.function_ms)
    moved = [each for each in zip(places, before, action.wanted(limit_ms), strict=True) if each[1] != each[2]]
    return [cut for place, _, ms in moved for cut in _write(text, place, None if ms is None else str(seconds(ms)))]


def as_written(text: str, places: Sequence[Place], texts: LimitTexts) -> list[Splice]:
    """Return the splices that write limits as they were written, of an action and of its function."""
    moved = [each for each in zip(places, texts, strict=True) if written(text, each[0]) != each[1]]
    return [cut for place, value in moved for cut in _write(text, place, value)]


def frame(text: str, places: Iterable[Place]) -> Hashable:
    """Return the content without these limits, and the text without their members and what sets them apart."""
    rest = spliced(text, [cut for span, key in places if span is not None for cut in removal(span, key)])
    return text_fingerprint(rest), rest


def _write(text: str, place: Place, value: str | None) -> list[Splice]:
    span, key = place
    assert span is not None, "what has no such object has an unknown limit, and is never changed"
    if value is None:
        return removal(span, key)
    member = span.find(key)
    if member is not None:
        return [Splice(member.start, member.end, value)]
    return [_insertion(text, span, key, value)]


def _insertion(text: str, span: ObjectSpan, key: str, value: str) -> Splice:
    """Add the member behind the last one, set apart as the others are."""
    if not span.members:
        return Splice(span.start + 1, span.start + 1, f'"{key}": {value}')
    last = span.members[-1]
    colon = text[read_value(text, last.key_start)[1] : last.start]
    if len(span.members) > 1:
        between = text[span.members[-2].end : last.key_start]
    else:
        before = text[span.start + 1 : last.key_start]
        between = "," + (before if "\n" in before or not colon.endswith(" ") else " ")
    return Splice(last.end, last.end, f'{between}"{key}"{colon}{value}')
