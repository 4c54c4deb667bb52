"""What of a policy matches nothing, in sentences."""

from collections.abc import Iterable, Mapping
from itertools import islice

from reports.report import Report
from timeouts.model.org import Organization
from timeouts.planning.unmatched import Unmatched
from timeouts.text.nearest import did_you_mean
from timeouts.text.phrases import first_few, number_of
from timeouts.text.visible import one_line

_MOST = 20

_NO_STEP: Mapping[str, str] = {
    "action": "no step calls an action {}",
    "category": "no step calls an action of the category {}",
    "step": "no step is called {}",
    "architect_flow": "no Architect flow {} was found",
    "type": "no Architect flow with steps is of the type {}",
    "division": "no Architect flow with steps is in the division {}",
    "named": "neither an Architect flow nor an action of a step is called {}",
}
_ELSEWHERE: Mapping[str, str] = {
    "action": "there is an action {}, but no step that was read calls it",
    "category": "there are actions of the category {}, but no step that was read calls one",
    "architect_flow": "there is an Architect flow {}, but no step was read in it",
    "type": "there are Architect flows of the type {}, but no step was read in them",
    "division": "there are Architect flows in the division {}, but no step was read in them",
    "named": "there is {}, but no step that was read belongs to it",
}


def unmatched_sentences(report: Report) -> list[str]:
    """Return a sentence for each thing that was asked for and matches nothing, with the names that may be meant."""
    found = [_sentence(each, report.org) for each in report.unmatched[:_MOST]]
    if more := len(report.unmatched) - len(found):
        found.append(
            f"{number_of(more, 'more pattern or rule', 'more patterns and rules')} of the policy match nothing."
        )
    if found and (problems := report.coverage.problems):
        which = "Architect flow" if len(problems) == 1 else f"{len(problems)} Architect flows"
        found.append(f"What is meant may be in the {which} that could not be read.")
    return found


def spares_nothing(unmatched: Iterable[Unmatched], org: Organization) -> list[str]:
    """Return a sentence for each thing that was to keep something as it is, and matches nothing."""
    kept = (each for each in unmatched if each.leaves or each.source == "protected")
    return [_sentence(each, org) for each in islice(kept, _MOST)]


def _sentence(each: Unmatched, org: Organization) -> str:
    if each.several:
        which = first_few([one_line(text) for text in each.several], _MOST, "; ")
        return (
            f"--protected {one_line(each.pattern)} may be one of {len(each.several)} Architect flows, so it releases "
            f"none of them: name one by its id ({which})."
        )
    if each.source == "released":
        where = "these files" if org.is_files else "this org"
        return _asking(f"--protected names no Architect flow of {where}: {one_line(each.pattern)}", each.nearest)
    if each.source == "protected":
        said = f"Nothing is protected by {one_line(each.pattern)}: no Architect flow is called so"
        return _asking(said, each.nearest)
    what = "leaves nothing alone" if each.leaves else "matches no step"
    if not each.pattern:
        return f"The rule '{one_line(each.rule)}' {what}: no step fits all that it names at once."
    templates = _ELSEWHERE if each.is_elsewhere else _NO_STEP
    why = templates[each.field].format(one_line(each.pattern))
    return _asking(f"The rule '{one_line(each.rule)}' {what}: {why}", each.nearest)


def _asking(said: str, nearest: Iterable[str]) -> str:
    return f"{said}{did_you_mean(map(one_line, nearest)) or '.'}"
