"""`genesys-timeouts approver`: a key of one's own, signatures that say what they are for, and who may approve."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from typer.testing import CliRunner

from cli.app import app
from flows.approval import approvers
from tasks.running.clock import now_ms
from tests.approvers import ANA, BO, as_variable, fingerprint, register
from tests.cli.scenes import Said
from timeouts.planning.approval.register import Register, fingerprint_of, public_bytes
from timeouts.planning.approval.request import Request, signer_of

PASSPHRASE = "tide pool lantern"
REQUEST = Request(
    org="org-1",
    run="6f6f6f6f-0000-4000-8000-000000000000",
    plan="ab" * 32,
    expires_ms=now_ms() + 3_600_000,
    waive=("share",),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this approver's key is kept; there is no register on this machine."""
    folder = tmp_path / "of ana"
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(folder))
    monkeypatch.setattr(approvers, "FILE", tmp_path / "approvers.yaml")
    return folder


def approver(*arguments: str, typed: str = "") -> Said:
    result = CliRunner().invoke(app, ["approver", *arguments], input=typed, catch_exceptions=False)
    return Said(result.exit_code, result.stdout, result.stderr)


def init(*options: str, typed: str = f"{PASSPHRASE}\n{PASSPHRASE}\n") -> Said:
    return approver("init", "--name", " Ana  Duarte ", *options, typed=typed)


def of(line: str) -> Register:
    key, _, name = line.strip().partition(" ")
    return register(keys={name: key}, signatures=1)


@pytest.mark.parametrize("command", [("init",), ("list",), ("sign", "approve", "v1/x")])
def test_a_home_that_depends_on_where_somebody_is_is_refused(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was a traceback."""
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", "here")

    said = approver(*command, *(("--name", "Ana") if command == ("init",) else ()))

    assert said.code != 0
    assert "Traceback" not in said.problems


def test_init_makes_a_key_that_only_its_owner_reads_and_prints_the_line_to_hand_on(folder: Path) -> None:
    said = init()

    line = said.out.strip()
    assert (said.code, line.split()[1:]) == (0, ["Ana", "Duarte"])
    assert fingerprint_of(public_bytes(line.split()[0])) in said.problems
    assert stat.S_IMODE((folder / "approver.key").stat().st_mode) == 0o600
    pem = (folder / "approver.key").read_bytes()
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert load_pem_private_key(pem, PASSPHRASE.encode())
    assert PASSPHRASE not in said.all


def test_a_key_that_is_there_is_never_written_over(folder: Path) -> None:
    init()
    before = (folder / "approver.key").read_bytes()

    again = init()

    assert (again.code, (folder / "approver.key").read_bytes()) == (2, before)
    assert "there is a key in" in again.problems


@pytest.mark.parametrize(
    ("typed", "told"),
    [("\n", "the passphrase is empty"), ("", "the passphrase is empty"), (f"{PASSPHRASE}\nanother\n", "differ")],
)
def test_a_passphrase_that_is_empty_or_was_mistyped_makes_no_key(folder: Path, typed: str, told: str) -> None:
    said = init(typed=typed)

    assert (said.code, said.out) == (2, "")
    assert told in said.problems
    assert not folder.exists()


def test_a_key_without_a_passphrase_has_to_be_asked_for(folder: Path) -> None:
    assert init("--no-passphrase", typed="").code == 0
    assert (folder / "approver.key").read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")


def test_sign_says_in_words_what_the_request_says_and_prints_nothing_but_the_signature(folder: Path) -> None:
    line = init().out

    said = approver("sign", "approve", REQUEST.text, typed=f"{PASSPHRASE}\n")

    assert said.code == 0, folder
    assert signer_of(said.out, REQUEST, "approve", of(line)).name == ANA
    assert len(said.out.splitlines()) == 1
    told = ("with your signature it may be published", "The request says (nothing here checks it", "org-1", REQUEST.run)
    more = (f"sha256:{REQUEST.plan}", ", in ", "may stop waiting for an answer before that", "waives   share")
    assert [each for each in (*told, *more) if each not in said.problems] == []
    assert PASSPHRASE not in said.all


@pytest.mark.parametrize("decision", ["ask", "reject"])
def test_each_decision_is_signed_as_what_it_is(folder: Path, decision: str) -> None:
    line = init("--no-passphrase", typed="").out

    said = approver("sign", decision, REQUEST.text)

    assert signer_of(said.out, REQUEST, "ask" if decision == "ask" else "reject", of(line)), folder


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("agree", REQUEST.text), PASSPHRASE, "agree is no decision: say ask, approve or reject"),
        (("approve", "v1/org=x"), PASSPHRASE, "this is not the request of a plan"),
        (("approve", REQUEST.model_copy(update={"expires_ms": 1}).text), PASSPHRASE, "has expired"),
        (("approve", REQUEST.text), "another", "does not open with that passphrase"),
        (("approve", REQUEST.text), "", "does not open with that passphrase"),
    ],
)
def test_what_cannot_be_signed_is_named_and_nothing_is_signed(
    folder: Path, arguments: tuple[str, ...], typed: str, told: str
) -> None:
    init()

    said = approver("sign", *arguments, typed=f"{typed}\n")

    assert (said.code, said.out) == (2, ""), folder
    assert told in said.problems


def test_who_has_no_key_is_told_how_to_make_one(folder: Path) -> None:
    said = approver("sign", "approve", REQUEST.text)

    assert (said.code, said.out) == (2, "")
    assert f"there is no key in {folder}: genesys-timeouts approver init makes one" in said.problems


def test_a_key_file_of_another_kind_is_refused(folder: Path) -> None:
    folder.mkdir()
    (folder / "approver.key").write_text("three slow herons")
    (folder / "approver.key").chmod(0o600)

    said = approver("sign", "approve", REQUEST.text)

    assert said.code == 2
    assert "is damaged" in said.problems
    assert "herons" not in said.all


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_that_others_may_read_signs_nothing_until_it_is_closed(folder: Path, mode: int) -> None:
    init("--no-passphrase", typed="")
    (folder / "approver.key").chmod(mode)

    said = approver("sign", "approve", REQUEST.text)

    assert (said.code, said.out) == (2, "")
    assert f"others may read it: chmod 600 '{folder}/approver.key'" in said.problems


def test_list_shows_the_own_key_and_who_may_approve_and_marks_the_revoked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = approver("list")
    line = init("--no-passphrase", typed="").out
    monkeypatch.setenv(approvers.VARIABLE, as_variable(revoked=[fingerprint(BO), "1b53" * 8]))
    said = approver("list")

    assert (none.code, said.code) == (0, 0)
    assert f"You have no key in {folder}" in none.out
    assert "This machine has no register of approvers" in none.out
    assert f"Your key: {fingerprint_of(public_bytes(line.split()[0]))} Ana Duarte ({folder})" in said.out
    assert "A plan needs the signatures of 2 of:" in said.out
    assert f"{fingerprint(ANA)}  {ANA}\n" in said.out
    assert f"{fingerprint(BO)}  {BO} (revoked)\n" in said.out
    assert f"  revoked, and no key here has it: {'1b53' * 8}\n" in said.out


def test_a_register_that_cannot_be_used_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(approvers.VARIABLE, '{"Ana Duarte": "three slow herons"}')

    said = approver("list")

    assert said.code == 2, folder
    assert f"{approvers.VARIABLE} cannot be used: " in said.problems
    assert "herons" not in said.all
