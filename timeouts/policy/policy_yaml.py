"""YAML as a person types it: values, lists and mappings with their lines, bounded, and nothing that YAML has beside."""

import re
import typing
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode
from ruamel.yaml.reader import ReaderError

from timeouts.text.visible import cut

MOST_VALUES = 40_000
"""Keys, values, lists and mappings of a file: 2,000 rules of twenty each."""

_MOST_DEPTH = 8
_LONGEST_VALUE = 1_000

_HALF_PAIR = re.compile("[\ud800-\udfff]")

Location = tuple[int | str, ...]
_NO_ALIAS = "while scanning an alias"
"""What the library was at where a star begins a value and no name follows."""

_IN_QUOTES = (
    'has a value that begins with *, which is an alias in YAML: put it in quotes, such as "*CRM*", or write out what '
    "it stands for"
)
_TOUCHING_COMMENT = re.compile(r"[ \t]+#[^\s#\0]")
"""Behind a value without quotes: what may be meant as part of it. An honest comment has a blank after its #."""

_NULLS = frozenset({"null", "Null", "NULL", "~"})

_DIRECTIVE = "has a line that begins with %: take it out"

Problem = tuple[int, str]
"""The line, counted from 1, and what is wrong there."""


class YamlTextError(ValueError):
    """A text that is not YAML, or has what a policy does not take. `line`: where, counted from 1."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


class Loaded(typing.NamedTuple):
    """What stands in a YAML text. `repeated`: the keys that stand there twice.

    `cut_off`: line and column, from 0, of values that end at a # which touches what follows, such as `CRM #2`.
    `nulls`: of those where nothing is written out, as in JSON.
    """

    document: typing.Any
    repeated: list[Problem]
    cut_off: set[tuple[int, int]]
    nulls: set[tuple[int, int]]


def load(text: str) -> Loaded:
    """Return what stands in a YAML text. Raises `YamlTextError`."""
    loader = YAML(typ="rt")
    loader.Composer = _PlainComposer
    loader.max_depth = _MOST_DEPTH
    loader.allow_duplicate_keys = True  # they are told with what else is wrong
    try:
        document = loader.load(text)
    except MaxDepthExceededError as problem:
        what = f"is nested deeper than the {_MOST_DEPTH} levels of a policy"
        raise YamlTextError(problem.problem_mark.line + 1, what) from None
    except _RefusedError as problem:
        raise YamlTextError(problem.problem_mark.line + 1, problem.problem) from None
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        if mark is not None and problem.context == _NO_ALIAS:
            raise YamlTextError(mark.line + 1, _IN_QUOTES) from problem
        what = " ".join(str(problem.problem or problem.context).split())
        raise YamlTextError(1 if mark is None else mark.line + 1, f"this is not YAML: {cut(what)}") from problem
    except ReaderError as problem:
        what = f"this is not YAML: the character U+{problem.character:04X} may not stand in it"
        raise YamlTextError(text.count("\n", 0, problem.position) + 1, what) from problem
    except AssertionError:  # what the library says to `%YAML 1.11`, before it can be refused below
        line = text.count("\n", 0, max(0, text.find("%YAML"))) + 1
        raise YamlTextError(line, _DIRECTIVE) from None
    except (YAMLError, ValueError) as problem:
        raise YamlTextError(1, f"this is not YAML: {cut(' '.join(str(problem).split()))}") from problem
    return Loaded(document, loader.composer.repeated, loader.composer.cut_off, loader.composer.nulls)


def plain(value: typing.Any) -> typing.Any:
    """Return plain Python values: the loader's own carry their place and comments."""
    match value:
        case CommentedMap():
            return {str(key): plain(below) for key, below in value.items()}
        case CommentedSeq():
            return [plain(below) for below in value]
        case bool() | None:
            return value
        case int():
            return int(value)
        case float():
            return float(value)
        case _:
            return str(value)


def line_of(document: CommentedMap, where: Location) -> int:
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


def values_in(value: typing.Any, where: Location = ()) -> Iterator[tuple[Location, tuple[int, int], typing.Any]]:
    """Return each value below another one: its location, its line and column from 0, and itself."""
    places = value.items() if isinstance(value, CommentedMap) else enumerate(value)
    for key, below in places:
        at = value.lc.value(key) if isinstance(value, CommentedMap) else value.lc.item(key)
        yield (*where, key), tuple(at), below
        if isinstance(below, CommentedMap | CommentedSeq):
            yield from values_in(below, (*where, key))


class _RefusedError(MarkedYAMLError):
    """What YAML has and a policy does not take."""


class _PlainComposer(Composer):
    """Composes what a person types: values, lists and mappings, each written where it stands, and bounded.

    Refused as it comes, before anything is made of it: an alias can make gigabytes of a line.
    """

    def __init__(self, loader: typing.Any = None) -> None:
        super().__init__(loader=loader)
        self._left = MOST_VALUES
        self.repeated: list[Problem] = []
        self.cut_off: set[tuple[int, int]] = set()
        self.nulls: set[tuple[int, int]] = set()

    def compose_document(self) -> typing.Any:
        """Refuse lines that change how YAML is read, such as `%YAML 1.1`."""
        event = self.parser.peek_event()
        if event.version is not None or event.tags:
            raise _RefusedError(problem=_DIRECTIVE, problem_mark=event.start_mark)
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
        if isinstance(event, ScalarEvent) and not event.style:
            at = event.start_mark.line, event.start_mark.column
            if _is_cut_off(event.end_mark):
                self.cut_off.add(at)
            if event.value in _NULLS:
                self.nulls.add(at)
        node = super().compose_node(parent, index)
        if is_key and str(node.tag) != "tag:yaml.org,2002:str":
            raise _RefusedError(problem="has a key that is no text", problem_mark=event.start_mark)
        return node

    def _problem(self, event: typing.Any, *, is_key: bool) -> str:
        if isinstance(event, AliasEvent):
            return _IN_QUOTES
        if event.anchor is not None:
            return "has an anchor (&), which a policy does not take: write the value out, or put it in quotes"
        if event.ctag is not None:
            return "has a tag (!), which a policy does not take: take it out"
        if self._left < 0:
            return f"has more than the {MOST_VALUES:,} keys and values of a policy"
        if isinstance(event, ScalarEvent):
            is_merge = is_key and event.value == "<<" and not event.style
            return _problem_of_text(event.value) or ("has a merge key (<<): write the values out" if is_merge else "")
        return "has a key that is no text" if is_key else ""


def _is_cut_off(end: typing.Any) -> bool:
    """Return whether a value without quotes ends at a # that may have been meant as a part of it."""
    return _TOUCHING_COMMENT.match(end.buffer, end.pointer) is not None


def _problem_of_text(text: str) -> str:
    if len(text) > _LONGEST_VALUE:
        return f"has a text of {len(text):,} characters: {_LONGEST_VALUE:,} at most"
    return "has half a surrogate pair in a text, which nothing can store" if _HALF_PAIR.search(text) else ""
