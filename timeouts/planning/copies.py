"""What callers of common modules get: the copies that say something else than their module once a plan is done.

A caller gets what its snapshot says until it is republished (docs/platform.md#common-modules), so that a raise in a
module counts for nobody before that. A raise of an action's limit reaches copies at once.
"""

import typing
from collections.abc import Callable, Collection, Iterator, Mapping

from pydantic import Field

from timeouts.inventory import Inventory, OrgCopy
from timeouts.model.effective import effective_timeout, limit_of, longest_wait
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.settings import LiteralTimeout, Suggested, TimeoutSetting
from timeouts.model.steps import Step
from timeouts.model.wording import UNKNOWN, duration_or
from timeouts.planning.changes import StepIdentity, by_step, identity_of

_NEEDS_LEAVE = ", which needs allow_lowering"

NOT_ASKED = "the policy does not republish the callers of modules: republish_callers is false"


class LaggingCopy(StepIdentity):
    """A copy that says something else than its module's step will say. The Architect flow named is the caller.

    `module_version`: the version that the caller embeds now. `after`: what the module's step says once the plan is
    done, `action_limit_ms` its action's limit then. `*_effective_ms`: how long a caller waits at the copy once the
    limits of the plan are live, without a republish and with one, None where that is not known. `stays`: why the caller
    is not republished; empty where it is. `later_action_id`: the action that the module's step calls, empty where the
    copy calls the same one.
    """

    module_id: str
    module_name: str
    module_version: str = ""
    before: TimeoutSetting
    after: TimeoutSetting
    action_limit_ms: int | None = None
    before_effective_ms: int | None
    after_effective_ms: int | None
    stays: str = ""
    later_action_id: str = Field(default="", exclude_if=lambda named: not named)  # others keep their checksums

    @property
    def action_id_then(self) -> str:
        """The id of the action that it calls after a republish."""
        return self.later_action_id or self.action_id

    @property
    def shortens(self) -> bool:
        """Whether callers are known to wait less with a republish."""
        before_ms, after_ms = self.before_effective_ms, self.after_effective_ms
        return before_ms is not None and after_ms is not None and after_ms < before_ms


class Settled(typing.NamedTuple):
    """A module's step, or a copy of one, as a plan leaves it, with its action."""

    step: Step
    action: DataAction | None


def lagging_copies(
    inventory: Inventory,
    settled: Mapping[tuple[str, str], Settled],
    changed: Collection[str],
    why_stays: Callable[[ArchitectFlow], str],
) -> tuple[LaggingCopy, ...]:
    """Return the copies that a plan leaves behind their modules, or takes along by a republish of their callers.

    `settled`: by the ids of module and step, those that the plan decides about. `changed`: the Architect flows that are
    published anyway. `why_stays`: why another one is not republished, empty where it is.
    """
    found: dict[tuple[str, str, str], LaggingCopy] = {}
    for copy in inventory.copies:
        after = settled.get((copy.snapshot.module_id, copy.step.id))
        if after is not None and (line := _line(inventory, copy, after)) is not None:
            stays = "" if copy.architect_flow.id in changed else why_stays(copy.architect_flow)
            key = line.architect_flow_id, line.module_id, line.step_id
            found.setdefault(key, line.model_copy(update={"stays": stays}))
    return tuple(sorted(found.values(), key=by_step))


def republished_by(copies: Collection[LaggingCopy]) -> frozenset[str]:
    """Return the ids of the Architect flows that are published for the sake of copies, or are so anyway."""
    return frozenset(copy.architect_flow_id for copy in copies if not copy.stays)


def _line(inventory: Inventory, copy: OrgCopy, after: Settled) -> LaggingCopy | None:
    is_same_action = copy.step.action_id == after.step.action_id
    before_ms = inventory.effective_ms(copy.step, after.action if is_same_action else copy.action)
    after_ms = inventory.effective_ms(after.step, after.action)
    if copy.step.setting == after.step.setting or (before_ms is not None and before_ms == after_ms):
        return None
    return LaggingCopy(
        **identity_of(copy.architect_flow.id, copy.architect_flow.label, copy.step),
        module_id=copy.snapshot.module_id,
        module_name=copy.snapshot.name or copy.snapshot.module_id,
        module_version=copy.snapshot.version,
        before=copy.step.setting,
        after=after.step.setting,
        action_limit_ms=limit_of(after.action),
        before_effective_ms=before_ms,
        after_effective_ms=after_ms,
        later_action_id="" if is_same_action else after.step.action_id,
    )


def shortening(module: ArchitectFlow, copy: Settled, taken_in: Settled, suggested_default_ms: int) -> str:
    """Say that callers would wait less at a copy once its Architect flow is republished, or may; '' where they do not.

    `taken_in`: the step as `module` has it by then. What is not known to wait as long may wait less.
    """
    if _is_certainly_as_long(copy, taken_in):
        return ""
    before_ms = longest_wait(copy.step, copy.action, suggested_default_ms=suggested_default_ms)
    after_ms = effective_timeout(taken_in.step, taken_in.action, suggested_default_ms=suggested_default_ms)
    is_known = before_ms is not None and after_ms is not None
    if before_ms is not None and after_ms is not None and after_ms >= before_ms:
        return ""
    return (
        f"a republish {'would' if is_known else 'might'} shorten the copy of {copy.step.name} of {module.label} in it "
        f"from {duration_or(UNKNOWN, before_ms)} to {duration_or(UNKNOWN, after_ms)}{_NEEDS_LEAVE}"
    )


def may_shorten_unread(module: ArchitectFlow) -> str:
    """Say why a newer version of a module is not taken in that could not be read."""
    return (
        f"a republish would take in {module.label} as it is now, which could not be read: it might shorten the copies "
        f"in it{_NEEDS_LEAVE}"
    )


def _is_certainly_as_long(copy: Settled, taken_in: Settled) -> bool:
    """Return whether it waits as long, or longer, whatever the limit of the action is that both call."""
    if copy.step.action_id != taken_in.step.action_id or copy.step.default_ms != taken_in.step.default_ms:
        return False
    match copy.step.setting, taken_in.step.setting:
        case LiteralTimeout(timeout_ms=before_ms), LiteralTimeout(timeout_ms=after_ms):
            return after_ms >= before_ms
        case Suggested(), Suggested():
            return True
        case before, after:
            return before == after


def modules_first(embedded: Mapping[str, Collection[str]]) -> Mapping[str, int]:
    """Return how many steps deep each Architect flow stands above the modules that change with it; 0: above none.

    `embedded`: by id, the modules that it embeds. Modules that embed each other, which the platform should refuse, have
    no order: each counts as if the other were not there.
    """
    depths: dict[str, int] = {}

    def depth(one: str, above: frozenset[str]) -> int:
        if one not in depths:
            below = [each for each in embedded[one] if each in embedded and each not in above]
            found = max((depth(each, above | {one}) + 1 for each in below), default=0)
            if above:
                return found
            depths[one] = found
        return depths[one]

    return {each: depth(each, frozenset()) for each in embedded}


def embedded_in(inventory: Inventory, architect_flow_ids: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return, for each of these Architect flows, those of them that it embeds."""
    for each in architect_flow_ids:
        modules = {snapshot.module_id for snapshot in inventory.reading(each).snapshots}
        yield each, tuple(sorted(modules.intersection(architect_flow_ids) - {each}))
