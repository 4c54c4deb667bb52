"""`effect RUN`: what a person sees of it, its exit codes, and its JSON."""

import json
from pathlib import Path

from simulator.server import Running
from tests.cli.commands import records_in, running_command
from tests.cli.scenes import command

RAISE = ("raise", "--to", "10s", "--levers", "action", "--apply")


def run(org: Running, home: Path, *arguments: str) -> tuple[int, str]:
    with running_command(*arguments, home=home, url=org.url) as started:
        started.end()
        return started.process.returncode, " ".join(started.said.split())


def test_the_effect_of_a_run_is_shown_and_written_down(org: Running, home: Path, tmp_path: Path) -> None:
    assert run(org, home, *RAISE)[0] == 0
    (raised,) = records_in(home)
    written = tmp_path / "effect.json"

    code, said = run(org, home, "effect", raised.run.id, "--json", str(written))

    assert code == 0, said
    assert f"The run {raised.run.name} of" in said
    assert "too few calls to say" in said
    assert "less than one full hour has passed since the change" in said
    assert json.loads(written.read_text())["effect"]["changes"]["run_id"] == raised.run.id


def test_a_run_that_nobody_knows_is_wrong_usage(org: Running, home: Path) -> None:
    code, said = run(org, home, "effect", "11111111-1111-4111-8111-111111111111")

    assert code == 2, said
    assert "there is no record of a run" in said, said


def test_a_period_that_is_none_is_refused_before_anything_starts() -> None:
    said = command("effect", "some-run", "--days", "7")

    assert said.code == 2
    assert "--days: '7' is not a period" in said.problems
