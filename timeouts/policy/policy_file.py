"""Policies from YAML, with errors that name the file, the line, what is wrong and what to do."""

import contextlib
import os
import stat
import typing
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from timeouts.model.durations import DurationError, parse_duration
from timeouts.model.effective import LONGEST_LIMIT_MS
from timeouts.policy.policy import DEFAULT_CEILING_MS, MOST_RULES, Policy, problems_of
from timeouts.policy.policy_wording import described
from timeouts.policy.policy_yaml import Problem, YamlTextError, line_of, load, plain
from timeouts.policy.rules import Rule, RuleError
from timeouts.text.nearest import did_you_mean, nearest
from timeouts.text.phrases import dotted

MOST_BYTES = 512 * 1024
"""Of a file: 2,000 rules of 250 characters each, with their comments."""

_MOST_TOLD = 20


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
    try:
        document, repeated = load(text)
    except YamlTextError as problem:
        raise PolicyError(f"{source}:{problem.line}: {problem}") from problem
    if not isinstance(document, CommentedMap):
        raise PolicyError(f"{source}:1: a policy is a mapping: start with a line `rules:`")
    rules = document.get("rules")
    if not rules:
        raise PolicyError(f"{source}:{_without_rules(document)}")
    if isinstance(rules, CommentedSeq) and len(rules) > MOST_RULES:
        raise PolicyError(
            f"{source}:{line_of(document, ('rules', MOST_RULES))}: rules: there are {len(rules):,} rules, and a policy "
            f"has {MOST_RULES:,} at most: let one rule with a wildcard take the place of several, or make two policies "
            "of it"
        )
    given = plain(document)
    try:
        policy, problems = Policy.model_validate(given), repeated
    except ValidationError as problem:
        policy, problems = None, [*repeated, *_problems_of(problem, given, document)]
    if policy is None or problems:
        raise PolicyError(*(f"{source}:{line}: {what}" for line, what in sorted(problems)))
    return policy


def _without_rules(document: CommentedMap) -> str:
    """Return the line at which a policy should have rules, and what to do; its rules may stand under a misspelt key."""
    near = () if "rules" in document else nearest("rules", map(str, document), 1)
    if near:
        return f"{line_of(document, near)}: {near[0]}: unknown key{did_you_mean(['rules'])}"
    line = line_of(document, ("rules",))
    return f"{line}: rules: there is no rule, so nothing would change: add one under `rules:`"


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


def _problems_of(problem: ValidationError, given: dict[str, typing.Any], document: CommentedMap) -> Iterator[Problem]:
    """Return all that is wrong with a policy: its values, then its rules beside each other, as far as they are right.

    pydantic looks at the rules beside each other only where all else is right, and stops at the first problem.
    """
    for error in problem.errors():
        if not isinstance(error.get("ctx", {}).get("error"), RuleError):
            yield line_of(document, error["loc"]), described(error)
    places, rules = _right_ones(given["rules"])
    for wrong in problems_of(rules, _ceiling_ms(given.get("ceiling"))):
        place = ("rules", places[wrong.place])
        yield line_of(document, place), f"{dotted(place)}: {wrong}"


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
