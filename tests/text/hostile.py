"""Names that somebody might give an Architect flow, and reports in which every text of others is one of them."""

import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel

from timeouts.text.visible import visible

HOST = "evil.example"
FORGED = "12:00:00.000 | ERROR | forged line"
ESC, BEL, NUL = "\x1b", "\x07", "\x00"

NAMES: dict[str, str] = {
    "Markdown image": f"Line ![logo](https://{HOST}/pixel.png) one",
    "Markdown image by reference": f"Line ![logo][x] [x]: https://{HOST}/pixel.png",
    "Markdown link": f"Line [here](https://{HOST}/a) one",
    "link to a script": "Line [here](javascript:alert(1)) one",
    "address of a link": f"[Line]: https://{HOST}/a",
    "bare address": f"Line https://{HOST}/a and www.{HOST}/b",
    "address in capitals": f"Line HTTPS://{HOST}/a and wWw.{HOST}",
    "address of mail": f"line@{HOST}",
    "autolink": f"<https://{HOST}/a>",
    "tag": f'<img src="https://{HOST}/pixel.png" onerror="alert(1)"><b>Line</b>',
    "script": "<script>alert(1)</script>Line",
    "comment": "<!-- Line --> one",
    "entities": "Line &lt;img src=x&gt; &#60;b&#62;",
    "fence": "```Line",
    "code": "`Line` one",
    "emphasis": "*Line* __two__ ~~three~~ ***",
    "rule": "***",
    "heading": "# Line",
    "quotation": "> Line",
    "points": "- Line",
    "number": "1. Line",
    "pipe": "Line | two | three",
    "backslash": r"Line\| C:\_x \*y",
    "new line and a forged line": f"Line\n{FORGED}",
    "carriage return": f"Line\r{FORGED}",
    "separators of lines": f"Line\u2028{FORGED}\u2029{FORGED}\x85{FORGED}\v{FORGED}\f{FORGED}",
    "tab": "Line\tone",
    "NUL": f"Line{NUL}one",
    "link of a terminal": f"{ESC}]8;;https://{HOST}{ESC}\\Line{ESC}]8;;{ESC}\\",
    "title of a terminal": f"{ESC}]0;title{BEL}Line",
    "colours and cursor": f"{ESC}[31mLine{ESC}[2J{ESC}[1;1H\x9b2K",
    "backspaces": "Line\x08\x08\x08\x08\x7fgood",
    "override of direction": "Line \u202eenil\u202c",
    "isolate of direction": "Line \u2067one\u2069 \u200f\u200e\u061c",
    "zero width": "Li\u200bn\u2060e\ufeff\u00ad one",
    "joiners that join nothing": "Li\u200dn\u200ce",
    "letters that are not drawn": "Line\u3164\u115f\u2800\u034f",
    "tag characters": "Line" + "".join(chr(0xE0000 + ord(char)) for char in "hidden"),
    "private and unassigned": "Line \ue000 \uffff \U000f0000 \U000e0fff",
    "high surrogate": "Line \ud83d one",
    "low surrogate": "Line \udc4d one",
    "5,000 characters": "Line " + "x" * 4_990 + " end",
    "formula": "=cmd|'/C calc'!A0",
    "formula behind a semicolon": "Line;=1+1",
    "formula that begins with a semicolon": ";=1+1",
    "formula behind a tab": "\t=1+1",
    "formula behind a line": "Line\n=1+1",
    "plus": "+1+1 Line",
    "minus": "-1+1 Line",
    "at": "@SUM(1) Line",
    "wide formula": "\uff1d1+1 Line",
    "everybody in Slack": "<!channel> <!here|Line> <!everyone>",
    "somebody in Slack": f"<@U1> <#C1> <https://{HOST}|Line>",
    "everybody elsewhere": "@here @everyone @channel Line",
    "jinja": "{{ 7 * 7 }}{% raw %} Line {{ config }}",
    "formats": "%s %(x)s %d {0} {x.y} Line",
    "formula of mathematics": r"$\frac{Line}{2}$ $x^{",
    "marks upon marks": "Line" + "\u0301\u0489" * 100 + " one",
    "path": "../../Line",
    "device": "CON",
    "device of a pipe": "\\\\.\\NUL",
    "quotes": 'Line"}],"x":[{"y": "',
    "markup of rich": "[red]Line[/red] [link=https://evil.example]x[/link] [/]",
    "code of an emoji": "Line :smile: :warning:",
    "blanks alone": " \u00a0\u3000 ",
}
"""By what they try. All of them are stored as they are by whoever names something."""

ORDINARY = {
    "German": "Störungsannahme Dublin",
    "Persian": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Hindi": "क्\u200dष",
    "Hebrew": "שָׁלוֹם",
    "Chinese": "客户查询",
    "decomposed": "Sto\u0308rung",
    "family": "👨\u200d👩\u200d👧 Line",
    "flag": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f Line",
    "heart": "❤\ufe0f Line",
    "rainbow": "🏳\ufe0f\u200d🌈 Line",
    "key": "1\ufe0f\u20e3 Line",
    "skin": "👍🏽 Line",
    "variant": "葛\U000e0100城",
    "underscores": "Call_CRM_lookup_v2",
    "figures": "Score > 3 (50%), A&B #2",
}

Part = TypeVar("Part")
_KEPT = {"policy", "checksum", "fingerprint"}
"""What is no text of others: a policy is the operator's own, and the names of its rules are among the changes."""


def hostile(value: Part, name: str) -> Part:
    """The same value in which every text but the words of ours begins with that name."""
    return typing.cast("Part", _hostile(value, name, frozenset()))


def _hostile(value: Any, name: str, ours: frozenset[str]) -> Any:
    if isinstance(value, str):
        return value if value in ours or not value else f"{name} {value}"
    if isinstance(value, BaseModel):
        hints = typing.get_type_hints(type(value), include_extras=True)
        changed = {key: _hostile(each, name, _words(hints[key])) for key, each in value if key not in _KEPT}
        return value.model_copy(update=changed)
    if is_dataclass(value) and not isinstance(value, type):
        hints = typing.get_type_hints(type(value), include_extras=True)
        found = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
        return replace(value, **{key: _hostile(each, name, _words(hints[key])) for key, each in found.items()})
    if isinstance(value, Mapping):
        return {_hostile(key, name, ours): _hostile(each, name, ours) for key, each in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return type(value)(_hostile(each, name, ours) for each in value)
    return value


def _words(hint: Any) -> frozenset[str]:
    """The words that a field may hold and no others."""
    if typing.get_origin(hint) is typing.Literal:
        return frozenset(each for each in typing.get_args(hint) if isinstance(each, str))
    return frozenset().union(*map(_words, typing.get_args(hint)))


def letters(text: str) -> str:
    """What is left of a text when all that an outlet may add or break is taken out."""
    return "".join(char for char in text if char.isalnum() and not "\uff00" <= char <= "\uffef")


def begins(name: str) -> str:
    """The letters by which a name is recognised: its first ones, for long ones are cut."""
    return letters(visible(name))[:60]
