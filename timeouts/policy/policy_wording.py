"""What pydantic finds wrong with a policy, in words for people: where, what, and what to do."""

import json
import re
import types
import typing
from collections.abc import Mapping

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from timeouts.policy.names import PATTERN_FIELDS
from timeouts.policy.policy import Capacity, Limits, Policy
from timeouts.policy.policy_yaml import Location
from timeouts.policy.rules import FromEvidence, Match, Rule
from timeouts.policy.window import Day, Window
from timeouts.text.bounds import quoted
from timeouts.text.nearest import did_you_mean, nearest
from timeouts.text.phrases import dotted
from timeouts.text.visible import cut

_SECTIONS: Mapping[str, type[BaseModel]] = types.MappingProxyType(
    {
        "rules": Rule,
        "match": Match,
        "evidence": FromEvidence,
        "limits": Limits,
        "capacity": Capacity,
        "window": Window,
    }
)

_IN_QUOTES = "; a name with # belongs in quotes"


def described(error: ErrorDetails) -> str:
    """Return where a value is wrong, what is, and what to do."""
    where, given = error["loc"], error["input"]
    if given is None and error["type"] != "extra_forbidden":
        return told_empty(where)
    match error["type"]:
        case "extra_forbidden":
            what = _unknown_key(where)
        case "missing":
            what = f"is missing: add it{_meaning(where)}"
        case "value_error":
            what = str(error["ctx"]["error"])
        case "tuple_type":
            what = (
                f"has to be a list: {_as_list(where, given)}"
                if isinstance(given, str)
                else "has to be a list: write [ and ] around it"
            )
            what = "has to be a list: begin each rule with `- name:`" if where == ("rules",) else what
        case "model_type":
            what = "needs keys below it: " + ", ".join(_section((*where, "")).model_fields)
        case "string_type" if isinstance(given, bool | int | float):
            what = f"is no text, but {quoted(given)}: put it in quotes"
        case "literal_error":
            choices = error["ctx"]["expected"].replace("'", "")
            near = did_you_mean(nearest(given, re.split(", | or ", choices))) if isinstance(given, str) else ""
            what = f"{_lower_first(error['msg'])}, but it says {quoted(given)}{near}"
        case _:
            what = f"{_lower_first(error['msg'])}, but it says {quoted(given)}"
    place = dotted(where)
    return f"{place + ': ' if place else ''}{what}"


def told_empty(where: Location) -> str:
    """Say that nothing stands where something should: it would mean all, or nothing, and so would be a guess."""
    section, name = _section((*where, "")), where[-1]
    is_section = name in _SECTIONS or (isinstance(name, int) and section is Rule)
    field = _section(where).model_fields.get(str(name))
    meaning = f" below it ({', '.join(section.model_fields)})" if is_section else _meaning(where)
    way_out = "" if field is not None and field.is_required() else ", or take the line out"
    quotes = _IN_QUOTES if _is_pattern(where) or where[-1] == "name" else ""
    return f"{dotted(where)}: is empty: say something{meaning}{way_out}{quotes}"


def told_cut_off(where: Location, left: str) -> str | None:
    """Say what YAML left of a pattern with a # in it; None where no pattern stands."""
    if not _is_pattern(where):
        return None
    return (
        f"{dotted(where)}: is cut to {quoted(left)}, for # begins a comment here: put all of it in quotes, or a blank "
        "after the #"
    )


def _is_pattern(where: Location) -> bool:
    return where[0] == "protected" or (_section(where) is Match and where[-1] in PATTERN_FIELDS and where[-1] != "type")


def _lower_first(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def is_known(where: Location) -> bool:
    """Return whether a policy has a key of that name there, or a list."""
    return isinstance(where[-1], int) or where[-1] in _section(where).model_fields


def _unknown_key(where: Location) -> str:
    """Say that there is no such key, which one may be meant, and where it belongs that stands in the wrong place."""
    key, here = str(where[-1]), tuple(_section(where).model_fields)
    if near := nearest(key, here):
        return f"unknown key{did_you_mean(near)} Known here: {', '.join(here)}"
    sections: dict[str, type[BaseModel]] = {"the policy itself": Policy, **_SECTIONS}
    elsewhere = [f"`{name}`" if name in _SECTIONS else name for name, of in sections.items() if key in of.model_fields]
    hint = f", it belongs in {' or '.join(elsewhere)}" if elsewhere else ""
    return f"unknown key{hint}; known here: {', '.join(here)}"


def _meaning(where: Location) -> str:
    """Return what a field is for, in brackets."""
    field = _section(where).model_fields.get(str(where[-1]))
    description = None if field is None else field.description
    return f" ({_lower_first(description.rstrip('.'))})" if description else ""


def _as_list(where: Location, given: str) -> str:
    """Say how to write as a list what stands there as a text."""
    parts = [part.strip() for part in given.split(",")]
    if where == ("window", "days") and not set(parts) <= set(typing.get_args(Day)):
        return "name each day, such as [mon, tue, wed, thu, fri]"
    return cut(f"write [{', '.join(part if part.isidentifier() else json.dumps(part) for part in parts)}]")


def _section(where: Location) -> type[BaseModel]:
    """Return the model in which a key stands."""
    parent = next((key for key in reversed(where[:-1]) if isinstance(key, str)), None)
    return Policy if parent is None else _SECTIONS.get(parent, Policy)
