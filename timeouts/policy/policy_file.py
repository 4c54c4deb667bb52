"""Policies from YAML, with errors that name the file, the line, what is wrong and what to do."""

import contextlib
import json
import os
import re
import stat
import types
import typing
from collections.abc import Iterator, Mapping
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

from timeouts.model.durations import DurationError, parse_duration
from timeouts.model.effective import LONGEST_LIMIT_MS
from timeouts.policy.policy import DEFAULT_CEILING_MS, MOST_RULES, Capacity, Limits, Policy, problems_of
from timeouts.policy.rules import FromEvidence, Match, Rule, RuleError
from timeouts.policy.window import Window
from timeouts.text.bounds import quoted
from timeouts.text.nearest import did_you_mean, nearest
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
_Problem = tuple[int, str]
"""The line, counted from 1, and what is wrong there."""

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
    """A policy that cannot be used. The message has a line for each problem: `file:line: where: what`.

    `problems` are all of them; of very many the message has the first ones.
    """

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        shown = list(problems[:_MOST_TOLD])
        if more := len(problems) - len(shown):
            which = "one problem" if more == 1 else f"{more:,} problems"
            shown.append(f"and {which} more: `genesys-timeouts policy check FILE` shows all")
        super().__init__("\n".join(shown))


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
    document, repeated = _load(text, source)
    if not isinstance(document, CommentedMap):
        raise PolicyError(f"{source}:1: a policy is a mapping: start with a line `rules:`")
    rules = document.get("rules")
    if not rules:
        line = _line(document, ("rules",))
        raise PolicyError(f"{source}:{line}: rules: there is no rule, so nothing would change: add one under `rules:`")
    if isinstance(rules, CommentedSeq) and len(rules) > MOST_RULES:
        raise PolicyError(
            f"{source}:{_line(document, ('rules', MOST_RULES))}: rules: there are {len(rules):,} rules, and a policy "
            f"has {MOST_RULES:,} at most: let one rule with a wildcard take the place of several, or make two policies "
            "of it"
        )
    given = _plain(document)
    try:
        policy, problems = Policy.model_validate(given), repeated
    except ValidationError as problem:
        policy, problems = None, [*repeated, *_problems_of(problem, given, document)]
    if policy is None or problems:
        raise PolicyError(*(f"{source}:{line}: {what}" for line, what in sorted(problems)))
    return policy


def _problems_of(problem: ValidationError, given: dict[str, typing.Any], document: CommentedMap) -> Iterator[_Problem]:
    """Return all that is wrong with a policy: its values, then its rules beside each other, as far as they are right.

    pydantic looks at the rules beside each other only where all else is right, and stops at the first problem.
    """
    for error in problem.errors():
        if not isinstance(error.get("ctx", {}).get("error"), RuleError):
            yield _line(document, error["loc"]), _described(error)
    places, rules = _right_ones(given["rules"])
    for wrong in problems_of(rules, _ceiling_ms(given.get("ceiling"))):
        place = ("rules", places[wrong.place])
        yield _line(document, place), f"{_dotted(place)}: {wrong}"


def _right_ones(given: typing.Any) -> tuple[list[int], list[Rule]]:
    """Return the rules that are right by themselves, and where they stand."""
    places, rules = [], []
    for place, rule in enumerate(given if isinstance(given, list) else ()):
        with contextlib.suppress(ValidationError):
            rules.append(Rule.model_validate(rule))
            places.append(place)
    return places, rules


def _ceiling_ms(given: typing.Any) -> int:
    """Return the ceiling of a policy; where it is wrong itself, the highest one, so that no rule is blamed for it."""
    if given is None:
        return DEFAULT_CEILING_MS
    try:
        return parse_duration(given)
    except DurationError:
        return LONGEST_LIMIT_MS


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


def _load(text: str, source: str) -> tuple[typing.Any, list[_Problem]]:
    """Return the document, and the keys in it that stand there twice."""
    loader = YAML(typ="rt")
    loader.Composer = _PlainComposer
    loader.max_depth = _MOST_DEPTH
    loader.allow_duplicate_keys = True  # they are told with what else is wrong
    try:
        document = loader.load(text)
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
    return document, loader.composer.repeated


class _RefusedError(MarkedYAMLError):
    """What YAML has and a policy does not take."""


class _PlainComposer(Composer):
    """Composes what a person types: values, lists and mappings, each written where it stands, and bounded.

    Refused as it comes, before anything is made of it: an alias can make gigabytes of a line.
    """

    def __init__(self, loader: typing.Any = None) -> None:
        super().__init__(loader=loader)
        self._left = MOST_VALUES
        self.repeated: list[_Problem] = []

    def compose_document(self) -> typing.Any:
        """Refuse lines that change how YAML is read, such as `%YAML 1.1`."""
        event = self.parser.peek_event()
        if event.version is not None or event.tags:
            raise _RefusedError(problem="has a line that begins with %: take it out", problem_mark=event.start_mark)
        return super().compose_document()

    def compose_mapping_node(self, anchor: typing.Any) -> typing.Any:
        """Note keys that stand twice in a mapping: which of the two counts would be a guess."""
        node = super().compose_mapping_node(anchor)
        first_lines: dict[str, int] = {}
        for key, _ in node.value:
            line, name = key.start_mark.line + 1, str(key.value)
            if name in first_lines:
                what = f"stands twice, first in line {first_lines[name]}: keep one of the two"
                self.repeated.append((line, f"{cut(name)}: {what}"))
            else:
                first_lines[name] = line
        return node

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


def _described(error: ErrorDetails) -> str:
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
                f"is a list: write {_as_list(given)}"
                if isinstance(given, str)
                else "is a list: write [ and ] around it"
            )
            what = "is a list: begin each rule with `- name:`" if where == ("rules",) else what
        case "model_type":
            what = "is no value, it has keys below it: " + ", ".join(_section((*where, "")).model_fields)
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
    dotted = _dotted(where)
    return f"{dotted + ': ' if dotted else ''}{what}"


def _lower_first(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _dotted(where: _Location) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in where).removeprefix(".")


def _unknown_key(where: _Location) -> str:
    """Say that there is no such key, which one may be meant, and where it belongs that stands in the wrong place."""
    key, here = str(where[-1]), tuple(_section(where).model_fields)
    if near := nearest(key, here):
        return f"unknown key{did_you_mean(near)} Known here: {', '.join(here)}"
    sections: dict[str, type[BaseModel]] = {"the policy itself": Policy, **_SECTIONS}
    elsewhere = [f"`{name}`" if name in _SECTIONS else name for name, of in sections.items() if key in of.model_fields]
    hint = f", it belongs in {' or '.join(elsewhere)}" if elsewhere else ""
    return f"unknown key{hint}; known here: {', '.join(here)}"


def _meaning(where: _Location) -> str:
    """Return what a field is for, in brackets."""
    field = _section(where).model_fields.get(str(where[-1]))
    description = None if field is None else field.description
    return f" ({_lower_first(description.rstrip('.'))})" if description else ""


def _as_list(given: str) -> str:
    """Write as a list what stands there as a text."""
    parts = [part.strip() for part in given.split(",")]
    return cut(f"[{', '.join(part if part.isidentifier() else json.dumps(part) for part in parts)}]")


def _section(where: _Location) -> type[BaseModel]:
    """Return the model in which a key stands."""
    parent = next((key for key in reversed(where[:-1]) if isinstance(key, str)), None)
    return Policy if parent is None else _SECTIONS.get(parent, Policy)


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
