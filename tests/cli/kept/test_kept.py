"""`runs`, `show`, `plan`, `diff`, and the question before a publish: on one home, one org and one Prefect server.

What is asked in a terminal is asked by a process; everything else runs in this one.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.demo.org import build_demo_org
from simulator.server import Running, running
from tests.cli.commands import records_in, running_command
from tests.cli.scenes import assert_wrong_usage, command, named, writes
from tests.environment import point_at, wait_for

QUESTION = "Publish? [y/N]"
RAISE = ("raise", "--to", "10s", "--levers", "action", "--action", "CRM*", "--apply")
LITERAL_STEP = "a1f68d1a-ced5-4571-af9a-34babcf5edfa"
"""`Kunde suchen` of the customer service in Düsseldorf, which says 2s."""

CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture(scope="module")
def _kept() -> Iterator[Running]:
    with running(build_demo_org(), running_clock=True) as simulator:
        yield simulator


@pytest.fixture
def kept(_kept: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The org, as the tests before have left it, and the environment pointing at it."""
    point_at(_kept.url, monkeypatch, "30s")
    return _kept


@pytest.fixture
def place(server: Path) -> Path:
    """Where all of these runs are kept."""
    return server


def run(*arguments: str) -> tuple[int, str]:
    """Run a command in this process, with the results of those that were processes."""
    said = command(*arguments)
    return said.code, said.all


def limits(org: Running) -> dict[str, Any]:
    """What is published of each action."""
    return dict(org.org.state()["actions"])


def next_command(said: str, beginning: str) -> str:
    """A command that was offered; it stands whole in its line."""
    return next(
        line.strip()
        for line in CODES.sub("", said).splitlines()
        if line.strip().startswith(f"genesys-timeouts {beginning}")
    )


def asked_in_a_terminal(org: Running, home: Path, answer: str, *arguments: str) -> tuple[int, str]:
    with running_command(*arguments, home=home, url=org.url, in_a_terminal=True) as started:
        wait_for(lambda: QUESTION in started.said or started.process.poll() is not None)
        assert QUESTION in started.said, started.said
        started.type(answer)
        started.end()
        wait_for(lambda: any(end in started.said for end in ("Prefect run", "Not published", "To undo it")))
        return started.process.returncode, started.said


def test_who_says_no_in_a_terminal_has_changed_nothing_and_keeps_the_plan(kept: Running, place: Path) -> None:
    before = limits(kept)

    code, said = asked_in_a_terminal(kept, place, "n\r", *RAISE)

    assert code == 0, said
    assert re.search(r"2 action limits; live at once for callers in Grünwald .*Scripts, agents", CODES.sub("", said))
    assert "Not published. The plan is kept." in said
    assert re.fullmatch(r"genesys-timeouts apply sha256:[0-9a-f]{64}", next_command(said, "apply"))
    assert limits(kept) == before


def test_who_says_yes_publishes_exactly_that_plan_and_puts_it_back_by_name(kept: Running, place: Path) -> None:
    before = limits(kept)

    code, said = asked_in_a_terminal(kept, place, "y\r", *RAISE)
    assert code == 0, said
    assert limits(kept) != before

    shown, said = run(*next_command(said, "roll-back").split()[1:])
    assert shown == 0, said
    assert next_command(said, "roll-back").endswith(" --apply")
    done, _ = run(*next_command(said, "roll-back").split()[1:])
    assert done == 0


def test_the_end_of_the_input_is_a_no(kept: Running, place: Path) -> None:
    before = limits(kept)

    code, said = asked_in_a_terminal(kept, place, "\x04", *RAISE)

    assert code == 0, said
    assert "Not published." in said
    assert limits(kept) == before


def test_set_asks_in_a_terminal_and_changes_nothing_without_a_yes(kept: Running, place: Path) -> None:
    architect_flow = named(kept.org, "Kundenservice Düsseldorf")
    one = ("set", "--architect-flow", architect_flow.id, "--step", LITERAL_STEP, "--timeout", "11s")
    kept.org.clear_log()

    code, said = asked_in_a_terminal(kept, place, "\r", *one)

    assert code == 0, said
    assert "1 change in 1 Architect flow; live at once for callers in Grünwald" in CODES.sub("", said)
    assert "Not published. Nothing was changed." in said
    assert writes(kept.org) == []

    code, said = asked_in_a_terminal(kept, place, "y\r", *one)

    assert code == 0, said
    assert "confirmed from a fresh read" in said


def test_runs_are_listed_and_shown_by_name_without_an_org(kept: Running, place: Path) -> None:
    reports = {each.run.name: each for each in records_in(place)}
    listed = command("runs", "--json", "-")
    assert listed.code == 0, listed
    document = json.loads(listed.out)["runs"]
    assert {each["name"] for each in document} == set(reports)
    assert {each["org"] for each in document} == {next(iter(reports.values())).org.name}
    dry = next(each for each in document if each["what"] == "raise, dry run")
    kept.org.clear_log()

    code, said = run("show", dry["name"])
    assert code == 0, said
    assert f"Prefect run: {dry['name']} ({dry['id']})" in said
    assert next_command(said, "apply")
    code, said = run("show", dry["name"], "--all")
    assert code == 0, said
    assert "--all shows them" not in said
    code, said = run("plan", dry["checksum"][:20])
    assert code == 0, said
    assert dry["checksum"] in said
    assert "it may be applied until" in said
    assert kept.org.log == []
    code, said = run("plan", dry["checksum"], "--all")
    assert code == 0, said
    assert "--all" not in said
    name = document[0]["org"]
    code, said = run("runs", "--org", name.upper().replace("Ü", "U\N{COMBINING DIAERESIS}"), "--json", "-")
    assert len(json.loads(said)["runs"]) == len(document)
    code, said = run("runs", "--org", name.replace("w", "v"))
    assert code == 0, said
    assert f"; did you mean {name}? `genesys-timeouts runs` lists all" in " ".join(said.split())
    assert_wrong_usage("--org is empty: name an org, or leave it out", "runs", "--org", " ")


@pytest.mark.usefixtures("kept", "place")
def test_two_runs_are_compared_by_name_and_by_file(tmp_path: Path) -> None:
    document = tmp_path / "before.json"
    assert run("audit", "--json", str(document))[0] == 0
    assert run(*RAISE)[0] == 0
    code, said = run("audit")
    assert code == 0, said
    name = re.search(r"Prefect run: (\S+)", said)
    assert name is not None

    code, said = run("diff", str(document), name[1], "--json", str(tmp_path / "drift.json"))

    assert code == 0, said
    assert "2 action limits changed since the audit of before.json, 20" in " ".join(said.split())
    drift = json.loads((tmp_path / "drift.json").read_text())
    assert {step["move"] for step in drift["steps"]} == {"raised"}
    code, said = run("diff", name[1], str(document))
    assert code == 2, said
    said = " ".join(said.split())
    assert re.search(
        rf"{name[1]} began at 20.* UTC, after \S+, which began at 20.* UTC: name the earlier one first", said
    )
    assert f"genesys-timeouts diff {document} {name[1]}" in said


def test_a_comparison_with_a_run_that_published_says_first_that_it_is_of_before_and_where_the_rest_is(
    kept: Running, place: Path, tmp_path: Path
) -> None:
    document = tmp_path / "before.json"
    assert run("audit", "--json", str(document))[0] == 0
    architect_flow = named(kept.org, "Kundenservice Düsseldorf").id
    one = ("--architect-flow", architect_flow, "--step", LITERAL_STEP, "--timeout", "12s")
    code, said = run("set", *one)
    assert code == 0, said
    published = max(records_in(place), key=lambda each: each.run.began_ms or 0).run.name

    code, said = run("diff", str(document), published)

    assert code == 0, said
    scope = said.index("From the audit ")
    assert "(before.json, 20" in said[scope:]
    assert f" UTC) to before the set run {published} (" in " ".join(said[scope:].split())
    assert scope < said.index(f"What {published} itself published: `genesys-timeouts show {published}`.")
    assert scope < said.index(" since the audit ")


@pytest.mark.parametrize(
    "words",
    [("runs",), ("show", "loyal-dove"), ("plan", "loyal-dove"), ("diff", "a", "b"), ("explain", "step")],
    ids=lambda words: words[0],
)
def test_a_document_that_could_not_be_written_is_refused_before_anything_is_read(words: tuple[str, ...]) -> None:
    told = "--json /no/such/folder/x.json: it cannot be written there"

    assert_wrong_usage(told, *words, "--json", "/no/such/folder/x.json")


@pytest.mark.parametrize("words", [("show", "a"), ("plan", "a"), ("diff", "a", "b")], ids=lambda words: words[0])
def test_every_row_is_shown_or_a_document_printed(words: tuple[str, ...]) -> None:
    assert_wrong_usage("--json - shows none", *words, "--all", "--json", "-")


@pytest.mark.usefixtures("kept", "place")
def test_what_cannot_be_compared_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{}")

    code, said = run("diff", str(tmp_path / "no.json"), "somebody")
    assert code == 2, said
    assert "it is no run that this version can read: give the file that `--json FILE`" in " ".join(said.split())
