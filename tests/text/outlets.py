"""What a person or a program gets of a report at each outlet, and how it is read there."""

import csv
import functools
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from prefect.server.utilities.user_templates import render_user_template_sync
from rich.cells import cell_len
from rich.console import Console

from deployments.automations import _MESSAGE, _RUN
from flows.run.endings import ending
from flows.run.log_lines import _OneLineEach
from genesys.errors import Exchange, InvalidRequest
from genesys.http.payload import Answer
from genesys.http.problems import exchange_of
from genesys.http.wire import Request
from reports.commands.next_steps import with_next_steps
from reports.histories import histories_of
from reports.keys import key_of
from reports.markdown.approval import question, record_page
from reports.markdown.effect import effect_page
from reports.markdown.summary import markdown_summary
from reports.page.page import html_report
from reports.pictures.charts import charts_of, effect_chart
from reports.report import Report
from reports.table import Table, shown_rows
from reports.tables import advice_table, left_alone_table, tables_of
from reports.terminal.effect import show_effect
from reports.terminal.show import show
from tests.reports import effects, org_of_rows, org_with_actions
from tests.reports.made import made
from tests.reports.markdown.test_approval_page import ANSWER_BY_MS, REFUSED
from tests.text.hostile import hostile
from tests.timeouts.drift.two_audits import drift
from tests.timeouts.org_of_examples import INVENTORY, OUTCOMES, plan
from timeouts.model.org import Organization
from timeouts.text.outlets import inert_payload

OURS = "https://apps.example.org/architect/"
REPORTS = (
    org_of_rows.REPORTS["audit"],
    org_with_actions.REPORTS["actions_applied"],
    made(INVENTORY, plan(), OUTCOMES, drift=drift(), effects=(effects.HELPED_AND_HURT, effects.NO_FIGURES)),
)
_ACTIVE = re.compile(r"https?://|ftp://|www\.|[\w.+-]@\w|^@\w|\s@\w", re.IGNORECASE)
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_MD = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def addresses_of(report: Report) -> dict[str, str]:
    """Our own links: of ids that are hostile, too, as `architect_link` makes them."""
    return {step.architect_flow_id: f"{OURS}{number}" for number, step in enumerate(report.steps)}


def all_tables(report: Report) -> list[Table]:
    found = list(tables_of(report, addresses_of(report)))
    if report.plan is not None:
        found += (left_alone_table(report.plan), advice_table(report.plan))
    return found


def terminal(report: Report, columns: int) -> Iterator[str]:
    file = io.StringIO()
    show(Console(file=file, width=columns, color_system=None), report)
    yield file.getvalue()
    for effect in report.effects:
        file = io.StringIO()
        show_effect(Console(file=file, width=columns, color_system=None), effects.effect_report(effect))
        yield file.getvalue()


def markdown(report: Report) -> Iterator[str]:
    yield markdown_summary(report, addresses_of(report))
    for effect in report.effects:
        yield effect_page(effects.effect_report(effect), None)


def approvals(name: str) -> Iterator[str]:
    record, given = hostile(REFUSED, name), hostile(plan(), name)
    # The platform's ids and Prefect's are in what is signed, which takes no other.
    org = record.proposal.organization.model_copy(update={"id": "org-1"})
    ids = {"run_id": "run-1", "organization": org}
    record = record.model_copy(update={"proposal": record.proposal.model_copy(update=ids)})
    yield question(given, record, 2, whole_plan=f"{OURS}plan", answer_by_ms=ANSWER_BY_MS)
    yield record_page(given, record, 2, {pin.architect_flow_id: f"{OURS}1" for pin in given.pins})


def prefect_rows(report: Report) -> Iterator[dict[str, Any]]:
    for table in all_tables(report):
        yield from shown_rows(table.rows())
    for history in histories_of(report):
        yield from shown_rows(history.rows)


def spreadsheet_cells(report: Report, separators: str) -> Iterator[str]:
    """What spreadsheets that split lines at these separators put into their cells."""
    for table in all_tables(report):
        text = table.csv().decode("utf-8-sig")
        for separator in separators:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False):
                yield from row


class Tags(HTMLParser):
    """The tags of a page, the addresses in it, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: dict[str, int] = {}
        self.addresses: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def page(report: Report) -> Tags:
    return Tags(html_report(with_next_steps(report)))


def pictures(report: Report) -> Iterator[bytes]:
    for form in ("svg", "png"):
        yield from (each.drawn for each in charts_of(report, form))
        chart = effect_chart(report.effects, form)
        yield from () if chart is None else (chart.drawn,)


def log_lines(*texts: str) -> Iterator[str]:
    """What the handlers of a run get to write, the API's and the console's."""
    for text in texts:
        yield _formatted(logging.makeLogRecord({"msg": "%s: %s", "args": (text, 1)}))
        yield _formatted(logging.makeLogRecord({"msg": text}))


def traceback_lines(text: str) -> list[str]:
    """The lines of a record with the traceback of an error that names this."""
    problem = ValueError(text)
    where = (ValueError, problem, None)
    return _formatted(logging.makeLogRecord({"msg": "it failed", "exc_info": where})).split("\n")


def _formatted(record: logging.LogRecord) -> str:
    assert _OneLineEach().filter(record)
    return logging.Formatter("%(message)s").format(record)


def state_messages(report: Report) -> Iterator[str]:
    yield str(ending(report).message)


def event(name: str) -> dict[str, Any]:
    """The payload of an event that names this, in a value, in a key and in a list."""
    found: dict[str, Any] = inert_payload({"organization": name, "by": {name: 3}, "names": [name], "count": 3})
    return found


def notification(name: str) -> str:
    """What the server makes of our automation for a run whose name and message are that."""
    run = {"name": name, "state": {"message": name}}
    return render_user_template_sync(f"{_RUN}: {_MESSAGE}", {"flow_run": run})


def error(name: str) -> str:
    """What is said of a refusal whose every word is that."""
    body: dict[str, Any] = dict.fromkeys(("message", "code", "contextId"), name) | {"details": [{"errorCode": name}]}
    headers = {"inin-correlation-id": name, "content-type": "application/json"}
    answer = Answer(400, headers, json.dumps(body).encode())
    exchange: Exchange = exchange_of(Request("GET", "/api/v2/flows", {}), answer)
    return str(InvalidRequest("The platform refuses the request", exchange))


def key(name: str) -> str:
    return key_of("timeouts-summary", Organization(id=f"{name} 0000", name=name))


def is_one_line(text: str) -> bool:
    return all(char.isprintable() or char in "\u200c\u200d\ufe0f" for char in text)


def is_inert(text: str) -> bool:
    """Whether no reader makes more of it than words: neither Markdown, nor a chat, nor a mail program."""
    return is_one_line(text) and not (_ACTIVE.search(text) or "<" in text or "](" in text)


def does_more_than_show(text: str, allowed: Callable[[str], bool] = lambda _: False) -> list[str]:
    """Read Markdown, and name all that is no text in it: tags, pictures and links that are not ours."""
    return list(_doing(_parsed(text), allowed))


def headings(text: str) -> list[str]:
    tokens = _parsed(text)
    return [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]


def text_of_markdown(text: str) -> str:
    """The text that is seen of Markdown."""
    return "\n".join(_texts(_parsed(text)))


@functools.lru_cache(maxsize=4_096)
def _parsed(text: str) -> list[Token]:
    """Read Markdown once: most cells of most reports are the same, and each is looked at twice."""
    return _MD.parse(text)


def _texts(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children:
            yield "".join(each.content for each in token.children)
        elif token.type in ("code_block", "fence"):
            yield token.content


def _doing(tokens: list[Token], allowed: Callable[[str], bool]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("html_block", "html_inline"):
            yield token.content
        for name in ("src", "href"):
            if (address := token.attrGet(name)) is not None and not allowed(str(address)):
                yield str(address)
        if token.type == "text" and _ACTIVE.search(token.content):
            yield token.content
        yield from _doing(token.children or [], allowed)


def begins_a_formula(cell: str) -> bool:
    return bool(_FORMULA.match(cell))


def widest(text: str) -> int:
    return max(cell_len(line) for line in text.split("\n"))
