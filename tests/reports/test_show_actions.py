"""What a run on both levers looks like in a terminal, and as a page."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from reports.page.page import html_report
from reports.report import Report
from reports.terminal.show import show
from tests.golden import is_golden
from tests.reports.org_with_actions import report
from timeouts.model.evidence import Evidence

GOLDEN = Path(__file__).parent / "golden"
REPORTS = {
    "actions_audit": report("audit", "read only"),
    "actions_dry_run": report("raise", "dry run"),
    "actions_applied": report("raise", "apply"),
}


def printed(shown: Report, width: int) -> str:
    file = io.StringIO()
    show(Console(file=file, width=width, color_system=None), shown)
    return file.getvalue()


@pytest.mark.parametrize("name", REPORTS)
def test_a_run_reads_as_the_golden_file(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    lines = (line.rstrip() for line in printed(REPORTS[name], 100).splitlines())
    found = re.sub(r"sha256:[0-9a-f]{64}", "sha256:...", "\n".join(lines) + "\n")

    assert is_golden(path, found)


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("name", REPORTS)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    assert max(cell_len(line) for line in printed(REPORTS[name], width).splitlines()) <= width


def test_an_audit_without_figures_says_why() -> None:
    without = report("audit", "read only", Evidence(asked_days=7, problem="403 [no]"))

    said = " ".join(printed(without, 120).split())
    assert said.count("The figures of the last 7 days could not be read, so rules that go by them change nothing") == 1
    assert said.count("403 [no]") == 1


class _Seen(HTMLParser):
    """What a page holds: its tags with where they lead, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def seen(shown: Report) -> _Seen:
    page = _Seen()
    page.feed(html_report(shown))
    return page


@pytest.mark.parametrize("name", REPORTS)
def test_the_page_is_self_contained(name: str) -> None:
    page = seen(REPORTS[name])

    assert "script" not in page.tags
    assert page.addresses
    assert all(address.startswith("data:image/svg+xml;base64,") for address in page.addresses)


def test_names_are_text_on_the_page_whatever_they_hold() -> None:
    odd = REPORTS["actions_audit"].org.model_copy(update={"name": "<b onload=alert(1)>Grünwald & Söhne</b>"})
    page = seen(REPORTS["actions_audit"].model_copy(update={"org": odd}))

    assert "b" not in page.tags[: page.tags.index("h1") + 2]
    assert "<b onload=alert(1)>Grünwald & Söhne</b>" in page.text


def test_the_page_shows_whom_it_affects_what_it_costs_and_what_became_of_it() -> None:
    page = seen(REPORTS["actions_applied"])

    for told in (
        "What became of the actions",
        "Action limits, and every step that they affect",
        "What waiting costs",
        "All actions",
        "All steps as they were found",
        "the platform does not take the draft: no zip; the limit is as it was",
        "in the worst case 1.19 data actions run at once",
    ):
        assert told in page.text
    assert page.text.count("Main | line") >= 3
