"""Requests and signatures: what is signed is all that counts, and a request is safe to paste into any shell."""

import base64
import re
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.approvers import ANA, MAL, fingerprint, key_of, register, signed
from timeouts.planning.approval.request import (
    DECISIONS,
    Decision,
    NoRequestError,
    Request,
    SignatureProblem,
    read_request,
    signer_of,
)

LIMITS = ("architect_flows", "changes", "share", "actions", "reach", "window")
IDS = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}", fullmatch=True)
FIELDS = {
    "org": IDS,
    "run": IDS,
    "plan": st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    "expires_ms": st.integers(0, 10**14 - 1),
    "waive": st.sets(st.sampled_from(LIMITS)).map(tuple),
}
REQUESTS = st.builds(Request, **FIELDS)
DECIDED = st.sampled_from(DECISIONS)
REQUEST = Request(
    org="org-1", run="6f6f6f6f-0000-4000-8000-000000000000", plan="ab" * 32, expires_ms=1, waive=("share",)
)


def holds(signature: str, request: Request, decision: Decision) -> bool:
    try:
        return signer_of(signature, request, decision, register()).name == ANA
    except SignatureProblem:
        return False


@given(REQUESTS, DECIDED, st.sampled_from([*FIELDS, "decision"]), st.data())
def test_a_signature_fits_what_was_signed_and_nothing_that_differs_in_any_field(
    request: Request, decision: Decision, field: str, data: st.DataObject
) -> None:
    signature = signed(ANA, request, decision)
    other: Any = data.draw(DECIDED if field == "decision" else FIELDS[field])
    changed = request if field == "decision" else Request.model_validate(request.model_dump() | {field: other})
    decides: Decision = other if field == "decision" else decision
    same = (changed, decides) == (request, decision)

    assert holds(signature, request, decision)
    assert holds(signature, changed, decides) is same


@given(REQUESTS, DECIDED, REQUESTS, DECIDED)
def test_two_that_differ_never_have_the_same_bytes_to_sign(
    one: Request, decides: Decision, other: Request, decides_other: Decision
) -> None:
    same = (one, decides) == (other, decides_other)

    assert (one.signed_bytes(decides) == other.signed_bytes(decides_other)) is same


@given(REQUESTS)
def test_a_request_is_read_as_it_was_written_and_needs_no_quotes_in_any_shell(request: Request) -> None:
    assert read_request(request.text) == request
    assert shlex.split(f"sign {request.text}") == ["sign", request.text]
    assert re.fullmatch(r"[0-9A-Za-z/=+._-]+", request.text)


def test_what_is_signed_says_what_it_is_for_and_its_version() -> None:
    assert REQUEST.signed_bytes("approve") == (
        b"genesys-timeouts approval v1\n"
        b'{"decision":"approve","expires_ms":1,"org":"org-1","plan":"' + b"ab" * 32 + b'",'
        b'"run":"6f6f6f6f-0000-4000-8000-000000000000","waive":["share"]}'
    )


def test_the_order_in_which_limits_are_waived_does_not_count() -> None:
    one, other = (REQUEST.model_validate(REQUEST.model_dump() | {"waive": waive}) for waive in (LIMITS, LIMITS[::-1]))

    assert one.signed_bytes("ask") == other.signed_bytes("ask")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v1",
        REQUEST.text.replace("v1/", "v2/"),
        REQUEST.text + "/more=1",
        REQUEST.text.replace("share", "everything"),
        REQUEST.text.replace("org-1", "$(id)"),
        REQUEST.text.replace("org-1", "Grünwald"),
        REQUEST.text.replace("ab" * 32, "ab" * 31),
        REQUEST.text.replace("expires_ms=1", "expires_ms=-1"),
        REQUEST.text.replace("expires_ms=1", f"expires_ms={10**14}"),
    ],
)
def test_what_is_no_request_is_refused_with_what_to_copy(text: str) -> None:
    with pytest.raises(NoRequestError, match="copy all of it from the page of the approval"):
        read_request(text)


def test_a_signature_of_a_stranger_is_named_by_its_key() -> None:
    with pytest.raises(SignatureProblem, match=fingerprint(MAL)):
        signer_of(signed(MAL, REQUEST, "ask"), REQUEST, "ask", register())


def test_bytes_that_were_signed_for_something_else_are_no_approval() -> None:
    made = key_of(ANA).sign(REQUEST.signed_bytes("approve").partition(b"\n")[2])  # the same without its label

    text = f"{fingerprint(ANA)}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"
    assert not holds(text, REQUEST, "approve")
