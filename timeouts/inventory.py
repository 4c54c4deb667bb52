"""One org as it was read: its Architect flows, actions, readings and figures, indexed once."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from timeouts.model.effective import SUGGESTED_DEFAULT_MS, effective_timeout, is_limit_known
from timeouts.model.evidence import Evidence
from timeouts.model.org import ArchitectFlow, DataAction, MovedResources, Organization
from timeouts.model.org_limits import OrgLimits
from timeouts.model.steps import Reading, Snapshot, Step
from timeouts.model.values import Value
from timeouts.telling_apart import told_apart
from timeouts.text.phrases import first_few

_NO_ARCHITECT_FLOW = (
    "The org lists no Architect flow at all, so it counts as not seen: where it has some, the role of the OAuth client "
    "holds architect:flow:view in none of their divisions; `genesys-timeouts doctor` shows which it covers"
)
_NO_ACTION = (
    "The org lists no integration action although steps call some, so how long these steps wait counts as unknown: the "
    "role of the OAuth client needs integrations:action:view"
)
_NO_FILE = (
    "These folders hold no Architect flow and no integration action that is known here, so nothing was seen: look at "
    "the folders, and at what --include and --exclude choose"
)

_NO_LIMITS = OrgLimits()

_MOST_NAMED = 20


class NotCovered(Value):
    """An Architect flow whose steps are not known, and why."""

    architect_flow_id: str
    name: str
    coverage: str
    reason: str


class Coverage(Value):
    """How much of the org was seen; `listed` is the sum of the other four counts.

    `complete`: nothing is missing, neither of the Architect flows nor of what the gaps of an inventory tell.
    """

    listed: int
    read: int
    unreadable: int
    not_published: int
    not_read: int
    complete: bool
    problems: tuple[NotCovered, ...]


class OrgStep(NamedTuple):
    """A step with its Architect flow, the reading that it comes from, and its action, None where that is not listed."""

    architect_flow: ArchitectFlow
    reading: Reading
    step: Step
    action: DataAction | None


class OrgCopy(NamedTuple):
    """A copy of a module's step in an Architect flow, the caller, and its action, None where that is not listed."""

    architect_flow: ArchitectFlow
    snapshot: Snapshot
    step: Step
    action: DataAction | None


def is_outdated(snapshot: Snapshot, module: ArchitectFlow | None) -> bool:
    """Return whether another version of a module is published than the one that a snapshot was taken from."""
    published = None if module is None else module.published_version
    return bool(snapshot.version and published) and snapshot.version != published


@dataclass(frozen=True)
class Inventory:
    """One org, or the part of it that a run is about.

    `readings`: at most one for each Architect flow; one that has none counts as not read. `evidence`: the org's own
    figures, None where a run did not ask for them. `limits`: how many executions the org allows, as far as a run asked.
    `notes`: what else could not be read, and what it counts as. `left_by_us`: what runs of ours hold there, or have
    left, in sentences. `remarks`: what is worth a look and is no gap, in sentences. `is_whole`: no Architect flow was
    left out, so that what uses an action is known. `suggested_default_ms`: what a suggested timeout is worth where
    neither the definition nor the action says so. `limits_elsewhere`: an action that is not listed may exist all the
    same, as with files, which need not hold all. `unjoined_actions`: of files, those whose limit is computed, which no
    step is joined with and no table counts. `moved_resources`: what else a republish would bring live, None where a run
    did not ask. `our_writes`: a mark of what our own runs had written there right before it was listed. `listed`: all
    Architect flows of the org as listed last, where this is a part of it or was read earlier. `taken_in`: readings of
    modules as listed last that this part is not about, or that were read earlier.

    Raises ValueError for a reading of what is not listed, or for two different ones of the same Architect flow.
    """

    organization: Organization
    architect_flows: tuple[ArchitectFlow, ...] = ()
    actions: tuple[DataAction, ...] = ()
    readings: tuple[Reading, ...] = ()
    evidence: Evidence | None = None
    limits: OrgLimits = _NO_LIMITS
    notes: tuple[str, ...] = ()
    left_by_us: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    is_whole: bool = True
    suggested_default_ms: int = SUGGESTED_DEFAULT_MS
    limits_elsewhere: bool = False
    unjoined_actions: tuple[DataAction, ...] = ()
    moved_resources: MovedResources | None = None
    listed: tuple[ArchitectFlow, ...] = ()
    taken_in: tuple[Reading, ...] = ()
    our_writes: str = ""

    def __post_init__(self) -> None:
        """Check the readings."""
        read: dict[str, Reading] = {}
        for reading in self.readings:
            if reading.architect_flow_id not in self._architect_flows:
                raise ValueError(f"Architect flow {reading.architect_flow_id} was read but not listed")
            if read.setdefault(reading.architect_flow_id, reading) != reading:
                raise ValueError(f"Architect flow {reading.architect_flow_id} was read twice, with different results")

    @cached_property
    def _architect_flows(self) -> Mapping[str, ArchitectFlow]:
        return {each.id: each for each in self.architect_flows}

    @cached_property
    def _listed(self) -> Mapping[str, ArchitectFlow]:
        return {each.id: each for each in self.listed}

    @cached_property
    def _actions(self) -> Mapping[str, DataAction]:
        return {each.id: each for each in self.actions}

    @cached_property
    def _readings(self) -> Mapping[str, Reading]:
        none = {each: Reading(architect_flow_id=each, coverage="not_read") for each in self._architect_flows}
        return none | {each.architect_flow_id: each for each in self.readings}

    def architect_flow(self, architect_flow_id: str) -> ArchitectFlow | None:
        """Return the Architect flow of that id; None where it is not listed."""
        return self._architect_flows.get(architect_flow_id)

    def as_listed(self, architect_flow_id: str) -> ArchitectFlow | None:
        """Return it as it was listed last, also where this part of the org is not about it; None where it is not."""
        return self._listed.get(architect_flow_id) or self.architect_flow(architect_flow_id)

    def reading_as_listed(self, architect_flow_id: str) -> Reading | None:
        """Return the reading of the version that `as_listed` names; None where that one was not read or understood."""
        listed, known = self.as_listed(architect_flow_id), self._readings.get(architect_flow_id)
        of_it = (each for each in (*self.taken_in, known) if each and each.architect_flow_id == architect_flow_id)
        read = (each for each in of_it if listed is not None and each.version == listed.published_version)
        return next((each for each in read if each.coverage == "read"), None)

    def action(self, action_id: str) -> DataAction | None:
        """Return the integration action of that id; None where it is not listed."""
        return self._actions.get(action_id)

    def reading(self, architect_flow_id: str) -> Reading:
        """Return the reading of an Architect flow that is listed."""
        return self._readings[architect_flow_id]

    @property
    def steps(self) -> Iterator[OrgStep]:
        """All steps that were read, Architect flow by Architect flow as listed, then as in the definition."""
        for architect_flow_id, architect_flow in self._architect_flows.items():
            reading = self._readings[architect_flow_id]
            for step in reading.steps:
                yield OrgStep(architect_flow, reading, step, self._actions.get(step.action_id))

    @property
    def copies(self) -> Iterator[OrgCopy]:
        """All copies of modules' steps, caller by caller as listed; those of one module may stand there twice."""
        for architect_flow_id, architect_flow in self._architect_flows.items():
            for snapshot in self._readings[architect_flow_id].snapshots:
                for step in snapshot.steps:
                    yield OrgCopy(architect_flow, snapshot, step, self._actions.get(step.action_id))

    def effective_ms(self, step: Step, action: DataAction | None = None) -> int | None:
        """Return how long a caller can wait at a step as it is, in milliseconds; None where that is not known.

        `action`: the action as it will be; the listed one where none is given.
        """
        called = action or self._actions.get(step.action_id)
        return effective_timeout(step, called, suggested_default_ms=self.suggested_default_ms)

    @cached_property
    def is_read(self) -> bool:
        """Whether every Architect flow that is published was read and understood."""
        return all(reading.is_known for reading in self._readings.values())

    @property
    def is_complete(self) -> bool:
        """Whether every Architect flow that is published was read and understood, and nothing else is missing."""
        return self.is_read and not self.gaps

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What is missing beside Architect flows that could not be read, and what it counts as: a sentence each."""
        gaps = list(self.notes)
        if self.is_whole and not self.architect_flows and not self.limits_elsewhere:
            gaps.append(_NO_ARCHITECT_FLOW)
        if self.is_whole and not self.architect_flows and not self.actions and self.limits_elsewhere:
            gaps.append(_NO_FILE)
        unknown = [each for each in self.actions if each.unknown_limit and each.id in self._waited_for]
        if named := [f"{each.label} ({each.unknown_limit})" for each in unknown]:
            # A roll back, which is about a part of the org, puts steps back whatever the limit of their action is.
            so = "neither they nor the steps that call them are changed" if self.is_whole else "they are not changed"
            gaps.append(f"The limits of these actions are not known, so {so}: {first_few(named, _MOST_NAMED)}")
        called = (each.step for each in self.steps if each.step.kind != "bridge")
        if not self.actions and not self.limits_elsewhere and any(not is_limit_known(step, None) for step in called):
            gaps.append(_NO_ACTION)
        if self.evidence is not None and self.evidence.problem:
            gaps.append(
                f"The figures of the last {self.evidence.asked} could not be read, so rules that go by them "
                f"change nothing, and no calls count as lost: {self.evidence.problem}"
            )
        return tuple(gaps)

    @cached_property
    def _waited_for(self) -> Collection[str]:
        """The ids of the actions whose limits matter to somebody: all, where steps that were not read may call them."""
        if self.limits_elsewhere or not (self.is_whole and self.is_read):
            return {each.id for each in self.actions}
        found: Iterator[OrgStep | OrgCopy] = chain(self.steps, self.copies)
        return {each.step.action_id for each in found if each.step.kind != "bridge"}

    @property
    def coverage(self) -> Coverage:
        """How much was seen; every listed Architect flow counts exactly once."""
        counts = Counter(reading.coverage for reading in self._readings.values())
        problems = (
            NotCovered(
                architect_flow_id=key,
                name=self._architect_flows[key].label,
                coverage=reading.coverage,
                reason=reading.reason,
            )
            for key, reading in self._readings.items()
            if not reading.is_known
        )
        return Coverage(
            listed=len(self._architect_flows),
            read=counts["read"],
            unreadable=counts["unreadable"],
            not_published=counts["not_published"],
            not_read=counts["not_read"],
            complete=self.is_complete,
            problems=tuple(problems),
        )

    @property
    def with_unknown_functions(self) -> tuple[DataAction, ...]:
        """The function data actions whose functions are not known."""
        return tuple(each for each in self.actions if each.kind == "function" and each.function_ms is None)

    def told_apart(self) -> "Inventory":
        """Return it with what tells those of the same name apart: type or category, or the id, in files the path.

        Of Architect flows in files it is always the path.
        """
        is_files = self.organization.is_files
        return replace(
            self,
            architect_flows=told_apart(self.architect_flows, lambda each: "" if is_files else each.type.lower()),
            actions=told_apart(self.actions, lambda each: each.category),
        )

    def of(self, architect_flow_ids: Collection[str]) -> "Inventory":
        """Return the part of it that is about these Architect flows."""
        chosen = tuple(each for each in self.architect_flows if each.id in architect_flow_ids)
        return replace(self, architect_flows=chosen, is_whole=False, listed=self.architect_flows)

    def with_more(self, architect_flows: Sequence[ArchitectFlow]) -> "Inventory":
        """Return it with Architect flows that the listing should have shown."""
        return replace(self, architect_flows=(*self.architect_flows, *architect_flows))

    def with_functions(self, limits_ms: Mapping[str, int], problem: str) -> "Inventory":
        """Return it with the limits of functions, by the ids of their actions, and a note on those unread."""
        actions = tuple(
            action.model_copy(update={"function_ms": limits_ms[action.id]}) if action.id in limits_ms else action
            for action in self.actions
        )
        found = replace(self, actions=actions)
        names = ", ".join(action.label for action in found.with_unknown_functions)
        if not names:
            return found
        note = f"The functions behind {names} could not be read, so they count with 15s at most: {problem}"
        return replace(found, notes=(*self.notes, note))
