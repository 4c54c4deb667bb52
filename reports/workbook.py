"""Tables as one Excel workbook (Office Open XML): a sheet each, texts as texts, durations as words and as seconds.

What people named their Architect flows is written as inline text, of which no spreadsheet makes a formula. The parts
are the least that Excel, LibreOffice and Google Sheets ask for; the same tables give the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from reports.table import Number, Table

_MOST_CHARACTERS = 32_767
"""Of a cell; Excel calls a workbook with more in one damaged."""

_MOST_ROWS = 1_048_576
_WIDEST = 60
_MEASURED_ROWS = 1_000
"""So many rows decide how wide a column is."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>'
)
_BOLD = ' s="1"'
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def workbook(tables: Iterable[Table]) -> bytes:
    """Write the tables as sheets, in their order. A table has at most as many rows as a sheet of Excel holds."""
    sheets = {table.what.removeprefix("timeouts-"): _sheet(table) for table in tables}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (
            ("[Content_Types].xml", _types(len(sheets))),
            ("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])),
            ("xl/workbook.xml", _book(list(sheets))),
            (
                "xl/_rels/workbook.xml.rels",
                _relations(
                    [*(("worksheet", f"worksheets/sheet{n}.xml") for n in _numbers(sheets)), ("styles", "styles.xml")]
                ),
            ),
            ("xl/styles.xml", _STYLES),
            *(
                (f"xl/worksheets/sheet{n}.xml", sheet)
                for n, sheet in zip(_numbers(sheets), sheets.values(), strict=True)
            ),
        ):
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(part, content.encode())
    return written.getvalue()


def _numbers(sheets: Iterable[str]) -> list[int]:
    return [number for number, _ in enumerate(sheets, start=1)]


def _types(count: int) -> str:
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in range(1, count + 1)]
    named = "".join(f'<Override PartName="{part}" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in parts)
    usual = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{usual}{named}</Types>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _book(names: Sequence[str]) -> str:
    each = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{each}</sheets></workbook>'


def _sheet(table: Table) -> str:
    heads, rows = table.spreadsheet()
    rows = rows[: _MOST_ROWS - 1]
    widths = [
        min(_WIDEST, 2 + max(len(str(value)) for value in (head, *(row[place] or "" for row in rows[:_MEASURED_ROWS]))))
        for place, head in enumerate(heads)
    ]
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    lines = [_row(1, heads, _BOLD), *(_row(number, row) for number, row in enumerate(rows, start=2))]
    everything = f"A1:{_letters(len(heads))}{len(lines)}"
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols>{columns}</cols><sheetData>{"".join(lines)}</sheetData><autoFilter ref="{everything}"/></worksheet>'
    )


def _row(number: int, cells: Sequence[str | Number], style: str = "") -> str:
    each = "".join(_cell(f"{_letters(place)}{number}", value, style) for place, value in enumerate(cells, start=1))
    return f'<row r="{number}">{each}</row>'


def _cell(where: str, value: str | Number, style: str) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        return f'<c r="{where}"{style}><v>{value}</v></c>'
    return f'<c r="{where}"{style} t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'


def _text(value: str) -> str:
    """Return a text as XML of a workbook has it: `_x0007_` stands for what XML cannot hold."""
    safe = _LOOKS_ESCAPED.sub("_x005F_", value[:_MOST_CHARACTERS])
    return escape(_NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", safe), {"\r": "&#13;"})


def _letters(place: int) -> str:
    """Return the name of a column, the first one being A."""
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
