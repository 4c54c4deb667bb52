"""What has moved since the audit before, in words: one sentence, the table, and the section of a run's summary."""

import typing
from collections.abc import Callable, Sequence

from timeouts.drift import ActionDrift, ArchitectFlowDrift, Drift, NotCompared, StepDrift
from timeouts.markdown import bullets, escaped, linked, section, table
from timeouts.settings import TimeoutSetting
from timeouts.tables import Addresses, linked_frame
from timeouts.wording import UNKNOWN, duration_or, in_words

if typing.TYPE_CHECKING:
    import pandas as pd

DRIFT_COLUMNS = (
    *("what", "Architect flow", "type", "container", "step", "tracking id", "action"),
    *("before", "after", "effective before", "effective after", "version", "published by", "note"),
)

_NO_LIMIT = "none"
_LISTED = 25
_BY_WHOM = 10
_STEP_WORDS = {"lowered": "lowered", "raised": "raised", "changed": "changed", "new": "new step", "gone": "gone step"}
_FLOW_WORDS = {"new": "new Architect flow", "gone": "gone Architect flow", "published": "published"}
_COUNTED = (
    ("lowered", "wait lowered", "waits lowered"),
    ("raised", "wait raised", "waits raised"),
    ("changed", "setting changed", "settings changed"),
    ("new_steps", "new step", "new steps"),
    ("gone_steps", "step gone", "steps gone"),
    ("action_limits", "action limit changed", "action limits changed"),
    ("new_architect_flows", "new Architect flow", "new Architect flows"),
    ("gone_architect_flows", "Architect flow gone", "Architect flows gone"),
)


def drift_sentence(drift: Drift) -> str:
    """Say in one sentence what moved, or why nothing can be said."""
    if drift.since is None:
        return drift.note
    counts = drift.counts
    since = f"since the audit of {drift.since.began} ({drift.since.run_name})"
    moved = ", ".join(
        f"{counts[key]} {one if counts[key] == 1 else many}" for key, one, many in _COUNTED if counts[key]
    )
    said = f"{moved[0].upper() if moved else ''}{moved[1:]}" if moved else "No timeout moved"
    unknown = f"; {counts['unknown']} could not be compared" if counts["unknown"] else ""
    return f"{said} {since}{unknown}."


def drift_table(drift: Drift, addresses: Addresses | None = None) -> "pd.DataFrame":
    """Make the table of all that moved, `DRIFT_COLUMNS`: limits of actions, steps, Architect flows, what is not known.

    With addresses, a last column says where to open each Architect flow.
    """
    published = {line.architect_flow_id: line for line in drift.architect_flows}
    rows = [
        *(("", _action_row(line)) for line in drift.actions),
        *((line.architect_flow_id, _step_row(line, published.get(line.architect_flow_id))) for line in drift.steps),
        *((line.architect_flow_id, _architect_flow_row(line)) for line in drift.architect_flows),
        *((line.architect_flow_id, _unknown_row(line)) for line in drift.unknown),
    ]
    return linked_frame(rows, DRIFT_COLUMNS, addresses)


def drift_section(drift: Drift | None, address: Callable[[str], str], title: str = "Since the last audit") -> str:
    """Write the section of a summary: the sentence, by whom, and what affects callers; the rest is in the table.

    `address` gives where a person opens the Architect flow of an id, '' where there is no such page.
    """
    if drift is None:
        return ""
    parts = [f"**{escaped(drift_sentence(drift))}**", *([escaped(drift.note)] if drift.since and drift.note else [])]
    if drift.by_whom:
        named = [f"{escaped(name)} in {count}" for name, count in list(drift.by_whom.items())[:_BY_WHOM]]
        more = f" and {len(drift.by_whom) - _BY_WHOM} others" if len(drift.by_whom) > _BY_WHOM else ""
        parts.append(f"Published by, in how many Architect flows: {', '.join(named)}{more}.")
    parts += [_lines(drift, address), _unknown_lines(drift.unknown)]
    return section(title, "\n\n".join(part for part in parts if part))


def _lines(drift: Drift, address: Callable[[str], str]) -> str:
    published = {line.architect_flow_id: line for line in drift.architect_flows}
    rows: list[Sequence[object]] = [
        ("action limit", escaped(line.name), "", _arrow_of_limits(line), f"affects {_steps(line.affected)}")
        for line in drift.actions
    ]
    rows += [
        (
            _STEP_WORDS[line.move],
            linked(line.architect_flow_name, address(line.architect_flow_id)),
            escaped(line.step_name),
            f"{duration_or(UNKNOWN, line.before_effective_ms)} → {duration_or(UNKNOWN, line.after_effective_ms)}",
            escaped(_published(published.get(line.architect_flow_id))),
        )
        for line in drift.steps
        if not line.by_action and line.move in {"lowered", "raised", "changed"}
    ]
    rows += [
        (
            _FLOW_WORDS[line.move],
            linked(line.name, address(line.architect_flow_id) if line.move == "new" else ""),
            "",
            _steps(line.steps),
            escaped(_published(line)),
        )
        for line in drift.architect_flows
        if line.move != "published"
    ]
    if not rows:
        return ""
    more = f"\n\nand {len(rows) - _LISTED} more: see the table of what moved." if len(rows) > _LISTED else ""
    return table(("What", "Where", "Step", "Wait", "Published"), rows[:_LISTED]) + more


def _unknown_lines(unknown: Sequence[NotCompared]) -> str:
    if not unknown:
        return ""
    lines = [f"{escaped(each.name)}: {escaped(each.reason)}" for each in unknown[:_LISTED]]
    more = f"\n\nand {len(unknown) - _LISTED} more." if len(unknown) > _LISTED else ""
    return f"Not known whether these moved:\n\n{bullets(lines)}{more}"


def _published(line: ArchitectFlowDrift | None) -> str:
    if line is None:
        return ""
    by = f" by {line.published_by}" if line.published_by else ""
    return f"{_version(line)}{by}".strip()


def _version(line: ArchitectFlowDrift) -> str:
    if line.version_before and line.version_after and line.version_before != line.version_after:
        return f"{line.version_before} → {line.version_after}"
    return line.version_after or line.version_before or ""


def _arrow_of_limits(line: ActionDrift) -> str:
    return f"{duration_or(_NO_LIMIT, line.before_ms)} → {duration_or(_NO_LIMIT, line.after_ms)}"


def _row(**cells: object) -> dict[str, typing.Any]:
    return {**dict.fromkeys(DRIFT_COLUMNS, ""), "tracking id": None, **cells}


def _action_row(line: ActionDrift) -> dict[str, typing.Any]:
    return _row(
        what="action limit",
        action=line.name,
        before=duration_or(_NO_LIMIT, line.before_ms),
        after=duration_or(_NO_LIMIT, line.after_ms),
        note=f"affects {_steps(line.affected)}",
    )


def _step_row(line: StepDrift, published: ArchitectFlowDrift | None) -> dict[str, typing.Any]:
    return _row(
        what=_STEP_WORDS[line.move],
        type=line.type,
        container=line.container,
        step=line.step_name,
        action=line.action_name or line.action_id,
        before=_setting(line.before),
        after=_setting(line.after),
        version="" if published is None else _version(published),
        note="by the limit of its action" if line.by_action else "",
    ) | {
        "Architect flow": line.architect_flow_name,
        "tracking id": line.tracking_id,
        "effective before": "" if line.before is None else duration_or(UNKNOWN, line.before_effective_ms),
        "effective after": "" if line.after is None else duration_or(UNKNOWN, line.after_effective_ms),
        "published by": "" if published is None or line.by_action else published.published_by,
    }


def _steps(count: int) -> str:
    return f"{count} step" if count == 1 else f"{count} steps"


def _setting(setting: TimeoutSetting | None) -> str:
    return "" if setting is None else in_words(setting)


def _architect_flow_row(line: ArchitectFlowDrift) -> dict[str, typing.Any]:
    moved = f"{_steps(line.steps)} moved" if line.steps else "no timeout moved"
    return _row(
        what=_FLOW_WORDS[line.move],
        type=line.type,
        version=_version(line),
        note=moved if line.move == "published" else _steps(line.steps),
    ) | {"Architect flow": line.name, "published by": line.published_by}


def _unknown_row(line: NotCompared) -> dict[str, typing.Any]:
    return _row(what="not known", note=line.reason) | {
        "Architect flow" if line.architect_flow_id else "action": line.name
    }
