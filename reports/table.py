"""A table that people read: all rows as CSV, and of a large one those that matter most, never a silent cut.

Prefect's UI takes eight seconds for 5,000 rows (docs/measured.md#artifacts). The CSV opens in a spreadsheet without
doing anything; beside each duration in words it has the seconds as a number, to sort and reckon with.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from timeouts.text.outlets import csv_cell, table_cell

MOST_ROWS = 1_000

LINK_COLUMN = "in Architect"
"""Where to open an Architect flow: the bare address, for Prefect's two UIs show cells in two ways. The first one reads
every text cell as Markdown and makes a link of an address; the second one shows plain text, where Markdown's brackets
would stand as such, and an address can be copied."""

Cell = str | int | None
Number = int | float | None
Fact = TypeVar("Fact")
Addresses = Mapping[str, str]
"""Where a person opens an Architect flow, by its id; '' or none where there is no such page."""

Columns = Mapping[str, Callable[[Fact], Cell]]
"""What a table says of a fact, column by column."""


@dataclass(frozen=True)
class Duration(Generic[Fact]):
    """A column of durations: `words` for people, `ms` for whoever sorts or reckons; None where there is none."""

    words: Callable[[Fact], str]
    ms: Callable[[Fact], int | None]

    def __call__(self, fact: Fact) -> str:
        """Return it in words, as any other column does."""
        return self.words(fact)


@dataclass(frozen=True, slots=True)
class Table:
    """A table in words: texts, whole numbers, None for a gap among numbers.

    `what`: which kind of table, which names its artifact and its file. `first`: the places of its rows, those that
    matter most first. `durations`: the milliseconds of the columns that hold durations, row by row.
    """

    what: str
    title: str
    columns: tuple[str, ...]
    cells: Sequence[tuple[Cell, ...]]
    first: Sequence[int]
    sentence: str = ""
    durations: Mapping[str, Sequence[int | None]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        what: str,
        title: str,
        facts: Sequence[Fact],
        columns: "Columns[Fact]",
        *,
        rank: Callable[[Fact], Any] | None = None,
        where: Callable[[Fact], str] | None = None,
        addresses: Addresses | None = None,
        sentence: str = "",
    ) -> "Table":
        """Put facts into words, one row each.

        `rank`: what sorts those that matter most to the front, where not all are shown; the order given without it.
        `where`: the id of the Architect flow that a row is about; with `addresses`, a last column opens it.
        """
        shown = dict(columns)
        if where is not None and addresses is not None:
            shown[LINK_COLUMN] = lambda fact: addresses.get(where(fact), "")
        cells = [tuple(cell(fact) for cell in shown.values()) for fact in facts]
        first = range(len(facts)) if rank is None else sorted(range(len(facts)), key=lambda place: rank(facts[place]))
        durations = {
            head: [column.ms(fact) for fact in facts] for head, column in shown.items() if isinstance(column, Duration)
        }
        return cls(what, title, tuple(shown), cells, first, sentence, durations)

    def rows(self, most: int | None = None) -> list[dict[str, Cell]]:
        """Return the rows with every text as it came: all in order or, where there are more than `most`, the first."""
        chosen = range(len(self.cells)) if most is None or len(self.cells) <= most else self.first[:most]
        return [dict(zip(self.columns, self.cells[place], strict=True)) for place in chosen]

    def spreadsheet(self) -> tuple[list[str], list[list[str | Number]]]:
        """Return the heads and all rows as a spreadsheet has them: the seconds of a duration beside its words."""
        heads: list[str] = []
        columns: list[Sequence[str | Number]] = []
        for place, head in enumerate(self.columns):
            heads.append(head)
            columns.append([row[place] for row in self.cells])
            if head in self.durations:
                heads.append(f"{head} (s)")
                columns.append([_seconds(each) for each in self.durations[head]])
        return heads, [list(row) for row in zip(*columns, strict=True)]

    def csv(self) -> bytes:
        """Write all rows as CSV that a spreadsheet opens as text: UTF-8 with its mark, all texts quoted.

        What people named their Architect flows and steps may hold the beginning of a formula: it gets an apostrophe in
        front, which spreadsheets show or take for "text". Everything else stays as it is.
        """
        import pandas as pd  # noqa: PLC0415 - half a second that only a run with tables should pay

        heads, rows = self.spreadsheet()
        safe = [tuple(map(_safe, row)) for row in rows]
        frame = pd.DataFrame(safe, columns=heads, dtype=object)  # or ints beside gaps would become floats
        written = io.BytesIO()
        frame.to_csv(
            written,
            index=False,
            quoting=csv.QUOTE_NONNUMERIC,
            lineterminator="\r\n",
            encoding="utf-8-sig",
            errors="backslashreplace",  # half a surrogate has no bytes
        )
        return written.getvalue()


def shown_rows(rows: Sequence[Mapping[str, Cell]]) -> list[dict[str, Cell]]:
    """Return rows as Prefect's UIs show them: nothing in them is loaded, and the addresses of ours alone are links."""
    return [{column: cell if column == LINK_COLUMN else _shown(cell) for column, cell in row.items()} for row in rows]


def _shown(cell: Cell) -> Cell:
    return table_cell(cell) if isinstance(cell, str) else cell


def _safe(cell: str | Number) -> str | Number:
    return csv_cell(cell) if isinstance(cell, str) else cell


def _seconds(duration_ms: int | None) -> Number:
    """Return whole seconds as a whole number, so that 10 is not written as 10.0."""
    if duration_ms is None:
        return None
    return duration_ms // 1000 if duration_ms % 1000 == 0 else duration_ms / 1000
