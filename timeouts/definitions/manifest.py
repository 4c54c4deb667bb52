"""The manifest of an Architect configuration as a witness: it names every step that calls an action (4.7)."""

import typing
from collections.abc import Iterable, Sequence

from timeouts.definitions.interface import UnreadableDefinition
from timeouts.model.steps import Snapshot, Step

_LISTS = ("dataAction", "secureAction")
"""Bridge steps are listed, too, but no source says how."""


def check_manifest(manifest: typing.Any, own: Iterable[Step], snapshots: Sequence[Snapshot]) -> None:
    """Raise `UnreadableDefinition`, naming the ids, unless the manifest and the walk found the same steps.

    `manifest.dataAction[].context[].id` are the node ids of the steps that call the action of that entry; those of
    embedded modules are listed beside its own. No real file shows how secure steps are listed: one that is not is let
    pass, for the text is a second witness, and so is a listed one that may stand in a snapshot that is not shown.
    """
    steps = [*own, *(step for snapshot in snapshots for step in snapshot.steps)]
    listed = set(_listed(manifest))
    found = {(step.id, step.action_id) for step in steps}
    named = {(step.id, step.action_id) for step in steps if step.kind == "data"}
    missed, extra = sorted(listed - found), sorted(named - listed)
    if missed and all(snapshot.is_shown for snapshot in snapshots):
        raise UnreadableDefinition(f"the manifest names steps that were not found: {_named(missed)}")
    if extra:
        raise UnreadableDefinition(f"steps were found that the manifest does not name: {_named(extra)}")


def _listed(manifest: typing.Any) -> Iterable[tuple[str, str]]:
    """Yield the ids of the steps that a manifest names, and of their actions. A null names none."""
    if manifest is None:
        return
    if not isinstance(manifest, dict):
        raise UnreadableDefinition("the manifest is not an object")
    for key in _LISTS:
        for entry in _objects(manifest.get(key), f"manifest.{key}"):
            for context in _objects(entry.get("context"), f"manifest.{key}[].context"):
                step_id, action_id = context.get("id"), entry.get("id")
                if not isinstance(step_id, str) or not isinstance(action_id, str):
                    raise UnreadableDefinition(f"an entry of manifest.{key} lacks the id of its action or of a step")
                yield step_id, action_id


def _objects(value: typing.Any, where: str) -> Iterable[dict[str, typing.Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise UnreadableDefinition(f"{where} is not a list of objects")
    return value


def _named(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{step_id} (action {action_id or 'none'})" for step_id, action_id in pairs)
