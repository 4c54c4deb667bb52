"""Measured figures with their targets, as rows of a table."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["s", "ms", "MB", "x", "/s", ""]


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity, measured several times. `target`: in words; `is_met`: None where there is none."""

    what: str
    values: tuple[float, ...]
    unit: Unit
    target: str = ""
    is_met: bool | None = None

    @property
    def median(self) -> float:
        """The value in the middle."""
        return statistics.median(self.values)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that belong together."""

    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One measurement: what it is, how it was done, and what came out."""

    title: str
    how: str
    tables: tuple[Table, ...]


def plain(what: str, values: Iterable[float], unit: Unit) -> Row:
    """Show a figure that has no target."""
    return Row(what, tuple(values), unit)


def at_most(what: str, values: Iterable[float], unit: Unit, limit: float, why: str = "") -> Row:
    """Show a figure whose median must not be over a limit; `why`: how the limit comes about."""
    row = Row(what, tuple(values), unit)
    target = f"≤ {why} = {shown(limit, unit)}" if why else f"≤ {shown(limit, unit)}"
    return Row(what, row.values, unit, target, row.median <= limit)


def exactly(what: str, values: Iterable[float], wanted: float, why: str = "") -> Row:
    """Show a number that has to be the same every time."""
    found = tuple(values)
    target = f"{why} = {shown(wanted, '')}" if why else shown(wanted, "")
    return Row(what, found, "", target, all(value == wanted for value in found))


def ratios(values: Sequence[float], floor: float) -> list[float]:
    """Return each value as a multiple of a floor."""
    return [value / floor for value in values]


def seconds(values_ms: Iterable[float]) -> list[float]:
    """Return milliseconds in seconds, for people."""
    return [value / 1000 for value in values_ms]


def shown(value: float, unit: Unit) -> str:
    """Write a value with its unit, as exactly as it is worth knowing."""
    match unit:
        case "":
            return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"
        case "x":
            return f"{value:.2f} x"
        case "/s":
            return f"{value:,.0f}/s"
        case "MB":
            return f"{value:,.0f} MB"
        case "s" | "ms":
            return f"{value:,.{_decimals(value)}f} {unit}"


def _decimals(value: float) -> int:
    return 1 if abs(value) >= 10 else 2  # noqa: PLR2004 - three figures are enough
