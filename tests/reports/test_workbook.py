"""Tables as a workbook, read as Office Open XML says; and durations as numbers, in CSV too."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.table import Duration, Table
from reports.tables import steps_table, tables_of
from reports.workbook import workbook
from tests.reports.org_of_rows import REPORTS

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def table_of(*names: str) -> Table:
    return Table.of("timeouts-x", "Names", names, {"step": lambda name: name})


def sheets(content: bytes) -> dict[str, list[dict[str, str | float]]]:
    """The cells of each sheet, row by row, by the letters of their columns."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314 - our own
        return {
            str(sheet.get("name")): cells(package.read(f"xl/worksheets/sheet{number}.xml"))
            for number, sheet in enumerate(book.iter(f"{MAIN}sheet"), start=1)
        }


def cells(sheet: bytes) -> list[dict[str, str | float]]:
    rows = ET.fromstring(sheet).iter(f"{MAIN}row")  # noqa: S314 - our own
    return [{re.sub(r"\d", "", str(cell.get("r"))): value_of(cell) for cell in row} for row in rows]


def value_of(cell: ET.Element) -> str | float:
    assert cell.find(f"{MAIN}f") is None, "nothing in it is a formula"
    if cell.get("t") == "inlineStr":
        text = "".join(cell.itertext())
        return re.sub(r"_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)
    return float("".join(cell.itertext()))


def test_all_tables_of_a_run_are_sheets_and_every_row_is_there() -> None:
    tables = list(tables_of(REPORTS["applied"]))
    found = sheets(workbook(tables))

    assert list(found) == [table.what.removeprefix("timeouts-") for table in tables]
    assert {name: len(rows) - 1 for name, rows in found.items()} == {
        table.what.removeprefix("timeouts-"): len(table.cells) for table in tables
    }


def test_a_duration_is_a_number_of_seconds_beside_its_words() -> None:
    head, *rows = sheets(workbook([steps_table(REPORTS["audit"])]))["steps"]
    place = {value: letters for letters, value in head.items()}

    now = [(row.get(place["effective now"]), row.get(place["effective now (s)"])) for row in rows]
    assert ("2.5s", 2.5) in now
    assert ("15s", 15.0) in now
    assert ("unknown", None) in now


def test_a_csv_has_them_too_and_whole_seconds_are_whole_numbers() -> None:
    written = steps_table(REPORTS["audit"]).csv().decode("utf-8-sig")

    now = {(row["effective now"], row["effective now (s)"]) for row in csv.DictReader(io.StringIO(written, newline=""))}
    assert now == {("2.5s", "2.5"), ("15s", "15"), ("5s", "5"), ("unknown", "")}


def test_columns_of_seconds_are_there_where_no_row_has_any() -> None:
    column = Duration[str](lambda _: "none", lambda _: None)
    table = Table.of("timeouts-x", "X", ["a"], {"limit": column})

    assert table.spreadsheet() == (["limit", "limit (s)"], [["none", None]])


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_names_are_texts_as_they_came_and_none_is_a_formula(names: list[str]) -> None:
    (_, *rows) = sheets(workbook([table_of(*names)]))["x"]

    assert [row["A"] for row in rows] == [name[:32_767] for name in names]


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "{=1+1}",
        "https://example.org",
        "mailto:a@example.org",
        "internal:x!A1",
        "10",
        "<r>&</r>",
        "<r><f>1</f></r>",
    ],
)
def test_what_looks_like_more_than_a_text_is_one(name: str) -> None:
    (_, row) = sheets(workbook([table_of(name)]))["x"]

    assert row == {"A": name}


def test_half_a_surrogate_is_its_escape_as_in_a_csv() -> None:
    (_, row) = sheets(workbook([table_of("a\ud800b")]))["x"]

    assert row == {"A": r"a\ud800b"}


def test_the_same_tables_are_the_same_bytes() -> None:
    assert workbook([table_of("a")]) == workbook([table_of("a")])


def test_columns_beyond_z_have_two_letters() -> None:
    wide = Table.of("timeouts-x", "X", [1], {f"c{number}": (lambda row: row) for number in range(28)})

    assert list(sheets(workbook([wide]))["x"][0])[-2:] == ["AA", "AB"]
