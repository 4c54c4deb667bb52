"""`effect RUN`: what a person sees of it, its exit codes, and its JSON."""

import json
from pathlib import Path

import pytest

from simulator.server import Running
from tests.cli.commands import records_in, running_command
from tests.cli.scenes import command

RAISE = ("raise", "--to", "10s", "--levers", "action", "--apply")


def test_the_effect_of_a_run_is_shown_and_written_down(pointed_at: Running, server: Path, tmp_path: Path) -> None:
    assert command(*RAISE).code == 0
    (raised,) = records_in(server)
    written = tmp_path / "effect.json"

    with running_command("effect", raised.run.id, "--json", str(written), home=server, url=pointed_at.url) as started:
        started.end()

        assert started.process.returncode == 0, started.said
        said = " ".join(started.said.split())
    assert f"The run {raised.run.name} of" in said
    assert "too few calls to say" in said
    assert "less than one full hour has passed since the change" in said
    assert json.loads(written.read_text())["effect"]["changes"]["run_id"] == raised.run.id


@pytest.mark.usefixtures("pointed_at", "prefect")
def test_a_run_that_nobody_knows_is_wrong_usage() -> None:
    said = command("effect", "11111111-1111-4111-8111-111111111111")

    assert said.code == 2, said
    assert "there is no record of a run" in " ".join(said.all.split()), said


def test_a_period_that_is_none_is_refused_before_anything_starts() -> None:
    said = command("effect", "some-run", "--days", "7")

    assert said.code == 2
    assert "--days: '7' is not a period" in said.problems
