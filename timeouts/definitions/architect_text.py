"""The text of a step's timeout in an Architect configuration: read, given another duration, put in place."""

import functools
import json

from timeouts.definitions.architect_setting import is_plain_literal, literal_expression, read_setting
from timeouts.definitions.spans import ObjectSpan, Splice, read_object, read_whole, removal, spliced
from timeouts.durations import format_platform_duration
from timeouts.settings import TimeoutSetting
from timeouts.step_edits import ArchitectRawTimeout


def setting_of(raw: ArchitectRawTimeout) -> TimeoutSetting:
    """Return what the text says; raises ValueError where that of the timeout is not one JSON value."""
    expression = {} if raw.timeout is None else {"timeout": read_whole(raw.timeout)}
    return read_setting({"useSuggestedTimeout": raw.suggested, **expression})


def with_duration(before: ArchitectRawTimeout, timeout_ms: int) -> ArchitectRawTimeout:
    """Set the flag to false and both texts to the duration, remove `outOfService`; keep every other byte.

    An expression that is no plain literal is replaced by the editor's own shape of one.
    """
    return ArchitectRawTimeout(suggested=False, timeout=_literal(before.timeout, timeout_ms))


def put(text: str, start: int, after: ArchitectRawTimeout) -> list[Splice]:
    """Return the splices that make the node at `start` say `after`; a `timeout` that is new stands behind the flag."""
    node = read_object(text, start)
    flag, timeout = node.find("useSuggestedTimeout"), node.find("timeout")
    assert flag is not None, "a step without the flag is Unreadable and refused before"
    splices = [] if flag.value is after.suggested else [Splice(flag.start, flag.end, json.dumps(after.suggested))]
    if after.timeout is None:
        return splices + removal(node, "timeout")
    if timeout is None:
        return [*splices, Splice(flag.end, flag.end, f',"timeout":{after.timeout}')]
    return [*splices, Splice(timeout.start, timeout.end, after.timeout)]


@functools.lru_cache(maxsize=1_000)  # a plan asks the same of most of the steps of an Architect flow
def _literal(expression: str | None, timeout_ms: int) -> str:
    if expression is None or not is_plain_literal(read_whole(expression)):
        return json.dumps(literal_expression(timeout_ms), separators=(",", ":"))
    span = read_object(expression, 0)
    literal = _object_at(expression, _object_at(expression, span, "config"), "lit")
    duration = f'"{format_platform_duration(timeout_ms)}"'
    splices = removal(span, "outOfService")
    for holder in (span, literal):
        raw = holder.find("text")
        assert raw is not None, "a plain literal has both texts"
        splices.append(Splice(raw.start, raw.end, duration))
    return spliced(expression, splices)


def _object_at(text: str, parent: ObjectSpan, key: str) -> ObjectSpan:
    member = parent.find(key)
    assert member is not None, "a plain literal has this object"
    return read_object(text, member.start)
