"""Which step of a file a run changed, by the file as it is now.

YAML has no ids. There the id of a step is its place, and is another one's once somebody has put a step in front of it.
"""

import typing
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from timeouts.definitions import is_same_content
from timeouts.model.steps import NamesOfStep, Reading, Step, is_place, names_of_step
from timeouts.planning.changes import Change

StepName = tuple[str, NamesOfStep]
"""What a step of YAML is known by: its Architect flow, and its names in there."""


class KnownPlaces(typing.NamedTuple):
    """What is known of the YAML that a run wrote, by the ids of Architect flows. Of an org there is nothing to know.

    `fingerprints`: those that a file had before the run and after it: while it has one of them, every step stands where
    the run knew it. `steps`: how many steps of each name the run found.
    """

    fingerprints: Mapping[str, frozenset[str]] = {}
    steps: Mapping[StepName, int] = {}


class LostStep(typing.NamedTuple):
    """Why it is not known which step a run changed."""

    why: typing.Literal["gone", "changed_since"]
    reason: str


_TAKEN_OUT = LostStep("gone", "somebody took the step out after the run")
_NOT_WHERE_IT_WAS = LostStep(
    "changed_since",
    "no step of its name stands where it stood: somebody took it out, moved or renamed it after the run",
)
_NOT_TOLD = LostStep(
    "changed_since",
    "YAML has no ids, the file is not known to be as the run left it, and the name of the step does not tell which one "
    "the run changed: look at it",
)


def name_of(architect_flow_id: str, step: Step) -> StepName:
    """Return what a step of YAML is known by."""
    return architect_flow_id, names_of_step(step.container, step.kind, step.name, step.action_name)


def name_then(change: Change) -> StepName:
    """Return what a step of YAML was known by when it was changed."""
    names = names_of_step(change.container, change.kind, change.step_name, change.action_name)
    return change.architect_flow_id, names


class DoneChanges:
    """The changes that a run made, each to be found in what is read now."""

    def __init__(self, changes: Iterable[Change], known: KnownPlaces) -> None:
        self._known = known
        self._by_name: dict[StepName, list[Change]] = defaultdict(list)
        for change in changes:
            if is_place(change.step_id):
                self._by_name[name_then(change)].append(change)
        self._made_alike: dict[StepName, bool] = {}
        self._now: dict[str, Mapping[StepName, Sequence[Step]]] = {}

    def step_now(self, done: Change, reading: Reading) -> Step | LostStep:
        """Return the step that a change was made to, or why that is not known for certain."""
        fingerprints = self._known.fingerprints.get(done.architect_flow_id, frozenset())
        if is_place(done.step_id) and reading.fingerprint not in fingerprints:
            return self._by_its_name(done, reading)
        return next((step for step in reading.steps if step.id == done.step_id), _TAKEN_OUT)

    def _by_its_name(self, done: Change, reading: Reading) -> Step | LostStep:
        """Return the only step of a name, or one of several that the run found alike, all of them, and made alike."""
        name = name_then(done)
        changed = self._by_name[name]
        found = max(len(changed), self._known.steps.get(name, 0))
        now = self._steps_now(reading).get(name, ())
        if not now:
            is_called = any((step.kind, step.action_name) == (done.kind, done.action_name) for step in reading.steps)
            return _NOT_WHERE_IT_WAS if is_called else _TAKEN_OUT
        if len(now) == len(changed) == found and self._are_alike(name):
            return now[[each.step_id for each in changed].index(done.step_id)]
        return _NOT_TOLD

    def _steps_now(self, reading: Reading) -> Mapping[StepName, Sequence[Step]]:
        """Return the steps of an Architect flow by name, laid out once: a file may have hundreds of one name."""
        if reading.architect_flow_id not in self._now:
            steps: dict[StepName, list[Step]] = defaultdict(list)
            for step in reading.steps:
                steps[name_of(reading.architect_flow_id, step)].append(step)
            self._now[reading.architect_flow_id] = dict(steps)
        return self._now[reading.architect_flow_id]

    def _are_alike(self, name: StepName) -> bool:
        """Return whether the run found all steps of a name alike, and made them alike; each is compared once."""
        if name not in self._made_alike:
            first, *others = self._by_name[name]
            self._made_alike[name] = all(_is_alike(first, each) for each in others)
        return self._made_alike[name]


def _is_alike(one: Change, other: Change) -> bool:
    return is_same_content(one.original, other.original) and one.edit == other.edit
