"""What is said of Prefect: its server, the storage, and what is registered."""

from typing import Any

import pytest

from timeouts.doctor.facts import Ask, Deployment, PrefectFacts, Storage
from timeouts.doctor.finding import Finding
from timeouts.doctor.prefect import prefect_findings

ANSWERED = Ask(said="answered")
WELL = Storage(where="/home/ana/.prefect", is_readable=True, is_writable=True)
READ_ONLY = Storage(where="/mnt/read-only", is_readable=True, is_writable=False, problem="/mnt cannot be written")
OURS = (Deployment(name="audit", version="0.1.0"), Deployment(name="raise", version="0.1.0"))


def findings(**given: Any) -> dict[str, Finding]:
    usual: dict[str, Any] = {
        "version": "0.1.0",
        "client": "3.9.1",
        "home": WELL,
        "address": "http://prefect.example/api",
        "server": ANSWERED,
        "server_version": "3.9.1",
        "storage": WELL,
        "blocks_ask": ANSWERED,
        "blocks": ("audit", "writer"),
        "pool": ANSWERED,
        "workers": 2,
        "deployments_ask": ANSWERED,
        "deployments": OURS,
    }
    return {each.check: each for each in prefect_findings(PrefectFacts(**{**usual, **given}))}


def test_where_all_is_there_all_is_well() -> None:
    assert {each.result for each in findings().values()} == {"ok"}


def test_without_a_server_a_folder_for_a_temporary_one_is_enough() -> None:
    assert list(findings(address="", server=Ask())) == ["server", "storage of results"]
    assert findings(address="", home=READ_ONLY)["server"].stops_work


@pytest.mark.parametrize(
    ("said", "advice"),
    [("refused", "PREFECT_API_AUTH_STRING"), ("absent", "/api"), ("unreachable", "prefect server start")],
)
def test_a_server_that_does_not_answer_is_told_with_what_to_do(said: Any, advice: str) -> None:
    found = findings(server=Ask(said=said, why="it does not answer"))

    assert (found["server"].result, found["server"].stops_work) == ("missing", True)
    assert advice in found["server"].advice
    assert "deployments" not in found, "of a server that does not answer nothing else is said"


@pytest.mark.parametrize(
    ("version", "result"),
    [("3.9.0", "ok"), ("3.10.1", "ok"), ("3.8.8", "missing"), ("2.20.9", "missing"), ("main", "could not tell")],
)
def test_an_older_server_does_not_know_all_that_is_sent_to_it(version: str, result: str) -> None:
    found = findings(server_version=version)["version of the server"]

    assert found.result == result
    assert version in found.meaning


def test_a_storage_that_cannot_be_written_stops_work() -> None:
    found = findings(storage=READ_ONLY)["storage of results"]

    assert (found.result, found.stops_work) == ("missing", True)
    assert "/mnt cannot be written" in found.meaning


def test_a_storage_that_only_writing_would_try_is_not_told_and_stops_nothing() -> None:
    remote = Storage(where="the block s3/results", is_readable=True, is_writable=None)

    found = findings(storage=remote)["storage of results"]

    assert (found.result, found.stops_work) == ("could not tell", False)


REGISTERED: dict[str, tuple[dict[str, Any], str]] = {
    "another version": ({"deployments": (*OURS, Deployment(name="fleet", version="0.0.9"))}, "deployments"),
    "no version": ({"deployments": (Deployment(name="fleet"),)}, "deployments"),
    "no block": ({"blocks": ()}, "blocks with credentials"),
    "no pool": ({"workers": None}, "work pool and workers"),
    "a paused pool": ({"is_paused": True}, "work pool and workers"),
    "no worker": ({"workers": 0}, "work pool and workers"),
}


@pytest.mark.parametrize(("given", "check"), REGISTERED.values(), ids=REGISTERED)
def test_what_is_registered_and_cannot_run_stops_work(given: dict[str, Any], check: str) -> None:
    found = findings(**given)

    assert {name for name, each in found.items() if each.stops_work} == {check}
    assert found[check].advice


def test_a_server_where_nothing_is_registered_serves_a_terminal_well() -> None:
    found = findings(deployments=(), blocks=(), workers=None)

    assert (found["deployments"].result, found["deployments"].stops_work) == ("missing", False)
    assert "work pool and workers" not in found


def test_a_server_that_does_not_tell_its_deployments_is_not_judged_by_them() -> None:
    assert findings(deployments_ask=Ask(said="failed"))["deployments"].result == "could not tell"
