"""Which Architect flows a run means by the names that it was given: those that it may change although protected."""

from collections import defaultdict
from collections.abc import Iterable

from timeouts.model.org import ArchitectFlow
from timeouts.text.folding import folded


class ArchitectFlowsByName:
    """The Architect flows of an org by what options know them by, laid out once for all names."""

    def __init__(self, architect_flows: Iterable[ArchitectFlow]) -> None:
        self._by_id: dict[str, ArchitectFlow] = {}
        self._by_name: dict[str, dict[str, ArchitectFlow]] = defaultdict(dict)
        for each in architect_flows:
            self._by_id[each.id] = each
            for name in each.names:
                self._by_name[folded(name)][each.id] = each

    def called(self, name: str) -> tuple[ArchitectFlow, ...]:
        """Return the one of that id; without one, all that have the name in full, in whatever case."""
        if name in self._by_id:
            return (self._by_id[name],)
        return tuple(self._by_name.get(folded(name), {}).values())


def released_by(architect_flows: Iterable[ArchitectFlow], named: Iterable[str]) -> frozenset[str]:
    """Return the ids of those that are named. A name that several have releases none: which is meant is not certain."""
    by_name = ArchitectFlowsByName(architect_flows)
    meant = (by_name.called(name) for name in named)
    return frozenset(each[0].id for each in meant if len(each) == 1)
