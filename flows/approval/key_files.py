"""An approver's key pair as two files in a folder of theirs: the private key, encrypted, and the public one."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tasks.storage.files.private_files import create_private, why_not_private
from timeouts.planning.approval.register import public_line

KEY = "approver.key"
PUBLIC = "approver.pub"


class KeyFileError(Exception):
    """A key that cannot be made or used; the message says what to do."""


class LockedKeyError(KeyFileError):
    """A key that is encrypted: it takes the passphrase."""


def make_key(folder: Path, name: str, passphrase: str) -> str:
    """Make a key pair that was not there, unencrypted where `passphrase` is ''; returns the line to hand on."""
    check_none(folder)
    encryption: KeySerializationEncryption = NoEncryption()
    if passphrase:
        encryption = BestAvailableEncryption(passphrase.encode())
    key = Ed25519PrivateKey.generate()
    line = " ".join([public_line(key.public_key()), *name.split()])
    _create(folder / KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    _create(folder / PUBLIC, f"{line}\n".encode())
    return line


def check_none(folder: Path) -> None:
    """Raise KeyFileError where a folder holds a key already."""
    if os.path.lexists(folder / KEY) or os.path.lexists(folder / PUBLIC):
        raise KeyFileError(
            f"there is a key in {folder} already: sign with it, or move {KEY} and {PUBLIC} away to make another"
        )


def public_key_in(folder: Path) -> tuple[str, str] | None:
    """Return the public key in a folder and the name that its owner gave it, None where there is none."""
    try:
        key, _, name = (folder / PUBLIC).read_text("utf-8").strip().partition(" ")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise KeyFileError(f"{folder / PUBLIC} cannot be read: {type(problem).__name__}") from None
    return key, name


def private_key_in(folder: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """Return the private key in a folder, which nobody else may read.

    Raises LockedKeyError where it takes a passphrase and none is given.
    """
    path = folder / KEY
    try:
        key = load_pem_private_key(_read(path), None if passphrase is None else passphrase.encode())
    except FileNotFoundError:
        raise KeyFileError(f"there is no key in {folder}: genesys-timeouts approver init makes one") from None
    except OSError as problem:
        raise KeyFileError(f"{path} cannot be read: {problem.strerror}") from None
    except (TypeError, ValueError) as problem:
        if passphrase is None and isinstance(problem, TypeError):  # what it raises for one that is encrypted
            raise LockedKeyError(f"{path} takes a passphrase") from None
        raise KeyFileError(f"{path} does not open with that passphrase, or is damaged: nothing was signed") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path} is no key of an approver: genesys-timeouts approver init makes one")
    return key


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        if why := why_not_private(path, os.fstat(file.fileno()).st_mode, "your private key"):
            raise KeyFileError(why)
        return file.read()


def _create(path: Path, content: bytes) -> None:
    try:
        create_private(path, content)
    except OSError as problem:
        raise KeyFileError(f"{path} could not be written: {problem.strerror}") from None
