"""Which action in a file a step calls: by its id where a file says it, else by its name, unless both say another
category or another id.
"""  # noqa: D205 - one sentence, two lines

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from files.formats.action_file import FileAction
from timeouts.as_code.names import has_placeholder, without_export_date
from timeouts.model.steps import Reading, Step
from timeouts.text.folding import composed
from timeouts.text.phrases import first_few
from timeouts.text.visible import one_line

_MOST_NAMED = 5


class _Named(NamedTuple):
    """An action by its id in the listing. `category`: '' where none is said; `platform_id`: likewise."""

    action_id: str
    category: str
    platform_id: str


class Joining:
    """The actions of all files, by which the steps of all Architect flows are told what they call."""

    def __init__(self, actions: Mapping[str, FileAction], computed: Mapping[str, FileAction]) -> None:
        """`actions`: by the id that they have in the listing. `computed`: those whose limit is not known."""
        self._listed = frozenset(actions)
        self._by_platform_id: defaultdict[str, list[str]] = defaultdict(list)
        self._unnamed = sum(not each.is_named for each in (*actions.values(), *computed.values()))
        self._by_name: defaultdict[str, list[_Named]] = defaultdict(list)
        for action_id, action in (*actions.items(), *computed.items()):
            if action.platform_id:
                self._by_platform_id[action.platform_id].append(action_id)
            if action.is_named:
                category = action.category if action.is_categorised else ""
                named = _Named(action_id, composed(category), action.platform_id)
                self._by_name[composed(action.name)].append(named)

    def joined(self, reading: Reading) -> Reading:
        """Return it with the ids of its actions in the listing; a step that calls none of these stays as it is.

        So does a step that calls an action whose limit is not known: its wait is not known either.
        """
        copies = tuple(replace(each, steps=tuple(map(self._joined, each.steps))) for each in reading.snapshots)
        return reading.model_copy(update={"steps": tuple(map(self._joined, reading.steps)), "snapshots": copies})

    def candidates(self, step: Step) -> list[str]:
        """Return the ids of the actions that a step may call; one is certain, several are not told apart."""
        if step.kind == "bridge":
            return []
        by_id = self._by_platform_id.get(step.action_id, [])
        if len(by_id) == 1:
            return by_id
        category = "" if has_placeholder(step.category) else composed(step.category)
        named = self._by_name.get(composed(without_export_date(step.action_name)), [])
        fitting = [
            each
            for each in named
            if not _differ(category, each.category) and not _differ(step.action_id, each.platform_id)
        ]
        exact = [each.action_id for each in fitting if each.category and each.category == category]
        return exact or [each.action_id for each in fitting]

    def notes(self, steps: Iterable[Step]) -> Iterable[str]:
        """Say what could not be joined, and what that counts as."""
        missing: Counter[str] = Counter()
        several: Counter[str] = Counter()
        for step in steps:
            found = 1 if step.kind == "bridge" else len(self.candidates(step))
            if found != 1:
                (several if found else missing)[step.action_name or step.action_id] += 1
        if missing:
            such = "1 such action" if self._unnamed == 1 else f"{self._unnamed:,} such actions"
            perhaps = f", or whose name a deploy fills in ({such})" if self._unnamed else ""
            yield (
                f"{_steps(missing)} {_actions(missing)} that no file holds{perhaps}, so how long those wait counts as "
                f"unknown: {_named(missing)}"
            )
        if several:
            yield (
                f"{_steps(several)} {_actions(several)} that more than one file holds, so which of them is meant is "
                f"not known: {_named(several)}"
            )

    def _joined(self, step: Step) -> Step:
        found = self.candidates(step)
        is_certain = len(found) == 1 and found[0] in self._listed
        return replace(step, action_id=found[0]) if is_certain else step


def _differ(one: str, other: str) -> bool:
    """Return whether both are said, and not the same; what a deploy fills in is not said."""
    return bool(one) and bool(other) and one != other and not (has_placeholder(one) or has_placeholder(other))


def _steps(counted: Counter[str]) -> str:
    total = counted.total()
    return "1 step calls" if total == 1 else f"{total:,} steps call"


def _actions(counted: Counter[str]) -> str:
    return "an action" if len(counted) == 1 else f"{len(counted):,} actions"


def _named(counted: Counter[str]) -> str:
    return first_few([one_line(name, 100) or "(no name)" for name in sorted(counted)], _MOST_NAMED)
