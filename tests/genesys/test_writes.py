"""What changes Architect flows, actions and drafts: what goes out, once, and what an answer proves.

No write is sent again blindly: what a lost answer leaves open, the caller decides by reading.
"""

import json
import socket
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from genesys import (
    AmbiguousWrite,
    Conflict,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    ReadClient,
    Unavailable,
    WriteClient,
    connect,
)
from tests.genesys.conftest import (
    CHECKOUT,
    FakeClock,
    Platform,
    Reply,
    credentials_of,
    dripping,
    error,
    hang,
    limited,
    reply,
    reset,
)

FLOW = {"id": "f-1", "name": "Main", "type": "INBOUNDCALL"}
STARTED = {"id": "op-1", "actionName": "PUBLISH", "actionStatus": "STARTED", "complete": False}
ODD_BYTES = '{ "b":1.0,"a" : "\\u00e9 ü \\/ \u2028", "a": 1e3,\n\t"z": null}'.encode()
ACTION = "/api/v2/integrations/actions/custom_-_1"
SAVE, PUBLISH = "POST /api/v2/flows/f-1/versions", "POST /api/v2/flows/actions/publish"
PATCH, DISCARD = f"PATCH {ACTION}", f"DELETE {ACTION}/draft"


class Write(NamedTuple):
    """One of them: how it is sent and goes out, what the platform answers when all is well, and what it takes."""

    call: str
    send: Callable[[Any], object]
    body: bytes
    done: Reply
    permission: str


WRITES = {
    "check out": Write(
        CHECKOUT,
        lambda client: WriteClient.checkout(client, "f-1"),
        b"null",
        reply(FLOW),
        "architect:flow:edit",
    ),
    "save a version": Write(
        SAVE,
        lambda client: WriteClient.save_version(client, "f-1", ODD_BYTES),
        ODD_BYTES,
        reply({"id": "saved_version_7"}),
        "architect:flow:edit",
    ),
    "publish": Write(
        PUBLISH,
        lambda client: WriteClient.publish(client, "f-1"),
        b"null",
        reply(STARTED),
        "architect:flow:publish",
    ),
    "revert": Write(
        "POST /api/v2/flows/actions/revert",
        lambda client: WriteClient.revert(client, "f-1"),
        b"null",
        reply(FLOW),
        "architect:flow:edit",
    ),
    "replace flowData": Write(
        "PUT /api/v2/flows/f-1",
        lambda client: WriteClient.replace_architect_flow(client, "f-1", b'{"flowData" : {"nodes":[ ]}}'),
        b'{"flowData" : {"nodes":[ ]}}',
        reply({**FLOW, "flowData": {"nodes": []}}),
        "architect:flow:edit",
    ),
    "patch": Write(
        PATCH,
        lambda client: WriteClient.patch_action(client, "custom_-_1", '{"b":1.0,"a" : "ü"}'.encode()),
        '{"b":1.0,"a" : "ü"}'.encode(),
        reply({"version": 5}),
        "integrations:action:edit",
    ),
    "make a draft": Write(
        f"POST {ACTION}/draft",
        lambda client: WriteClient.create_draft(client, "custom_-_1"),
        b"null",
        reply({"id": "custom_-_1", "version": 4}),
        "integrations:action:edit",
    ),
    "put a function": Write(
        f"PUT {ACTION}/draft/function",
        lambda client: WriteClient.put_draft_function(client, "custom_-_1", b'{"zipId" : "z"}'),
        b'{"zipId" : "z"}',
        reply({"function": {"timeoutSeconds": 7}}),
        "integrations:actionFunction:edit",
    ),
    "publish a draft": Write(
        f"POST {ACTION}/draft/publish",
        lambda client: WriteClient.publish_draft(client, "custom_-_1", 5),
        b'{"version": 5}',
        reply({"version": 5}),
        "integrations:action:edit",
    ),
    "discard a draft": Write(
        DISCARD,
        lambda client: WriteClient.delete_draft(client, "custom_-_1"),
        b"null",
        reply(body=b"", status=204, media_type=""),
        "integrations:action:delete",
    ),
}
every_write = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)


@every_write
def test_a_write_goes_out_byte_for_byte_and_once(platform: Platform, writer: WriteClient, write: Write) -> None:
    platform.on(write.call, write.done)

    write.send(writer)

    asked = {"flow": "f-1"} if "/flows/actions/" in write.call else {}
    assert [(request.query, request.body) for request in platform.calls(write.call)] == [(asked, write.body)]


@pytest.mark.parametrize(
    ("write", "given"), [("patch", 5), ("publish a draft", 5), ("save a version", "saved_version_7")]
)
def test_a_write_gives_the_version_that_it_made(
    platform: Platform, writer: WriteClient, write: str, given: object
) -> None:
    platform.on(WRITES[write].call, WRITES[write].done)

    assert WRITES[write].send(writer) == given


def test_a_publish_gives_its_operation(platform: Platform, writer: WriteClient) -> None:
    platform.on(PUBLISH, reply(STARTED))

    found = writer.publish("f-1")
    assert (found.id, found.action, found.status, found.complete) == ("op-1", "PUBLISH", "STARTED", False)


def test_what_was_replaced_is_known_to_carry_flow_data(platform: Platform, writer: WriteClient) -> None:
    platform.on(WRITES["replace flowData"].call, WRITES["replace flowData"].done)

    assert writer.replace_architect_flow("f-1", b"{}").carries_flow_data


LOST_ANSWERS = {
    "reset": reset,
    "408": error(408),
    "500": error(500),
    "502": reply(body=b"<html>", status=502, media_type="text/html"),
    "503": error(503),
    "503 with Retry-After": reply({}, status=503, headers={"Retry-After": "1"}),
    "504": error(504),
    "redirect": reply({}, status=302, headers={"Location": "/"}),
    "truncated": reply({"version": 5}, length=900),
    "broken gzip": reply(body=b"no gzip", headers={"Content-Encoding": "gzip"}),
    "HTML 200": reply(body=b"<html>", media_type="text/html"),
    "hang": hang,
    "slow drip": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b" "),
}
NO_ANSWERS = {"empty 200": reply(body=b""), "null": reply(None), "another shape": reply({"entities": []})}


@pytest.mark.parametrize("fault", LOST_ANSWERS)
@every_write
def test_a_write_whose_answer_is_lost_is_ambiguous_and_sent_once(
    platform: Platform, hasty: WriteClient, write: Write, fault: str
) -> None:
    platform.on(write.call, LOST_ANSWERS[fault], write.done)

    with pytest.raises(AmbiguousWrite, match="may or may not be done"):
        write.send(hasty)
    assert len(platform.calls(write.call)) == 1


@pytest.mark.parametrize("fault", NO_ANSWERS)
@pytest.mark.parametrize("write", [one for name, one in WRITES.items() if name != "discard a draft"])
def test_a_write_that_is_answered_with_something_else_is_ambiguous(
    platform: Platform, writer: WriteClient, write: Write, fault: str
) -> None:
    platform.on(write.call, NO_ANSWERS[fault], write.done)

    with pytest.raises(AmbiguousWrite, match="may or may not be done"):
        write.send(writer)
    assert len(platform.calls(write.call)) == 1


@every_write
def test_a_rate_limited_write_is_sent_again(platform: Platform, writer: WriteClient, write: Write) -> None:
    platform.on(write.call, limited(Retry_After="3"), limited(), write.done)

    write.send(writer)

    assert len(platform.calls(write.call)) == 3


def test_a_write_that_never_left_is_not_ambiguous(clock: FakeClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    client = connect(credentials_of(f"http://127.0.0.1:{port}"), write=True, clock=clock)

    with pytest.raises(Unavailable):
        client.checkout("f-1")


def test_a_write_that_could_not_connect_any_more_is_unavailable(
    platform: Platform, writer: WriteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.on(CHECKOUT, reply(FLOW, headers={"Connection": "close"}))
    writer.checkout("f-1")
    monkeypatch.setattr(socket.socket, "connect", _refuse)

    with pytest.raises(Unavailable, match="Not sent"):
        writer.checkout("f-1")


def _refuse(_socket: socket.socket, _address: object) -> None:
    raise ConnectionRefusedError


@every_write
def test_a_missing_permission_is_named_even_where_the_platform_does_not(
    platform: Platform, writer: WriteClient, write: Write
) -> None:
    platform.on(write.call, error(403, "missing.permissions", "No."))

    with pytest.raises(PermissionDenied) as caught:
        write.send(writer)
    assert caught.value.permission == write.permission


@pytest.mark.parametrize(
    ("code", "needs", "told"),
    [
        ("missing.permissions", "architect:flow:edit, architect:x:view", "architect:flow:edit, architect:x:view"),
        ("missing.any.permissions", "architect:flow:edit, architect:flow:unlock", "architect:flow:edit"),
        ("missing.any.permissions", "architect:x:edit, architect:x:add", "one of architect:x:edit, architect:x:add"),
        ("missing.any.permissions", "architect:flow:unlock, architect:x:edit", "architect:x:edit"),
        ("missing.any.permissions", "architect:flow:unlock", "architect:flow:edit"),
        ("missing.permissions", "architect:flow:unlock", "architect:flow:edit"),
    ],
)
def test_a_missing_permission_is_named_as_the_platform_names_it_and_never_the_one_to_unlock(
    platform: Platform, writer: WriteClient, code: str, needs: str, told: str
) -> None:
    platform.on(CHECKOUT, error(403, code, f"Needs: [{needs}]"))

    with pytest.raises(PermissionDenied, match=f"lacks the permission {told} ") as caught:
        writer.checkout("f-1")
    assert caught.value.permission == told


@pytest.mark.parametrize(
    ("status", "kind"), [(400, InvalidRequest), (404, NotFound), (409, Conflict), (410, Gone), (413, InvalidRequest)]
)
@every_write
def test_a_refusal_is_an_answer_and_says_what_it_is(
    platform: Platform, writer: WriteClient, write: Write, status: int, kind: type[GenesysError]
) -> None:
    platform.on(write.call, error(status, "version.mismatch", "The current version is 5."))

    with pytest.raises(kind, match=r"The current version is 5\. \[version\.mismatch\]") as caught:
        write.send(writer)
    assert caught.value.code == "version.mismatch"
    assert len(platform.calls(write.call)) == 1


@pytest.mark.parametrize(
    "answer",
    [reply(body=b"", status=204, media_type=""), reply(body=b""), reply({"id": "custom_-_1"})],
    ids=["204", "empty", "an object"],
)
def test_a_discarded_draft_needs_no_body_in_its_answer(platform: Platform, writer: WriteClient, answer: Reply) -> None:
    platform.on(DISCARD, answer)

    writer.delete_draft("custom_-_1")


@every_write
def test_a_read_client_sends_no_write(platform: Platform, reader: ReadClient, write: Write) -> None:
    with pytest.raises(InvalidRequest, match="Not sent"):
        write.send(reader)
    assert platform.received == []


def test_there_is_no_unlock(writer: WriteClient) -> None:
    with pytest.raises(InvalidRequest, match="Not sent"):
        writer._sdk.architect.post_flows_actions_unlock("f-1")


def test_an_action_itself_is_never_deleted(platform: Platform, writer: WriteClient) -> None:
    with pytest.raises(InvalidRequest, match="Not sent"):
        writer._sdk.integrations.delete_integrations_action("custom_-_1")
    assert platform.received == []


@pytest.mark.parametrize("bad", ["", "..", "../f-1", "a/b", "a?b", "a%2fb", "a b"])
def test_an_id_that_would_change_the_path_is_not_written_to(platform: Platform, writer: WriteClient, bad: str) -> None:
    for call in (
        lambda: writer.checkout(bad),
        lambda: writer.save_version(bad, b"{}"),
        lambda: writer.publish(bad),
        lambda: writer.revert(bad),
        lambda: writer.replace_architect_flow(bad, b"{}"),
        lambda: writer.patch_action(bad, b"{}"),
        lambda: writer.create_draft(bad),
        lambda: writer.put_draft_function(bad, b"{}"),
        lambda: writer.publish_draft(bad, 5),
        lambda: writer.delete_draft(bad),
    ):
        with pytest.raises(InvalidRequest, match="Not sent"):
            call()
    assert platform.received == []


def test_a_body_is_told_by_no_error(platform: Platform, writer: WriteClient) -> None:
    platform.on(PATCH, error(400, "bad.request", "Wrong."))
    body = json.dumps({"config": {"request": {"headers": {"Authorization": "Bearer s3cr3t"}}}}).encode()

    with pytest.raises(InvalidRequest) as caught:
        writer.patch_action("custom_-_1", body)
    assert "s3cr3t" not in str(caught.value)
