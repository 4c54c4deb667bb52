"""`genesys-timeouts history`: who decided what, and whether that is still all of it; the exit code says so, too."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect import get_client
from prefect.filesystems import LocalFileSystem
from prefect.settings import PREFECT_RESULTS_LOCAL_STORAGE_PATH, temporary_settings
from pydantic import SecretBytes

from flows.approval import approvers
from flows.approval.history import NotInHistoryError, append
from flows.sources.connections import credentials_for, read_client
from simulator.server import Running
from tasks.storage import ResultStorage, default_storage
from tasks.storage.results import AUDITS, STORAGE, WRITES
from tasks.storage.seal_keys import KEYS as SEAL_KEYS
from tasks.storage.seal_keys import id_of
from tests.approvers import ANA, BO, KEYS, MAL, as_variable, fingerprint, signed
from tests.cli.scenes import Said, command
from tests.flows.approval.test_history import entry_file
from tests.prefect_servers import prefect_api
from tests.timeouts.planning.approval.test_approval import PROPOSAL
from timeouts.model.org import Organization
from timeouts.planning.approval.history import Happened, What, happened
from timeouts.planning.approval.request import Decision
from timeouts.planning.approval.ruling import Proposal

AT_MS = 1_700_000_000_000


@pytest.fixture(scope="module", autouse=True)
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with prefect_api(tmp_path_factory.mktemp("prefect")):
        yield


@pytest.fixture
def org(tutorial_org: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Organization]:
    """The org that the environment points at, without a history, and a register of who may approve."""
    monkeypatch.setenv(approvers.VARIABLE, as_variable())
    monkeypatch.setattr(approvers, "FILE", tmp_path / "approvers.yaml")
    assert tutorial_org.url
    with temporary_settings({PREFECT_RESULTS_LOCAL_STORAGE_PATH: tmp_path / "results"}):
        with read_client(credentials_for(None)) as client:
            found = client.organization()
        yield found
        forget_the_head(found)


def forget_the_head(org: Organization) -> None:
    with get_client(sync_client=True) as client:
        if client.read_variable_by_name(f"genesys-timeouts-history-head-{org.id}"):
            client.delete_variable_by_name(f"genesys-timeouts-history-head-{org.id}")


def proposal(org: Organization) -> Proposal:
    return PROPOSAL.model_copy(update={"organization": org})


def decide(org: Organization, what: What, name: str, decision: Decision, by: str | None = None) -> Happened:
    """Somebody's decision, signed by them, or by somebody else in their name."""
    signature = signed(by or name, proposal(org).request, decision)
    return happened(what, proposal(org), AT_MS, name=name, fingerprint=fingerprint(by or name), signature=signature)


def storage_of(area: str) -> ResultStorage:
    return ResultStorage(LocalFileSystem(basepath=str(PREFECT_RESULTS_LOCAL_STORAGE_PATH.value())), area)


def written(org: Organization, *more: Happened, area: str = "") -> None:
    events = [
        happened("proposed", proposal(org), AT_MS, name="[red]Bo[/red]"),
        decide(org, "asked", BO, "ask"),
        decide(org, "approved", ANA, "approve"),
        *more,
    ]
    for event in events:
        append(storage_of(area), org, event)


def history(*options: str) -> Said:
    return command("history", *options)


def test_the_decisions_are_listed_with_when_and_who_and_a_typed_name_is_told_as_that(org: Organization) -> None:
    written(org)

    said = history("--verify")

    assert said.code == 0, said.problems
    assert said.out.count("2023-11-14 22:13 UTC") == 3
    assert "[red]Bo" in said.out
    assert "typed)" in said.out
    assert fingerprint(ANA)[:8] in said.out
    assert "3 entries: all there, in order, unchanged, and signed where they have to be." in said.out


def test_what_deployments_decided_is_shown_without_naming_their_area(org: Organization) -> None:
    written(org, area=WRITES)

    said = history("--verify")

    assert said.code == 0, said.problems
    assert "3 entries: all there" in said.out


def test_of_several_chains_the_one_that_the_head_fits_is_shown(org: Organization) -> None:
    written(org)
    forget_the_head(org)
    written(org, decide(org, "publishes", ANA, "approve"), area=WRITES)

    said = history("--verify")

    assert said.code == 0, said.problems
    assert "4 entries: all there" in said.out


def test_an_area_that_is_named_is_the_only_one_that_is_read(org: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    written(org, area=WRITES)
    monkeypatch.setenv(STORAGE, AUDITS)

    said = history("--verify")

    assert said.code == 1
    assert "the chain has 0 entries, and 3 were written: its end is missing" in said.problems


def test_where_nothing_was_ever_asked_it_says_so(org: Organization) -> None:
    said = history("--verify")

    assert said.code == 0, org
    assert "nothing was ever asked to be approved, or its history is gone" in " ".join(said.out.split())
    assert "unchanged" not in said.out


def test_a_history_that_lost_its_end_is_broken(org: Organization) -> None:
    written(org)
    entry_file(org, 3).unlink()

    assert history().code == 0
    said = history("--verify")
    assert said.code == 1
    assert "the chain has 2 entries, and 3 were written: its end is missing" in said.problems


def test_an_entry_that_was_edited_is_named_whoever_sealed_it(org: Organization) -> None:
    written(org)
    stored = json.loads(default_storage().read(entry_file(org, 2).name))
    stored["happened"]["name"] = ANA
    default_storage().write(entry_file(org, 2).name, json.dumps(stored).encode())

    said = history("--verify")
    assert said.code == 1
    assert "entry 2" in said.problems or "entry 3 does not go on from entry 2" in said.problems


def test_a_head_that_is_gone_is_named(org: Organization) -> None:
    written(org)
    forget_the_head(org)

    said = history("--verify")
    assert (said.code, "the head of the chain is missing" in said.problems) == (1, True)


def test_an_approval_that_somebody_else_signed_is_named(org: Organization) -> None:
    written(org, decide(org, "publishes", ANA, "approve", by=BO))

    said = history("--verify")
    assert said.code == 1
    assert f"entry 4: {ANA} has not signed it" in said.problems


@pytest.mark.parametrize("there_is", ["another register", "no register"])
def test_without_the_keys_it_could_not_be_told(
    org: Organization, monkeypatch: pytest.MonkeyPatch, there_is: str
) -> None:
    written(org)
    others = {name: key for name, key in KEYS.items() if name != ANA}
    if there_is == "no register":
        monkeypatch.delenv(approvers.VARIABLE)
    else:
        monkeypatch.setenv(approvers.VARIABLE, as_variable(keys=others))

    said = history("--verify")
    assert said.code == 3
    assert "could not tell" in said.problems
    assert MAL not in said.all


def test_after_the_old_seal_key_was_taken_out_it_could_not_be_told(
    org: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries are never sealed anew: each was told as damaged, and the exit code called them changed."""
    old, new = "5e" * 32, "ab" * 32
    monkeypatch.setenv(SEAL_KEYS, old)
    written(org)
    monkeypatch.setenv(SEAL_KEYS, new)

    said = history("--verify")
    assert said.code == 3
    assert (
        f"could not tell: entry 1 is sealed with the key {id_of(SecretBytes(bytes.fromhex(old)))}, which"
        in said.problems
    )
    with pytest.raises(NotInHistoryError, match="entry 3 is sealed with the key"):
        written(org)

    monkeypatch.setenv(SEAL_KEYS, f"{new},{old}")
    assert history("--verify").code == 0


def test_where_it_cannot_be_read_it_could_not_be_told(org: Organization) -> None:
    written(org)
    folder: Path = PREFECT_RESULTS_LOCAL_STORAGE_PATH.value()
    shutil.rmtree(folder)
    folder.write_text("a file in the place of the storage")

    said = history("--verify")
    assert said.code == 3
    assert f"the history of {org.name} could not be read: [Errno 20] Not a directory: '{folder}'" in said.problems
