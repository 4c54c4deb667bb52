"""What of a policy, and of the names that a run was given, means nothing in the org as it was read."""

import typing
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import Field

from timeouts.inventory import Inventory
from timeouts.model.values import Value
from timeouts.planning.released import ArchitectFlowsByName
from timeouts.policy.names import PATTERN_FIELDS, names_of, names_of_architect_flow
from timeouts.policy.patterns import PatternTable
from timeouts.policy.policy import Policy
from timeouts.policy.rules import Rule
from timeouts.text.nearest import nearest

_MOST_LOOKED_FOR = 20
"""Of so many the nearest names are looked for: an org has thousands of names, and a policy as many rules."""

Source = typing.Literal["match", "protected", "released"]
"""Where it stands: in the match of a rule, among what a policy protects, among what a run may change all the same."""


class Unmatched(Value):
    """Something that matches nothing.

    `rule`: the name of the rule, '' where no rule says it; `leaves`: whether that rule leaves what it matches.
    `field`, `pattern`: of the match, what matches nothing by itself; both empty where each part matches something, and
    no step fits them all. `is_elsewhere`: there is such a name in the org, but none that has a step which was read.
    `nearest`: the names, or patterns, that may have been meant. `several`: of a name that was to be released, those
    that have it, with their ids, for it means none of them.
    """

    source: Source
    rule: str = ""
    leaves: bool = False
    field: str = ""
    pattern: str = ""
    is_elsewhere: bool = False
    nearest: tuple[str, ...] = ()
    several: tuple[str, ...] = Field(default=(), exclude_if=lambda found: not found)


def unmatched_in(inventory: Inventory, policy: Policy, *, released: Iterable[str]) -> tuple[Unmatched, ...]:
    """Return what matches nothing: of the rules in their order, then of what is protected, then of `released`.

    A rule that names nothing is for all steps, and one that names steps which an earlier rule takes matches something.
    Where no Architect flow is listed at all, nothing is said. `released`: what names, in full, protected Architect
    flows that a run may change.
    """
    if not inventory.architect_flows:
        return ()
    found = [*_of_rules(inventory, policy.rules), *_of_architect_flows(inventory, policy.protected, released)]
    known = _Names(inventory)
    return tuple(each.model_copy(update={"nearest": known.near(each)}) for each in found[:_MOST_LOOKED_FOR]) + tuple(
        found[_MOST_LOOKED_FOR:]
    )


def _of_rules(inventory: Inventory, rules: Sequence[Rule]) -> Iterator[Unmatched]:
    """Only names count: by its other conditions a rule matches nothing once all is done that it asks for."""
    tables = {field: PatternTable([getattr(rule.match, field) for rule in rules]) for field in PATTERN_FIELDS}
    alone = dict.fromkeys(PATTERN_FIELDS, 0)  # the rules whose pattern of that field some step fits, a bit for each
    together = 0
    for may_fit, named in _bearers(inventory, rules):
        fitting = may_fit
        for field, names in named.items():
            fits = tables[field].fitting(*names) & may_fit
            alone[field] |= fits
            fitting &= fits
        together |= fitting
    waiting = {at: rule for at, rule in enumerate(rules) if rule.match.patterns() and not together >> at & 1}
    listed = dict.fromkeys(PATTERN_FIELDS, 0)
    for field, names in _listed(inventory) if waiting else ():
        listed[field] |= tables[field].fitting(*names)
    for place, rule in waiting.items():
        lonely = {field: text for field, text in rule.match.patterns().items() if not alone[field] >> place & 1}
        for field, pattern in lonely.items():
            yield Unmatched(
                source="match",
                rule=rule.name,
                leaves=rule.leave,
                field=field,
                pattern=pattern,
                is_elsewhere=bool(listed[field] >> place & 1),
            )
        if not lonely:
            yield Unmatched(source="match", rule=rule.name, leaves=rule.leave)


def _bearers(inventory: Inventory, rules: Sequence[Rule]) -> Iterator[tuple[int, Mapping[str, tuple[str, ...]]]]:
    """Return the names of all that rules may be about, each with the rules that may, a bit for each.

    That is every step; and every caller of modules, with steps of its own or without, for a rule that leaves it as a
    whole keeps it from being republished.
    """
    for architect_flow, _, step, action in inventory.steps:
        yield (1 << len(rules)) - 1, names_of(architect_flow, step, action)
    if keeping := sum(1 << at for at, rule in enumerate(rules) if rule.leave and rule.match.is_of_architect_flows):
        for each in inventory.architect_flows:
            if inventory.reading(each.id).snapshots:
                yield keeping, names_of_architect_flow(each)


def _listed(inventory: Inventory) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return the names that the org lists, with their field, whether a step that was read has them or not."""
    for action in inventory.actions:
        yield "action", action.names
        yield "named", action.names
        yield "category", (action.category,)
    for each in inventory.architect_flows:
        yield "architect_flow", each.names
        yield "named", each.names
        yield "type", (each.type,)
        yield "division", (each.division_name, each.division_id)


def _of_architect_flows(inventory: Inventory, protected: Sequence[str], released: Iterable[str]) -> Iterator[Unmatched]:
    table = PatternTable(protected)
    fitting = 0
    for each in inventory.architect_flows:
        fitting |= table.fitting(*each.names)
    for place, pattern in enumerate(protected):
        if not fitting >> place & 1:
            yield Unmatched(source="protected", field="architect_flow", pattern=pattern)
    by_name = ArchitectFlowsByName(inventory.architect_flows)
    for name in released:
        if len(meant := by_name.called(name)) != 1:
            several = tuple(f"{each.label}, id {each.id}" for each in meant)
            yield Unmatched(source="released", field="architect_flow", pattern=name, several=several)


class _Names:
    """The names of an org by field, gathered once."""

    def __init__(self, inventory: Inventory) -> None:
        self._names: dict[str, dict[str, None]] = defaultdict(dict)
        for architect_flow, _, step, action in inventory.steps:
            for field, (name, *_) in names_of(architect_flow, step, action).items():
                self._names[field][name] = None
            self._names["named"][step.action_name] = None
            if action is not None:
                self._names["category"][action.category] = None
                for field in ("action", "named"):
                    self._names[field] |= dict.fromkeys((action.name, action.label))
        for each in inventory.architect_flows:
            self._names["architect_flow"] |= dict.fromkeys((each.name, each.label))
            self._names["named"] |= dict.fromkeys((each.name, each.label))

    def near(self, unmatched: Unmatched) -> tuple[str, ...]:
        """Return the names that may have been meant, where one was mistyped."""
        if not unmatched.pattern or unmatched.is_elsewhere or unmatched.several:
            return ()
        # A name that is given in full has no wildcards, whatever characters are in it.
        pattern = unmatched.pattern.strip("*?") if unmatched.source == "released" else unmatched.pattern
        return nearest(pattern, self._names[unmatched.field])
