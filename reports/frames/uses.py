"""Who uses the integration actions of an org, what their limits are worth, and which of them are ours to change."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Literal

from timeouts.as_code.names import has_placeholder, is_filled_in_later, may_be_same, without_export_date
from timeouts.inventory import Inventory, OrgCopy, OrgStep
from timeouts.model.effective import LONGEST_LIMIT_MS, limit_of
from timeouts.model.org import ActionKind, DataAction
from timeouts.model.values import Value
from timeouts.text.folding import composed

Seen = Literal["all", "published", "some", "none"]
_NO_CALLER: Mapping[Seen, str] = {
    "all": "no Architect flow",
    "published": "no published Architect flow",
    "some": "no Architect flow that was read",
}


class ActionUse(Value):
    """One action. Times in milliseconds.

    `limit_ms`: None where it sets none. `is_limit_known`: False where what it sets is not understood. `waits_ms`: how
    long a call of it can take, the platform's default included. `shortest_ms`, `longest_ms`: what callers really wait
    at the steps that call it, None where that is not known or no step does. `copies`: how many copies of
    steps in snapshots call it, which count in none of the others. `are_callers_known`: False of one in a file that a
    step may call which is not joined with it. `seen`: which of the Architect flows were read, for what is not
    read may use it too; `published`: all that are published, and there are drafts that never were.
    """

    action_id: str
    name: str
    category: str
    kind: ActionKind
    limit_ms: int | None
    is_limit_known: bool = True
    waits_ms: int
    steps: int
    architect_flows: int
    copies: int = 0
    shortest_ms: int | None = None
    longest_ms: int | None = None
    are_callers_known: bool = True
    seen: Seen = "all"

    @property
    def note(self) -> str:
        """What people should know of it before they think of changing it."""
        notes = {
            "static": "owned by Genesys: not ours to change",
            "custom_auth": "authenticates others: takes no limit",
            "function": "a function: 1s to 15s",
            "custom": "",
        }
        unused = f"{self.no_caller} uses it" if self.no_caller else ""
        told = unused if self.are_callers_known else "which steps call it is not known"
        return "; ".join(filter(None, (notes[self.kind], told if self._has_no_use else "")))

    @property
    def no_caller(self) -> str:
        """Who does not call it, where no step that was read does; '' where none was read."""
        return _NO_CALLER.get(self.seen, "")

    @property
    def is_unused(self) -> bool:
        """Whether no published Architect flow calls it, nor a module that one embeds; False where not all is known."""
        return self.seen in {"all", "published"} and self.are_callers_known and self._has_no_use

    @property
    def _has_no_use(self) -> bool:
        return not self.steps and not self.copies and self.kind != "custom_auth"


def uses_of(inventory: Inventory) -> tuple[ActionUse, ...]:
    """Return the use of every action, sorted by name; steps of published Architect flows that were read count."""
    waits: dict[str, list[int | None]] = defaultdict(list)
    architect_flows: dict[str, set[str]] = defaultdict(set)
    for architect_flow, _, step, action in inventory.steps:
        if action is not None:
            waits[action.id].append(inventory.effective_ms(step))
            architect_flows[action.id].add(architect_flow.id)
    copies = Counter(copy.step.action_id for copy in inventory.copies)
    default_ms, seen, unjoined = inventory.suggested_default_ms, _seen(inventory), _Unjoined(inventory)
    uses = (
        _use(
            each,
            waits[each.id],
            default_ms,
            architect_flows=len(architect_flows[each.id]),
            copies=copies[each.id],
            are_callers_known=not unjoined.may_call(each),
            seen=seen,
        )
        for each in inventory.actions
    )
    return tuple(sorted(uses, key=lambda use: (use.name.casefold(), use.action_id)))


class _Unjoined:
    """The steps in files that are not joined with an action: what they may call, after all."""

    def __init__(self, inventory: Inventory) -> None:
        is_files = inventory.organization.is_files
        self._categories: dict[str, set[str]] = defaultdict(set)
        found: tuple[OrgStep | OrgCopy, ...] = (*inventory.steps, *inventory.copies) if is_files else ()
        for step in (each.step for each in found if each.action is None and each.step.kind != "bridge"):
            self._categories[composed(without_export_date(step.action_name))].add(step.category)
        self._may_be_any = any(map(has_placeholder, self._categories))

    def may_call(self, action: DataAction) -> bool:
        """Return whether one of them may call an action; in an org every step names the one that it calls."""
        if not self._categories:
            return False
        category = "" if is_filled_in_later(action.category) else action.category
        by_name = any(may_be_same(each, category) for each in self._categories.get(composed(action.name), ()))
        return by_name or self._may_be_any or is_filled_in_later(action.name)


def _seen(inventory: Inventory) -> Seen:
    coverage = inventory.coverage
    if not coverage.read:
        return "none"
    if not inventory.is_read:
        return "some"
    return "published" if coverage.not_published else "all"


def _use(
    action: DataAction,
    waits: list[int | None],
    suggested_default_ms: int,
    *,
    architect_flows: int,
    copies: int,
    are_callers_known: bool,
    seen: Seen,
) -> ActionUse:
    limit_ms = limit_of(action)
    known_ms = [wait_ms for wait_ms in waits if wait_ms is not None]
    return ActionUse(
        action_id=action.id,
        name=action.label,
        category=action.category,
        kind=action.kind,
        limit_ms=limit_ms,
        is_limit_known=not action.unknown_limit,
        waits_ms=LONGEST_LIMIT_MS if action.unknown_limit else limit_ms or suggested_default_ms,
        steps=len(waits),
        architect_flows=architect_flows,
        copies=copies,
        are_callers_known=are_callers_known,
        seen=seen,
        shortest_ms=min(known_ms, default=None),
        longest_ms=max(known_ms, default=None),
    )
