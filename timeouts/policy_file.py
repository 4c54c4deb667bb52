"""Policies from YAML, with errors that name the file, the line, what is wrong and what to do."""

import types
import typing
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from timeouts.policy import Capacity, Limits, Policy
from timeouts.rules import FromEvidence, Match, Rule, RuleError
from timeouts.window import Window

_Location = tuple[int | str, ...]
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


class PolicyError(ValueError):
    """A policy that cannot be used. The message has a line for each problem: `file:line: where: what`."""


def read_policy_file(path: Path) -> Policy:
    """Read a policy from a YAML file. Raises `PolicyError`, also where the file cannot be read."""
    try:
        text = path.read_text("utf-8")
    except OSError as problem:
        raise PolicyError(f"{path}: cannot be read ({problem.strerror}): check the path") from problem
    except UnicodeDecodeError as problem:
        raise PolicyError(f"{path}: is not UTF-8 text from byte {problem.start} on: save it as UTF-8") from problem
    return parse_policy(text, str(path))


def parse_policy(text: str, source: str) -> Policy:
    """Read a policy from YAML text; `source` names it in errors. Raises `PolicyError`."""
    document = _load(text, source)
    if not isinstance(document, CommentedMap):
        raise PolicyError(f"{source}:1: a policy is a mapping: start with a line `rules:`")
    if not document.get("rules"):
        line = _line(document, ("rules",))
        raise PolicyError(f"{source}:{line}: rules: there is no rule, so nothing would change: add one under `rules:`")
    try:
        return Policy.model_validate(_plain(document))
    except ValidationError as problem:
        raise PolicyError("\n".join(_described(error, document, source) for error in problem.errors())) from problem


def _load(text: str, source: str) -> typing.Any:
    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = 1 if mark is None else mark.line + 1
        what = " ".join(str(problem.problem or problem.context).split())
        raise PolicyError(f"{source}:{line}: this is not YAML: {what}") from problem
    except (YAMLError, ValueError) as problem:
        raise PolicyError(f"{source}:1: this is not YAML: {' '.join(str(problem).split())}") from problem


def _plain(value: typing.Any) -> typing.Any:
    """Return plain Python values: the loader's own carry their place and comments."""
    match value:
        case CommentedMap():
            return {str(key): _plain(below) for key, below in value.items()}
        case CommentedSeq():
            return [_plain(below) for below in value]
        case bool() | None:
            return value
        case int():
            return int(value)
        case float():
            return float(value)
        case _:
            return str(value)


def _described(error: ErrorDetails, document: CommentedMap, source: str) -> str:
    where = error["loc"]
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, RuleError):
        where = _rule_named(document, cause.rule)
    match error["type"]:
        case "extra_forbidden":
            what = f"unknown key; known here: {', '.join(_section(where).model_fields)}"
        case "missing":
            what = "is missing: add it"
        case "value_error":
            what = str(cause)
        case _:
            what = f"{error['msg'][:1].lower()}{error['msg'][1:]}, but it says {error['input']!r}"
    dotted = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in where).removeprefix(".")
    return f"{source}:{_line(document, where)}: {dotted + ': ' if dotted else ''}{what}"


def _section(where: _Location) -> type[BaseModel]:
    """Return the model in which an unknown key stands."""
    parent = next((key for key in reversed(where[:-1]) if isinstance(key, str)), None)
    return Policy if parent is None else _SECTIONS[parent]


def _rule_named(document: CommentedMap, name: str) -> _Location:
    """Return the place of the last rule with a name: of two with the same name, the later is the wrong one."""
    rules = document["rules"]
    return ("rules", max(index for index, rule in enumerate(rules) if str(rule.get("name")) == name))


def _line(document: CommentedMap, where: _Location) -> int:
    """Return the line, counted from 1, of the deepest part of a location that the file has."""
    line: int = document.lc.line + 1
    at: typing.Any = document
    for key in where:
        if isinstance(at, CommentedMap) and key in at:
            line = at.lc.key(key)[0] + 1
        elif isinstance(at, CommentedSeq) and isinstance(key, int) and key < len(at):
            line = at.lc.item(key)[0] + 1
        else:
            break
        at = at[key]
    return line
