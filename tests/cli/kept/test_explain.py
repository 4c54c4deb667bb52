"""`explain STEP`: an org is read, and one step explained."""

import json
from pathlib import Path

import pytest

from simulator.server import Running
from tests.cli.commands import running_command
from tests.cli.scenes import writes


def run(org: Running, home: Path, *arguments: str) -> tuple[int, str]:
    with running_command("explain", *arguments, home=home, url=org.url) as started:
        started.end()
        return started.process.returncode, started.said


def test_a_step_is_explained_against_a_raise_and_nothing_is_changed(org: Running, home: Path, tmp_path: Path) -> None:
    document = tmp_path / "explained.json"

    code, said = run(
        org, home, "Zahlung Köln / Kundendaten lesen", "--to", "10s", "--levers", "step,action", "--json", str(document)
    )

    assert code == 0, said
    told = " ".join(said.split())
    assert "3s: the step is on the suggested timeout, which is the limit of its action CRM customer value." in told
    assert "'at least 10s' (at least 10s) decides: it is the first that matches." in told
    assert "The step, to 10s: callers would wait 3s, for its action ends the call at 3s (no effect)." in told
    assert json.loads(document.read_text())["decision"] == "by action"
    assert writes(org.org) == []


def test_a_name_that_several_steps_have_lists_them_and_explains_none(org: Running, home: Path) -> None:
    code, said = run(org, home, "Call Data Action")

    assert code == 2, said
    assert "Call Data Action may be one of " in said
    assert "add --architect-flow, or name one by its id" in " ".join(said.split())


def test_a_name_that_is_not_there_is_answered_with_the_one_that_may_be_meant(org: Running, home: Path) -> None:
    code, said = run(org, home, "Kunde suchn", "--architect-flow", "Kundenservice*")

    assert code == 2, said
    assert "no step is called Kunde suchn in Kundenservice*" in " ".join(said.split())
    assert "'Architect flow / step'; did you mean Kunde suchen?" in " ".join(said.split())


@pytest.mark.parametrize(
    ("asked", "near"),
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
def test_of_a_place_that_is_not_there_the_nearest_is_named(
    asked: tuple[str, ...], near: str, org: Running, home: Path
) -> None:
    code, said = run(org, home, *asked)

    assert code == 2, said
    assert near in " ".join(said.split())


def test_an_empty_name_is_refused_before_the_org_is_read(org: Running, home: Path) -> None:
    code, said = run(org, home, " ")

    assert code == 2, said
    assert "Error: STEP is empty" in said
    assert org.org.log == []
