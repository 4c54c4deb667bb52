"""An org in which everything is called something that attacks: audited and raised, over HTTP, with a Prefect server."""

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prefect import get_client
from prefect.client.schemas.filters import TaskRunFilter, TaskRunFilterFlowRunId
from prefect.client.schemas.objects import Log
from prefect.events import Event
from prefect.logging.handlers import APILogWorker
from prefect.settings import PREFECT_LOGGING_TO_API_ENABLED, PREFECT_UI_URL, temporary_settings
from rich.console import Console

from cli.outputs import Files
from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from reports.page.page import html_report
from reports.report import Report
from reports.table import LINK_COLUMN
from simulator.org.seeds import ActionSeed, ArchitectFlowSeed, DivisionSeed, OrgSeed, PersonSeed
from simulator.org.versions import PublishPlan
from tests.flows.artifacts import artifacts_of, table_of, told
from tests.flows.conftest import AT_ONCE, org_of_a_module, report_of, run_id_of
from tests.flows.traces.test_logs import logs_of
from tests.publishing.scenes import configuration
from tests.reports.made import printed
from tests.text import outlets
from tests.text.hostile import FORGED, HOST, NAMES, begins, letters
from timeouts.planning.changes import LimitName
from timeouts.policy.policy import Policy

pytestmark = pytest.mark.timeout(300)

TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "h1",
        "h2",
        "p",
        "pre",
        "ul",
        "li",
        "b",
        "figure",
        "img",
        "div",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "section", "footer"),
}
"""Those of reports/page/report.html.jinja."""

WAIVED: tuple[LimitName, ...] = ("architect_flows", "changes", "share")
EVERY = "\n".join(NAMES.values())
"""All of them in one text: what the platform says of a publish that fails."""


def hostile_org() -> OrgSeed:
    """Each name is that of an Architect flow, of its task, its step, its action, and of who published it."""
    names = [name for name in NAMES.values() if name.strip()]
    home = DivisionSeed("home", NAMES["Markdown image"])
    people = [PersonSeed(f"44444444-4444-4444-8444-{number:012}", name) for number, name in enumerate(names)]
    return OrgSeed(
        id="66666666-6666-4666-8666-666666666666",
        name=f"{NAMES['Markdown image']} {NAMES['everybody in Slack']}",
        kind="architect",
        divisions=(home,),
        people=people,
        actions=[ActionSeed(action_id(number), name, name, "crm") for number, name in enumerate(names)],
        architect_flows=[
            ArchitectFlowSeed(
                flow_id(number),
                name,
                "INBOUNDCALL",
                "home",
                definition(number, name),
                description=name,
                published_versions=("4.0",),
                published_by=people[number],
            )
            for number, name in enumerate(names)
        ],
    )


def flow_id(number: int) -> str:
    return f"11111111-1111-4111-8111-{number:012}"


def action_id(number: int) -> str:
    return f"custom_-_33333333-3333-4333-8333-{number:012}"


def definition(number: int, name: str) -> Any:
    document = json.loads(configuration(3))
    (task,) = document["flowSequenceItemList"]
    (node,) = task["actionList"]
    document |= {"name": name, "description": name}
    (used,) = document["manifest"]["dataAction"]
    used |= {
        "name": name,
        "id": action_id(number),
        "context": [{**used["context"][0], "actionName": name, "name": name}],
    }
    task["name"] = node["name"] = node["actionName"] = name
    node["actionId"], node["category"] = action_id(number), {"id": "crm", "name": name}
    body = json.dumps(document).encode()
    return lambda _: body


@dataclass(frozen=True)
class Left:
    """What two runs left: an audit, and a raise of which one publish fails."""

    states: tuple[Any, ...]
    reports: tuple[Report, ...]
    logs: list[Log]
    events: list[Event]
    results: Path


@pytest.fixture(scope="module")
def left(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Left:
    results = tmp_path_factory.mktemp("results")
    with (
        org_of_a_module(hostile_org(), results) as org,
        temporary_settings({PREFECT_LOGGING_TO_API_ENABLED: True}),
        told() as events,
    ):
        first = audit(return_state=True)
        org.org.plan_publish(AT_ONCE)
        org.org.plan_publish(PublishPlan(reads=0, ending="failure", error_message=EVERY, error_code=EVERY), flow_id(1))
        second: Any = raise_timeouts(policy=Policy.raise_to(10_000), mode="apply", waive=WAIVED, return_state=True)
        APILogWorker.drain_all(timeout=30)
        states = (first, second)
        reports = tuple(map(report_of, states))
        logs = [line for state in states for line in logs_of(run_id_of(state))]
    return Left(states, reports, logs, events, results)


def test_names_keep_no_run_from_its_work(left: Left) -> None:
    assert left.states[0].is_completed()
    report = left.reports[1]

    assert len(report.outcomes) == len(report.steps) == len([name for name in NAMES.values() if name.strip()])
    assert {outcome.outcome for outcome in report.outcomes} <= {"published", "failed"}
    assert any(outcome.outcome == "published" for outcome in report.outcomes)


def test_names_stay_in_the_report_as_they_came_but_for_halves_of_surrogates(left: Left) -> None:
    found = {step.architect_flow for step in left.reports[0].steps}

    assert {name for name in NAMES.values() if name.strip() and name.isprintable()} <= found
    assert r"Line \ud83d one" in found
    json.loads(left.reports[1].model_dump_json())


def test_every_line_of_the_log_is_one_line_without_a_link(left: Left) -> None:
    assert len(left.logs) > len(NAMES)
    ours = f"View at {PREFECT_UI_URL.value()}/runs/flow-run/"
    said = [line.message for line in left.logs if not line.message.startswith(ours)]
    assert [line for line in said if not outlets.is_inert(line)] == []
    assert not any(line.message.startswith(FORGED) for line in left.logs)


def test_no_table_and_no_page_in_prefect_does_more_than_show(left: Left) -> None:
    kept = [artifact for state in left.states for artifact in artifacts_of(run_id_of(state))]
    rows = [row for artifact in kept if artifact.type == "table" for row in table_of(artifact)]
    cells = [cell for row in rows for column, cell in row.items() if isinstance(cell, str) and column != LINK_COLUMN]

    assert [cell for cell in cells if not outlets.is_inert(cell) or outlets.does_more_than_show(cell)] == []
    assert {name for name in NAMES.values() if begins(name) not in letters("".join(cells))} == set()
    for artifact in kept:
        texts = [str(artifact.description or ""), str(artifact.data) if artifact.type == "markdown" else ""]
        assert [found for text in texts for found in outlets.does_more_than_show(text, is_ours)] == []


def is_ours(address: str) -> bool:
    is_link = re.fullmatch(r"http://127\.0\.0\.1:\d+/architect/#/inboundcall/flows/[0-9a-f-]{36}/latest", address)
    return is_link is not None or address.startswith("data:image/png;base64,")


def test_states_and_names_of_runs_are_words(left: Left) -> None:
    assert [state.message for state in left.states if not outlets.is_inert(state.message or "")] == []
    with get_client(sync_client=True) as client:
        for state in left.states:
            chosen = TaskRunFilter(flow_run_id=TaskRunFilterFlowRunId(any_=[run_id_of(state)]))
            runs = client.read_task_runs(task_run_filter=chosen)
            said = [run.name for run in runs] + [str(run.state.message or "") for run in runs if run.state]
            assert [text for text in said if not outlets.is_inert(text)] == []


def test_events_are_words(left: Left) -> None:
    told_of = {event.event for event in left.events}

    assert "genesys-timeouts.changes-applied" in told_of
    for event in left.events:
        assert outlets.is_inert(str(event.resource.name))
        assert not re.search(rf"https?://|<|@|{re.escape(FORGED)}\n", json.dumps(event.payload, ensure_ascii=False))


def test_no_csv_file_begins_a_formula_wherever_it_is_opened(left: Left) -> None:
    files = list(left.results.glob("*.csv"))

    assert files
    for file in files:
        text = file.read_text("utf-8-sig")
        for separator in ",;\t":
            for row in csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator):
                assert not any(map(outlets.begins_a_formula, row))


@pytest.mark.parametrize("width", [40, 120])
def test_the_terminal_shows_text_alone(left: Left, width: int) -> None:
    for report in left.reports:
        assert outlets.is_one_line(printed(report, width).replace("\n", ""))


def test_the_page_has_nothing_of_anybody_but_text(left: Left, tmp_path: Path) -> None:
    for report in left.reports:
        page = outlets.Tags(html_report(report))

        assert page.tags.keys() <= TAGS
        assert page.attributes <= {"lang", "charset", "name", "content", "class", "src", "alt"}
        assert all(address.startswith("data:image/svg+xml;base64,") for address in page.addresses)
        Files(json=tmp_path / "run.json", html=tmp_path / "run.html").write(report, Console(file=io.StringIO()))
        assert json.loads((tmp_path / "run.json").read_text())["org"]["name"] == report.org.name
        assert HOST in (tmp_path / "run.html").read_text(), "as text"
