"""Approvers who do not exist, with keys that everybody may know."""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from timeouts.planning.approval.register import Register, fingerprint_of, public_line
from timeouts.planning.approval.request import Decision, Request, sign


def key_of(name: str) -> Ed25519PrivateKey:
    """The private key of somebody, always the same one."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def fingerprint(name: str) -> str:
    return fingerprint_of(key_of(name).public_key().public_bytes_raw())


def line(name: str) -> str:
    return public_line(key_of(name).public_key())


ANA, BO, CY = "Ana Duarte", "Bo Lindqvist", "Cy Ode"
MAL = "Mallory"
"""Who is not registered."""

KEYS = {name: line(name) for name in (ANA, BO, CY)}


def register(**changed: Any) -> Register:
    return Register.model_validate({"keys": KEYS} | changed)


def as_variable(**changed: Any) -> str:
    """The register as a worker's environment holds it."""
    return json.dumps({"keys": KEYS} | changed)


def signed(name: str, request: Request, decision: Decision) -> str:
    return sign(key_of(name), request, decision)
