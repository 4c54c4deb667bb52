"""Which steps a person asks for: conditions such as `now<10s` and an order such as `-now`, over the columns of steps.

A condition is a column, one of `= != < <= > >=`, and a value: a pattern with `*` and `?` where the column is text, a
duration or a word such as `unknown` where it holds durations, a whole number where it holds numbers.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.columns import STEPS
from reports.frames.steps import StepRow
from reports.table import Duration
from timeouts.model.durations import DurationError, parse_duration
from timeouts.model.settings import matched_kinds
from timeouts.model.wording import UNKNOWN
from timeouts.policy.patterns import LONGEST_PATTERN, matches
from timeouts.text.bounds import quoted
from timeouts.text.nearest import did_you_mean, nearest

_SHORT = {"limit": "action limit", "now": "effective now", "timeout": "step timeout"}
"""The heads of the terminal's tables, which people see when they type a condition."""

_NUMBERS = frozenset({"tracking id"})
_ALSO: Mapping[str, Callable[[StepRow], tuple[str, ...]]] = {
    "Architect flow": lambda row: (row.found.architect_flow_id,),
    "action": lambda row: (row.found.action_id,),
    "setting": lambda row: matched_kinds(row.found.setting),
    "effective now": lambda row: () if row.found.effective_ms is not None else (UNKNOWN,),
    "after": lambda row: (UNKNOWN,) if row.is_moved and row.after_ms is None else (),
}
"""What fits beside the cell's own text, as in a policy: the id of what has a name, either way to read a setting.

What is `at most 5s` is not known either."""

_LEAST = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_CONDITION = re.compile(r"\s*([^<>=!]+?)\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*", re.DOTALL)
_EXAMPLES = "now<10s, setting=suggested, action=CRM*"
_PARTS = re.compile(r"(\d+)")


class ConditionError(ValueError):
    """A condition or an order that cannot be understood; the message says what was given and what would be right."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: the column that it is about, and whether a step fulfils it.

    `names`: the text that a step has to have there; '' for what is compared, or must not be there.
    """

    column: str
    holds: Callable[[StepRow], bool]
    names: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What steps are sorted by; what is not known or not there comes last either way."""

    column: str
    is_descending: bool

    def of(self, rows: Sequence[StepRow]) -> list[StepRow]:
        """Return the rows in this order; those that are equal stay as they stand."""
        known = [row for row in rows if _is_there(self.column, row)]
        missing = [row for row in rows if not _is_there(self.column, row)]
        return [*sorted(known, key=lambda row: _sorted_by(self.column, row), reverse=self.is_descending), *missing]


@dataclass(frozen=True, slots=True)
class Selection:
    """The steps that are asked for: all conditions hold; sorted by the first order, then by the next."""

    where: tuple[Condition, ...] = ()
    sort: tuple[Order, ...] = ()

    @classmethod
    def parse(cls, where: Iterable[str], sort: Iterable[str]) -> "Selection":
        """Read conditions and orders as people type them. Raises ConditionError."""
        return cls(tuple(map(_condition, where)), tuple(map(_order, sort)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that were asked about, each once."""
        return tuple(dict.fromkeys((*(each.column for each in self.where), *(each.column for each in self.sort))))

    def of(self, rows: Sequence[StepRow]) -> list[StepRow]:
        """Return the rows that are asked for, in their order."""
        chosen = [row for row in rows if all(condition.holds(row) for condition in self.where)]
        for order in reversed(self.sort):
            chosen = order.of(chosen)
        return chosen

    def unmatched(self, rows: Sequence[StepRow]) -> list[str]:
        """Say which text that is asked for no step has, and what may have been meant."""
        told = []
        for each in self.where:
            if each.names and not any(map(each.holds, rows)):
                there = sorted({text for row in rows for text in _texts(each.column, row)})
                meant = did_you_mean(nearest(each.names, there)) or "."
                told.append(f"No step has {quoted(f'{_name_of(each.column)}={each.names}')}{meant}")
        return told


def columns_in_words() -> str:
    """List the columns by the names that people type."""
    short = {column: name for name, column in _SHORT.items()}
    return ", ".join(short.get(column, _typed(column)) for column in STEPS)


def _condition(text: str) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise ConditionError(f"{quoted(text)} is not a condition: write one such as {_EXAMPLES}")
    column, sign, value = _column(found[1]), found[2], found[3]
    if len(value) > LONGEST_PATTERN:
        raise ConditionError(f"{quoted(text)} is too long: {LONGEST_PATTERN} characters are enough")
    is_figure = column in _NUMBERS or isinstance(STEPS[column], Duration)
    if value[:1] == "=" or (is_figure and value[:1] in {"<", ">"}):  # <VIP> may be a name
        raise ConditionError(f"{quoted(text)}: there is no sign {sign}{value[0]}. Use one of = != < <= > >=")
    if is_figure:
        of_value = _of_number if column in _NUMBERS else _of_duration
        return of_value(text, column, sign, value)
    if sign in _LEAST:
        least = ", ".join(_name_of(each) for each in STEPS if isinstance(STEPS[each], Duration) or each in _NUMBERS)
        raise ConditionError(f"{quoted(text)}: text is not less or more than something. Use = or !=, or one of {least}")
    return _of_text(column, sign, value)


def _of_text(column: str, sign: str, value: str) -> Condition:
    holds = _either(sign, lambda row: matches(value, *_texts(column, row)))
    return Condition(column, holds, value if sign == "=" else "")


def _of_duration(text: str, column: str, sign: str, value: str) -> Condition:
    try:
        asked_ms = parse_duration(value)
    except DurationError as problem:
        # A bare number is a duration without its unit, and no word of a cell.
        if sign in _LEAST or value[:1].isdigit():
            raise ConditionError(f"{quoted(text)}: {problem}") from None
        return _of_text(column, sign, value)
    return _of_figure(column, sign, asked_ms)


def _of_number(text: str, column: str, sign: str, value: str) -> Condition:
    if not re.fullmatch(r"[0-9]{1,15}", value):
        raise ConditionError(f"{quoted(text)}: {_name_of(column)} is a whole number, such as 12")
    return _of_figure(column, sign, int(value))


def _of_figure(column: str, sign: str, asked: int) -> Condition:
    if sign in _LEAST:
        return Condition(column, _compared(column, _LEAST[sign], asked))
    return Condition(column, _either(sign, lambda row: _value(column, row) == asked))


def _compared(column: str, is_so: Callable[[Any, Any], bool], asked: int) -> Callable[[StepRow], bool]:
    """Compare with a figure; what is not known is neither less nor more."""

    def holds(row: StepRow) -> bool:
        value = _value(column, row)
        return value is not None and is_so(value, asked)

    return holds


def _either(sign: str, holds: Callable[[StepRow], bool]) -> Callable[[StepRow], bool]:
    return holds if sign == "=" else lambda row: not holds(row)


def _order(text: str) -> Order:
    return Order(_column(text.strip().removeprefix("-")), is_descending=text.strip().startswith("-"))


def _column(typed: str) -> str:
    """Return the column that somebody means, whatever stands between its words. Raises ConditionError."""
    known = {_typed(column): column for column in STEPS} | _SHORT
    name = _typed(typed)
    if name in known:
        return known[name]
    near = nearest(name, known, 1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise ConditionError(f"there is no column {quoted(typed)}: {hint}The columns of steps are {columns_in_words()}")


def _typed(column: str) -> str:
    return re.sub(r"[\s_-]+", "-", column.strip()).casefold()


def _name_of(column: str) -> str:
    return next((short for short, whole in _SHORT.items() if whole == column), _typed(column))


def _texts(column: str, row: StepRow) -> tuple[str, ...]:
    text = str(STEPS[column](row) or "")
    return (text, *_ALSO[column](row)) if column in _ALSO else (text,)


def _value(column: str, row: StepRow) -> int | str | None:
    spoken = STEPS[column]
    return spoken.ms(row) if isinstance(spoken, Duration) else spoken(row)


def _is_there(column: str, row: StepRow) -> bool:
    return _value(column, row) not in {None, ""}


def _sorted_by(column: str, row: StepRow) -> Any:
    """Return what sorts a value: figures as such, text without its case, numbers in it by their size."""
    value = _value(column, row)
    if isinstance(value, str):
        return [
            (0, int(part), "") if part.isdecimal() and len(part) < 16 else (1, 0, part.casefold())  # noqa: PLR2004
            for part in _PARTS.split(value)
            if part
        ]
    return value
