"""Whether a definition still says what an edit was planned on; asked under our lock, of what was read there.

A plan is made from readings that may have been kept, and a kept reading that somebody changed must not lower a wait.
"""

from collections.abc import Mapping

from timeouts.definitions import Definition, is_same_content
from timeouts.model.durations import format_duration
from timeouts.model.effective import own_bound
from timeouts.model.step_edits import RawTimeout, Restore, StepEdit
from timeouts.model.wording import in_words


def moved_since_the_plan(definition: Definition, originals: Mapping[str, RawTimeout]) -> str:
    """Name the first step that does not say what the plan was made from, '' where all do.

    `originals`: by step id, what the plan found written of the timeout.
    """
    steps = {step.id: step for step in definition.steps}
    for step_id, original in originals.items():
        step = steps.get(step_id)
        if step is None:
            return f"there is no step {step_id}"
        if step.raw_timeout is None or not is_same_content(step.raw_timeout, original):
            return f"the step {step.name!r} says {in_words(step.setting)}, which is not what the plan was made from"
    return ""


def lowered_by(definition: Definition, edits: Mapping[str, StepEdit]) -> str:
    """Name the first step that an edit would let wait for a shorter time than it says itself, '' where there is none.

    What a suggested timeout is worth stands in the action and not here; putting back is no raise.
    """
    steps = {step.id: step for step in definition.steps}
    for step_id, edit in edits.items():
        step = steps.get(step_id)
        if step is None or isinstance(edit, Restore):
            continue
        own_ms = own_bound(step.setting, step.default_ms)
        if own_ms is not None and edit.timeout_ms < own_ms:
            return f"the step {step.name!r} waits {format_duration(own_ms)}, {format_duration(edit.timeout_ms)} is less"
    return ""
