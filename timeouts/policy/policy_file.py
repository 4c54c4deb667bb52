"""Policies from YAML, with errors that name the file, the line, what is wrong and what to do."""

import contextlib
import os
import stat
import typing
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from timeouts.model.durations import DurationError, parse_duration
from timeouts.model.effective import LONGEST_LIMIT_MS
from timeouts.policy.policy import DEFAULT_CEILING_MS, MOST_RULES, Policy, problems_of
from timeouts.policy.policy_wording import described, is_known, told_cut_off, told_empty
from timeouts.policy.policy_yaml import Loaded, Location, Problem, YamlTextError, line_of, load, plain, values_in
from timeouts.policy.rules import ONE_THING, SAID, Rule, RuleError
from timeouts.policy.time_zones import is_known as is_known_zone
from timeouts.policy.time_zones import why_misread
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
        loaded = load(text)
    except YamlTextError as problem:
        raise PolicyError(f"{source}:{problem.line}: {problem}") from problem
    if not isinstance(loaded.document, CommentedMap):
        raise PolicyError(f"{source}:1: a policy is a mapping: start with a line `rules:`")
    typed = _Typed(loaded)
    rules = loaded.document.get(typed.rules_key)
    if isinstance(rules, CommentedSeq) and len(rules) > MOST_RULES:
        raise PolicyError(
            f"{source}:{typed.line_of(('rules', MOST_RULES))}: rules: there are {len(rules):,} rules, and a policy "
            f"has {MOST_RULES:,} at most: let one rule with a wildcard take the place of several, or make two policies "
            "of it"
        )
    given, problems = typed.given(), typed.problems()
    try:
        policy = Policy.model_validate(given)
    except ValidationError as problem:
        policy, problems = None, {*problems, *_problems_of(problem, given, typed)}
    if policy is None or problems:
        raise PolicyError(*(f"{source}:{line}: {what}" for line, what in sorted(problems)))
    return policy


class _Typed:
    """A policy as it was typed: its rules may be missing, or stand under a misspelt key and be looked at all the same.

    `rules_key`: the key under which they stand.
    """

    def __init__(self, loaded: Loaded) -> None:
        self._document: CommentedMap = loaded.document
        self._loaded = loaded
        near = () if "rules" in self._document else nearest("rules", map(str, self._document), 1)
        self.rules_key = near[0] if near else "rules"

    def given(self) -> dict[str, typing.Any]:
        """Return its plain values, the rules under their right key; without that key where there are none."""
        given: dict[str, typing.Any] = plain(self._document)
        rules = given.pop(self.rules_key, None)
        return {**given, "rules": rules} if rules else given

    def problems(self) -> set[Problem]:
        """Return what is wrong with a policy that is typed, and is not where it is stored or comes from a form."""
        return {
            *self._loaded.repeated,
            *self._without_rules(),
            *self._said_by_halves(),
            *self._misread(),
        }

    def _without_rules(self) -> Iterator[Problem]:
        """Say that there is no rule, or that they stand under a misspelt key, and what to do."""
        if self.rules_key != "rules":
            yield self.line_of(("rules",)), f"{self.rules_key}: unknown key{did_you_mean(['rules'])}"
        elif not self._document.get("rules"):
            line = self.line_of(("rules",))
            yield line, "rules: there is no rule, so nothing would change: add one under `rules:`"

    def _said_by_halves(self) -> Iterator[Problem]:
        """Say which keys have nothing behind them, and which names end at a #: each may be a slip of the hand.

        Of forms that are left empty, and of what is stored, nothing is meant. A file is typed.
        """
        for (top, *below), at, value in values_in(self._document):
            where = ("rules" if top == self.rules_key else top, *below)
            if value is None and at not in self._loaded.nulls:
                if is_known(where) and where != ("rules",):
                    yield self.line_of(where), told_empty(where)
            elif at in self._loaded.cut_off and (what := told_cut_off(where, str(value))):
                yield self.line_of(where), what

    def _misread(self) -> Iterator[Problem]:
        """Say which time zone is hardly the one that is meant."""
        window, where = self._document.get("window"), ("window", "time_zone")
        zone = window.get("time_zone") if isinstance(window, CommentedMap) else None
        if isinstance(zone, str) and is_known_zone(zone) and (why := why_misread(zone)):
            yield self.line_of(where), f"{dotted(where)}: {why}"

    def line_of(self, where: Location) -> int:
        """Return the line, counted from 1, of a place in the policy."""
        return line_of(self._document, (self.rules_key, *where[1:]) if where[:1] == ("rules",) else where)


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


def _problems_of(problem: ValidationError, given: dict[str, typing.Any], typed: _Typed) -> Iterator[Problem]:
    """Return all that is wrong with a policy: its values, then its rules beside each other, as far as they are right.

    pydantic looks at a rule as a whole only where each of its values is right, and at the rules beside each other only
    where all else is right, and stops at the first problem.
    """
    errors = problem.errors()
    for error in errors:
        if not isinstance(error.get("ctx", {}).get("error"), RuleError):
            yield typed.line_of(error["loc"]), described(error)
    for place in _saying_several_things(errors, given.get("rules")):
        yield typed.line_of(place), f"{dotted(place)}: {ONE_THING}"
    places, rules = _right_ones(given.get("rules"))
    for wrong in problems_of(rules, _ceiling_ms(given.get("ceiling"))):
        place = ("rules", places[wrong.place])
        yield typed.line_of(place), f"{dotted(place)}: {wrong}"


def _saying_several_things(errors: Sequence[ErrorDetails], given: typing.Any) -> Iterator[Location]:
    """Return where the rules stand that say several things at once, and of which a value is wrong besides."""
    whole = {error["loc"] for error in errors}
    for place in dict.fromkeys(error["loc"][:2] for error in errors if error["loc"][:1] == ("rules",)):
        rule = given[place[1]] if place not in whole and len(place) > 1 else None
        said = [rule.get(key) not in (None, False) for key in SAID] if isinstance(rule, dict) else []
        if sum(said) > 1:
            yield place


def _right_ones(given: typing.Any) -> tuple[list[int], list[Rule]]:
    """Return the rules that are right by themselves, and where they stand."""
    places, rules = [], []
    for place, rule in enumerate(given if isinstance(given, list) else ()):
        match = rule.get("match") if isinstance(rule, dict) else None
        if isinstance(match, dict) and None in match.values():
            continue  # for which steps it is, is still to be said
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
