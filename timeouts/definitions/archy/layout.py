"""How a step's timeout is laid out in the text: put there, taken out, or given another duration, all else as it is."""

import re
import typing

from timeouts.definitions.interface import EditRefusedError
from timeouts.definitions.spans import Splice
from timeouts.definitions.yaml_text.composing import Node, line_at
from timeouts.definitions.yaml_text.timeout import duration_members, literal_in

_COLON = re.compile(r"[ \t]*:")
_BEFORE_IN_FLOW = re.compile(r"\s*,\s*")
_AFTER_IN_FLOW = re.compile(r"[ \t]*,[ \t]*")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_COMMENT = "#"
_USUAL_INDENT = 2
_WIDEST_INDENT = 8


class Member(typing.NamedTuple):
    """The member `timeout` of a step: its key, its value, and where the text behind its colon begins."""

    key: Node
    value: Node
    behind_colon: int


def timeout_of(text: str, step: Node) -> Member | None:
    """Return the member `timeout` of a step, None where it has none.

    Raises ValueError where no colon follows the key, as in the long form with `?`.
    """
    for key, value in step.pairs():
        if key.value == "timeout":
            colon = _COLON.match(text, key.end)
            if colon is None or value.start < colon.end():
                raise ValueError("the key timeout is written in the long form")
            return Member(key, value, colon.end())
    return None


def can_be_edited(text: str, step: Node) -> bool:
    """Return whether a member can be put into a step: in a block each on lines of its own, indented by spaces."""
    if step.style == "flow":
        return True
    return all(not _indent(text, key).strip(" ") for key, _ in step.pairs())


def with_text(text: str, step: Node, behind_colon: str | None) -> list[Splice]:
    """Return the splices that put this very text behind the colon of `timeout`; None takes the member out."""
    member = timeout_of(text, step)
    if behind_colon is None:
        return [] if member is None else [_removal(text, step, member)]
    if member is None:
        return [_insertion(text, step, behind_colon)]
    return [Splice(member.behind_colon, member.value.end, behind_colon)]


def with_timeout(text: str, step_key: Node, step: Node, timeout_ms: int) -> list[Splice]:
    """Return the splices that give a step a literal duration, in the manner of the text around it."""
    member = timeout_of(text, step)
    parts = duration_members(timeout_ms)
    if member is not None:
        return _with_units(text, literal_in(member.value), timeout_ms)
    if step.style == "flow":
        return [_insertion(text, step, f" {{lit: {{{', '.join(parts)}}}}}")]
    end = _break_at_insertion(text, step)
    indent, deeper = _indent(text, step.children[0]), " " * _depth(text, step_key, step)
    lines = (f"{end}{indent}{deeper}lit:", *(f"{end}{indent}{2 * deeper}{part}" for part in parts))
    return [_insertion(text, step, "".join(lines))]


def _with_units(text: str, units: Node, timeout_ms: int) -> list[Splice]:
    """Give a literal another duration: number by number where it keeps its units, so that comments there stay."""
    parts = duration_members(timeout_ms)
    counts = dict(part.split(": ") for part in parts)
    if {key.value for key, _ in units.pairs()} == set(counts):
        return [Splice(value.start, value.end, counts[key.value]) for key, value in units.pairs()]
    start, end = units.children[0].start, units.children[-1].end
    gaps = zip([key.end for key, _ in units.pairs()], [value.start for _, value in units.pairs()], strict=True)
    between_members = zip(units.children[1:-1:2], units.children[2::2], strict=True)
    if any(_COMMENT in text[one:other] for one, other in (*gaps, *((a.end, b.start) for a, b in between_members))):
        line = line_at(text, start)
        raise EditRefusedError(f"a comment stands within the duration in line {line}, and would be lost: take it out")
    between = ", " if units.style == "flow" else f"{_line_break(text, units.start)}{_indent(text, units)}"
    return [Splice(start, end, between.join(parts))]


def cut(text: str, step: Node, *, whole: bool) -> list[Splice]:
    """Return the splice that leaves `timeout` out; `whole`: with all that its insertion would have brought."""
    member = timeout_of(text, step)
    if member is None:
        return []
    return [_removal(text, step, member) if whole else Splice(member.key.start, member.value.end, "")]


def _insertion(text: str, step: Node, behind_colon: str) -> Splice:
    """Put the member behind `name`, or first where there is no name that ends on its line."""
    members = list(step.pairs())
    name = next((value for key, value in members if key.value == "name"), None)
    if step.style == "flow":
        if name is not None:
            return Splice(name.end, name.end, f", timeout:{behind_colon}")
        start = members[0][0].start if members else step.start + 1  # what stands before the first one stays
        return Splice(start, start, f"timeout:{behind_colon}{', ' if members else ''}")
    first = members[0][0]
    indent, end = _indent(text, first), _break_at_insertion(text, step)
    if name is None or not _is_in_one_line(text, name):
        return Splice(first.start, first.start, f"timeout:{behind_colon}{end}{indent}")
    line_end = _line_end(text, name.end)
    return Splice(line_end, line_end, f"{end}{indent}timeout:{behind_colon}")


def _break_at_insertion(text: str, step: Node) -> str:
    """Return how the line ends behind which the member is put: the others stay as they are where a file mixes them."""
    name = step.find("name")
    if name is not None and _is_in_one_line(text, name):
        found = _LINE_BREAK.match(text, _line_end(text, name.end))
        if found is not None:
            return found[0]
    return _line_break(text, step.start)


def _removal(text: str, step: Node, member: Member) -> Splice:
    """Take the member out with what separates it from the next one, and with no comment."""
    place = next(index for index, (key, _) in enumerate(step.pairs()) if key is member.key)
    start, end = member.key.start, member.value.end
    if step.style == "flow":
        before = _last(_BEFORE_IN_FLOW, text, step.children[2 * place - 1].end, start) if place else None
        after = None if place else _AFTER_IN_FLOW.match(text, end)
        return Splice(start if before is None else before, end if after is None else after.end(), "")
    if place:
        return Splice(_line_before(text, start), end, "")
    indent = _indent(text, member.key)
    following = _LINE_BREAK.match(text, end)
    is_next = following is not None and text.startswith(indent, following.end())
    return Splice(start, following.end() + len(indent) if following is not None and is_next else end, "")


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Return where a member's separator begins; raises `EditRefusedError` where more than that stands before it."""
    if pattern.fullmatch(text, start, end) is None:
        raise EditRefusedError("something stands between timeout and the comma before it, so it cannot be taken out")
    return start


def _is_in_one_line(text: str, name: Node) -> bool:
    is_plain = name.kind == "scalar" and name.style not in {"|", ">"}
    return is_plain and _LINE_BREAK.search(text, name.start, name.end) is None


def _depth(text: str, step_key: Node, step: Node) -> int:
    """Return by how many spaces a level is indented here."""
    column = step_key.start - _line_start(text, step_key.start)
    depth = len(_indent(text, step.children[0])) - column
    return depth if 0 < depth <= _WIDEST_INDENT else _USUAL_INDENT


def _indent(text: str, node: Node) -> str:
    return text[_line_start(text, node.start) : node.start]


def _line_start(text: str, at: int) -> int:
    start = text.rfind("\n", 0, at) + 1  # and only then the rarer one, of which there may be none in the whole text
    return max(start, text.rfind("\r", start, at) + 1)


def _line_before(text: str, at: int) -> int:
    """Return where the line ends that stands before the one of an index: its line break begins there."""
    start = _line_start(text, at)
    return start - (2 if text[max(0, start - 2) : start] == "\r\n" else 1) if start else 0


def _line_end(text: str, at: int) -> int:
    found = _LINE_BREAK.search(text, at)
    return len(text) if found is None else found.start()


def _line_break(text: str, at: int) -> str:
    """Return how the line before that of an index ends; a member of a block never stands on the first one."""
    return text[_line_before(text, at) : _line_start(text, at)]
