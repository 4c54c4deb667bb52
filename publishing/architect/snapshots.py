"""Whether a publish took in what it had to from the modules that the Architect flow embeds.

Source: docs/platform.md#common-modules.
"""

from collections.abc import Iterator, Mapping, Sequence

from publishing.order import ArchitectFlowOrder
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.model.steps import Snapshot
from timeouts.model.wording import in_words
from timeouts.planning.copies import LaggingCopy


def snapshots_in(body: bytes) -> tuple[Snapshot, ...]:
    """Return the snapshots that a configuration carries, none where it is not understood."""
    try:
        return read_definition(body).snapshots
    except UnreadableDefinition:
        return ()


def left_behind(snapshots: Sequence[Snapshot], copies: Sequence[LaggingCopy]) -> str:
    """Name the first copy that does not say what it has to, '' where all do.

    What a snapshot holds that the platform does not show cannot be told and is not named; `not_shown` says so.
    """
    return next((problem for copy in copies for problem in _problems(snapshots, copy)), "")


def taken_in(snapshots: Sequence[Snapshot], copies: Sequence[LaggingCopy]) -> str:
    """Say which versions of modules are embedded instead of those before; '' where none moved."""
    moved = _moved(snapshots, {copy.module_id: frozenset((copy.module_version,)) for copy in copies})
    return f"took in {', '.join(moved)}" if moved else ""


def taken_in_untold(snapshots: Sequence[Snapshot], order: ArchitectFlowOrder) -> str:
    """Say the same of the versions that the plan did not name, of modules that were published after it."""
    on_purpose = {*order.embeds, *(copy.module_id for copy in order.copies)}
    told = {(shipped.module_id, shipped.after) for shipped in order.ships}
    others = [each for each in snapshots if (each.module_id, each.version) not in told]
    moved = _moved([each for each in others if each.module_id not in on_purpose], order.embedded)
    return f"took in {', '.join(moved)}, which the plan does not name" if moved else ""


def _moved(snapshots: Sequence[Snapshot], before: Mapping[str, frozenset[str]]) -> list[str]:
    """Name what is embedded in a version that was not; a module may be there in several, within others."""
    moved = {
        f"{each.name or each.module_id} {each.version} instead of {' and '.join(sorted(before[each.module_id]))}"
        for each in snapshots
        if each.version and any(before.get(each.module_id, ())) and each.version not in before[each.module_id]
    }
    return sorted(moved)


def not_shown(snapshots: Sequence[Snapshot], copies: Sequence[LaggingCopy]) -> str:
    """Say of which modules the platform keeps the snapshots to itself, '' where all that is to be compared is shown."""
    modules = {copy.module_id: copy.module_name for copy in copies}
    hidden = {modules[each.module_id] for each in snapshots if each.module_id in modules and not each.is_shown}
    return f"what its copy of {', '.join(sorted(hidden))} says is not shown, and was not compared" if hidden else ""


def _problems(snapshots: Sequence[Snapshot], copy: LaggingCopy) -> Iterator[str]:
    embedded = [each for each in snapshots if each.module_id == copy.module_id]
    if not embedded:
        yield f"it does not embed {copy.module_name} any more"
    for snapshot in embedded:
        step = next((each for each in snapshot.steps if each.id == copy.step_id), None)
        if snapshot.is_shown and step is None:
            yield f"its copy of {copy.module_name} has no step {copy.step_name}"
        elif step is not None and step.setting != copy.after:
            yield (
                f"in its copy of {copy.module_name} the step {copy.step_name} says {in_words(step.setting)} and not "
                f"{in_words(copy.after)}"
            )
