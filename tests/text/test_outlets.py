"""Every hostile name at every outlet: it does nothing there, and people recognise it."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from reports.pictures import charts
from reports.report import Report
from reports.table import LINK_COLUMN
from tests.text import outlets
from tests.text.hostile import NAMES, begins, hostile, letters
from timeouts.text.outlets import csv_cell, escaped, inert, table_cell
from timeouts.text.visible import one_line

pytestmark = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)


@functools.cache
def reports_of(name: str) -> list[Report]:
    return [hostile(report, name) for report in outlets.REPORTS]


@pytest.fixture
def reports(name: str) -> list[Report]:
    """Reports in which every text of others is that name."""
    return reports_of(name)


@pytest.fixture(scope="module")
def usual_pages() -> list[outlets.Tags]:
    return [outlets.page(report) for report in reports_of("Line")]


@pytest.fixture
def ordinary(name: str) -> list[Report]:
    """The same reports with a name of that length that does nothing anywhere."""
    return reports_of(ordinary_name(name))


@pytest.fixture(scope="module", autouse=True)
def _drawn_once() -> Iterator[None]:
    """The picture of waits, in which no name is: drawn once for all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "_draw_waits", functools.cache(charts._draw_waits))
        yield


def ordinary_name(name: str) -> str:
    return re.sub(r"\S", "x", one_line(name))


def is_ours(address: str) -> bool:
    return address.startswith((outlets.OURS, "data:image/png;base64,"))


def test_in_the_terminal(name: str, reports: list[Report], ordinary: list[Report]) -> None:
    wide = 2_000 + 2 * len(name)  # nothing wraps
    for report, other in zip(reports, ordinary, strict=True):
        for shown, usual in zip(outlets.terminal(report, wide), outlets.terminal(other, wide), strict=True):
            assert outlets.is_one_line(shown.replace("\n", ""))
            assert len(shown.splitlines()) == len(usual.splitlines()), "no line comes from a name"
            assert begins(name) in letters(shown)


@pytest.mark.usefixtures("name")
def test_in_a_narrow_terminal(reports: list[Report]) -> None:
    for report in reports:
        for shown in outlets.terminal(report, 40):
            assert outlets.is_one_line(shown.replace("\n", ""))


def test_in_markdown(name: str, reports: list[Report], ordinary: list[Report]) -> None:
    for report, other in zip(reports, ordinary, strict=True):
        for shown, usual in zip(outlets.markdown(report), outlets.markdown(other), strict=True):
            assert outlets.does_more_than_show(shown, is_ours) == []
            assert len(outlets.headings(shown)) == len(outlets.headings(usual))
            assert begins(name) in letters(outlets.text_of_markdown(shown))


def test_on_the_pages_of_an_approval(name: str) -> None:
    for shown, usual in zip(outlets.approvals(name), outlets.approvals(ordinary_name(name)), strict=True):
        assert outlets.does_more_than_show(shown, is_ours) == []
        assert len(outlets.headings(shown)) == len(outlets.headings(usual))
        assert begins(name) in letters(outlets.text_of_markdown(shown))


def test_in_the_rows_of_a_table_in_prefect(name: str, reports: list[Report]) -> None:
    names = set()
    for report in reports:
        for row in outlets.prefect_rows(report):
            for column, cell in row.items():
                if isinstance(cell, str) and column != LINK_COLUMN:
                    assert outlets.is_inert(cell)
                    assert outlets.does_more_than_show(cell) == []
                    assert letters(cell) == letters(outlets.text_of_markdown(cell)), "the first UI swallows nothing"
                    names.add(letters(cell)[: len(begins(name))])
    assert begins(name) in names


@pytest.mark.usefixtures("name")
def test_in_a_spreadsheet(reports: list[Report]) -> None:
    for report in reports:
        assert not any(map(outlets.begins_a_formula, outlets.spreadsheet_cells(report, ",;\t")))


def test_in_a_csv_file_the_name_is_as_it_was(name: str) -> None:
    assert csv_cell(name).replace("'", "") == name.replace("'", "")


def test_on_the_page(name: str, reports: list[Report], usual_pages: list[outlets.Tags]) -> None:
    for report, usual in zip(reports, usual_pages, strict=True):
        shown = outlets.page(report)
        assert (shown.tags, shown.attributes) == (usual.tags, usual.attributes)
        assert all(address.startswith("data:image/svg+xml;base64,") for address in shown.addresses)
        assert outlets.is_one_line(shown.text.replace("\n", ""))
        assert begins(name) in letters(shown.text)


def test_in_lines_of_a_log(name: str) -> None:
    for line in outlets.log_lines(name):
        assert outlets.is_inert(line)
        assert begins(name) in letters(line)


def test_in_the_traceback_of_a_log(name: str) -> None:
    first, *lines = outlets.traceback_lines(name)

    assert first == "it failed"
    assert all(line.startswith("  ") and outlets.is_one_line(line) for line in lines)


@pytest.mark.usefixtures("name")
def test_in_the_state_of_a_run(reports: list[Report]) -> None:
    assert all(outlets.is_inert(message) for report in reports for message in outlets.state_messages(report))


def test_in_an_event(name: str) -> None:
    found = outlets.event(name)

    assert all(map(outlets.is_inert, texts_in(found)))
    assert letters(str(found["organization"]))[: len(begins(name))] == begins(name)


def test_in_a_notification(name: str) -> None:
    told = outlets.notification(inert(name))

    assert outlets.is_inert(told)
    assert told == f"{inert(name)}: {inert(name)}", "jinja reads no name as a template"


def test_in_a_notification_of_a_run_that_somebody_has_named_so(name: str) -> None:
    assert not re.search(r"<|\]\(|https?://|@", outlets.notification(name))


def test_in_an_error(name: str) -> None:
    assert outlets.is_one_line(outlets.error(name))
    assert begins(name) in letters(outlets.error(name))


def test_in_the_key_of_an_artifact(name: str) -> None:
    assert re.fullmatch(r"timeouts-summary-[a-z0-9]+(-[a-z0-9]+)*-?", outlets.key(name))


@pytest.mark.parametrize("outlet", [inert, escaped, table_cell])
def test_who_passes_the_gate_twice_is_as_harmless(name: str, outlet: Any) -> None:
    assert outlets.is_inert(inert(outlet(name)))


def texts_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for each in (*value, *value.values()) for text in texts_in(each)]
    return [text for each in value for text in texts_in(each)] if isinstance(value, list) else []


def test_in_json_it_comes_back_as_it_was(name: str, reports: list[Report]) -> None:
    is_half_a_pair = any("\ud800" <= char <= "\udfff" for char in name)
    for report in reports:
        if is_half_a_pair:  # no file takes it: the gateway has made an escape of it before a report is made
            with pytest.raises(ValueError, match="surrogates not allowed"):
                report.model_dump_json()
            continue
        assert json.loads(report.model_dump_json())["org"]["name"] == report.org.name
