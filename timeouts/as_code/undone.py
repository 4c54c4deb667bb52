"""What of a plan for an org the next deploy of the files would undo."""

import typing
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from pydantic import Field

from timeouts.as_code.as_code import ActionInFile, AsCode, Difference, MatchedBy, StepInFile
from timeouts.as_code.differences import difference_of, difference_of_durations
from timeouts.model.settings import TimeoutSetting
from timeouts.model.steps import StepKind
from timeouts.model.values import Value
from timeouts.planning.changes import ActionChange, Change
from timeouts.planning.plan import Plan


class UndoneStep(Value):
    """A change of a step, and the setting that a file would put back; None where the file has no such step.

    `file_step_id`: which step of the file that is. `fingerprint`: that of the file's content. `matched_by`: how it was
    found there, None where it was not. `may_lower`: the policy sets exactly this time, and may lower one.
    """

    kind: typing.Literal["step"] = "step"
    path: str
    architect_flow_id: str
    name: str
    step_id: str
    file_step_id: str = ""
    fingerprint: str = ""
    step_name: str
    step_kind: StepKind = "data"
    action_name: str = ""
    after: TimeoutSetting
    puts_back: TimeoutSetting | None
    difference: Difference
    matched_by: MatchedBy | None = None
    may_lower: bool = False

    @property
    def is_guessed(self) -> bool:
        """Whether another step of the file may be meant."""
        return self.matched_by == "order"


class UndoneLimit(Value):
    """A change of an action's limit, and the limit that a file would put back, in milliseconds.

    `path`: the action's id among the files. `file_version`: its version there, which pins the file's content.
    """

    kind: typing.Literal["action"] = "action"
    path: str
    action_id: str
    name: str
    file_version: int | None = None
    after_ms: int | None
    puts_back_ms: int
    difference: Difference


Undone = typing.Annotated[UndoneStep | UndoneLimit, Field(discriminator="kind")]


def undone_by_deploy(plan: Plan, as_code: AsCode) -> tuple[Undone, ...]:
    """Return the changes of a plan that the next deploy of the files would undo, each with its file.

    None where a file says already what the plan sets, and none where it sets no limit, which a deploy leaves as it is
    (docs/platform.md#as-code). What a deploy fills in may be undone: `difference` is `unknown`.
    """
    steps: dict[tuple[str, str], list[StepInFile]] = defaultdict(list)
    for step in as_code.steps:
        if step.live is not None:
            steps[step.architect_flow_id, step.step_id].append(step)
    actions: dict[str, list[ActionInFile]] = defaultdict(list)
    for action in as_code.actions:
        actions[action.action_id].append(action)
    fingerprints = {each.path: each.fingerprint for each in as_code.architect_flows}
    limits = (each for change in plan.action_changes for each in _limits(change, actions[change.action_id]))
    changed = ((change, steps[change.architect_flow_id, change.step_id]) for change in plan.changes)
    pinned = {rule.name for rule in plan.policy.rules if rule.exactly is not None and plan.policy.allow_lowering}
    return (*limits, *(each for pair in changed for each in _steps(*pair, fingerprints, pinned)))


def _limits(change: ActionChange, in_files: list[ActionInFile]) -> Iterator[UndoneLimit]:
    for each in in_files:
        if each.file_ms is None or each.file_ms == change.after_ms:
            continue
        yield UndoneLimit(
            path=each.path,
            action_id=change.action_id,
            name=change.name,
            file_version=each.file_version,
            after_ms=change.after_ms,
            puts_back_ms=each.file_ms,
            difference=difference_of_durations(each.file_ms, change.after_ms),
        )


def _steps(
    change: Change, in_files: list[StepInFile], fingerprints: Mapping[str, str], pinned: Collection[str]
) -> Iterator[UndoneStep]:
    for each in in_files:
        difference = difference_of(each.file, change.after)
        if difference != "same":
            yield UndoneStep(
                path=each.path,
                architect_flow_id=change.architect_flow_id,
                name=change.architect_flow_name,
                step_id=change.step_id,
                file_step_id=each.file_step_id,
                fingerprint=fingerprints[each.path],
                step_name=change.step_name,
                step_kind=change.kind,
                action_name=change.action_name,
                after=change.after,
                puts_back=each.file,
                difference=difference,
                matched_by=each.matched_by,
                may_lower=change.rule in pinned,
            )
