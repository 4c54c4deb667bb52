"""Two commands at once, with one OAuth client and a temporary Prefect server each."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.org.versions import PublishPlan
from simulator.server import Running, running
from tests.environment import environment
from tests.prefect_servers import make_prefect_home
from tests.publishing.scenes import configuration, flow_ids, org_seed
from tests.warm import warm_command

SIX = 6


@pytest.fixture
def org_of_six() -> Iterator[Running]:
    with running(org_seed(count=SIX), running_clock=True) as simulator:
        simulator.org.plan_publish(PublishPlan(reads=0, ms=1_500))
        yield simulator


def start(org: Running, home: Path, written: Path) -> "subprocess.Popen[str]":
    given = environment(
        org.url,
        HOME=str(home),
        PREFECT_HOME=str(home / "prefect"),
    )
    given.pop("PREFECT_API_URL", None)
    command = [*warm_command(), "raise", "--to", "10s", "--apply", "--json", str(written)]
    return subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_two_commands_that_know_nothing_of_each_other_publish_each_change_once(
    org_of_six: Running, tmp_path: Path
) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        home.mkdir()
        make_prefect_home(home / "prefect")
    written = [home / "run.json" for home in homes]
    commands = [start(org_of_six, *both) for both in zip(homes, written, strict=True)]
    said = [command.communicate(timeout=170)[0] for command in commands]

    reports: list[Any] = [json.loads(each.read_text()) for each in written]
    told = [{each["target"]["id"]: each["outcome"] for each in report["outcomes"]} for report in reports]
    state = org_of_six.org.state()["architectFlows"]
    for architect_flow_id in flow_ids(SIX):
        assert org_of_six.org.configuration(architect_flow_id) == configuration(10)
        flow = state[architect_flow_id]
        assert (flow["published"], flow["lock"], flow["saved"]) == ("5.0", None, None)
        assert flow["versions"][-1]["publications"] == 1
        assert sum(each.get(architect_flow_id) == "published" for each in told) == 1, said
