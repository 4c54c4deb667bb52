"""Where a run knew the steps of the YAML that it wrote, from its own record."""

from collections import Counter
from collections.abc import Mapping, Sequence

from reports.report import Report
from timeouts.model.steps import is_place, names_of_step
from timeouts.planning.later.places import KnownPlaces, StepName


def known_places(attempts: Sequence[Report]) -> KnownPlaces:
    """Return what tells the steps that a run changed in YAML, in all its attempts."""
    steps: Counter[StepName] = Counter()
    for attempt in attempts:
        steps |= Counter(  # the most that one of them found: fewer would make one of several look like the only one
            (each.architect_flow_id, names_of_step(each.container, each.kind, each.step, each.action))
            for each in attempt.steps
            if is_place(each.step_id)
        )
    return KnownPlaces(_fingerprints(attempts), steps)


def _fingerprints(attempts: Sequence[Report]) -> Mapping[str, frozenset[str]]:
    """Return those of each file before and after it was written.

    Where somebody edited it between two attempts, there are none: what stands where is another matter for each of them.
    """
    found: dict[str, frozenset[str]] = {}
    for attempt in attempts:
        pins = () if attempt.plan is None else attempt.plan.pins
        before = {pin.architect_flow_id: pin.fingerprint for pin in pins}
        for outcome in attempt.outcomes:
            target = outcome.target
            if target.id not in before or not outcome.may_be_live:
                continue
            own = frozenset({before[target.id], outcome.fingerprint_after} - {""})
            earlier = found.get(target.id)
            is_unbroken = earlier is None or before[target.id] in earlier
            found[target.id] = own | (earlier or frozenset()) if is_unbroken else frozenset()
    return found
