"""Architect configurations read quickly, where nothing in them is odd; where anything is, by `architect` alone.

Only the nodes that are steps are read with care: all else is checked and skipped by msgspec, whose idea of JSON is no
wider than that of the standard library but for very long numbers (docs/decisions/0016).
"""

import functools
import re
import typing
from collections.abc import Iterator

import msgspec

from timeouts.definitions.architect import ArchitectDefinition, ParsedTimeout, parse_timeout, step_of
from timeouts.definitions.architect_walk import NAMING_KEYS, STEP_MARK, STEP_TYPE, Container, Node, Place
from timeouts.definitions.documents import holds_long_number
from timeouts.definitions.interface import Path
from timeouts.definitions.manifest import check_manifest
from timeouts.definitions.spans import read_whole
from timeouts.steps import Step

_ESCAPED_LETTER = re.compile(rb"\\u00[4-7]")
"""Without such escapes, a key that matters is written in one way only, and can be counted in the text."""

_Optional = msgspec.Raw | msgspec.UnsetType


class _Item(msgspec.Struct, gc=False):
    """A container; shaped otherwise, the exact reader looks at it."""

    name: str = ""
    type: str = msgspec.field(name="__type", default="")
    actions: list[msgspec.Raw] | msgspec.UnsetType | None = msgspec.field(name="actionList", default=msgspec.UNSET)
    choices: list[msgspec.Raw] | msgspec.UnsetType | None = msgspec.field(name="menuChoiceList", default=msgspec.UNSET)


class _Top(msgspec.Struct, gc=False):
    items: list[_Item] = msgspec.field(name="flowSequenceItemList")
    manifest: _Optional = msgspec.UNSET
    flow_data: _Optional = msgspec.field(name="flowData", default=msgspec.UNSET)


class _Manifest(msgspec.Struct, gc=False):
    actions: typing.Any = msgspec.field(name="dataAction", default_factory=list)


class _Choice(msgspec.Struct, gc=False):
    action: _Optional = msgspec.UNSET


class _Action(msgspec.Struct, gc=False):
    id: str | msgspec.UnsetType = msgspec.UNSET
    type: str | msgspec.UnsetType = msgspec.field(name="__type", default=msgspec.UNSET)
    action_id: _Optional = msgspec.field(name="actionId", default=msgspec.UNSET)
    category: _Optional = msgspec.UNSET


_top = msgspec.json.Decoder(_Top)
_manifest = msgspec.json.Decoder(_Manifest)
_choice = msgspec.json.Decoder(_Choice)
_action = msgspec.json.Decoder(_Action)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class _OddError(Exception):
    """Something is not written as the platform writes it."""


def read_quickly(body: bytes, text: str) -> ArchitectDefinition | None:
    """Give what the exact reader gives of an Architect configuration, or None where that reader has to be asked.

    None says nothing of the document: it may be of the other kind, or broken. `text` is `body` decoded.
    """
    try:
        return _read(body, text)
    except (_OddError, ValueError, RecursionError):
        return None


def _read(body: bytes, text: str) -> ArchitectDefinition:
    _demand(not (_ESCAPED_LETTER.search(body) or holds_long_number(body)))
    top = _top.decode(body)
    _demand_single_keys(body, top)
    marks = STEP_MARK.finditer(text)
    ids: list[str] = []
    steps: list[Step] = []
    places: dict[str, Place] = {}
    for index, item in enumerate(top.items):
        for path, raw in _actions(item, ("flowSequenceItemList", index)):
            action = _action.decode(raw)
            if action.id is not msgspec.UNSET:
                ids.append(action.id)
            if _is_step(action):
                place = Place(_start(text, next(marks, None), bytes(raw).decode()), path)
                step = _step(raw, Container(item.name, item.type, ()), place)
                steps.append(step)
                places[step.id] = place
    _demand(next(marks, None) is None and len(ids) == len(set(ids)))
    if top.manifest is not msgspec.UNSET:
        check_manifest({"dataAction": _manifest.decode(top.manifest).actions}, steps)
    return ArchitectDefinition(text, tuple(steps), places)


def _demand_single_keys(body: bytes, top: _Top) -> None:
    """Raise `_OddError` where a key that matters may stand twice in an object: msgspec gives the last alone."""
    _demand(
        top.flow_data is msgspec.UNSET
        and body.count(b'"flowSequenceItemList"') == 1
        and body.count(b'"manifest"') == (top.manifest is not msgspec.UNSET)
        and body.count(b'"actionList"') == sum(item.actions is not msgspec.UNSET for item in top.items)
        and body.count(b'"menuChoiceList"') == sum(item.choices is not msgspec.UNSET for item in top.items)
    )


def _actions(item: _Item, where: Path) -> Iterator[tuple[Path, msgspec.Raw]]:
    """Give the actions of a container as they follow each other in the text."""
    # With both lists filled, which of them stands first would have to be found out.
    _demand(not (item.actions and item.choices))
    for index, raw in enumerate(item.actions or ()):
        yield (*where, "actionList", index), raw
    for index, choice in enumerate(item.choices or ()):
        action = _choice.decode(choice).action
        _demand(bytes(choice).count(b'"action"') == (action is not msgspec.UNSET))
        if action is not msgspec.UNSET and bytes(action) != b"null":
            yield (*where, "menuChoiceList", index, "action"), action


def _is_step(action: _Action) -> bool:
    if action.type is msgspec.UNSET:
        _demand(action.action_id is msgspec.UNSET or action.category is msgspec.UNSET)
        return False
    return action.type == STEP_TYPE


def _step(raw: msgspec.Raw, container: Container, place: Place) -> Step:
    members = _members.decode(raw)
    # A repeated key that got lost would have taken its quotes along.
    _demand(bytes(raw).count(b'"') == b"".join(members.values()).count(b'"') + 2 * len(members))
    content = {key: msgspec.json.decode(members[key]) for key in NAMING_KEYS if key in members}
    flag = content.get("useSuggestedTimeout")
    timeout = bytes(members["timeout"]).decode() if "timeout" in members else None
    parsed = _said(flag, timeout) if isinstance(flag, bool) else parse_timeout(content | _expression(timeout), timeout)
    return step_of(container, Node(place, content.get("id"), content, timeout), parsed)


@functools.lru_cache(maxsize=1_000)
def _said(flag: bool, timeout: str | None) -> ParsedTimeout:
    """Give what `parse_timeout` gives; an org says the same few things in most of its steps."""
    return parse_timeout({"useSuggestedTimeout": flag} | _expression(timeout), timeout)


def _expression(timeout: str | None) -> dict[str, typing.Any]:
    return {} if timeout is None else {"timeout": read_whole(timeout)}


def _start(text: str, mark: re.Match[str] | None, step_text: str) -> int:
    """Give where a step starts: each has one mark, so that the n-th of the text is that of the n-th step."""
    own = STEP_MARK.search(step_text)
    if mark is None or own is None:
        raise _OddError
    start = mark.start() - own.start()
    _demand(start >= 0 and text.startswith(step_text, start))
    return start


def _demand(is_so: bool) -> None:
    if not is_so:
        raise _OddError
