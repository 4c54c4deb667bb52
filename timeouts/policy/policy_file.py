"""Policies from YAML, with errors that name the file, the line, what is wrong and what to do."""

import os
import re
import stat
import types
import typing
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode
from ruamel.yaml.reader import ReaderError

from timeouts.policy.policy import Capacity, Limits, Policy
from timeouts.policy.rules import FromEvidence, Match, Rule, RuleError
from timeouts.policy.window import Window
from timeouts.text.bounds import quoted
from timeouts.text.visible import cut

MOST_BYTES = 512 * 1024
"""Of a file: 2,000 rules of 250 characters each, with their comments."""

MOST_VALUES = 40_000
"""Keys, values, lists and mappings of a file: 2,000 rules of twenty each."""

_MOST_DEPTH = 8
_LONGEST_VALUE = 1_000
_MOST_TOLD = 20

_HALF_PAIR = re.compile("[\ud800-\udfff]")

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
        return parse_policy(_content(path).decode("utf-8"), str(path))
    except OSError as problem:
        raise PolicyError(f"{path}: cannot be read ({problem.strerror}): check the path") from problem
    except UnicodeDecodeError as problem:
        raise PolicyError(f"{path}: is not UTF-8 text from byte {problem.start} on: save it as UTF-8") from problem


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
        found = problem.errors()
        lines = [_described(error, document, source) for error in found[:_MOST_TOLD]]
        more = [f"{source}: and {len(found) - _MOST_TOLD} problems more"] if len(found) > _MOST_TOLD else []
        raise PolicyError("\n".join(lines + more)) from problem


def _content(path: Path) -> bytes:
    """Read a file, and no more of it than a policy may have; what is no file, such as a pipe, could keep us waiting."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as opened:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise PolicyError(f"{path}: is no file: name a file with a policy in it")
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise PolicyError(f"{path}: is larger than the {MOST_BYTES:,} bytes of a policy: is it the right file?")
    return content


def _load(text: str, source: str) -> typing.Any:
    loader = YAML(typ="rt")
    loader.Composer = _PlainComposer
    loader.max_depth = _MOST_DEPTH
    try:
        return loader.load(text)
    except MaxDepthExceededError as problem:
        line = problem.problem_mark.line + 1
        raise PolicyError(f"{source}:{line}: is nested deeper than the {_MOST_DEPTH} levels of a policy") from None
    except _RefusedError as problem:
        raise PolicyError(f"{source}:{problem.problem_mark.line + 1}: {problem.problem}") from None
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = 1 if mark is None else mark.line + 1
        what = " ".join(str(problem.problem or problem.context).split())
        raise PolicyError(f"{source}:{line}: this is not YAML: {cut(what)}") from problem
    except ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        raise PolicyError(
            f"{source}:{line}: this is not YAML: the character U+{problem.character:04X} may not stand in it"
        ) from problem
    except (YAMLError, ValueError) as problem:
        raise PolicyError(f"{source}:1: this is not YAML: {cut(' '.join(str(problem).split()))}") from problem


class _RefusedError(MarkedYAMLError):
    """What YAML has and a policy does not take."""


class _PlainComposer(Composer):
    """Composes what a person types: values, lists and mappings, each written where it stands, and bounded.

    Refused as it comes, before anything is made of it: an alias can make gigabytes of a line.
    """

    def __init__(self, loader: typing.Any = None) -> None:
        super().__init__(loader=loader)
        self._left = MOST_VALUES

    def compose_document(self) -> typing.Any:
        """Refuse lines that change how YAML is read, such as `%YAML 1.1`."""
        event = self.parser.peek_event()
        if event.version is not None or event.tags:
            raise _RefusedError(problem="has a line that begins with %: take it out", problem_mark=event.start_mark)
        return super().compose_document()

    def compose_node(self, parent: typing.Any, index: typing.Any) -> typing.Any:
        """Refuse what is no plain value; `index` is the key where a value of a mapping is composed."""
        event = self.parser.peek_event()
        self._left -= 1
        is_key = isinstance(parent, MappingNode) and index is None
        if problem := self._problem(event, is_key=is_key):
            raise _RefusedError(problem=problem, problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        if is_key and str(node.tag) != "tag:yaml.org,2002:str":
            raise _RefusedError(problem="has a key that is no text", problem_mark=event.start_mark)
        return node

    def _problem(self, event: typing.Any, *, is_key: bool) -> str:
        if isinstance(event, AliasEvent) or event.anchor is not None:
            return "has an anchor (&) or an alias (*), which a policy does not take: write the value out"
        if event.ctag is not None:
            return "has a tag (!), which a policy does not take: take it out"
        if self._left < 0:
            return f"has more than the {MOST_VALUES:,} keys and values of a policy"
        if isinstance(event, ScalarEvent):
            is_merge = is_key and event.value == "<<" and not event.style
            return _problem_of_text(event.value) or ("has a merge key (<<): write the values out" if is_merge else "")
        return "has a key that is no text" if is_key else ""


def _problem_of_text(text: str) -> str:
    if len(text) > _LONGEST_VALUE:
        return f"has a text of {len(text):,} characters: {_LONGEST_VALUE:,} at most"
    return "has half a surrogate pair in a text, which nothing can store" if _HALF_PAIR.search(text) else ""


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
            what = f"{error['msg'][:1].lower()}{error['msg'][1:]}, but it says {quoted(error['input'])}"
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
