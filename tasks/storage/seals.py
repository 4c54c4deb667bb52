"""Seals what runs keep in result storage, with a key that the storage does not hold.

A sealed file is one line, the seal, and then the content. The seal covers the name under which it is stored: a name
says what for, and of which run or org, so that a file which was moved to another name, run or org is refused
(docs/decisions/0028-seals.md). It is checked before anything of the content is unpacked or parsed.
"""

import hashlib
import hmac
import re

from pydantic import SecretBytes

from tasks.storage.seal_keys import KEYS, SealKeys

_FORMAT = b"genesys-timeouts-sealed/1"
_LINE = re.compile(_FORMAT + rb" ([0-9a-f]{16}) ([0-9a-f]{64})\n")


class RefusedFile(ValueError):  # noqa: N818 - the name says what it is
    """A file in result storage that is not read; the text names it, and says why and what to do."""


class UnknownKey(RefusedFile):
    """It is sealed with a key that this process does not have, so that nobody can say here whether it is whole."""

    def __init__(self, name: str, key_id: str) -> None:
        super().__init__(
            f"{name} is sealed with the key {key_id}, which is not known here: another machine sealed it, or the key "
            f"was taken out. It is not read. Add that key to {KEYS}, behind the newest one, or delete the file"
        )
        self.key_id = key_id


def seal_of(name: str, content: bytes, keys: SealKeys) -> bytes:
    """Return the line that goes before `content` where it is stored under `name`."""
    key_id, key = keys.newest
    return b"%s %s %s\n" % (_FORMAT, key_id.encode(), _code(name, content, key).encode())


def opened(name: str, stored: bytes, keys: SealKeys) -> bytes:
    """Return the content of what is stored under `name`. Raises RefusedFile."""
    line = _LINE.match(stored)
    if line is None:
        raise RefusedFile(
            f"{name} carries no seal: an earlier version wrote it, or somebody put it there. It is not read. Delete "
            "it, or use the version that wrote it"
        )
    key_id, code = (part.decode() for part in line.groups())
    key = keys.by_id.get(key_id)
    if key is None:
        raise UnknownKey(name, key_id)
    if not hmac.compare_digest(code, _code(name, memoryview(stored)[line.end() :], key)):
        raise RefusedFile(
            f"{name} is not as it was sealed: it was changed, cut off, or moved here from another name. It is not "
            "read. Restore it from a backup, or delete it"
        )
    return stored[line.end() :]


def _code(name: str, content: bytes | memoryview, key: SecretBytes) -> str:
    code = hmac.new(key.get_secret_value(), b"%s\n%s\n" % (_FORMAT, name.encode()), hashlib.sha256)
    code.update(content)
    return code.hexdigest()
