"""All rules of a policy at once: which of them decides about a step, and which can never decide."""

from collections.abc import Iterator, Sequence

from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.steps import Step
from timeouts.policy.names import PATTERN_FIELDS, names_of, names_of_architect_flow
from timeouts.policy.patterns import PatternTable
from timeouts.policy.rules import Rule


class RuleTable:
    """The rules in their order, with their patterns by field: 2,000 of them are held against a step at once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._all = (1 << len(rules)) - 1
        self._of_architect_flows = sum(1 << at for at, rule in enumerate(rules) if rule.match.is_of_architect_flows)
        patterns = {field: [getattr(rule.match, field) for rule in rules] for field in PATTERN_FIELDS}
        self._tables = {field: PatternTable(named) for field, named in patterns.items() if any(named)}

    def first_match(
        self, architect_flow: ArchitectFlow, step: Step, action: DataAction | None, effective_ms: int | None
    ) -> Rule | None:
        """Return the first rule that matches a step, as `Match.fits` does; None where none does."""
        names = names_of(architect_flow, step, action)
        found = self._all
        for field, table in self._tables.items():
            found &= table.fitting(*names[field])
        fits = (rule for rule in self._of(found) if rule.match.fits_beside_names(architect_flow, step, effective_ms))
        return next(fits, None)

    def leaving(self, architect_flow: ArchitectFlow) -> Rule | None:
        """Return the rule that leaves an Architect flow as a whole: the first that names it, and nothing of its steps.

        None where there is no such rule, or where it asks for a timeout.
        """
        found = self._of_architect_flows
        for field, names in names_of_architect_flow(architect_flow).items() if found else ():
            found &= self._tables[field].fitting(*names) if field in self._tables else found
        first = next((rule for rule in self._of(found) if rule.match.fits_publisher(architect_flow)), None)
        return first if first is not None and first.leave else None

    def hidden_behind(self, place: int) -> Rule | None:
        """Return the first rule that takes all steps of a later one, the one at `place`; None where none does."""
        later = self._rules[place].match
        found = (1 << place) - 1
        for field, table in self._tables.items():
            found &= table.covering(getattr(later, field))
        return next((rule for rule in self._of(found) if rule.match.covers(later)), None)

    def _of(self, bits: int) -> Iterator[Rule]:
        while bits:
            lowest = bits & -bits
            yield self._rules[lowest.bit_length() - 1]
            bits ^= lowest
