"""Tables as one Excel workbook: a sheet each, texts as texts, durations as words and as seconds.

What people named their Architect flows stays text, whatever it looks like. The same tables give the same bytes.
"""

import datetime as dt
import io
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.table import Number, Table

_MOST_ROWS = 1_048_576
_WIDEST = 60
_MEASURED_ROWS = 1_000
"""So many rows decide how wide a column is."""

_MADE = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
"""When it was made, as it says itself and its parts say anyway: the clock would make each one differ."""

_OPTIONS = {
    "constant_memory": True,  # a row at a time: 5,000 Architect flows have 20,000 steps
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(tables: Iterable[Table]) -> bytes:
    """Write the tables as sheets, in their order; of a table as many rows as a sheet of Excel holds.

    Raises OSError where no temporary files can be written.
    """
    written = io.BytesIO()
    book = Workbook(written, _OPTIONS)
    book.set_properties({"created": _MADE})
    bold, usual = book.add_format({"bold": True}), book.add_format()
    for table in tables:
        heads, rows = table.spreadsheet()
        rows = rows[: _MOST_ROWS - 1]
        sheet = book.add_worksheet(table.what.removeprefix("timeouts-"))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        for column, width in enumerate(_widths(heads, rows)):
            sheet.set_column(column, column, width)
        sheet.write_row(0, 0, heads, bold)
        for place, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, place, column, value, usual)
    book.close()
    return written.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: str | Number, usual: Format) -> None:
    if not isinstance(value, str):
        sheet.write(row, column, value)
        return
    text = value.encode(errors="backslashreplace").decode()  # half a surrogate has no bytes
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for XML of its own and writes it as it is; in two pieces it escapes each
        sheet.write_rich_string(row, column, text[0], usual, text[1:])
    else:
        sheet.write(row, column, text)


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str | Number]]) -> list[int]:
    return [
        min(_WIDEST, 2 + max(len(str(value)) for value in (head, *(row[place] or "" for row in rows[:_MEASURED_ROWS]))))
        for place, head in enumerate(heads)
    ]
