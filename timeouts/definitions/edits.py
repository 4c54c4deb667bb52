"""What an edit makes of the text of a step's timeout, and which edits are refused, whatever the kind of definition."""

import typing
from collections.abc import Iterable, Mapping
from dataclasses import replace

from timeouts.definitions import architect_text, flow_data_text
from timeouts.definitions.documents import text_fingerprint
from timeouts.definitions.interface import EditRefusedError
from timeouts.definitions.yaml_text import timeout as archy_text
from timeouts.model.durations import PLATFORM_LIMIT_MS
from timeouts.model.settings import (
    Expression,
    LiteralOrSuggested,
    LiteralTimeout,
    Suggested,
    TimeoutSetting,
    Unreadable,
)
from timeouts.model.step_edits import (
    ArchitectRawTimeout,
    ArchyRawTimeout,
    FlowDataRawTimeout,
    RawTimeout,
    Restore,
    SetTimeout,
    StepEdit,
)
from timeouts.model.steps import Step


def raw_timeout_after(edit: StepEdit, before: RawTimeout) -> RawTimeout:
    """Return what a definition has written of a step's timeout after an edit, for what it has written before."""
    match edit, before:
        case Restore(original=original), _:
            return original
        case SetTimeout(timeout_ms=timeout_ms), ArchitectRawTimeout():
            return architect_text.with_duration(before, timeout_ms)
        case SetTimeout(timeout_ms=timeout_ms), FlowDataRawTimeout():
            return flow_data_text.with_duration(before, timeout_ms)
        case SetTimeout(timeout_ms=timeout_ms), ArchyRawTimeout():
            return archy_text.with_duration(before, timeout_ms)
        case _:
            raise AssertionError("both unions are closed")


def setting_of(raw: RawTimeout) -> TimeoutSetting:
    """Return what a text says; raises ValueError where the text of the timeout is not one value of its language."""
    match raw:
        case ArchitectRawTimeout():
            return architect_text.setting_of(raw)
        case FlowDataRawTimeout():
            return flow_data_text.setting_of(raw)
        case ArchyRawTimeout():
            return archy_text.setting_of(raw)
        case _:
            typing.assert_never(raw)


def setting_after(edit: StepEdit, before: RawTimeout) -> TimeoutSetting:
    """Return what a step says after an edit: in a file that keeps no flag, not every literal can be told for one."""
    return setting_of(raw_timeout_after(edit, before))


def is_same_content(one: RawTimeout, other: RawTimeout) -> bool:
    """Return whether two texts have the same content; the order of keys, white space and escapes are no difference."""
    return _content(one) == _content(other)


def changeable(steps: Iterable[Step], edits: Mapping[str, StepEdit]) -> list[tuple[str, RawTimeout]]:
    """Return the edits as pairs of step id and new text, or raise `EditRefusedError` naming the first wrong one."""
    known = {step.id: step for step in steps}
    found = []
    for step_id, edit in edits.items():
        if step_id not in known:
            raise EditRefusedError(f"no step has the id {step_id}")
        step = known[step_id]
        problem = _obstacle(step, edit)
        if problem:
            raise EditRefusedError(f"step {step.name!r} ({step_id}): {problem}")
        assert step.raw_timeout is not None, "what can be changed was kept as text"
        found.append((step_id, raw_timeout_after(edit, step.raw_timeout)))
    return found


def _obstacle(step: Step, edit: StepEdit) -> str:
    match step.setting:
        case _ if step.kind == "bridge":
            return "it is a bridge step, and those are never changed"
        case Expression(text=text):
            return f"its timeout is computed: {text}"
        case Unreadable(reason=reason):
            return f"its timeout is not understood: {reason}"
        case Suggested() | LiteralTimeout() | LiteralOrSuggested():
            return _impossible(step, edit)
        case _:
            typing.assert_never(step.setting)


def _impossible(step: Step, edit: StepEdit) -> str:
    match edit:
        case SetTimeout(timeout_ms=timeout_ms):
            is_possible = 1 <= timeout_ms <= PLATFORM_LIMIT_MS
            return "" if is_possible else f"{timeout_ms} ms is not a possible timeout"
        case Restore(original=original):
            if step.raw_timeout is None or step.raw_timeout.kind != original.kind:
                return "what is to be put back comes from another kind of definition"
            try:
                setting = setting_of(original)
            except ValueError as problem:
                language = "YAML" if isinstance(original, ArchyRawTimeout) else "JSON"
                return f"what is to be put back is not {language}: {problem}"
            understood = isinstance(setting, Suggested | LiteralTimeout | LiteralOrSuggested)
            return "" if understood else f"what is to be put back is {setting.kind}, which no run of ours changes"
        case _:
            typing.assert_never(edit)


def _content(raw: RawTimeout) -> RawTimeout:
    """Return a text with the fingerprint of its timeout in the place of the timeout."""
    if raw.timeout is None:
        return raw
    is_yaml = isinstance(raw, ArchyRawTimeout)
    return replace(raw, timeout=(archy_text.fingerprint if is_yaml else text_fingerprint)(raw.timeout))
