"""Comparing an org with files: every Architect flow and action that stands in both."""

from collections import Counter
from collections.abc import Iterator

from timeouts.as_code.as_code import ActionInFile, ArchitectFlowInFile, AsCode, NotCompared, StepInFile
from timeouts.as_code.differences import difference_of, difference_of_limits, stated_limit
from timeouts.as_code.joining import Pair, join
from timeouts.as_code.steps import StepPair, pairs_of
from timeouts.inventory import Inventory
from timeouts.model.effective import limit_of
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.steps import Reading

MOST_NOT_COMPARED = 200


def compare_with_files(org: Inventory, files: Inventory) -> AsCode:
    """Say what files say of the Architect flows and actions of an org, beside what is live there.

    They are the same by name, in the same case where there is one, and by type or category where both say one.
    """
    flows = join(
        files.architect_flows,
        org.architect_flows,
        lambda each: each.type,
        why_unread=lambda each: _why_unread(files.reading(each.id)),
        is_whole=org.is_whole,
    )
    in_files = (*files.actions, *files.unjoined_actions)
    actions = join(in_files, org.actions, lambda each: each.category, why_unread=lambda _: "", is_whole=True)
    computed = {pair.file.id: pair.file for pair in actions.pairs if pair.file.unknown_limit}
    compared = [_Compared(pair, org, files) for pair in flows.pairs]
    not_compared = [*flows.not_compared, *actions.not_compared, *_unread(compared), *map(_computed, computed.values())]
    return AsCode(
        source=files.organization.name,
        architect_flows=tuple(each.line for each in compared),
        steps=tuple(step for each in compared for step in each.steps),
        actions=tuple(_action(pair) for pair in actions.pairs if not pair.file.unknown_limit),
        other_architect_flows=flows.others,
        other_actions=actions.others,
        not_compared=tuple(sorted(not_compared, key=lambda each: (each.path, each.name))[:MOST_NOT_COMPARED]),
        not_compared_in_all=len(not_compared),
        notes=files.notes,
    )


class _Compared:
    """One Architect flow of the org beside one file of its name: its line and its steps."""

    def __init__(self, pair: Pair[ArchitectFlow], org: Inventory, files: Inventory) -> None:
        live, path = pair.live, pair.file.id
        in_file, alive = files.reading(path), org.reading(live.id)
        why = _why_unknown(in_file, alive)
        self.steps = () if why else tuple(_step(each, live.id, path) for each in pairs_of(in_file, alive))
        self.line = ArchitectFlowInFile(
            architect_flow_id=live.id,
            name=live.name,
            type=live.type or pair.file.type,
            path=path,
            published_by=live.publisher,
            version=alive.version,
            counts=dict(Counter(step.difference for step in self.steps)),
            files=pair.files,
            fingerprint=in_file.fingerprint,
            why_unknown=why,
        )


def _why_unknown(file: Reading, live: Reading) -> str:
    """Return why the steps of an Architect flow cannot be compared, '' where they can."""
    if why := _why_unread(file):
        return why
    if live.coverage == "not_published":
        return "nothing of it is live: it is not published"
    if live.coverage != "read":
        return f"what is live could not be read: {live.reason or live.coverage.replace('_', ' ')}"
    return ""


def _why_unread(file: Reading) -> str:
    why = file.reason or file.coverage.replace("_", " ")
    return "" if file.coverage == "read" else f"the file could not be read: {why}"


def _unread(compared: list[_Compared]) -> Iterator[NotCompared]:
    for each in compared:
        if each.line.why_unknown:
            yield NotCompared(path=each.line.path, name=each.line.name, reason=each.line.why_unknown)


def _computed(action: DataAction) -> NotCompared:
    return NotCompared(path=action.id, name=action.name, reason=action.unknown_limit)


def _step(pair: StepPair, architect_flow_id: str, path: str) -> StepInFile:
    step = pair.live or pair.file
    assert step is not None, "a pair has at least one"
    file = None if pair.file is None else pair.file.setting
    live = None if pair.live is None else pair.live.setting
    return StepInFile(
        architect_flow_id=architect_flow_id,
        path=path,
        step_id=step.id,
        file_step_id="" if pair.file is None else pair.file.id,
        step_name=step.name,
        kind=step.kind,
        container=step.container,
        tracking_id=step.tracking_id,
        action_name=step.action_name or step.action_id,
        file=file,
        live=live,
        difference=difference_of(file, live),
        matched_by=pair.matched_by,
    )


def _action(pair: Pair[DataAction]) -> ActionInFile:
    file_ms = stated_limit(pair.file)
    return ActionInFile(
        action_id=pair.live.id,
        name=pair.live.name,
        category=pair.live.category,
        path=pair.file.id,
        file_ms=file_ms,
        live_ms=limit_of(pair.live),
        difference=difference_of_limits(file_ms, pair.live),
        files=pair.files,
        file_version=pair.file.version,
    )
