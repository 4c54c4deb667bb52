"""The demo org: a process of its own that keeps what a run changed, and `simulate` in the foreground."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from cli.servers.demo_org import DemoOrgError, demo_org
from tests.cli.scenes import command

HOLD = (
    "import sys, time\nfrom pathlib import Path\nfrom cli.servers.demo_org import demo_org\n"
    "with demo_org(Path(sys.argv[1])) as url:\n    print(url, flush=True)\n    time.sleep(60)\n"
)


@pytest.fixture
def simulate() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "cli", "simulate", "--port", "0", "--architect-flows", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def rename(url: str, architect_flow_id: str) -> None:
    person_action = {
        "kind": "rename",
        "architect_flow_id": architect_flow_id,
        "person": "Ada",
        "name": "Renamed by Ada",
    }
    answer = urllib3.request("POST", f"{url}/simulator/people", json=person_action, timeout=5)
    assert answer.status < 300, answer.data


def names(url: str) -> dict[str, str]:
    state = urllib3.request("GET", f"{url}/simulator/state", timeout=10).json()
    return {key: value["name"] for key, value in state["architectFlows"].items()}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_simulate_prints_its_address_answers_and_ends_when_told(
    simulate: "subprocess.Popen[str]", number: signal.Signals
) -> None:
    assert simulate.stdout is not None
    url = simulate.stdout.readline().removeprefix("simulator listening on ").strip()
    assert len(names(url)) == 3
    lines = [simulate.stdout.readline() for _ in range(3)]
    assert f"  export GENESYS_API_URL={url}\n" in lines
    assert "  export GENESYS_CLIENT_ID=demo-writer GENESYS_CLIENT_SECRET=demo-writer-secret\n" in lines

    simulate.send_signal(number)

    assert simulate.wait(10) == 0


def test_what_was_changed_is_there_the_next_time(tmp_path: Path) -> None:
    with demo_org(tmp_path) as url:
        changed = min(names(url))
        rename(url, changed)

    with demo_org(tmp_path) as url:
        assert names(url)[changed] == "Renamed by Ada"


def test_the_environment_points_at_it_and_is_as_before_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENESYS_CLIENT_ID", "my-own")
    monkeypatch.setenv("GENESYS_REGION", "eu-west-1")

    with demo_org(tmp_path) as url:
        inside = {name: os.environ.get(name) for name in ("GENESYS_API_URL", "GENESYS_CLIENT_ID", "GENESYS_REGION")}

    assert inside == {"GENESYS_API_URL": url, "GENESYS_CLIENT_ID": "demo-writer", "GENESYS_REGION": None}
    assert os.environ["GENESYS_CLIENT_ID"] == "my-own"
    assert os.environ["GENESYS_REGION"] == "eu-west-1"
    assert not {"GENESYS_API_URL", "GENESYS_CLIENT_SECRET"} & os.environ.keys()


def test_two_runs_do_not_share_a_demo_org(tmp_path: Path) -> None:
    with demo_org(tmp_path), pytest.raises(DemoOrgError, match=r"in use by another simulator(.|\n)*GENESYS_TIMEOUTS"):
        demo_org(tmp_path).__enter__()


def test_a_demo_org_that_is_in_use_is_wrong_usage_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(tmp_path))

    with demo_org(tmp_path / "org"):
        said = command("audit", "--org", "demo")

    assert said.code == 2
    assert "in use by another simulator" in said.problems


def test_a_place_for_the_demo_org_that_is_no_folder_is_wrong_usage_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(tmp_path / "file"))

    said = command("audit", "--org", "demo")

    assert said.code == 2
    assert f"cannot keep its state in {tmp_path}/file/org: Not a directory. Set GENESYS_TIMEOUTS_HOME" in said.problems


def test_the_simulator_ends_with_the_run_that_started_it(tmp_path: Path) -> None:
    holding = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(holding, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        assert names(url)
        run.kill()

    assert ends(url)


def ends(url: str) -> bool:
    """Whether nobody answers there any more, soon."""
    for _ in range(100):
        try:
            urllib3.request("GET", f"{url}/simulator/log", timeout=1, retries=False)
        except urllib3.exceptions.HTTPError:
            return True
        time.sleep(0.05)
    return False


def test_the_tour_leaves_the_org_of_another_command_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(tmp_path))
    with demo_org(tmp_path / "org") as url:
        before = sorted((tmp_path / "org").iterdir())

        said = command("demo")

        assert said.code == 2
        assert "in use by another simulator" in said.problems
        assert sorted((tmp_path / "org").iterdir()) == before
        assert names(url)


def test_a_demo_org_that_a_power_cut_has_damaged_is_a_sentence_that_says_what_to_delete(tmp_path: Path) -> None:
    with demo_org(tmp_path) as url:
        rename(url, next(iter(names(url))))
    (changed,) = tmp_path.glob("architect-flow-*.json")
    changed.write_text("")

    with pytest.raises(DemoOrgError, match=rf"did not start: {tmp_path} cannot be read .*; delete it"):
        demo_org(tmp_path).__enter__()
