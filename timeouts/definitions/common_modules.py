"""The common modules that an Architect configuration embeds (docs/platform.md#common-modules).

A snapshot belongs to its module: the next publish of the caller takes in the newest one. So it is read for what callers
get, never edited, and no part of what makes a definition the same as another.
"""

import functools
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from timeouts.definitions.architect_walk import (
    Container,
    Room,
    demand,
    is_null,
    read_containers,
    read_items,
    refuse_repeated,
    text_or_empty,
)
from timeouts.definitions.interface import Path, UnreadableDefinition
from timeouts.definitions.spans import read_object, read_value, skip_value
from timeouts.text.bounds import quoted
from timeouts.text.phrases import dotted

KEY = "commonModules"
_TAKEN_IN = frozenset({KEY, "manifest"})
"""What a publish makes anew where modules are embedded: the snapshots, and the list of all that is referred to."""
_KEYS_A_MODULE = 3
_DEEPEST = 16
"""Modules in modules."""


@dataclass(frozen=True, slots=True)
class EmbeddedModule:
    """A module as it stands in the document. `containers` is None where its content is not shown."""

    id: str
    name: str
    version: str
    containers: Sequence[Container] | None


def read_common_modules(text: str, at: int, room: Room, above: Path = ()) -> tuple[list[EmbeddedModule], int]:
    """Read `commonModules`, and those of the models in it, which come right behind the one that embeds them."""
    where = (*above, KEY)
    if len(above) > _DEEPEST * _KEYS_A_MODULE:
        raise UnreadableDefinition(f"common modules are embedded in each other more than {_DEEPEST} deep")
    if is_null(text, at):
        return [], read_value(text, at)[1]
    found, end = read_items(text, at, where, functools.partial(_read_entry, room), room)
    return [module for modules in found for module in modules], end


def own_content(document: Mapping[str, typing.Any]) -> Mapping[str, typing.Any]:
    """Return a parsed configuration without what a publish takes in from the modules that it embeds."""
    if not document.get(KEY):
        return document
    return {key: value for key, value in document.items() if key not in _TAKEN_IN}


def is_taken_in(path: Path) -> bool:
    """Return whether a path leads into what a publish takes in from embedded modules."""
    return bool(path) and path[0] in _TAKEN_IN


def _read_entry(room: Room, text: str, at: int, where: Path) -> tuple[list[EmbeddedModule], int]:
    def read_model(text: str, at: int) -> tuple[typing.Any, int]:
        return read_value(text, at) if is_null(text, at) else _read_model(room, text, at, (*where, "model"))

    demand(text, at, "{", where)
    named = dict.fromkeys(("id", "name", "version"), read_value)
    span = read_object(text, at, {**named, "model": read_model}, otherwise=skip_value)
    refuse_repeated(span.doubled(("id", "model")), where)
    content = {member.key: member.value for member in span.members}
    module_id = text_or_empty(content.get("id"))
    if not module_id:
        raise UnreadableDefinition(f"the common module at {dotted(where)} has no id")
    containers, below = content.get("model") or (None, [])
    module = EmbeddedModule(module_id, text_or_empty(content.get("name")), _label(content.get("version")), containers)
    return [module, *below], span.end


def _read_model(
    room: Room, text: str, at: int, where: Path
) -> tuple[tuple[Sequence[Container], list[EmbeddedModule]], int]:
    demand(text, at, "{", where)
    readers = {
        "flowSequenceItemList": lambda text, at: read_containers(text, at, room, where),
        KEY: lambda text, at: read_common_modules(text, at, room, where),
    }
    span = read_object(text, at, readers, otherwise=skip_value)
    refuse_repeated(span.doubled(readers), where)
    sequence, modules = span.find("flowSequenceItemList"), span.find(KEY)
    if sequence is None:
        raise UnreadableDefinition(f"{dotted(where)} has no flowSequenceItemList: where its steps are is not known")
    return (sequence.value, [] if modules is None else modules.value), span.end


def _label(version: typing.Any) -> str:
    """Return a version's label. Some write it as a number, a whole one without the `.0` that labels end with."""
    if isinstance(version, bool) or not isinstance(version, int | float):
        return text_or_empty(version)
    return f"{quoted(version)}.0" if isinstance(version, int) else quoted(version)


def all_containers(own: Sequence[Container], modules: Sequence[EmbeddedModule]) -> Iterator[Container]:
    """Return all containers of a document: its own, then those of each module."""
    yield from own
    for module in modules:
        yield from module.containers or ()
