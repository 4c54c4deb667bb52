"""What one Call Data Action node of an Architect configuration says of its timeout.

Source: docs/platform.md#expressions, #timeout-field.
"""

import typing
from collections.abc import Mapping

from timeouts.definitions.spans import Repeated, shown
from timeouts.model.durations import DurationError, format_platform_duration, parse_platform_duration
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, TimeoutSetting, Unreadable
from timeouts.text.bounds import quoted
from timeouts.text.visible import cut

DURATION_TYPE = "dur"

_WAY = (
    ("", ("__type", "id", "useSuggestedTimeout", "timeout", "actionId")),
    ("timeout", ("config", "text", "type", "uiMetaData", "outOfService")),
    ("config", ("lit", "emp", "ref", "sysref", "nul")),
    ("lit", ("text", "type", "val")),
)
"""The objects on the way to a timeout, each with the keys of which a second one would leave its meaning open."""

_LITERAL_MODES = (0, 1, 4)
"""Of the editor's modes, those in which a literal was seen: expression, literal, builder."""


class _NotUnderstoodError(ValueError):
    """Why an expression is none of the forms that are known."""


def read_setting(node: Mapping[str, typing.Any]) -> TimeoutSetting:
    """Return the timeout setting of a step; only `useSuggestedTimeout` decides whether its own time applies.

    `node` comes from `read_watchful`: a key that stands twice on the way to the timeout makes it unreadable.
    """
    repeated = _repeated_key(node)
    if repeated is not None:
        return Unreadable(reason=f"the key {repeated} stands more than once")
    flag = node.get("useSuggestedTimeout")
    if not isinstance(flag, bool):
        found = "is missing" if "useSuggestedTimeout" not in node else f"is {_described(flag)}, not true or false"
        return Unreadable(reason=f"useSuggestedTimeout {found}")
    try:
        own = _expression(node.get("timeout"), present="timeout" in node)
    except _NotUnderstoodError as problem:
        return Suggested() if flag else Unreadable(reason=cut(shown(str(problem))))
    if not flag:
        return own
    return Suggested(stored_ms=own.timeout_ms if isinstance(own, LiteralTimeout) else None)


def _repeated_key(node: Mapping[str, typing.Any]) -> str | None:
    """Return the path of the first key on the way to a node's timeout that stands twice, or None."""
    value: typing.Any = node
    path = ""
    for key, keys_below in _WAY:
        value = value.get(key) if key and isinstance(value, dict) else value
        path += f"{key}." if key else ""
        if isinstance(value, Repeated):
            found = sorted(value.keys_repeated.intersection(keys_below))
            if found:
                return f"{path}{found[0]}"
    return None


def is_plain_literal(expression: typing.Any) -> bool:
    """Return whether an expression is a literal in which only two texts have to change for another duration."""
    if not isinstance(expression, dict) or expression.get("type", DURATION_TYPE) != DURATION_TYPE:
        return False
    config = expression.get("config")
    if not isinstance(config, dict) or list(config) != ["lit"] or not isinstance(config["lit"], dict):
        return False
    literal = config["lit"]
    return (
        "val" not in literal
        and literal.get("type") == DURATION_TYPE
        and isinstance(literal.get("text"), str)
        and isinstance(expression.get("text"), str)
        and type(_mode(expression)) is int
        and _mode(expression) in _LITERAL_MODES
    )


def literal_expression(timeout_ms: int) -> dict[str, typing.Any]:
    """Return the expression that the editor writes for a literal timeout (the shape of all 31 real ones, 4.6)."""
    text = format_platform_duration(timeout_ms)
    return {
        "config": {"lit": {"pos": 1, "text": text, "type": DURATION_TYPE}},
        "text": text,
        "type": DURATION_TYPE,
        "uiMetaData": {"mode": 1},
        "metaData": {},
        "version": 2,
    }


def _expression(expression: typing.Any, *, present: bool) -> LiteralTimeout | Expression:
    if not isinstance(expression, dict):
        raise _NotUnderstoodError(f"timeout is {_described(expression) if present else 'missing'}, not an expression")
    if expression.get("type", DURATION_TYPE) != DURATION_TYPE:
        raise _NotUnderstoodError(f"timeout is of type {_described(expression['type'])}, not a duration")
    config, text = expression.get("config"), expression.get("text")
    if not isinstance(config, dict) or len(config) != 1:
        raise _NotUnderstoodError(f"timeout.config is {_described(config)}, not one kind of value")
    if not isinstance(text, str):
        raise _NotUnderstoodError(f"timeout.text is {_described(text)}, not text")
    ((discriminator, content),) = config.items()
    if discriminator in {"emp", "nul"}:
        raise _NotUnderstoodError("the timeout is unset, and the suggested one is switched off")
    if not isinstance(content, dict):
        raise _NotUnderstoodError(f"timeout.config.{discriminator} is {_described(content)}, not an object")
    if discriminator != "lit":
        return Expression(text=shown(text) or f"{shown(discriminator)}(...)")
    return _literal(expression, content, text)


def _literal(expression: Mapping[str, typing.Any], literal: Mapping[str, typing.Any], text: str) -> LiteralTimeout:
    if literal.get("text") != text:
        stored = _described(literal.get("text"))
        raise _NotUnderstoodError(f"timeout.config.lit.text is {stored}, but timeout.text is {_described(text)}")
    if not is_plain_literal(expression):
        raise _NotUnderstoodError(
            f"the literal {_described(text)} has type {_described(literal.get('type'))}, "
            f"mode {_described(_mode(expression))}{' and a second value' if 'val' in literal else ''}: "
            "not a literal duration as the editor writes it"
        )
    try:
        timeout_ms = parse_platform_duration(text)
    except DurationError as problem:
        raise _NotUnderstoodError(f"timeout.text: {problem}") from problem
    if timeout_ms < 1:
        raise _NotUnderstoodError(f"the timeout is {_described(text)}: Architect takes 1 ms and more")
    return LiteralTimeout(timeout_ms=timeout_ms)


def _mode(expression: Mapping[str, typing.Any]) -> typing.Any:
    """Return `uiMetaData.mode`; a literal's where nothing is said of it."""
    interface = expression.get("uiMetaData", {})
    return interface.get("mode", 1) if isinstance(interface, dict) else interface


def _described(value: typing.Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict():
            return f"an object with {len(value)} keys"
        case list():
            return f"a list of {len(value)}"
        case str():
            return quoted(value)
        case _:
            return quoted(value)
