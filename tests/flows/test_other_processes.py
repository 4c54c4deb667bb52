"""The command as people run it: a process of its own, an org in another one, and only the environment between them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_API_URL

from simulator.demo.org import build_demo_org
from tests.environment import COMMAND, environment
from tests.warm import warm_python


@pytest.fixture(scope="module")
def org_elsewhere() -> Iterator[str]:
    """The demo org as another process; gives its address."""
    serve = [sys.executable, "-m", "simulator", "--port", "0", "--with-parent"]
    with subprocess.Popen(serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rpartition(" ")[2]
        process.terminate()


def test_an_org_in_another_process_is_reached_by_its_address_and_three_credentials_alone(
    org_elsewhere: str, tmp_path: Path
) -> None:
    written = tmp_path / "run.json"
    given = environment(
        org_elsewhere,
        GENESYS_REGION="eu-west-1",
        PREFECT_API_URL=str(PREFECT_API_URL.value()),
    )

    done = subprocess.run(
        [*COMMAND, "raise", "--to", "10s", "--apply", "--json", str(written)],
        env=given,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(written.read_text())
    assert report["plan"]["checksum"].startswith("sha256:")
    assert sum(outcome["outcome"] == "published" for outcome in report["outcomes"]) >= 12
    assert report["coverage"]["listed"] == len(build_demo_org().architect_flows)
    assert set(report["outcomes"][0]) >= {
        "target",
        "outcome",
        "reason",
        "version_before",
        "version_after",
    }


RETRIES_OF_OURS = """
import importlib, json, pkgutil
import flows, tasks
from prefect import Flow, Task, flow, task
modules = [importlib.import_module(each.name) for room in (flows, tasks)
           for each in pkgutil.walk_packages(room.__path__, room.__name__ + ".")]
found = {one for module in modules for one in vars(module).values() if isinstance(one, Flow | Task)}
usual = {"a task": task(lambda: None).retries, "a flow": flow(lambda: None, name="f").retries}
print(json.dumps({one.name: [one.retries, bool(getattr(one, "retry_condition_fn", None))] for one in found} | usual))
"""


def test_what_a_workers_environment_says_of_retries_repeats_nothing_of_ours() -> None:
    """What a repeated publish found live was unchanged, so that a roll back left it."""
    given = environment("http://127.0.0.1:9", PREFECT_TASKS_DEFAULT_RETRIES="3", PREFECT_FLOWS_DEFAULT_RETRIES="3")

    told = subprocess.run([warm_python(), "-c", RETRIES_OF_OURS], env=given, capture_output=True, text=True, check=True)

    retries = json.loads(told.stdout)
    assert (retries.pop("a task"), retries.pop("a flow")) == (3, 3)
    assert retries["raise-timeouts"] == retries["publish"] == retries["verify"] == [0, False]
    assert {tuple(each) for each in retries.values()} == {(0, False), (2, True)}
