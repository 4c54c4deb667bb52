"""Which snapshots of common modules an Architect flow carries: taken when it is published, and never by a save.

Source: docs/platform.md#common-modules, #open-snapshots.
"""

from collections.abc import Sequence

from simulator.org.content.documents import with_members
from simulator.org.content.modules import (
    CALL,
    SNAPSHOTS,
    called_modules,
    manifest_with,
    model_of,
    referenced,
    same_uses,
    snapshot,
)
from simulator.org.content.validation import Node, objects, parsed
from simulator.org.versions import Content, SavedContent
from simulator.org.world import World
from simulator.switches import Switches

_MARKS = (SNAPSHOTS.encode(), CALL.encode())


def with_newest_modules(world: World, content: Content) -> Content:
    """Take the newest published version of every module that is called; the same content where nothing moves."""
    body = content.body()
    document = _calling(body)
    if document is None:
        return content
    carried = objects(document.get(SNAPSHOTS))
    entries = _resolved(world, document, document, keep=False)
    renewed = _with_snapshots(body, document, carried, entries)
    return content if renewed is body else SavedContent(renewed)


def with_stored_modules(world: World, body: bytes, stored: bytes | None) -> bytes:
    """Put the snapshots that the org has into a configuration that is saved; its own ones count for nothing.

    A module that is called for the first time comes in as it is published. The bytes stay where nothing differs.
    """
    document = _calling(body)
    before = _calling(stored) if stored is not None else None
    if document is None and before is None:
        return body
    document = document or parsed(body) or {}
    before = before or {}
    entries = _resolved(world, document, before, keep=True)
    old = [*objects(document.get(SNAPSHOTS)), *objects(before.get(SNAPSHOTS))]
    return _with_snapshots(body, document, old, entries)


def shown(switches: Switches, body: bytes) -> bytes:
    """Return a configuration as it is served: by switch without the models of its modules, and without their steps."""
    document = None if switches.shows_snapshots else _calling(body)
    if document is None or SNAPSHOTS not in document:
        return body
    entries = objects(document[SNAPSHOTS])
    bare = [{key: value for key, value in entry.items() if key != "model"} for entry in entries]
    return with_members(body, _members(document, entries, bare))


def _calling(body: bytes) -> Node | None:
    """Parse a configuration that may call modules; most do not, and are not parsed."""
    return parsed(body) if any(mark in body for mark in _MARKS) else None


def _resolved(world: World, document: Node, previous: Node, *, keep: bool) -> list[Node]:
    """Return the snapshots that a configuration is to carry: those of the previous one in their order, then new ones.

    `keep`: they stay as they are, and only what is missing is taken.
    """
    before = {str(entry.get("id")): entry for entry in objects(previous.get(SNAPSHOTS))}
    beside = world.switches.nested_modules == "beside"
    found: dict[str, Node] = {}
    pending = [*called_modules(document), *_uncalled(previous, before)]
    while pending:
        module_id = pending.pop(0)
        entry = before.get(module_id) if keep else None
        entry = entry or _taken(world, module_id, nested=not beside) or before.get(module_id)
        if module_id not in found and entry is not None:
            found[module_id] = entry
            pending += called_modules(model_of(entry)) if beside else ()
    order = [*(module_id for module_id in before if module_id in found), *(one for one in found if one not in before)]
    return referenced(document, [found[module_id] for module_id in order])


def _uncalled(previous: Node, carried: dict[str, Node]) -> list[str]:
    """Return the modules that a configuration carries though no node is known to call them: they stay."""
    called = {one for document in [previous, *map(model_of, carried.values())] for one in called_modules(document)}
    return [module_id for module_id in carried if module_id not in called]


def _taken(world: World, module_id: str, *, nested: bool) -> Node | None:
    record = world.records.get(module_id)
    if record is None or record.deleted or record.published is None:
        return None
    document = parsed(record.published.content.body())
    if document is None:
        return None
    return snapshot(record.id, record.name, record.published.id, document, nested=nested)


def _with_snapshots(body: bytes, document: Node, old: Sequence[Node], new: Sequence[Node]) -> bytes:
    if list(new) == document.get(SNAPSHOTS, []):
        return body
    return with_members(body, _members(document, old, new))


def _members(document: Node, old: Sequence[Node], new: Sequence[Node]) -> Node:
    members: Node = {SNAPSHOTS: list(new)}
    if not same_uses(objects(document.get(SNAPSHOTS)), new):
        manifest = manifest_with(document, old, new)
        members |= {} if manifest is None else {"manifest": manifest}
    return members
