"""The keys that seal what runs keep: of the environment, of a mounted secret, or a key file of the user's own.

They are in no Prefect block: whoever holds the API's password can read blocks, and must not be able to seal.
"""

import base64
import binascii
import contextlib
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import SecretBytes

from genesys import ConfigurationProblem
from tasks.storage.files.access import access_to
from tasks.storage.files.private_files import HOME, create_private, own_folder, why_not_private

KEYS = "GENESYS_TIMEOUTS_SEAL_KEYS"
"""The environment variable that holds them: the newest one seals, all of them are accepted."""

KEYS_FILE = "GENESYS_TIMEOUTS_SEAL_KEYS_FILE"
"""The environment variable that names a file of them, one a line: for secrets that are mounted."""

_BYTES = 32
_MOST_BYTES = 64 * 1024
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2})+")
_MAKE_ONE = "openssl rand -hex 32 makes one"


@dataclass(frozen=True)
class SealKeys:
    """The keys, the newest one first."""

    keys: tuple[SecretBytes, ...]

    @property
    def newest(self) -> tuple[str, SecretBytes]:
        """The key that seals, and its id."""
        return id_of(self.keys[0]), self.keys[0]

    @cached_property
    def by_id(self) -> Mapping[str, SecretBytes]:
        """All that are accepted."""
        return {id_of(key): key for key in self.keys}


def id_of(key: SecretBytes) -> str:
    """Return the name of a key, by which nobody can guess it."""
    return hashlib.sha256(b"genesys-timeouts seal key\n" + key.get_secret_value()).hexdigest()[:16]


def seal_keys() -> SealKeys:
    """Return the keys of this process. Raises ConfigurationProblem where there are none that can be used.

    They are read anew each time: a new key on top of a mounted file counts without a restart.
    """
    named = [name for name in (KEYS, KEYS_FILE) if name in os.environ]
    if len(named) > 1:
        raise ConfigurationProblem(f"{KEYS} and {KEYS_FILE} are both set: leave one of them out.")
    if KEYS in named:
        return SealKeys(_parsed(os.environ[KEYS].split(","), KEYS))
    if KEYS_FILE in named:
        return SealKeys(_parsed(_lines_of(Path(os.environ[KEYS_FILE]), KEYS_FILE), KEYS_FILE))
    file = key_file()
    return SealKeys(_parsed(_lines_of_own(file), str(file)))


def why_no_keys() -> str:
    """Say why this process has no keys that can be used, '' where it has; the user's own is not made for it."""
    try:
        if KEYS not in os.environ and KEYS_FILE not in os.environ and not key_file().exists():
            return access_to(key_file().parent).problem
        seal_keys()
    except (ConfigurationProblem, OSError) as problem:
        return str(problem)
    return ""


def place_of_keys() -> Path | None:
    """Return the file that this process's keys come from, be it there or not; None where the environment holds them."""
    if KEYS in os.environ:
        return None
    return Path(os.environ[KEYS_FILE]).absolute() if KEYS_FILE in os.environ else key_file()


def key_file() -> Path:
    """Return where the user's own key lies: in GENESYS_TIMEOUTS_HOME, or in the user's own data folder."""
    return own_folder() / "seal.key"


def _parsed(written: Iterable[str], where: str) -> tuple[SecretBytes, ...]:
    given = [each.strip() for each in written]
    found = [_bytes_of(each) for each in given if each]
    short = [str(number) for number, key in enumerate(found, start=1) if len(key) < _BYTES]
    if short:
        raise ConfigurationProblem(
            f"{where}: the key {', '.join(short)} is not {_BYTES} random bytes or more, in hexadecimal or base64: "
            f"{_MAKE_ONE}."
        )
    if not found:
        raise ConfigurationProblem(f"{where}: no key is in it: {_MAKE_ONE}.")
    return tuple(map(SecretBytes, found))


def _bytes_of(written: str) -> bytes:
    """Return the bytes of a key; none where it is neither hexadecimal nor base64."""
    if _HEXADECIMAL.fullmatch(written):
        return bytes.fromhex(written)
    try:
        return base64.b64decode(written.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        return b""


def _lines_of(path: Path, name: str) -> list[str]:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("ascii", "replace").splitlines()
    except OSError as problem:
        raise ConfigurationProblem(f"{name}: {path} cannot be read: {problem.strerror}.") from None


def _lines_of_own(path: Path) -> list[str]:
    """Read the user's own key file, made on its first use; one that others may read is refused."""
    try:
        if not path.exists():
            # Of processes that make one at once one wins, and all go on with its key.
            with contextlib.suppress(FileExistsError):
                create_private(path, f"{secrets.token_hex(_BYTES)}\n".encode())
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise ConfigurationProblem(f"{path} is to hold the key that seals what runs keep, and is no file.")
        if why := why_not_private(path, about.st_mode, "the key that seals what runs keep"):
            raise ConfigurationProblem(why)
        return _lines_of(path, str(path))
    except OSError as problem:
        raise ConfigurationProblem(
            f"The key that seals what runs keep cannot be made or read: {path}: {problem.strerror}. Set {HOME} to a "
            f"folder that you may write to, or {KEYS} ({_MAKE_ONE})."
        ) from None
