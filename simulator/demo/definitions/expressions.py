"""Expression objects: the editor's way to write any value. Key order is that of real ones.

Source: docs/platform.md#expressions.
"""

from collections.abc import Sequence

from simulator.demo.json_values import Json

_EXPRESSION, _LITERAL, _TARGET, _NO_VALUE = range(4)
"""The editor's modes: an expression, a literal, the variable that takes an output, no value."""


def literal(text: str, kind: str = "str") -> Json:
    """Write a value that is known; `kind` is the editor's type code (str, int, bln, dur ...)."""
    return _object({"lit": {"pos": 1, "text": text, "type": kind}}, text, kind, _LITERAL)


def unset(kind: str) -> Json:
    """Write that there is no value."""
    return _object({"emp": {"pos": 1, "text": "", "type": kind}}, "", kind, _NO_VALUE)


def target(variable: Json) -> Json:
    """Name the variable that takes an output."""
    return _object({"ref": _reference(variable)}, variable["name"], variable["type"], _TARGET, [variable])


def reference(variable: Json) -> Json:
    """Use a variable's value."""
    return _object({"ref": _reference(variable)}, variable["name"], variable["type"], _EXPRESSION, [variable])


def equals(variable: Json, text: str) -> Json:
    """Compare a variable with a text; there are quotation marks in the text of such an expression."""
    return _object({"==": _operands(variable, text)}, f'{variable["name"]} == "{text}"', "bln", _EXPRESSION, [variable])


def any_of(variable: Json, texts: Sequence[str]) -> Json:
    """Compare a variable with many texts: a chain of OR, nested to the left, three levels for each text."""
    config: Json = {"==": _operands(variable, texts[0])}
    for position, text in enumerate(texts[1:], start=2):
        config = {"OR": {"pos": position, "operands": [config, {"==": _operands(variable, text)}]}}
    written = " OR ".join(f'{variable["name"]} == "{text}"' for text in texts)
    return _object(config, written, "bln", _EXPRESSION, [variable])


def seconds_of(variable: Json) -> Json:
    """Compute a duration from a variable at run time; only workflows may (4.6)."""
    numbers = [{"lit": {"pos": position, "text": "0", "type": "int"}} for position in range(3)]
    config = {"MakeDuration": {"pos": 1, "operands": [*numbers, {"ref": _reference(variable)}]}}
    return _object(config, f"MakeDuration(0, 0, 0, {variable['name']})", "dur", _EXPRESSION, [variable])


def duration(duration_ms: int) -> Json:
    """Write a duration as the editor does."""
    return literal(duration_text(duration_ms), "dur")


def duration_text(duration_ms: int) -> str:
    """Split milliseconds into days, hours, minutes, seconds and milliseconds: P0D0H1M30S0F."""
    seconds, ms = divmod(duration_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"P{days}D{hours}H{minutes}M{seconds}S{ms}F"


def audio(text: str) -> Json:
    """Write an announcement; audio has a sequence instead of a mode."""
    spoken = f'ToAudioTTS("{text}")'
    config = {"ToAudioTTS": {"pos": 1, "operands": [{"lit": {"pos": 12, "text": text, "type": "str"}}]}}
    sequence = [{"type": "ToAudioTTS", "text": text}]
    return {
        "config": config,
        "text": spoken,
        "type": "aud",
        "uiMetaData": {"sequenceItems": sequence},
        "metaData": {},
        "version": 2,
    }


def out_of_service(expression: Json) -> Json:
    """Mark an expression that another setting makes irrelevant."""
    return {**expression, "outOfService": True}


def _operands(variable: Json, text: str) -> Json:
    return {"pos": 1, "operands": [{"ref": _reference(variable)}, {"lit": {"pos": 8, "text": text, "type": "str"}}]}


def _reference(variable: Json) -> Json:
    return {"pos": 1, "text": variable["name"], "type": variable["type"]}


def _object(config: Json, text: str, kind: str, mode: int, variables: Sequence[Json] = ()) -> Json:
    used = [{"id": one["id"], "type": one["type"], "isSysRef": False, "name": one["name"]} for one in variables]
    return {
        "config": config,
        "text": text,
        "type": kind,
        "uiMetaData": {"mode": mode},
        "metaData": {"references": used} if used else {},
        "version": 2,
    }
