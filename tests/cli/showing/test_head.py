"""A reader that ends, such as `| head -1`, ends nothing: what was begun is published, written and told by the code."""

import json
import subprocess
from pathlib import Path

import pytest

from simulator.server import Running
from tests.cli.commands import records_in
from tests.environment import COMMAND, environment


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("streams", ["standard output", "both"])
def test_a_run_that_publishes_goes_on_when_its_reader_ends(
    architect_org: Running, home: Path, tmp_path: Path, streams: str
) -> None:
    written = tmp_path / "run.json"
    places = {"HOME": str(home), "PREFECT_HOME": str(home / "prefect"), "GENESYS_TIMEOUTS_HOME": str(home / "demo")}
    started = subprocess.Popen(
        [*COMMAND, "raise", "--to", "10s", "--apply", "--all", "--verbose", "--json", str(written)],
        env=environment(architect_org.url, GENESYS_READ_TIMEOUT="30s", **places),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if streams == "both" else subprocess.DEVNULL,
    )
    assert started.stdout is not None
    if streams == "both":
        started.stdout.readline()  # Prefect's first line, long before anything is published
    started.stdout.close()

    code = started.wait(90)

    (record,) = records_in(home)
    outcomes = {each.outcome for each in record.outcomes}
    assert "published" in outcomes
    assert code == int(bool(outcomes & {"failed", "unknown"}))
    assert len(json.loads(written.read_text("utf-8"))["outcomes"]) == len(record.outcomes)
