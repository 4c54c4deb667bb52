"""An answer about another thing than was asked for is not believed, wherever on the way it was mixed up."""

from collections.abc import Callable

import pytest

from genesys import AmbiguousWrite, BadPayload, ReadClient, WriteClient
from tests.genesys.conftest import CHECKOUT, Platform, reply

FLOW, ACTION = "/api/v2/flows/f-1", "/api/v2/integrations/actions/custom_-_1"
ANOTHER = {"id": "another", "name": "Another", "version": 7, "config": {"timeoutSeconds": 3}, "flowData": {}}

READS: dict[str, tuple[str, Callable[[ReadClient], object]]] = {
    "an Architect flow": (f"GET {FLOW}", lambda client: client.architect_flow("f-1")),
    "its document": (f"GET {FLOW}", lambda client: client.architect_flow_document("f-1")),
    "an action": (f"GET {ACTION}", lambda client: client.action_content("custom_-_1")),
    "its version": (f"GET {ACTION}", lambda client: client.action_version("custom_-_1")),
    "its draft": (f"GET {ACTION}/draft", lambda client: client.action_draft("custom_-_1")),
}

WRITES: dict[str, tuple[str, Callable[[WriteClient], object]]] = {
    "check out": (CHECKOUT, lambda client: client.checkout("f-1")),
    "revert": ("POST /api/v2/flows/actions/revert", lambda client: client.revert("f-1")),
    "replace": (f"PUT {FLOW}", lambda client: client.replace_architect_flow("f-1", b"{}")),
    "patch": (f"PATCH {ACTION}", lambda client: client.patch_action("custom_-_1", b"{}")),
    "make a draft": (f"POST {ACTION}/draft", lambda client: client.create_draft("custom_-_1")),
    "publish a draft": (f"POST {ACTION}/draft/publish", lambda client: client.publish_draft("custom_-_1", 5)),
}


@pytest.mark.parametrize(("call", "read"), READS.values(), ids=READS)
def test_what_is_another_thing_is_not_read_as_the_one_that_was_asked_for(
    platform: Platform, reader: ReadClient, call: str, read: Callable[[ReadClient], object]
) -> None:
    platform.on(call, reply(ANOTHER))

    with pytest.raises(BadPayload, match="was asked for, and 'another' came"):
        read(reader)


@pytest.mark.parametrize(("call", "write"), WRITES.values(), ids=WRITES)
def test_a_write_that_is_answered_with_another_thing_may_or_may_not_be_done(
    platform: Platform, writer: WriteClient, call: str, write: Callable[[WriteClient], object]
) -> None:
    platform.on(call, reply(ANOTHER))

    with pytest.raises(AmbiguousWrite, match="was asked for, and 'another' came"):
        write(writer)


def test_an_id_may_be_written_in_other_letters_than_it_was_asked_for(platform: Platform, reader: ReadClient) -> None:
    platform.on(f"GET {FLOW}", reply({"id": "F-1", "name": "Main line"}))

    assert reader.architect_flow("f-1").name == "Main line"
