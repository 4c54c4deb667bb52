"""The alarms and the dashboard: what they ask for is what the exporter serves, and they are tried with promtool."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from deployments import automations
from deployments.metrics.exposition import families
from deployments.metrics.server import ENDS, EndedRun, Moment, WaitingPlan
from deployments.metrics.tally import Tally
from flows.record.figures import RunFigures
from tests.deployments.served import ROOT

MONITORING = ROOT / "deployments" / "monitoring"
FIGURES = RunFigures(
    org_id="1", org="Org", read=1, published=1, actions=1, not_done=1, requests=1, rate_limited=1, waiting_ms=1
)


def served() -> set[str]:
    """The names of all metrics that there can be."""
    tally = Tally()
    tally.add([EndedRun("a", "audit", "Completed", 1e9, is_deployed=True, figures=FIGURES)], 1e9)
    moment = Moment(
        {"running": 0}, late_since=1.0, plans=[WaitingPlan(1.0, FIGURES)], workers={"online": 1}, is_paused=False
    )
    found = families(tally, moment, read_at=1.0, took=0.1)
    return {sample.name for family in found for sample in family.samples}


def asked_for(file: Path) -> set[str]:
    return set(re.findall(r"\bgenesys_timeouts_\w+", file.read_text()))


@pytest.mark.parametrize("name", ["alarms.yaml", "alarms_test.yaml", "dashboard.json"])
def test_only_metrics_that_there_are_are_asked_for(name: str) -> None:
    assert asked_for(MONITORING / name) <= served()


def test_the_page_and_the_dashboard_leave_none_out_that_an_operator_looks_for() -> None:
    assert served() == asked_for(ROOT / "docs" / "monitoring.md")
    assert served() - asked_for(MONITORING / "dashboard.json") <= {
        "genesys_timeouts_reading_seconds",
        "genesys_timeouts_runs_left_out",
    }


def test_the_ends_that_alarm_are_those_that_people_are_notified_of() -> None:
    (rules,) = yaml.safe_load((MONITORING / "alarms.yaml").read_text())["groups"]
    (bad,) = (rule["expr"] for rule in rules["rules"] if rule["alert"] == "GenesysTimeoutsRunEndedBadly")

    ends = set(re.findall(r'end=~"([\w|]+)"', bad)[0].split("|"))

    assert ends == set(automations.BAD_ENDS)
    assert {*ends, "Completed", "Cancelled", "Rejected"} == ENDS


def test_the_alarms_ring_when_they_should_and_only_then() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed: it is in Debian's package prometheus")
    for command in (("check", "rules", "alarms.yaml"), ("test", "rules", "alarms_test.yaml")):
        said = subprocess.run([promtool, *command], cwd=MONITORING, capture_output=True, text=True, check=False)
        assert said.returncode == 0, said.stdout + said.stderr


def test_each_panel_of_the_dashboard_has_a_place_and_a_query_of_prometheus() -> None:
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())

    panels = [panel for panel in dashboard["panels"] if panel["type"] != "row"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(places)
    for panel in panels:
        assert panel["datasource"] == {"type": "prometheus", "uid": "${prometheus}"}, panel["title"]
        assert panel["targets"], panel["title"]
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
