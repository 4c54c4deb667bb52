"""`explain STEP`: an org is read, and one step explained."""

import json
from pathlib import Path

import pytest

from simulator.server import Running
from tests.cli.commands import running_command
from tests.cli.scenes import command, writes


def explain(*arguments: str) -> tuple[int, str]:
    said = command("explain", *arguments)
    return said.code, said.all


def test_a_step_is_explained_against_a_raise_and_nothing_is_changed(org: Running, server: Path, tmp_path: Path) -> None:
    document = tmp_path / "explained.json"
    wanted = ("--to", "10s", "--levers", "step,action", "--json", str(document))

    with running_command("explain", "Zahlung Köln / Kundendaten lesen", *wanted, home=server, url=org.url) as started:
        started.end()

        assert started.process.returncode == 0, started.said
        told = " ".join(started.said.split())
    assert "3s: the step is on the suggested timeout, which is the limit of its action CRM customer value." in told
    assert "'at least 10s' (at least 10s) decides: it is the first that matches." in told
    assert "The step, to 10s: callers would wait 3s, for its action ends the call at 3s (no effect)." in told
    assert json.loads(document.read_text())["decision"] == "by action"
    assert writes(org.org) == []


@pytest.mark.usefixtures("pointed_at", "prefect")
def test_a_name_that_several_steps_have_lists_them_and_explains_none() -> None:
    code, said = explain("Call Data Action")

    assert code == 2, said
    assert "Call Data Action may be one of " in said
    assert "add --architect-flow, or name one by its id" in " ".join(said.split())


@pytest.mark.usefixtures("pointed_at", "prefect")
def test_a_name_that_is_not_there_is_answered_with_the_one_that_may_be_meant() -> None:
    code, said = explain("Kunde suchn", "--architect-flow", "Kundenservice*")

    assert code == 2, said
    assert "no step is called Kunde suchn in Kundenservice*" in " ".join(said.split())
    assert "'Architect flow / step'; did you mean Kunde suchen?" in " ".join(said.split())


@pytest.mark.usefixtures("pointed_at", "prefect")
@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("Zahlung Kln / Kundendaten lesen",), "did you mean Zahlung Köln (commonmodule) / Kundendaten lesen"),
        (
            ("Zahlung Köln (commonmodule) / Aufgab 1 / Kundendaten lesen",),
            "did you mean Zahlung Köln (commonmodule) / Aufgabe 1 / Kundendaten lesen",
        ),
        (
            ("Kundendaten lesen", "--architect-flow", "Zahlung Kln"),
            "no step was read in an Architect flow called Zahlung Kln; did you mean Zahlung Köln",
        ),
    ],
)
def test_of_a_place_that_is_not_there_the_nearest_is_named(words: tuple[str, ...], near: str) -> None:
    code, said = explain(*words)

    assert code == 2, said
    assert near in " ".join(said.split())


@pytest.mark.usefixtures("prefect")
def test_an_empty_name_is_refused_before_the_org_is_read(pointed_at: Running) -> None:
    code, said = explain(" ")

    assert code == 2, said
    assert "Error: STEP is empty" in said
    assert pointed_at.org.log == []
