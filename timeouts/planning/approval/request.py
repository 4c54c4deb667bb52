"""What an approver signs: one decision on one plan of one run in one org, until when, and with which limits waived."""

import base64
import json
import re
import typing

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import StringConstraints, ValidationError, field_validator

from timeouts.model.values import Value
from timeouts.planning.approval.register import Approver, Register, fingerprint_of
from timeouts.planning.changes import LimitName

Decision = typing.Literal["ask", "approve", "reject"]
DECISIONS: tuple[Decision, ...] = typing.get_args(Decision)

_LABEL = b"genesys-timeouts approval v1\n"
"""Before all that is signed: no signature made for another purpose, or for another version, fits."""

_Id = typing.Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$")]
_Checksum = typing.Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_REQUEST = re.compile(r"v1/org=([^/]+)/run=([^/]+)/plan=([^/]+)/expires_ms=([0-9]{1,14})/waive=([a-z_+]+)")
_SIGNATURE = re.compile(r"([0-9a-f]{32})\.([0-9A-Za-z_-]{86})")
_NOTHING = "none"
_NO_REQUEST = "this is not the request of a plan: copy all of it from the page of the approval, v1/org=.../waive=..."


class NoRequestError(ValueError):
    """A text that is no request; the message says what to do."""


class SignatureProblem(ValueError):  # noqa: N818 - the name says what it is
    """A signature that does not count; the message says why."""


class Request(Value):
    """What is asked to be signed. `plan`: the plan's checksum, its 64 digits. `expires_ms`: since 1970."""

    org: _Id
    run: _Id
    plan: _Checksum
    expires_ms: int
    waive: tuple[LimitName, ...] = ()

    @field_validator("waive")
    @classmethod
    def _in_order(cls, waive: tuple[LimitName, ...]) -> tuple[LimitName, ...]:
        return tuple(sorted(set(waive)))

    @property
    def text(self) -> str:
        """The request as one argument of a command: no shell reads anything of it as its own."""
        waive = "+".join(self.waive) or _NOTHING
        return f"v1/org={self.org}/run={self.run}/plan={self.plan}/expires_ms={self.expires_ms}/waive={waive}"

    def signed_bytes(self, decision: Decision) -> bytes:
        """Return what a signature of this decision covers; two that differ in anything have different ones."""
        fields = {**self.model_dump(mode="json"), "decision": decision}
        return _LABEL + json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def read_request(text: str) -> Request:
    """Read a request as the page of an approval shows it. Raises NoRequestError for anything else."""
    found = _REQUEST.fullmatch(text.strip())
    if found is None:
        raise NoRequestError(_NO_REQUEST)
    org, run, plan, expires_ms, waive = found.groups()
    names = () if waive == _NOTHING else tuple(waive.split("+"))
    fields = {"org": org, "run": run, "plan": plan, "expires_ms": int(expires_ms), "waive": names}
    try:
        return Request.model_validate(fields)
    except ValidationError:
        raise NoRequestError(_NO_REQUEST) from None


def sign(key: Ed25519PrivateKey, request: Request, decision: Decision) -> str:
    """Sign a decision; returns the text to paste: the fingerprint of the key, and the signature."""
    signature = base64.urlsafe_b64encode(key.sign(request.signed_bytes(decision))).decode().rstrip("=")
    return f"{fingerprint_of(key.public_key().public_bytes_raw())}.{signature}"


def signer_of(signature: str, request: Request, decision: Decision, register: Register) -> Approver:
    """Return who signed this decision on this request. Raises SignatureProblem where it is nobody who may."""
    fingerprint, made = _parts(signature)
    approver = register.find(fingerprint)
    if approver is None:
        raise SignatureProblem(f"the key {fingerprint} is no approver's: an administrator registers it")
    if register.is_revoked(approver):
        raise SignatureProblem(f"the key {fingerprint} of {approver.name} is revoked")
    if not fits(made, request, decision, register, approver):
        signed = next((each for each in DECISIONS if fits(made, request, each, register, approver)), None)
        if signed:
            raise SignatureProblem(f"{approver.name} signed {signed}, and the answer is {decision}")
        raise SignatureProblem(
            f"the signature of {approver.name} is not for what this run asks: sign the request that its page shows"
        )
    return approver


def is_of(signature: str, request: Request, decision: Decision, register: Register) -> bool:
    """Return whether a registered key made this signature once, be it revoked since."""
    fingerprint, made = _parts(signature)
    approver = register.find(fingerprint)
    return approver is not None and fits(made, request, decision, register, approver)


def fits(made: bytes, request: Request, decision: Decision, register: Register, approver: Approver) -> bool:
    """Return whether an approver's key made this signature of this decision."""
    try:
        register.public_key(approver).verify(made, request.signed_bytes(decision))
    except InvalidSignature:
        return False
    return True


def _parts(signature: str) -> tuple[str, bytes]:
    found = _SIGNATURE.fullmatch("".join(signature.split()))
    if found is None:
        raise SignatureProblem("there is no signature: paste what genesys-timeouts approver sign prints, all of it")
    return found[1], base64.urlsafe_b64decode(found[2] + "==")
