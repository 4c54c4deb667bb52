"""What the doctor found, in terminals of any width."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from reports.frames.doctor import missing_sentence, to_do
from reports.terminal.doctor import show_diagnosis
from timeouts.doctor.finding import Diagnosis, Finding
from timeouts.doctor.needs import NEEDS
from timeouts.model.org import Organization
from timeouts.model.request_figures import RequestCounts

ACME = Organization(id="org-1", name="Acme")
EDIT, PUBLISH = "architect:flow:edit", "architect:flow:publish"


def missing(check: str, **given: Any) -> Finding:
    usual = {"topic": "permissions", "result": "missing", "stops_work": True, "advice": f"Add {check} to the role."}
    return Finding(check=check, **{**usual, **given})


def diagnosis(*findings: Finding, org: Organization | None = ACME) -> Diagnosis:
    return Diagnosis(version="0.1.0", org=org, findings=findings, requests=RequestCounts(requests={"GET /a": 19}))


EVERY_PERMISSION = tuple(missing(need.permission, meaning=f"Without it {need.without}.") for need in NEEDS)


def shown(found: Diagnosis, width: int = 80, **given: Any) -> str:
    out = Console(file=StringIO(), width=width, highlight=False, markup=False, emoji=False)
    show_diagnosis(out, found, **given)
    file = out.file
    assert isinstance(file, StringIO)
    return file.getvalue()


@pytest.mark.parametrize("width", [40, 80, 99, 100, 120, 300])
def test_no_line_is_wider_than_the_terminal_but_a_command(width: int) -> None:
    lines = shown(diagnosis(*EVERY_PERMISSION), width, options=" --org a-block-with-a-long-name").splitlines()

    assert [line for line in lines if len(line) > width and not line.startswith("Next:")] == []


@pytest.mark.parametrize("width", [80, 99, 100, 120, 300])
def test_the_name_of_a_permission_stays_whole_in_its_row(width: int) -> None:
    lines = shown(diagnosis(*EVERY_PERMISSION), width).splitlines()

    for need in NEEDS:
        assert any(need.permission in line and "missing" in line for line in lines)


@pytest.mark.parametrize("width", [80, 120])
def test_what_to_do_stands_on_a_line_of_its_own(width: int) -> None:
    lines = [line.strip() for line in shown(diagnosis(missing(EDIT, meaning="It is not there.")), width).splitlines()]

    assert f"→ Add {EDIT} to the role." in lines


@pytest.mark.parametrize("width", [80, 120])
def test_names_of_others_neither_colour_nor_move_anything(width: int) -> None:
    hostile = "[red]Sales[/red] \x1b[31m:fire: \u202eselaS"

    said = shown(diagnosis(missing("divisions", meaning=hostile), org=Organization(id="1", name=hostile)), width)

    assert "[red]Sales[/red]" in said
    assert not {"\x1b", "\u202e", "🔥"} & set(said)


def test_permissions_that_are_missing_are_named_in_one_line_of_what_to_do() -> None:
    clock = missing("clock", topic="network", advice="Set the clock.")

    assert to_do(diagnosis(missing(EDIT), clock, missing(PUBLISH))) == (
        "Set the clock.",
        f"Add to the role of the OAuth client (Admin, Roles/Permissions): {EDIT}, {PUBLISH}.",
    )


def test_advice_that_several_rows_give_is_given_once() -> None:
    rows = (missing(check, topic="Prefect", advice="Register again.") for check in ("deployments", "pool"))

    assert to_do(diagnosis(*rows)) == ("Register again.",)


def test_what_stops_no_work_is_named_and_asks_for_nothing() -> None:
    found = diagnosis(missing("divisions that the client sees", topic="org", stops_work=False))

    assert missing_sentence(found) == "Missing, but not required: divisions that the client sees"
    assert to_do(found) == ()
    assert "Nothing that was checked stands in the way." in shown(found)


def test_where_no_org_was_reached_that_is_the_title() -> None:
    assert "no org was reached" in shown(diagnosis(missing("login is reached", topic="network"), org=None))


@pytest.mark.parametrize(("finding", "command"), [((), "audit"), ((missing(EDIT),), "doctor")])
def test_the_last_line_is_the_next_command_for_the_same_org(finding: tuple[Finding, ...], command: str) -> None:
    said = shown(diagnosis(*finding), options=" --org prod")

    assert said.splitlines()[-1] == f"Next: genesys-timeouts {command} --org prod"
