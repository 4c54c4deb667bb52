"""The before/after tables as pandas frames: what people read, in a fixed order of columns.

Text columns hold text and never NaN; a tracking id is an int or None. Durations are written as people read them.
"""

import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence

from timeouts.changes import Change, LeftAlone, StepIdentity
from timeouts.effective import is_limit_known, limit_of
from timeouts.inventory import Inventory, OrgStep
from timeouts.outcomes import Outcome
from timeouts.plan import Plan
from timeouts.steps import Step
from timeouts.wording import UNKNOWN, duration_or, in_words, own_timeout, remark

if typing.TYPE_CHECKING:
    import pandas as pd

STEP_COLUMNS = (
    *("Architect flow", "type", "version", "container", "step", "tracking id", "action", "setting"),
    *("step timeout", "action limit", "effective now", "after", "rule", "note"),
)
OUTCOME_COLUMNS = (
    *("Architect flow", "type", "outcome", "reason", "version before", "version after", "steps changed", "notes"),
)
VERIFIED_COLUMNS = (
    *("Architect flow", "step", "before", "after", "outcome", "effective before", "effective after"),
    *("action", "type", "version", "container", "tracking id"),
)
"""What a person looks for comes first: Prefect's page shows five columns, the others have to be scrolled for."""

Addresses = Mapping[str, str]
"""Where a person opens an Architect flow, by its id; '' or none where there is no such page."""

LINK_COLUMN = "in Architect"
"""Where to open an Architect flow: the bare address, for Prefect's two UIs show cells in two ways. The first one reads
every text cell as Markdown and makes a link of an address; the second one shows plain text, where Markdown's brackets
would stand as such, and an address can be copied."""

_INTEGERS = frozenset(
    {
        *("tracking id", "steps changed", "steps", "Architect flows"),
        *("calls", "lost", "at the limit", "calls in the busiest hour", "the org's limit"),
    }
)


def steps_table(
    inventory: Inventory, plan: Plan | None = None, *, addresses: Addresses | None = None
) -> "pd.DataFrame":
    """Make the table of all steps that were read, `STEP_COLUMNS`, sorted by Architect flow, then as in the document.

    With a plan, `after`, `rule` and `note` say what it does with each step. With addresses, a last column says where
    to open each Architect flow; so in all tables here.
    """
    lines: Iterable[Change | LeftAlone] = () if plan is None else (*plan.changes, *plan.left_alone)
    planned = {(line.architect_flow_id, line.step_id): line for line in lines}
    felt = {} if plan is None else _felt(plan)
    rows = []
    for found in sorted(
        inventory.steps, key=lambda each: (each.architect_flow.name.casefold(), each.architect_flow.id)
    ):
        key = found.architect_flow.id, found.step.id
        row = _step_row(found, inventory.effective_ms(found.step))
        rows.append((found.architect_flow.id, row | _planned(planned.get(key), felt.get(key), found.step)))
    return linked_frame(rows, STEP_COLUMNS, addresses)


def plan_table(plan: Plan, addresses: Addresses | None = None) -> "pd.DataFrame":
    """Make the before/after table of a plan, `STEP_COLUMNS`, one row for each change, in the order of the plan."""
    pins = {pin.architect_flow_id: pin for pin in plan.pins}
    rows = [
        (
            change.architect_flow_id,
            {
                **_identity(change),
                "type": pins[change.architect_flow_id].type,
                "version": pins[change.architect_flow_id].version or "",
                "setting": change.before.kind,
                "step timeout": own_timeout(change.before),
                "action limit": duration_or("none", change.action_limit_ms),
                "effective now": duration_or(UNKNOWN, change.before_effective_ms),
                "after": duration_or(UNKNOWN, change.after_effective_ms),
                "rule": change.rule,
                "note": "; ".join(filter(None, (change.reason, pins[change.architect_flow_id].obstacle))),
            },
        )
        for change in plan.changes
    ]
    return linked_frame(rows, STEP_COLUMNS, addresses)


def outcomes_table(outcomes: Iterable[Outcome], plan: Plan, addresses: Addresses | None = None) -> "pd.DataFrame":
    """Make the table of what became of each Architect flow of a plan, `OUTCOME_COLUMNS`, in the order given."""
    pins = {pin.architect_flow_id: pin for pin in (*plan.pins, *plan.held)}
    rows = [
        (
            outcome.architect_flow_id,
            {
                "Architect flow": outcome.name,
                "type": pins[outcome.architect_flow_id].type if outcome.architect_flow_id in pins else "",
                "outcome": outcome.outcome,
                "reason": outcome.reason,
                "version before": outcome.version_before or "",
                "version after": outcome.version_after or "",
                "steps changed": len(plan.edits_of(outcome.architect_flow_id)) if outcome.outcome == "published" else 0,
                "notes": "; ".join(outcome.notes),
            },
        )
        for outcome in outcomes
    ]
    return linked_frame(rows, OUTCOME_COLUMNS, addresses)


def verified_table(outcomes: Iterable[Outcome], plan: Plan, addresses: Addresses | None = None) -> "pd.DataFrame":
    """Make the table of each step of a plan, before and after, with what became of it, `VERIFIED_COLUMNS`.

    `after` and `effective after` are filled only where the new version was read back (`published`) or where the
    step said so already (`unchanged`).
    """
    became = {outcome.architect_flow_id: outcome for outcome in outcomes}
    types = {pin.architect_flow_id: pin.type for pin in plan.pins}
    rows = []
    for change in plan.changes:
        outcome = became.get(change.architect_flow_id)
        holds = outcome is not None and outcome.is_done
        rows.append(
            (
                change.architect_flow_id,
                {
                    **_identity(change),
                    "type": types[change.architect_flow_id],
                    "version": "" if outcome is None else outcome.version_after or outcome.version_before or "",
                    "before": in_words(change.before),
                    "after": in_words(change.after) if holds else "",
                    "effective before": duration_or(UNKNOWN, change.before_effective_ms),
                    "effective after": duration_or(UNKNOWN, change.after_effective_ms) if holds else "",
                    "outcome": "not started" if outcome is None else outcome.outcome,
                },
            )
        )
    return linked_frame(rows, VERIFIED_COLUMNS, addresses)


def rows(table: "pd.DataFrame") -> list[dict[str, typing.Any]]:
    """Give the rows of a table as JSON takes them: text, ints and None."""
    return list(each_row(table))


def each_row(table: "pd.DataFrame") -> Iterator[dict[str, typing.Any]]:
    """Give them one after another: those of 20,000 steps together take 20 MB."""
    # pandas' own to_dict looks at every cell, which takes three times as long.
    names = [str(column) for column in table.columns]
    columns = [table[column].tolist() for column in table.columns]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def linked_frame(
    rows: Sequence[tuple[str, Mapping[str, typing.Any]]], columns: Sequence[str], addresses: Addresses | None
) -> "pd.DataFrame":
    """Make a table of rows, each with the id of the Architect flow that it is about, '' where it is about none.

    With addresses by these ids, a last column holds them.
    """
    if addresses is None:
        return frame([row for _, row in rows], columns)
    linked = [{**row, LINK_COLUMN: addresses.get(architect_flow_id, "")} for architect_flow_id, row in rows]
    return frame(linked, (*columns, LINK_COLUMN))


def frame(rows: Sequence[Mapping[str, typing.Any]], columns: Sequence[str]) -> "pd.DataFrame":
    """Make a table of rows that have all columns; columns of numbers hold ints or None, all others text."""
    import pandas as pd  # noqa: PLC0415 - half a second that only a run with tables should pay

    # Columns are given whole, and ints with gaps as objects, for pandas would make floats and NaN of them.
    return pd.DataFrame(
        {
            column: pd.Series([row[column] for row in rows], dtype=object if column in _INTEGERS else str)
            for column in columns
        }
    )


def _step_row(found: OrgStep, effective_ms: int | None) -> dict[str, typing.Any]:
    architect_flow, reading, step, action = found
    nothing = "none" if is_limit_known(step, action) else UNKNOWN
    return {
        "Architect flow": architect_flow.name,
        "type": architect_flow.type,
        "version": reading.version or "",
        "container": step.container,
        "step": step.name,
        "tracking id": step.tracking_id,
        "action": step.action_name or step.action_id,
        "setting": step.setting.kind,
        "step timeout": own_timeout(step.setting, step.default_ms),
        "action limit": duration_or(nothing, limit_of(action)),
        "effective now": duration_or(UNKNOWN, effective_ms),
    }


def _felt(plan: Plan) -> dict[tuple[str, str], dict[str, str]]:
    """Give what is said of each step that feels a changed action limit and is not changed itself."""
    return {
        (step.architect_flow_id, step.step_id): {
            "after": duration_or(UNKNOWN, step.after_effective_ms),
            "rule": ", ".join(change.rules) if step.asked else "",
            "note": f"by its action, whose limit becomes {duration_or('none', change.after_ms)}",
        }
        for change in plan.action_changes
        for step in change.felt_by
    }


def _planned(line: Change | LeftAlone | None, felt: dict[str, str] | None, step: Step) -> dict[str, typing.Any]:
    match line:
        case None:
            return felt or {"after": "", "rule": "", "note": remark(step.setting)}
        case Change():
            after = duration_or(UNKNOWN, line.after_effective_ms)
            return {"after": after, "rule": line.rule, "note": line.reason}
        case LeftAlone():
            said = f"left alone: {line.reason}"
            note = said if felt is None else f"{said}; {felt['note']}"
            return {"after": "" if felt is None else felt["after"], "rule": line.rule, "note": note}
        case _:
            typing.assert_never(line)


def _identity(line: StepIdentity) -> dict[str, typing.Any]:
    return {
        "Architect flow": line.architect_flow_name,
        "container": line.container,
        "step": line.step_name,
        "tracking id": line.tracking_id,
        "action": line.action_name or line.action_id,
    }
