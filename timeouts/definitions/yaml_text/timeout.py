"""The text of a step's timeout in Archy's YAML: read, given another duration.

A duration is a mapping of whole numbers by unit below `lit`. Minutes and seconds were seen in exported files; that
days, hours and milliseconds are spelled alike is inferred, and so is that a number in quotes is one
(docs/platform.md#yaml-timeouts).
"""

import re
import typing
from collections.abc import Iterator, Mapping

from timeouts.as_code.names import has_placeholder
from timeouts.definitions.documents import fingerprint_of
from timeouts.definitions.yaml_text.composing import Node, compose, content_of
from timeouts.model.durations import DAY_MS, HOUR_MS, PLATFORM_LIMIT_MS
from timeouts.model.settings import (
    Expression,
    LiteralOrSuggested,
    LiteralTimeout,
    Suggested,
    TimeoutSetting,
    Unreadable,
)
from timeouts.model.step_edits import ArchyRawTimeout
from timeouts.text.bounds import quoted
from timeouts.text.visible import cut

EXPORTED_MS = 60_000
"""What an export writes for a suggested timeout, too."""

_UNITS_MS: Mapping[str, int] = {
    "days": DAY_MS,
    "hours": HOUR_MS,
    "minutes": 60_000,
    "seconds": 1_000,
    "milliseconds": 1,
}
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_QUOTES = frozenset({"", '"', "'"})
_COMPUTED = frozenset({"exp", "var"})


class NotUnderstoodError(ValueError):
    """Why a timeout is none of the forms that are known."""


def read_setting(timeout: Node) -> TimeoutSetting:
    """Return what the value of a step's member `timeout` says."""
    try:
        return _read(timeout)
    except NotUnderstoodError as problem:
        return Unreadable(reason=cut(str(problem)))


def setting_of(raw: ArchyRawTimeout) -> TimeoutSetting:
    """Return what a text says; raises ValueError where it is not YAML."""
    return Suggested() if raw.timeout is None else read_setting(_alone(raw.timeout))


def with_duration(before: ArchyRawTimeout, timeout_ms: int) -> ArchyRawTimeout:  # noqa: ARG001 - as for the other kinds
    """Return such a text with another duration; how it is laid out in a file, what stands around it decides."""
    members = ", ".join(duration_members(timeout_ms))
    return ArchyRawTimeout(timeout=f" {{lit: {{{members}}}}}")


def duration_members(timeout_ms: int) -> list[str]:
    """Return the members of the mapping below `lit`: `minutes: 1`, `seconds: 30`."""
    members, left = [], timeout_ms
    for unit, worth_ms in _UNITS_MS.items():
        count, left = divmod(left, worth_ms)
        if count:
            members.append(f"{unit}: {count}")
    return members


def fingerprint(text: str) -> str:
    """Return the fingerprint of the content of a timeout's text; raises ValueError where it is not YAML."""
    return fingerprint_of(content_of(_alone(text)))


def literal_in(timeout: Node) -> Node:
    """Return the mapping of units of a timeout that was read as a literal."""
    literal = timeout.find("lit")
    assert literal is not None, "what is a literal has it"
    return literal


def _alone(behind_colon: str) -> Node:
    """Return what stands behind a colon; raises ValueError where that is not YAML, or more than one value."""
    is_apart = not behind_colon.strip() or behind_colon[0].isspace()
    # as in JSON, where the value follows at once: YAML takes that behind a key in quotes, and only within brackets
    text = f"timeout:{behind_colon}" if is_apart else f'{{"timeout":{behind_colon}}}'
    values = [value for _, value in compose(text).pairs()]
    if len(values) != 1:
        raise ValueError("it is not one value")
    return values[0]


def _read(timeout: Node) -> TimeoutSetting:
    for node in _all_nodes(timeout):
        if node.kind == "alias" or node.anchor or node.tag:
            raise NotUnderstoodError("an anchor, an alias or a tag stands in the timeout")
    is_filled_in = (node for node in _all_nodes(timeout) if node.is_template or has_placeholder(node.value))
    template = next(is_filled_in, None)
    if template is not None:
        return Expression(text=cut(template.value))
    if timeout.kind != "mapping" or len(timeout.children) != 2:  # noqa: PLR2004 - a key and a value
        raise NotUnderstoodError(f"the timeout is {_described(timeout)}, not one kind of value")
    ((key, value),) = timeout.pairs()
    if key.value in _COMPUTED and value.kind == "scalar":
        return Expression(text=cut(value.value))
    if key.value == "noValue":
        raise NotUnderstoodError("the timeout has no value")
    if key.value != "lit" or value.kind != "mapping" or not value.children:
        raise NotUnderstoodError(f"the timeout is {quoted(key.value)} with {_described(value)}, not a literal duration")
    return _literal(value)


def _literal(units: Node) -> TimeoutSetting:
    if repeated := units.repeated():
        raise NotUnderstoodError(f"the key {quoted(repeated)} stands more than once")
    total_ms = sum(_part_ms(key, value) for key, value in units.pairs())
    if not 1 <= total_ms <= PLATFORM_LIMIT_MS:
        raise NotUnderstoodError("the timeout is no possible duration: Architect takes 1 ms and more")
    kind = LiteralOrSuggested if total_ms == EXPORTED_MS else LiteralTimeout
    return kind(timeout_ms=total_ms)


def _part_ms(unit: Node, count: Node) -> int:
    if unit.value not in _UNITS_MS:
        raise NotUnderstoodError(f"{quoted(unit.value)} is no unit of a duration: {', '.join(_UNITS_MS)} are known")
    if count.kind != "scalar" or count.style not in _QUOTES or not _WHOLE_NUMBER.fullmatch(count.value):
        raise NotUnderstoodError(f"{unit.value} is {_described(count)}, not a whole number")
    return int(count.value) * _UNITS_MS[unit.value]


def _all_nodes(node: Node) -> Iterator[Node]:
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(node.children)


def _described(node: Node) -> str:
    match node.kind:
        case "scalar" | "alias":
            return quoted(node.value) if node.value or node.style else "nothing"
        case "mapping":
            return f"a mapping of {len(node.children) // 2}"
        case "sequence":
            return f"a list of {len(node.children)}"
        case _:
            typing.assert_never(node.kind)
