"""What a plan means for callers of common modules, and what its publishes bring live besides its changes."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from reports.words import joined, shortest_first
from timeouts.planning.changes import Pin
from timeouts.planning.copies import NOT_ASKED, LaggingCopy
from timeouts.planning.plan import Plan
from timeouts.text.phrases import number_of


class CopyBehind(NamedTuple):
    """A copy that says something else than its module's step will."""

    copy: LaggingCopy

    @property
    def republished(self) -> str:
        """Whether its caller is republished, or why not."""
        return _in_words(self.copy.stays)

    @property
    def rank(self) -> tuple[bool, int]:
        """Its place among the rows that are shown first: those that stay, then the shortest waits."""
        return not self.copy.stays, shortest_first(self.copy.before_effective_ms)


class CallerGroup(NamedTuple):
    """One caller with the copies in it that lag behind."""

    architect_flow_id: str
    name: str
    copies: Sequence[LaggingCopy]

    @property
    def stays(self) -> str:
        """Why it is not republished; empty where it is."""
        return self.copies[0].stays

    @property
    def republished(self) -> str:
        """Whether it is republished, or why not."""
        return _in_words(self.stays)

    @property
    def shortest(self) -> LaggingCopy:
        """The copy at which a caller waits least now."""
        return min(self.copies, key=lambda copy: copy.before_effective_ms or 0)

    @property
    def modules(self) -> str:
        """The modules whose steps these are copies of."""
        return joined(sorted({copy.module_name for copy in self.copies}), ", ")


def _in_words(stays: str) -> str:
    return f"no: {stays}" if stays else "yes"


def copies_behind(plan: Plan) -> list[CopyBehind]:
    """Return one row for each copy that lags behind, in the order of the plan."""
    return [CopyBehind(copy) for copy in plan.copies]


def callers_of(plan: Plan) -> list[CallerGroup]:
    """Return the callers whose copies lag behind: those that stay first, then as in the plan."""
    found: dict[str, list[LaggingCopy]] = defaultdict(list)
    for copy in plan.copies:
        found[copy.architect_flow_id].append(copy)
    groups = [CallerGroup(caller, copies[0].architect_flow_name, copies) for caller, copies in found.items()]
    return sorted(groups, key=lambda group: not group.stays)


def callers_sentence(plan: Plan) -> str:
    """Say who of those that embed a changed module is republished and who goes on waiting; '' where none embeds one."""
    groups = callers_of(plan)
    staying = [group for group in groups if group.stays]
    taken = len(groups) - len(staying)
    parts = []
    if taken:
        what = "its module" if taken == 1 else "their modules"
        parts.append(f"{number_of(taken, 'caller')} of common modules to republish, to take {what} in")
    if staying:
        copies = sum(len(group.copies) for group in staying)
        goes, those = ("goes" if copies == 1 else "go"), "that caller is" if len(staying) == 1 else "those callers are"
        counted = "1 copy" if copies == 1 else f"{copies} copies"
        is_asked = not any(each.stays == NOT_ASKED for each in staying)
        hint = "" if is_asked else " (--republish-callers, or republish_callers in a policy, would include them)"
        parts.append(
            f"{counted} of steps in {number_of(len(staying), 'caller')} {goes} on waiting as before, until {those} "
            f"republished{hint}"
        )
    return "; ".join(parts)


def shipping(plan: Plan) -> list[Pin]:
    """Return the Architect flows whose publish brings more live than its changes."""
    return [pin for pin in plan.publish_order() if pin.ships]


def shipped(pin: Pin) -> str:
    """Name what a publish brings live besides."""
    return joined([str(each) for each in pin.ships], ", ")


def shipping_sentence(plan: Plan) -> str:
    """Say that it is not wholly known what else goes live; '' where it is, and where nothing is published."""
    if not plan.ships_problem:
        return ""
    return f"Whether newer prompts go live with these publishes is not known: {plan.ships_problem}"
