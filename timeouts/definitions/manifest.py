"""The manifest of an Architect configuration as a witness: it names every step that calls an action (4.7)."""

import typing
from collections.abc import Iterable

from timeouts.definitions.interface import UnreadableDefinition
from timeouts.model.steps import Step


def check_manifest(manifest: typing.Any, steps: Iterable[Step]) -> None:
    """Raise `UnreadableDefinition`, naming the ids, unless the manifest and the walk found the same steps.

    `manifest.dataAction[].context[].id` are the node ids of the steps that call the action of that entry.
    """
    listed = set(_listed(manifest))
    found = {(step.id, step.action_id) for step in steps}
    missed, extra = sorted(listed - found), sorted(found - listed)
    if missed:
        raise UnreadableDefinition(f"the manifest names steps that were not found: {_named(missed)}")
    if extra:
        raise UnreadableDefinition(f"steps were found that the manifest does not name: {_named(extra)}")


def _listed(manifest: typing.Any) -> Iterable[tuple[str, str]]:
    if not isinstance(manifest, dict):
        raise UnreadableDefinition("the manifest is not an object")
    for entry in _objects(manifest.get("dataAction", []), "manifest.dataAction"):
        for context in _objects(entry.get("context", []), "manifest.dataAction[].context"):
            step_id, action_id = context.get("id"), entry.get("id")
            if not isinstance(step_id, str) or not isinstance(action_id, str):
                raise UnreadableDefinition("an entry of manifest.dataAction lacks the id of its action or of a step")
            yield step_id, action_id


def _objects(value: typing.Any, where: str) -> Iterable[dict[str, typing.Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise UnreadableDefinition(f"{where} is not a list of objects")
    return value


def _named(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{step_id} (action {action_id or 'none'})" for step_id, action_id in pairs)
