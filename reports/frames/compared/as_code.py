"""What files say beside an org: sentences, and a row for each Architect flow, step and limit."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.words import limit
from timeouts.as_code.as_code import (
    DIFFERENT,
    ActionInFile,
    ArchitectFlowInFile,
    AsCode,
    Difference,
    NotCompared,
    OneSided,
    StepInFile,
)
from timeouts.model.settings import TimeoutSetting
from timeouts.model.wording import in_words, own_timeout_ms
from timeouts.text.phrases import first_few, number_of

DIFFERENCES: Mapping[Difference, str] = {
    "file longer": "longer in the file",
    "file shorter": "shorter in the file",
    "otherwise": "otherwise in the file",
    "only in the file": "only in the file",
    "only live": "only live",
    "unknown": "not known",
    "silent": "not set in the file",
    "same": "the same",
}
_WORST_FIRST = {words: place for place, words in enumerate(DIFFERENCES.values())}
_NAMED = 3
_NO_STEP = "no such step"


@dataclass(frozen=True, slots=True, kw_only=True)
class AsCodeRow:
    """One Architect flow, step or limit that stands in a file and in the org, in words, or what cannot be compared.

    `*_ms`: the same in milliseconds, None where it is no duration. `is_different`: a deploy of the file changes it.
    """

    what: str
    path: str
    architect_flow_id: str = ""
    architect_flow: str = ""
    type: str = ""
    container: str = ""
    step: str = ""
    tracking_id: int | None = None
    kind: str = ""
    action: str = ""
    file: str = ""
    file_ms: int | None = None
    live: str = ""
    live_ms: int | None = None
    difference: str = ""
    published_by: str = ""
    note: str = ""
    is_different: bool = False

    @property
    def rank(self) -> tuple[bool, int]:
        """Its place among the rows that are shown first: what a deploy would change."""
        return not self.is_different, _WORST_FIRST.get(self.difference, len(_WORST_FIRST))


def as_code_sentences(as_code: AsCode) -> list[str]:
    """Return what stands in both and which way the files differ, then what stands on one side only."""
    flows = len({each.architect_flow_id for each in as_code.architect_flows})
    actions = len({each.action_id for each in as_code.actions})
    both = f"{number_of(flows, 'Architect flow')} and {number_of(actions, 'action')}"
    counted = (("Steps", _counted(as_code.step_counts)), ("Action limits", _counted(as_code.action_counts)))
    said = "".join(f" {what}: {counts}." for what, counts in counted if counts)
    unknown = as_code.not_compared_in_all
    return [
        f"{both} of the org stand in the files of {as_code.source}, too.{said}",
        *([f"{number_of(unknown, 'entry', 'entries')} of the files could not be compared."] if unknown else ()),
        *_one_sided(as_code.other_architect_flows, "Architect flow"),
        *_one_sided(as_code.other_actions, "action"),
    ]


def as_code_warnings(as_code: AsCode) -> list[str]:
    """Return what stands in the way of trusting it: what could not be read, and names that several files have."""
    paths: dict[tuple[str, str], list[str]] = defaultdict(list)
    for flow in as_code.architect_flows:
        paths[flow.architect_flow_id, flow.name].append(flow.path)
    for action in as_code.actions:
        paths[action.action_id, action.name].append(action.path)
    said = list(as_code.notes)
    for (_, name), found in paths.items():
        if len(found) > 1:
            files = f"{len(found)} files are of {name} ({first_few(found, _NAMED)})"
            said.append(f"{files}: each is compared, and which one is deployed is not known.")
    return said


def as_code_rows(as_code: AsCode) -> list[AsCodeRow]:
    """Return all rows: what stands in both, then what cannot be compared."""
    shown = {flow.path for flow in as_code.architect_flows}
    others = (each for each in as_code.not_compared if each.path not in shown)
    return [*compared_rows(as_code), *map(_not_compared, others)]


def compared_rows(as_code: AsCode) -> list[AsCodeRow]:
    """Return every Architect flow with those of its steps that are not the same, and every action."""
    steps: dict[tuple[str, str], list[StepInFile]] = defaultdict(list)
    for step in as_code.steps:
        if step.difference != "same":
            steps[step.architect_flow_id, step.path].append(step)
    rows = []
    for flow in as_code.architect_flows:
        rows.append(_architect_flow(flow))
        rows += (_step(flow, step) for step in steps[flow.architect_flow_id, flow.path])
    return [*rows, *map(_action, as_code.actions)]


def differing_rows(as_code: AsCode) -> list[AsCodeRow]:
    """Return the steps and limits that a deploy of the files would change, in the order of all rows."""
    return [row for row in compared_rows(as_code) if row.is_different and row.what != "Architect flow"]


def _counted(counts: Mapping[Difference, int]) -> str:
    return ", ".join(f"{counts[each]} {words}" for each, words in DIFFERENCES.items() if counts.get(each))


def _one_sided(others: OneSided, what: str) -> Iterator[str]:
    """Say what stands in the files alone, and how much of the org stands in no file."""
    if others.in_files:
        are = "is" if others.in_files == 1 else "are"
        yield f"{number_of(others.in_files, what)} of the files {are} not in the org: {_first(others)}."
    if others.live:
        yield f"{number_of(others.live, what)} of the org {'stands' if others.live == 1 else 'stand'} in no file."


def _first(others: OneSided) -> str:
    more = f" and {others.in_files - _NAMED} more" if others.in_files > _NAMED else ""
    return f"{', '.join(others.examples[:_NAMED])}{more}"


def _architect_flow(line: ArchitectFlowInFile) -> AsCodeRow:
    total = sum(line.counts.values())
    in_file = total - line.counts.get("only live", 0)
    alive = total - line.counts.get("only in the file", 0)
    is_known = not line.why_unknown
    return AsCodeRow(
        what="Architect flow",
        path=line.path,
        architect_flow_id=line.architect_flow_id,
        architect_flow=line.name,
        type=line.type,
        file=number_of(in_file, "step") if is_known else "",
        live=number_of(alive, "step") if is_known else "",
        difference=_difference(line) if is_known else DIFFERENCES["unknown"],
        published_by=line.published_by,
        note=line.why_unknown or _one_of(line.files),
        is_different=line.is_different,
    )


def _difference(line: ArchitectFlowInFile) -> str:
    return _counted({each: count for each, count in line.counts.items() if each != "same"}) or DIFFERENCES["same"]


def _step(flow: ArchitectFlowInFile, step: StepInFile) -> AsCodeRow:
    guessed = "one of several steps that fit, by their order" if step.matched_by == "order" else ""
    return AsCodeRow(
        what="step",
        path=step.path,
        architect_flow_id=step.architect_flow_id,
        architect_flow=flow.name,
        type=flow.type,
        container=step.container,
        step=step.step_name,
        tracking_id=step.tracking_id,
        kind=step.kind,
        action=step.action_name,
        file=said_setting(step.file),
        file_ms=said_ms(step.file),
        live=said_setting(step.live),
        live_ms=said_ms(step.live),
        difference=DIFFERENCES[step.difference],
        published_by=flow.published_by,
        note=guessed,
        is_different=step.difference in DIFFERENT,
    )


def _action(line: ActionInFile) -> AsCodeRow:
    return AsCodeRow(
        what="action limit",
        path=line.path,
        action=line.name,
        file=limit(line.file_ms),
        file_ms=line.file_ms,
        live=limit(line.live_ms, is_known=line.difference != "unknown"),
        live_ms=line.live_ms,
        difference=DIFFERENCES[line.difference],
        note=_one_of(line.files),
        is_different=line.difference in DIFFERENT,
    )


def _not_compared(line: NotCompared) -> AsCodeRow:
    return AsCodeRow(what="not compared", path=line.path, architect_flow=line.name, note=line.reason)


def _one_of(files: int) -> str:
    return f"one of {files} files of this name" if files > 1 else ""


def said_setting(setting: TimeoutSetting | None) -> str:
    """Return what a file or the org says of a step in words; None: it has no such step."""
    return _NO_STEP if setting is None else in_words(setting)


def said_ms(setting: TimeoutSetting | None) -> int | None:
    """Return the same in milliseconds, None where it is no duration."""
    return None if setting is None else own_timeout_ms(setting)
