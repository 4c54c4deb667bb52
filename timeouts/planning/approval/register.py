"""The register of approvers: their public keys, which of them are revoked, and how many have to sign.

Prefect's open-source server has no users and cannot say who answers. A public key can: only whoever holds its private
half signs with it. What is registered is no secret (docs/decisions/0029-signatures.md).
"""

import base64
import binascii
import hashlib
import typing
import unicodedata
from collections import Counter
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field, field_validator, model_validator

from timeouts.model.values import Value
from timeouts.text.visible import visible

KEY_PREFIX = "ed25519:"
KEY_BYTES = 32
FINGERPRINT_LENGTH = 32
"""Hexadecimal digits of SHA-256: enough that nobody makes a second key with the same one."""

_FIELD = 2**255 - 19
_CURVE_D = -121665 * pow(121666, -1, _FIELD) % _FIELD
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _FIELD - 1, _ORDER_8, _FIELD - _ORDER_8})
"""The points of an order of 8 or less, by their y: for such a key anybody can make a signature (RFC 8032, 5.1)."""


class Approver(Value):
    """Somebody who may approve: a name, and the key that stands for it."""

    name: str
    fingerprint: str

    @property
    def label(self) -> str:
        """The approver as pages and states tell of them."""
        return f"{self.name} (key {self.fingerprint})"


class Register(Value):
    """Who may approve.

    `keys`: each name's public key, `ed25519:` and 32 bytes in base64. `revoked`: fingerprints of keys that count no
    more. `signatures`: how many different keys have to stand behind a plan.
    """

    keys: Mapping[str, str] = Field(min_length=1)
    revoked: tuple[str, ...] = ()
    signatures: typing.Literal[1, 2] = 2

    @field_validator("keys")
    @classmethod
    def _are_usable(cls, keys: Mapping[str, str]) -> Mapping[str, str]:
        for name in keys:
            if not _is_plain(name):
                raise ValueError(
                    f"the name {name!a} holds what is not seen, or letters that look like others: write it plainly"
                )
        cleaned = {" ".join(name.split()): key.strip() for name, key in keys.items()}
        names = Counter(name.casefold() for name in cleaned)
        if len(cleaned) != len(keys) or "" in cleaned or names.most_common(1)[0][1] > 1:
            raise ValueError("each approver needs a name of their own, spelt once")
        owners: dict[str, str] = {}
        for name, key in cleaned.items():
            try:
                fingerprint = fingerprint_of(public_bytes(key))
            except ValueError as problem:
                raise ValueError(f"the key of {name} {problem}") from None
            if fingerprint in owners:
                raise ValueError(f"{owners[fingerprint]} and {name} have the same key: each approver needs their own")
            owners[fingerprint] = name
        return cleaned

    @field_validator("revoked")
    @classmethod
    def _are_fingerprints(cls, revoked: tuple[str, ...]) -> tuple[str, ...]:
        for each in revoked:
            if len(each) != FINGERPRINT_LENGTH or set(each) - set("0123456789abcdef"):
                raise ValueError(
                    f"what is revoked is named by {FINGERPRINT_LENGTH} digits, as approver list shows them"
                )
        return revoked

    @model_validator(mode="after")
    def _is_enough(self) -> typing.Self:
        left = len(self.approvers) - len([each for each in self.approvers if self.is_revoked(each)])
        if left < self.signatures:
            raise ValueError(f"a plan needs the signatures of {self.signatures} approvers, and {left} may sign")
        return self

    @property
    def approvers(self) -> tuple[Approver, ...]:
        """Everybody who is registered, in the order of their names; the revoked are among them."""
        named = sorted(self.keys.items())
        return tuple(Approver(name=name, fingerprint=fingerprint_of(public_bytes(key))) for name, key in named)

    def find(self, fingerprint: str) -> Approver | None:
        """Return whose key has this fingerprint; None where it is nobody's."""
        return next((each for each in self.approvers if each.fingerprint == fingerprint), None)

    def is_revoked(self, approver: Approver) -> bool:
        """Return whether an approver's key counts no more."""
        return approver.fingerprint in self.revoked

    @property
    def revoked_of_nobody(self) -> tuple[str, ...]:
        """The fingerprints that are revoked and that no key here has: of keys that were taken out, or mistyped."""
        return tuple(each for each in self.revoked if self.find(each) is None)

    def public_key(self, approver: Approver) -> Ed25519PublicKey:
        """Return the key that checks an approver's signatures."""
        return Ed25519PublicKey.from_public_bytes(public_bytes(self.keys[approver.name]))


def public_line(key: Ed25519PublicKey) -> str:
    """Write a public key as a register holds it."""
    return KEY_PREFIX + base64.b64encode(key.public_bytes_raw()).decode()


def fingerprint_of(key: bytes) -> str:
    """Return the short name of a public key."""
    return hashlib.sha256(key).hexdigest()[:FINGERPRINT_LENGTH]


def public_bytes(key: str) -> bytes:
    """Return the 32 bytes of a public key as a register holds it.

    Raises ValueError, whose text goes on after "the key of somebody", for what is none or protects nothing.
    """
    try:
        raw = base64.b64decode(key.strip().removeprefix(KEY_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not key.strip().startswith(KEY_PREFIX) or len(raw) != KEY_BYTES:
        raise ValueError(f"is none: it is the line that genesys-timeouts approver init prints, {KEY_PREFIX}...")
    y = int.from_bytes(raw, "little") % 2**255
    if y >= _FIELD or y in _SMALL_ORDER or not _is_on_curve(y):
        raise ValueError("is weak or no key at all, so that anybody or nobody could sign for it: make a new one")
    return raw


def _is_plain(name: str) -> bool:
    """Return whether all of a name is seen, and whether it is written in the one way that its look has (NFKC)."""
    return name.isprintable() and visible(name) == name and unicodedata.normalize("NFKC", name) == name


def _is_on_curve(y: int) -> bool:
    """Return whether the curve -x² + y² = 1 + d x² y² has a point with this y, so that x² is a square."""
    square = (y * y - 1) * pow(_CURVE_D * y * y + 1, -1, _FIELD) % _FIELD
    return pow(square, (_FIELD - 1) // 2, _FIELD) == 1
