"""What has moved since the audit before: a sentence, and one row for each limit, step and Architect flow."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.words import became, joined, limit, wait
from timeouts.drift.drift import ActionDrift, ArchitectFlowDrift, Drift, NotCompared, StepDrift
from timeouts.drift.modules import TakenIn
from timeouts.model.settings import TimeoutSetting
from timeouts.model.wording import in_words
from timeouts.text.phrases import number_of

_STEPS = {"lowered": "lowered", "raised": "raised", "changed": "changed", "new": "new step", "gone": "gone step"}
_ARCHITECT_FLOWS = {"new": "new Architect flow", "gone": "gone Architect flow", "published": "published"}
_COUNTED = (
    ("lowered", "wait lowered", "waits lowered"),
    ("raised", "wait raised", "waits raised"),
    ("changed", "setting changed", "settings changed"),
    ("new_steps", "new step", "new steps"),
    ("gone_steps", "step gone", "steps gone"),
    ("other_copies", "Architect flow with other copies of a module", "Architect flows with other copies of a module"),
    ("action_limits", "action limit changed", "action limits changed"),
    ("new_architect_flows", "new Architect flow", "new Architect flows"),
    ("gone_architect_flows", "Architect flow gone", "Architect flows gone"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftRow:
    """One thing that moved, in words.

    `before`, `after`: the limit of an action, or the setting of a step; `wait_*`: what callers wait there.
    Of a common module that an Architect flow took in, `module`, they are its versions.
    `is_limit`: it is that of an action. `is_by_action`: a step that only follows from that. `is_noticed`: callers may
    notice it, and nothing else in the list says so.
    """

    what: str
    architect_flow_id: str = ""
    architect_flow: str = ""
    type: str = ""
    container: str = ""
    step: str = ""
    tracking_id: int | None = None
    kind: str = ""
    action: str = ""
    before: str = ""
    after: str = ""
    wait_before: str = ""
    wait_after: str = ""
    version: str = ""
    published_by: str = ""
    note: str = ""
    module: str = ""
    is_limit: bool = False
    is_by_action: bool = False
    is_noticed: bool = False


def drift_sentence(drift: Drift) -> str:
    """Return in one sentence what moved, or why nothing can be said."""
    if drift.since is None:
        return drift.note
    counts = drift.counts
    since = f"since {drift.since.what} of {drift.since.began} ({drift.since.run_name})"
    moved = ", ".join(
        f"{counts[key]} {one if counts[key] == 1 else many}" for key, one, many in _COUNTED if counts[key]
    )
    said = f"{moved[0].upper() if moved else ''}{moved[1:]}" if moved else "No timeout moved"
    unknown = f"; {counts['unknown']} could not be compared" if counts["unknown"] else ""
    return f"{said} {since}{unknown}."


def drift_rows(drift: Drift) -> list[DriftRow]:
    """Return all that moved: limits of actions, steps, Architect flows, then what is not known."""
    published = {line.architect_flow_id: line for line in drift.architect_flows}
    return [
        *map(_action, drift.actions),
        *(_step(line, published.get(line.architect_flow_id)) for line in drift.steps),
        *map(_architect_flow, drift.architect_flows),
        *(_module(line, module) for line in drift.architect_flows for module in line.took_in),
        *map(_unknown, drift.unknown),
    ]


def noticed(drift: Drift) -> Sequence[DriftRow]:
    """Return what callers notice and what is new or gone; what only follows from an action is told by that."""
    return [row for row in drift_rows(drift) if row.is_noticed]


def _action(line: ActionDrift) -> DriftRow:
    return DriftRow(
        what="action limit",
        action=line.name,
        before=limit(line.before_ms),
        after=limit(line.after_ms),
        note=f"affects {number_of(line.affected, 'step')}",
        is_limit=True,
        is_noticed=True,
    )


def _step(line: StepDrift, published: ArchitectFlowDrift | None) -> DriftRow:
    return DriftRow(
        what=_STEPS[line.move],
        architect_flow_id=line.architect_flow_id,
        architect_flow=line.architect_flow_name,
        type=line.type,
        container=line.container,
        step=line.step_name,
        tracking_id=line.tracking_id,
        kind=line.kind,
        action=line.action_name or line.action_id,
        before=_setting(line.before),
        after=_setting(line.after),
        wait_before="" if line.before is None else wait(line.before_effective_ms, line.before),
        wait_after="" if line.after is None else wait(line.after_effective_ms, line.after),
        version="" if published is None else _version(published),
        published_by="" if published is None or line.by_action else published.published_by,
        note="by the limit of its action" if line.by_action else "",
        is_by_action=line.by_action,
        is_noticed=not line.by_action and line.move in {"lowered", "raised", "changed"},
    )


def _architect_flow(line: ArchitectFlowDrift) -> DriftRow:
    steps = number_of(line.steps, "step")
    own = " of its own" if line.took_in else ""
    moved = f"{steps}{own} moved" if line.steps else f"no timeout{own} moved"
    return DriftRow(
        what=_ARCHITECT_FLOWS[line.move],
        architect_flow_id=line.architect_flow_id,
        architect_flow=line.name,
        type=line.type,
        version=_version(line),
        published_by=line.published_by,
        note=moved if line.move == "published" else steps,
        is_noticed=line.move != "published",
    )


def _module(line: ArchitectFlowDrift, module: TakenIn) -> DriftRow:
    moved = f"{number_of(module.steps, 'step')} of it other than before" if module.steps else "its steps say the same"
    return DriftRow(
        what="module taken in",
        architect_flow_id=line.architect_flow_id,
        architect_flow=line.name,
        type=line.type,
        before=module.version_before or "",
        after=module.version_after,
        version=_version(line),
        published_by=line.published_by,
        note=f"{joined((module.name, module.version_after), ' ')}: {moved}",
        module=module.name,
        is_noticed=bool(module.steps),
    )


def _unknown(line: NotCompared) -> DriftRow:
    is_action = not line.architect_flow_id
    return DriftRow(
        what="not known",
        architect_flow_id=line.architect_flow_id,
        architect_flow="" if is_action else line.name,
        action=line.name if is_action else "",
        note=line.reason,
    )


def _version(line: ArchitectFlowDrift) -> str:
    return became(line.version_before or "", line.version_after or "")


def _setting(setting: TimeoutSetting | None) -> str:
    return "" if setting is None else in_words(setting)
