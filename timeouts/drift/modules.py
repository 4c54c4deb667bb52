"""Common modules that an Architect flow took in between two audits: what its callers get moves with a publish of it."""

from collections.abc import Iterable, Iterator, Mapping

from timeouts.drift.snapshot import SeenArchitectFlow, says
from timeouts.model.steps import Snapshot as ModuleSnapshot
from timeouts.model.values import Value


class TakenIn(Value):
    """A common module that an Architect flow carries in another version than before, or did not carry before.

    `version_before` is None where it did not. `steps`: how many copies of its steps are new, gone or say something
    else.
    """

    module_id: str
    name: str
    version_before: str | None
    version_after: str
    steps: int


def taken_in(was: SeenArchitectFlow, now: SeenArchitectFlow) -> Iterator[TakenIn]:
    """Tell the modules whose snapshot is another one now; one that is not called any more is gone with its call."""
    before = _by_module(was)
    for module_id, modules in _by_module(now).items():
        earlier = before.get(module_id, [])
        moved = _said(earlier).items() ^ _said(modules).items()
        if not earlier or moved or _labels(earlier) != _labels(modules):
            yield TakenIn(
                module_id=module_id,
                name=modules[0].name or module_id,
                version_before=_labels(earlier) if earlier else None,
                version_after=_labels(modules),
                steps=len({step_id for step_id, _ in moved}),
            )


def _by_module(seen: SeenArchitectFlow) -> Mapping[str, list[ModuleSnapshot]]:
    found: dict[str, list[ModuleSnapshot]] = {}
    for module in seen.modules:
        found.setdefault(module.module_id, []).append(module)
    return found


def _said(modules: Iterable[ModuleSnapshot]) -> Mapping[str, tuple[object, ...]]:
    return {step.id: says(step) for module in modules for step in module.steps}


def _labels(modules: Iterable[ModuleSnapshot]) -> str:
    """Return the versions of a module; one that stands beside and inside another may have two."""
    return ", ".join(dict.fromkeys(module.version for module in modules))
