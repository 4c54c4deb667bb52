"""No write is sent again blindly: what a lost answer leaves open, the caller decides by reading."""

import socket

import pytest
from pydantic import SecretStr

from genesys import (
    AmbiguousWrite,
    Conflict,
    Credentials,
    InvalidRequest,
    PermissionDenied,
    Unavailable,
    WriteClient,
    connect,
)
from tests.genesys.conftest import CHECKOUT, FakeClock, Platform, Reply, dripping, error, hang, limited, reply, reset

FLOW = {"id": "f-1", "name": "Main", "type": "INBOUNDCALL"}

LOST_ANSWERS = {
    "reset": reset,
    "408": error(408),
    "500": error(500),
    "502": reply(body=b"<html>", status=502, media_type="text/html"),
    "503": error(503),
    "503 with Retry-After": reply({}, status=503, headers={"Retry-After": "1"}),
    "504": error(504),
    "redirect": reply({}, status=302, headers={"Location": "/"}),
    "truncated": reply(FLOW, length=900),
    "broken gzip": reply(body=b"no gzip", headers={"Content-Encoding": "gzip"}),
    "empty 200": reply(body=b""),
    "HTML 200": reply(body=b"<html>", media_type="text/html"),
    "null": reply(None),
    "another shape": reply({"entities": []}),
    "hang": hang,
    "slow drip": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b" "),
}


@pytest.mark.parametrize("fault", LOST_ANSWERS.values(), ids=LOST_ANSWERS)
def test_a_write_whose_answer_is_lost_is_ambiguous_and_sent_once(
    platform: Platform, hasty: WriteClient, fault: Reply
) -> None:
    platform.on(CHECKOUT, fault, reply(FLOW))

    with pytest.raises(AmbiguousWrite, match="may or may not be done"):
        hasty.checkout("f-1")
    assert len(platform.calls(CHECKOUT)) == 1


def test_a_write_that_never_left_is_not_ambiguous(clock: FakeClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    credentials = Credentials(client_id="c", client_secret=SecretStr("s"), api_url=f"http://127.0.0.1:{port}")
    client = connect(credentials, write=True, clock=clock)

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


def test_a_rate_limited_write_is_sent_again(platform: Platform, writer: WriteClient) -> None:
    platform.on(CHECKOUT, limited(Retry_After="3"), limited(), reply(FLOW))

    assert writer.checkout("f-1").id == "f-1"
    assert len(platform.calls(CHECKOUT)) == 3


def test_a_lock_held_by_a_person_is_a_conflict(platform: Platform, writer: WriteClient) -> None:
    platform.on(CHECKOUT, error(409, "architect.flow.locked.by.user", "Locked by Jane."))

    with pytest.raises(Conflict, match="Locked by Jane") as caught:
        writer.checkout("f-1")
    assert caught.value.code == "architect.flow.locked.by.user"


def test_a_missing_permission_is_named_even_where_the_platform_does_not(
    platform: Platform, writer: WriteClient
) -> None:
    platform.on("POST /api/v2/flows/actions/publish", error(403, "missing.permissions", "No."))

    with pytest.raises(PermissionDenied, match="architect:flow:publish") as caught:
        writer.publish("f-1")
    assert caught.value.permission == "architect:flow:publish"


def test_a_missing_permission_is_named_as_the_platform_names_it(platform: Platform, writer: WriteClient) -> None:
    platform.on(CHECKOUT, error(403, "missing.any.permissions", "Needs any of: [architect:flow:unlock]"))

    with pytest.raises(PermissionDenied) as caught:
        writer.checkout("f-1")
    assert caught.value.permission == "architect:flow:unlock"


def test_a_saved_configuration_goes_out_byte_for_byte(platform: Platform, writer: WriteClient) -> None:
    body = '{ "b":1.0,"a" : "\\u00e9 ü \\/ \u2028", "a": 1e3,\n\t"z": null}'.encode()
    platform.on("POST /api/v2/flows/f-1/versions", reply({"id": "saved_version_7"}))

    assert writer.save_version("f-1", body) == "saved_version_7"
    assert platform.calls("POST /api/v2/flows/f-1/versions")[0].body == body


def test_a_flow_data_document_goes_out_byte_for_byte(platform: Platform, writer: WriteClient) -> None:
    body = b'{"flowData" : {"nodes":[ ]}}'
    platform.on("PUT /api/v2/flows/f-1", reply({**FLOW, "flowData": {"nodes": []}}))

    assert writer.replace_architect_flow("f-1", body).carries_flow_data
    assert platform.calls("PUT /api/v2/flows/f-1")[0].body == body


def test_an_action_call_names_its_flow_and_carries_null(platform: Platform, writer: WriteClient) -> None:
    platform.on("POST /api/v2/flows/actions/revert", reply(FLOW))

    writer.revert("f-1")
    sent = platform.calls("POST /api/v2/flows/actions/revert")[0]
    assert (sent.query, sent.body) == ({"flow": "f-1"}, b"null")


def test_a_publish_gives_its_operation(platform: Platform, writer: WriteClient) -> None:
    started = {"id": "op-1", "actionName": "PUBLISH", "actionStatus": "STARTED", "complete": False}
    platform.on("POST /api/v2/flows/actions/publish", reply(started))

    operation = writer.publish("f-1")
    assert (operation.id, operation.action, operation.status, operation.complete) == (
        "op-1",
        "PUBLISH",
        "STARTED",
        False,
    )


def test_there_is_no_unlock(writer: WriteClient) -> None:
    with pytest.raises(InvalidRequest, match="Not sent"):
        writer._sdk.architect.post_flows_actions_unlock("f-1")


def test_an_id_that_would_change_the_path_is_not_written_to(platform: Platform, writer: WriteClient) -> None:
    with pytest.raises(InvalidRequest, match="Not sent"):
        writer.save_version("../f-1", b"{}")
    assert platform.received == []
