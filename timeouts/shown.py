"""How much of a table people are shown at once: a thousand rows, those that matter most, and never a silent cut.

Prefect's UI takes eight seconds for 5,000 rows (docs/measured.md#artifacts). The whole table is a CSV file, which opens
in a spreadsheet without doing anything.
"""

import csv
import io
import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from timeouts.durations import DurationError, parse_duration
from timeouts.tables import each_row, rows
from timeouts.values import Value
from timeouts.wording import UNKNOWN

if typing.TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 1_000

Row = Mapping[str, typing.Any]
Rank = Callable[[Row], tuple[int, ...]]
"""Gives the place of a row: the smallest ones matter most."""

_PROBLEMS_FIRST = ("unknown", "failed", "not started", "skipped", "published", "unchanged")
# What spreadsheets take for the beginning of a formula, behind blanks too, in the wide letters of East Asia too.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


class ShownTable(Value):
    """A table that a run left: the key of its artifact, how many of its rows that shows, and where the whole is."""

    title: str
    key: str
    shown: int
    rows: int
    where: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all rows are shown."""
        return self.shown == self.rows


@dataclass(frozen=True, slots=True)
class Cut:
    """A table as it is left: the rows that are shown, as JSON takes them, of so many, and all of them as CSV."""

    shown: list[dict[str, typing.Any]]
    total: int
    csv: bytes

    @classmethod
    def of(cls, table: "pd.DataFrame", rank: Rank | None = None) -> "Cut":
        """Cut a table to the rows that rank first."""
        return cls(rows(what_matters(table, rank)), len(table), as_csv(table))


def what_matters(table: "pd.DataFrame", rank: Rank | None = None, most: int = MOST_ROWS) -> "pd.DataFrame":
    """Return a table of at most `most` rows: the table itself where it is that small, else the rows that rank first.

    Without a rank these are the first ones. Rows of the same rank keep their order.
    """
    if len(table) <= most:
        return table
    if rank is None:
        return table.head(most)
    ranks = [rank(row) for row in each_row(table)]
    chosen = sorted(range(len(table)), key=lambda place: ranks[place])[:most]
    return table.iloc[chosen]


def changed_then_odd_then_shortest(row: Row) -> tuple[int, ...]:
    """Rank a step: what a plan changes, what is not understood, then the shortest waits; computed ones come last."""
    if row["after"]:
        return 0, _milliseconds(row["effective now"])
    if row["effective now"] != UNKNOWN:
        return 2, _milliseconds(row["effective now"])
    return (3 if row["setting"] == "expression" else 1), 0


def shortest_now(row: Row) -> tuple[int, ...]:
    """Rank a step that changes by what callers wait there now."""
    return (_milliseconds(row["effective now"] if "effective now" in row else row["effective before"]),)


def problems_first(row: Row) -> tuple[int, ...]:
    """Rank what became of something: what people have to look into comes first."""
    return (_PROBLEMS_FIRST.index(row["outcome"]),)


def _milliseconds(words: str) -> int:
    try:
        return parse_duration(words)
    except DurationError:
        return -1  # not known is odder than any wait


def as_csv(table: "pd.DataFrame") -> bytes:
    """Write a table as CSV that a spreadsheet opens as text: UTF-8 with its mark, all texts quoted.

    What people named their Architect flows and steps may begin like a formula: such a cell gets an apostrophe in front,
    which spreadsheets show or take for "text". Everything else stays as it is.
    """
    written = io.BytesIO()
    # Encoded as it is written: the text of 20,000 rows takes two to four times as much as its bytes.
    text = io.TextIOWrapper(
        written,
        encoding="utf-8-sig",
        errors="backslashreplace",  # half a surrogate has no bytes
        newline="",
        write_through=True,
    )
    lines = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    lines.writerow(str(column) for column in table.columns)
    lines.writerows(zip(*(_safe_column(table[column].tolist()) for column in table.columns), strict=True))
    text.flush()
    return written.getvalue()


def _safe_column(cells: list[typing.Any]) -> list[typing.Any]:
    safe = {cell: _safe(cell) for cell in set(cells)}  # most cells of a column say the same
    return [safe[cell] for cell in cells]


def _safe(cell: typing.Any) -> typing.Any:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
