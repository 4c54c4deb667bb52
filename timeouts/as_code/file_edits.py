"""What makes files say what a plan for the org sets, so that their next deploy undoes nothing of it."""

import typing
from collections import defaultdict
from collections.abc import Iterable, Mapping

from timeouts.as_code.as_code import NotCompared
from timeouts.as_code.undone import Undone, UndoneLimit, UndoneStep
from timeouts.model.settings import Expression, LiteralTimeout, Unreadable
from timeouts.model.step_edits import SetTimeout


class FlowEdits(typing.NamedTuple):
    """The edits of one Architect flow in a file, by the ids of its steps there, for a file of that fingerprint."""

    path: str
    name: str
    fingerprint: str
    edits: Mapping[str, SetTimeout]


class LimitEdit(typing.NamedTuple):
    """The limit of one action in a file, by its id there, for a file of that version."""

    action_id: str
    name: str
    version: int
    limit_ms: int | None


class FileEdits(typing.NamedTuple):
    """All edits, by path. `left`: what is left as the file has it, and why."""

    flows: tuple[FlowEdits, ...]
    limits: tuple[LimitEdit, ...]
    left: tuple[NotCompared, ...]


def file_edits(undone: Iterable[Undone]) -> FileEdits:
    """Return the edits after which a deploy of the files undoes nothing; what a file computes is never changed."""
    flows: dict[tuple[str, str, str], dict[str, SetTimeout]] = defaultdict(dict)
    limits: list[LimitEdit] = []
    left: list[NotCompared] = []
    for each in undone:
        if why := _why_left(each):
            left.append(NotCompared(path=each.path, name=each.name, reason=why))
        elif isinstance(each, UndoneLimit):
            assert each.file_version is not None, "what has none is left"
            limits.append(LimitEdit(each.path, each.name, each.file_version, each.after_ms))
        else:
            assert isinstance(each.after, LiteralTimeout), "what is no literal is left"
            key = each.path, each.name, each.fingerprint
            flows[key][each.file_step_id] = SetTimeout(timeout_ms=each.after.timeout_ms)
    return FileEdits(
        flows=tuple(FlowEdits(*key, edits) for key, edits in sorted(flows.items(), key=lambda item: item[0])),
        limits=tuple(sorted(limits)),
        left=tuple(left),
    )


def _why_left(each: Undone) -> str:
    """Return why the file is left as it is, '' where it is edited."""
    match each:
        case UndoneLimit(difference="file longer"):
            return "its limit is longer already"
        case UndoneLimit():
            return "the file's version is not known" if each.file_version is None else ""
        case UndoneStep():
            return _why_step_left(each)
        case _:
            typing.assert_never(each)


def _why_step_left(each: UndoneStep) -> str:
    match each.puts_back:
        case None:
            return f"it has no step {each.step_name}"
        case Expression() | Unreadable():
            return f"its step {each.step_name} is computed, or filled in by a deploy"
        case _ if each.is_guessed:
            return f"several of its steps fit {each.step_name}, and which one is meant is not certain"
        case LiteralTimeout() if each.difference == "file longer" and not each.may_lower:
            return f"its step {each.step_name} waits longer already"
        case _:
            return "" if isinstance(each.after, LiteralTimeout) else f"its step {each.step_name} gets no literal"
