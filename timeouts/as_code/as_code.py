"""What files and an org say of the same Architect flows, steps and actions, side by side."""

import typing
from collections import Counter
from collections.abc import Mapping

from pydantic.dataclasses import dataclass

from timeouts.model.settings import TimeoutSetting
from timeouts.model.steps import StepKind
from timeouts.model.values import MANY, Value

Difference = typing.Literal[
    "file longer", "file shorter", "otherwise", "only in the file", "only live", "unknown", "silent", "same"
]
"""How the file differs from what is live, worst first. `otherwise`: at least one of the two is no duration. `unknown`:
one of the two cannot be read, or is filled in by a deploy. `silent`: the file sets no limit, so that a deploy leaves
what is live (docs/platform.md#as-code)."""

MatchedBy = typing.Literal["id", "name", "alike", "order"]
"""How a step of a file was found in the org: by its id; by the names of its container, itself and its action; as one of
several that are alike in the org, so that it does not matter which; or, among several that differ, by their order,
which is a guess."""

DIFFERENT: frozenset[Difference] = frozenset(
    {"file longer", "file shorter", "otherwise", "only in the file", "only live"}
)


@dataclass(frozen=True, slots=True, kw_only=True, config=MANY)
class StepInFile:
    """One step of an Architect flow that stands in both. `file` and `live`: what they say, None where it has none.

    `step_id` is the org's, or the file's where it is only there; `file_step_id` is the file's, '' where that has none.
    `matched_by` is None for one that stands alone.
    """

    architect_flow_id: str
    path: str
    step_id: str
    file_step_id: str = ""
    step_name: str
    kind: StepKind = "data"
    container: str = ""
    tracking_id: int | None = None
    action_name: str = ""
    file: TimeoutSetting | None
    live: TimeoutSetting | None
    difference: Difference
    matched_by: MatchedBy | None = None


class ArchitectFlowInFile(Value):
    """An Architect flow that stands in both, once for each file of its name.

    `published_by`: who published what is live, in words. `counts`: how many of its steps differ which way.
    `files`: how many files have its name. `fingerprint`: that of the file's content. `why_unknown`: why its steps
    cannot be compared, '' where they can.
    """

    architect_flow_id: str
    name: str
    type: str = ""
    path: str
    published_by: str = ""
    version: str | None = None
    counts: Mapping[Difference, int] = {}
    files: int = 1
    fingerprint: str = ""
    why_unknown: str = ""

    @property
    def is_different(self) -> bool:
        """Whether a deploy of the file changes the timeout of a step."""
        return not DIFFERENT.isdisjoint(self.counts)


class ActionInFile(Value):
    """An action that stands in both, once for each file of its name. Limits in milliseconds, None: none is set.

    `path`: its id among the files. `file_version`: its version there, which pins the file's content.
    """

    action_id: str
    name: str
    category: str = ""
    path: str
    file_ms: int | None
    live_ms: int | None
    difference: Difference
    files: int = 1
    file_version: int | None = None


class NotCompared(Value):
    """What of the files cannot be compared with the org, and why."""

    path: str
    name: str
    reason: str


class OneSided(Value):
    """What stands only in the files, or is only live, in numbers; what is live is None where a run saw a part of it.

    `examples`: the first few that stand only in the files, by path.
    """

    in_files: int = 0
    live: int | None = None
    examples: tuple[str, ...] = ()


class AsCode(Value):
    """What files say beside what an org has live. `source`: how the folders of the files are called.

    All lists are sorted by name and path. `not_compared` holds the first ones of `not_compared_in_all`. `notes`: what
    else of the files could not be read, a sentence each.
    """

    source: str
    architect_flows: tuple[ArchitectFlowInFile, ...] = ()
    steps: tuple[StepInFile, ...] = ()
    actions: tuple[ActionInFile, ...] = ()
    other_architect_flows: OneSided = OneSided()
    other_actions: OneSided = OneSided()
    not_compared: tuple[NotCompared, ...] = ()
    not_compared_in_all: int = 0
    notes: tuple[str, ...] = ()

    @property
    def step_counts(self) -> Counter[Difference]:
        """How many steps differ which way."""
        return Counter(step.difference for step in self.steps)

    @property
    def action_counts(self) -> Counter[Difference]:
        """How many limits of actions differ which way."""
        return Counter(action.difference for action in self.actions)

    @property
    def is_different(self) -> bool:
        """Whether a deploy of the files changes a timeout."""
        found = [action.difference for action in self.actions]
        return not DIFFERENT.isdisjoint([*found, *(step.difference for step in self.steps)])
