"""Where the keys come from that seal what runs keep, and what is refused as one."""

import base64
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from prefect.filesystems import LocalFileSystem

from genesys import ConfigurationProblem
from tasks.storage import ResultStorage
from tasks.storage.seal_keys import KEYS, KEYS_FILE, SealKeys, key_file, seal_keys
from tests.environment import environment

ONE, TWO = "a1" * 32, "b2" * 32
MAKE_ONE = "openssl rand -hex 32 makes one"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without a key, whose home is elsewhere."""
    monkeypatch.delenv(KEYS, raising=False)
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def bytes_of(keys: SealKeys) -> list[bytes]:
    return [each.get_secret_value() for each in keys.keys]


@pytest.mark.parametrize("named", ["here", "./here", "~nobody-is-called-so/here"])
def test_a_home_that_depends_on_where_somebody_is_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each working directory had a key of its own, and what was kept in one was refused in the next."""
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", named)

    with pytest.raises(ConfigurationProblem, match="write the whole path, from / on"):
        key_file()


def test_a_home_below_the_users_own_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", "~/gt")

    assert key_file() == tmp_path / "gt" / "seal.key"


def test_the_environment_names_keys_the_newest_first(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv(KEYS, f"{ONE}, {base64.b64encode(bytes.fromhex(TWO)).decode()} ,")

    assert bytes_of(seal_keys()) == [bytes.fromhex(ONE), bytes.fromhex(TWO)]
    assert not home.exists()


@pytest.mark.parametrize("bytes_", [b"\xfb\xff" * 16, b"k" * 33, b"\x00\xff" * 24])
def test_a_key_may_be_in_base64_of_either_alphabet(monkeypatch: pytest.MonkeyPatch, bytes_: bytes) -> None:
    for encoded in (base64.b64encode(bytes_), base64.urlsafe_b64encode(bytes_)):
        monkeypatch.setenv(KEYS, encoded.decode())
        assert bytes_of(seal_keys()) == [bytes_]


def test_a_mounted_file_holds_a_key_a_line_and_counts_as_soon_as_it_is_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "..data").write_text(f"{ONE}\n")
    (tmp_path / "keys").symlink_to("..data")  # as Kubernetes mounts secrets
    monkeypatch.setenv(KEYS_FILE, str(tmp_path / "keys"))
    before = bytes_of(seal_keys())
    (tmp_path / "..data").write_text(f"{TWO}\n{ONE}\n")

    assert (before, bytes_of(seal_keys())) == ([bytes.fromhex(ONE)], [bytes.fromhex(TWO), bytes.fromhex(ONE)])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "no key is in it"),
        (" , ", "no key is in it"),
        ("a" * 62, "the key 1 is not 32 random bytes or more"),
        (f"{ONE},a-password-that-somebody-thought-of", "the key 2 is not 32 random bytes or more"),
        (f"{ONE},{'a1' * 31}", "the key 2 is not"),
    ],
)
def test_what_is_no_key_is_refused_with_how_to_make_one_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, given: str, told: str
) -> None:
    monkeypatch.setenv(KEYS, given)

    with pytest.raises(ConfigurationProblem, match=rf"^{KEYS}: {told}.*{MAKE_ONE}") as refused:
        seal_keys()
    assert not [each for each in given.split(",") if each.strip() and each in str(refused.value)]


def test_two_places_for_keys_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS, ONE)
    monkeypatch.setenv(KEYS_FILE, "/run/secrets/keys")

    with pytest.raises(ConfigurationProblem, match=f"{KEYS} and {KEYS_FILE} are both set"):
        seal_keys()


def test_a_mounted_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS_FILE, "/nowhere/keys")

    with pytest.raises(ConfigurationProblem, match=f"{KEYS_FILE}: /nowhere/keys cannot be read: No such file"):
        seal_keys()


def test_without_either_a_user_has_a_key_of_their_own_from_its_first_use_on(home: Path) -> None:
    first, again = seal_keys(), seal_keys()

    assert bytes_of(first) == bytes_of(again)
    assert len(bytes_of(first)[0]) == 32
    assert key_file() == home / "seal.key"
    assert stat.S_IMODE((home / "seal.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert [path.name for path in home.iterdir()] == ["seal.key"]


def test_a_new_key_on_top_of_ones_own_seals_from_then_on(home: Path) -> None:
    old = bytes_of(seal_keys())
    key = home / "seal.key"
    key.write_text(f"{TWO}\n{key.read_text()}")

    assert bytes_of(seal_keys()) == [bytes.fromhex(TWO), *old]


READY = (
    "from tasks.storage.seal_keys import seal_keys; print('ready', flush=True); input(); print(seal_keys().newest[0])"
)


def test_processes_that_make_it_at_once_go_on_with_the_same_key(home: Path) -> None:
    several = [
        subprocess.Popen(
            [sys.executable, "-c", READY],
            env=environment(GENESYS_TIMEOUTS_HOME=str(home)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for each in several:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in several:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    ids = {each.communicate()[0].strip() for each in several}

    assert ids == {seal_keys().newest[0]}
    assert [path.name for path in home.iterdir()] == ["seal.key"]


def test_a_key_that_others_may_read_is_refused_with_what_to_type(home: Path) -> None:
    seal_keys()
    (home / "seal.key").chmod(0o640)

    with pytest.raises(ConfigurationProblem, match=f"others may read it: chmod 600 {home}/seal.key$"):
        seal_keys()


def test_a_home_that_cannot_be_written_is_named_with_the_variables_that_help(home: Path) -> None:
    home.write_text("a file where a folder is to be")

    with pytest.raises(ConfigurationProblem, match=rf"{home}/seal.key: .*Set GENESYS_TIMEOUTS_HOME to .*or {KEYS}"):
        seal_keys()


def test_the_key_is_never_in_the_storage_that_it_seals(home: Path) -> None:
    for root in (home, home.parent):
        with pytest.raises(ConfigurationProblem, match=rf"lies in the storage that it is to seal: {home}/seal.key"):
            ResultStorage(LocalFileSystem(basepath=str(root)))
    assert not home.exists()


def test_no_file_of_keys_is_in_the_storage_that_they_seal_nor_a_link_that_leads_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, outside = tmp_path / "storage", tmp_path / "keys"
    inside.mkdir()
    outside.write_text(f"{ONE}\n")
    (inside / "keys").symlink_to(outside)
    (inside / "own").write_text(f"{ONE}\n")
    (tmp_path / "link").symlink_to(inside / "own")

    for place in (inside / "keys", inside / "own", tmp_path / "link"):
        monkeypatch.setenv(KEYS_FILE, str(place))
        with pytest.raises(ConfigurationProblem, match=f"lies in the storage that it is to seal: {place}"):
            ResultStorage(LocalFileSystem(basepath=str(inside)))
    monkeypatch.setenv(KEYS_FILE, str(outside))
    assert ResultStorage(LocalFileSystem(basepath=str(inside)))


def test_no_key_is_shown_where_keys_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS, ONE)
    shown = f"{seal_keys()} {seal_keys()!r} {vars(seal_keys())}"

    assert ONE not in shown
    assert str(bytes.fromhex(ONE)) not in shown


def test_the_key_of_a_user_lies_in_their_own_data_folder(tmp_path: Path) -> None:
    given = environment(HOME=str(tmp_path))
    for name in (KEYS, "XDG_DATA_HOME", "GENESYS_TIMEOUTS_HOME"):
        given.pop(name, None)
    told = "from tasks.storage.seal_keys import key_file, seal_keys; seal_keys(); print(key_file())"
    done = subprocess.run([sys.executable, "-c", told], env=given, capture_output=True, text=True, check=True)

    found = Path(done.stdout.strip())
    assert found.is_relative_to(tmp_path)
    assert found.is_file()
