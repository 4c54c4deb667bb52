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
