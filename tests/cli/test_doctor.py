"""`doctor`: what a person sees of it, its exit codes, and that its JSON says the same."""

import doctest
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings
from pydantic import SecretStr

from genesys.block import GenesysCloudCredentials
from simulator.clients import DEMO_WRITER, WRITING, OAuthClient
from simulator.server import Running
from simulator.switches import Switches
from tests.cli.commands import running_command
from tests.cli.scenes import Said, command
from tests.environment import point_at
from tests.prefect_servers import prefect_server

PAGE = (Path(__file__).parents[2] / "docs" / "doctor.md").read_text("utf-8")


@pytest.fixture
def checked(org: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The demo org, the environment pointing at it, with the role of an ordinary writer."""
    point_at(org.url, monkeypatch, "5s")
    org.org.clear_log()
    yield org
    org.org.add_client(DEMO_WRITER)


def with_role(org: Running, *missing: str, divisions: frozenset[str] | None = None) -> None:
    held = WRITING - set(missing)
    org.org.add_client(OAuthClient("demo-writer", "demo-writer-secret", "Timeout pipeline", held, divisions))


def doctor(*arguments: str, **environment: str) -> Said:
    return command("doctor", *arguments, environment=environment)


def rows(said: str) -> list[tuple[str, str]]:
    """The result and the check of each row."""
    results = "ok|missing|could not tell|settled|open"
    lines = re.sub(r" *\n {15,}", " ", said)  # a row that goes on
    return re.findall(rf"^ +({results}) +(.+?): ", lines, re.MULTILINE)


def test_where_all_is_there_it_ends_with_0_and_the_next_command(checked: Running) -> None:
    said = doctor()

    assert (said.code, said.problems) == (0, "")
    assert "Nothing that was checked stands in the way." in said.out
    assert said.out.endswith("Next: genesys-timeouts audit\n")
    about_tokens = {("POST", "/oauth/token"), ("DELETE", "/api/v2/tokens/me")}
    asked = {(call.method, call.path) for call in checked.org.log} - about_tokens
    assert {method for method, _ in asked} == {"GET"}


def test_what_is_missing_ends_it_with_1_and_what_to_do_first(checked: Running) -> None:
    with_role(checked, "architect:flow:publish", "integrations:action:edit")

    said = doctor()

    assert said.code == 1
    told = " ".join(said.out.split())
    assert "2 things missing: architect:flow:publish, integrations:action:edit." in told
    assert "1. Add to the role of the OAuth client (Admin, Roles/Permissions): architect:flow:publish, " in told
    assert said.out.endswith("Next: genesys-timeouts doctor\n")


def test_what_could_not_be_told_ends_it_with_3(checked: Running) -> None:
    checked.org.set_switches(Switches(own_roles="forbidden", tells_permitted_divisions=False))

    assert doctor().code == 3


def test_a_region_that_does_not_exist_ends_it_with_2(checked: Running) -> None:
    said = doctor(GENESYS_API_URL="", GENESYS_REGION="eu-west-9")

    assert (said.code, said.out) == (2, "")
    assert "Did you mean eu-west-2" in said.problems
    assert checked.org.log == []


def test_without_credentials_it_ends_with_2_before_anything_is_asked() -> None:
    said = doctor()

    assert said.code == 2
    assert "GENESYS_CLIENT_ID" in said.problems
    assert "--org demo" in said.problems


def test_a_file_that_cannot_be_written_ends_it_with_2_before_anything_is_asked(checked: Running) -> None:
    assert doctor("--json", "/nowhere/at/all.json").code == 2
    assert checked.org.log == []


def test_hidden_divisions_are_named_although_no_work_stops(checked: Running) -> None:
    with_role(checked, divisions=frozenset({checked.org.seed.divisions[0].id}))

    said = doctor()

    assert said.code == 0
    assert "Missing, but not required: divisions that the client sees" in " ".join(said.out.split())


def test_the_json_says_what_the_table_says(checked: Running, tmp_path: Path) -> None:
    with_role(checked, "architect:flow:edit")
    written = tmp_path / "doctor.json"

    said = doctor("--verbose", "--json", str(written))
    printed = doctor("--json", "-")

    document = json.loads(written.read_text())
    assert list(document) == ["schema_version", "version", "org", "findings", "requests"]
    assert list(document["findings"][0]) == ["topic", "check", "result", "meaning", "advice", "stops_work"]
    assert [(each["result"], each["check"]) for each in document["findings"]] == rows(said.out)
    assert {**json.loads(printed.out), "requests": None} == {**document, "requests": None}
    assert printed.code == 1


def test_questions_about_the_platform_are_counted_and_shown_when_asked_for(checked: Running) -> None:
    assert checked.url

    usual, whole = doctor(), doctor("--verbose")

    assert "questions about the platform settled by its answers" in usual.out
    assert not {"settled", "open"} & {result for result, _ in rows(usual.out)}
    assert {"settled", "open"} <= {result for result, _ in rows(whole.out)}


def test_a_named_server_of_prefect_that_is_not_there_is_told_and_the_org_checked(org: Running, home: Path) -> None:
    os.environ["PREFECT_API_URL"] = "http://127.0.0.1:9/api"
    with running_command("doctor", home=home, url=org.url) as started:
        started.end()

        assert started.process.returncode == 1
        assert "server: http://127.0.0.1:9/api: it cannot be reached" in " ".join(started.said.split())
        assert "architect:flow:view: Needed to" in " ".join(started.said.split())
        assert started.left() == []


def test_a_block_on_a_server_that_is_not_there_is_told_with_the_way_round(home: Path, org: Running) -> None:
    os.environ["PREFECT_API_URL"] = "http://127.0.0.1:9/api"
    with running_command("doctor", "--org", "prod", home=home, url=org.url) as started:
        started.end()

        assert started.process.returncode == 2
        assert "The Prefect server at http://127.0.0.1:9/api cannot be used: it cannot be reached" in started.said


def test_the_credentials_of_a_block_are_checked_with_the_server_that_holds_it(org: Running, home: Path) -> None:
    block = GenesysCloudCredentials(
        client_id="demo-writer", client_secret=SecretStr("demo-writer-secret"), api_url=org.url
    )
    with prefect_server(home / "prefect") as url, temporary_settings({PREFECT_API_URL: url}):
        block.save("prod", overwrite=True)
        os.environ["PREFECT_API_URL"] = url
        with running_command("doctor", "--org", "prod", home=home, url=org.url) as started:
            started.end()

            assert started.process.returncode == 0, started.said
            told = " ".join(started.said.split())
    assert f"server: {url} answers." in told
    assert "deployments: None are registered" in told
    assert told.endswith("Next: genesys-timeouts audit --org prod")


def test_nothing_is_written_anywhere(org: Running, home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
    state = org.org.state(bodies=True)

    with running_command("doctor", home=home, url=org.url) as started:
        started.end()

        assert started.process.returncode == 0, started.said
    after = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
    assert after == before
    assert org.org.state(bodies=True) == state


def test_the_page_shows_what_is_printed(checked: Running) -> None:
    with_role(checked, "architect:flow:publish", divisions=frozenset({checked.org.seed.divisions[0].id}))
    shown = re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[0]

    said = doctor()

    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.OutputChecker().check_output(shown, said.out, options), said.out


def test_the_page_names_every_result_and_every_exit_code() -> None:
    assert all(f"`{result}`" in PAGE for result in ("ok", "missing", "could not tell", "settled", "open"))
    assert all(f"| {code} |" in PAGE for code in range(4))
