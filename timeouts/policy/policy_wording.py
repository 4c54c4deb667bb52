"""What pydantic finds wrong with a policy, in words for people: where, what, and what to do."""

import json
import re
import types
from collections.abc import Mapping

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from timeouts.policy.policy import Capacity, Limits, Policy
from timeouts.policy.policy_yaml import Location
from timeouts.policy.rules import FromEvidence, Match, Rule
from timeouts.policy.window import Window
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


def described(error: ErrorDetails) -> str:
    """Return where a value is wrong, what is, and what to do."""
    where, given = error["loc"], error["input"]
    match error["type"]:
        case "extra_forbidden":
            what = _unknown_key(where)
        case "missing":
            what = f"is missing: add it{_meaning(where)}"
        case "value_error":
            what = str(error["ctx"]["error"])
        case "tuple_type":
            what = (
                f"has to be a list: write {_as_list(given)}"
                if isinstance(given, str)
                else "has to be a list: write [ and ] around it"
            )
            what = "has to be a list: begin each rule with `- name:`" if where == ("rules",) else what
        case "model_type":
            what = "needs keys below it: " + ", ".join(_section((*where, "")).model_fields)
        case "string_type" if given is None:
            what = f"is empty: say something{_meaning(where)}"
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


def _lower_first(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


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


def _as_list(given: str) -> str:
    """Write as a list what stands there as a text."""
    parts = [part.strip() for part in given.split(",")]
    return cut(f"[{', '.join(part if part.isidentifier() else json.dumps(part) for part in parts)}]")


def _section(where: Location) -> type[BaseModel]:
    """Return the model in which a key stands."""
    parent = next((key for key in reversed(where[:-1]) if isinstance(key, str)), None)
    return Policy if parent is None else _SECTIONS.get(parent, Policy)
