"""Whole actions, their drafts and what changes them: what is asked, what is believed, and what goes out."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from genesys import (
    AmbiguousWrite,
    BadPayload,
    Conflict,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    ReadClient,
    Unavailable,
    WriteClient,
)
from genesys.actions import data_action
from tests.genesys.conftest import Platform, Reply, dripping, error, hang, limited, reply, reset

PATH = "/api/v2/integrations/actions/custom_-_1"
ACTION, DRAFT = f"GET {PATH}", f"GET {PATH}/draft"
REQUEST, SUCCESS = f"GET {PATH}/templates/requesttemplate.vm", f"GET {PATH}/templates/successtemplate.vm"
PATCH, MAKE, DISCARD = f"PATCH {PATH}", f"POST {PATH}/draft", f"DELETE {PATH}/draft"
PUT, PUBLISH, VALIDATION = f"PUT {PATH}/draft/function", f"POST {PATH}/draft/publish", f"GET {PATH}/draft/validation"
FUNCTION = f"GET {PATH}/function"


def document(at: str = PATH, **keys: Any) -> dict[str, Any]:
    config = {
        "timeoutSeconds": 3,
        "request": {"requestType": "GET", "requestTemplateUri": f"{at}/templates/requesttemplate.vm"},
        "response": {"successTemplateUri": f"{at}/templates/successtemplate.vm"},
    }
    return {"id": "custom_-_1", "name": "CRM", "category": "CRM", "version": 4, "config": config, "selfUri": at, **keys}


def plain(content: str | bytes, media_type: str = "text/plain; charset=utf-8", **keys: Any) -> Reply:
    body = content.encode() if isinstance(content, str) else content
    return reply(body=body, media_type=media_type, **keys)


@pytest.fixture
def served(platform: Platform) -> Platform:
    """A platform with one action and no draft of it."""
    platform.on(ACTION, reply(document()))
    platform.on(REQUEST, plain("${input.rawRequest}"))
    platform.on(SUCCESS, plain("${rawResult}"))
    platform.on(DRAFT, error(404, "not.found", "No draft."))
    return platform


# Reading a whole action.


def test_a_whole_action_is_read_with_its_config_contract_and_templates(served: Platform, reader: ReadClient) -> None:
    content = reader.action_content("custom_-_1")

    assert content.document == document()
    assert content.templates == {"requestTemplate": "${input.rawRequest}", "successTemplate": "${rawResult}"}
    assert (content.function, content.version, content.limit_ms) == (None, 4, 3_000)
    assert served.calls(ACTION)[0].query == {"expand": "contract", "includeConfig": "true"}


def test_a_function_data_action_is_read_with_its_function(served: Platform, reader: ReadClient) -> None:
    served.on(ACTION, reply(document(category="Function Data Actions")))
    served.on(FUNCTION, reply({"id": "custom_-_1", "function": {"timeoutSeconds": 2, "zipId": "z"}, "zip": {}}))

    content = reader.action_content("custom_-_1")

    assert (content.function, content.limit_ms) == ({"timeoutSeconds": 2, "zipId": "z"}, 2_000)


def test_a_draft_is_read_with_its_own_templates_and_function(served: Platform, reader: ReadClient) -> None:
    served.on(DRAFT, reply(document(f"{PATH}/draft", version=5, category="Function Data Actions")))
    served.on(f"{DRAFT}/templates/requesttemplate.vm", plain("request of the draft"))
    served.on(f"{DRAFT}/templates/successtemplate.vm", plain("success of the draft"))
    served.on(f"{DRAFT}/function", reply({"function": {"timeoutSeconds": 2}}))

    draft = reader.action_draft("custom_-_1")

    assert draft is not None
    assert draft.templates == {"requestTemplate": "request of the draft", "successTemplate": "success of the draft"}
    assert (draft.version, draft.limit_ms) == (5, 2_000)
    assert served.calls(DRAFT)[0].query == {"expand": "contract", "includeConfig": "true"}


def test_an_action_without_a_draft_has_none(served: Platform, reader: ReadClient) -> None:
    assert reader.action_draft("custom_-_1") is None
    assert len(served.calls(DRAFT)) == 1


def test_a_draft_that_cannot_be_read_is_not_taken_for_none(served: Platform, reader: ReadClient) -> None:
    served.on(DRAFT, error(503))

    with pytest.raises(Unavailable):
        reader.action_draft("custom_-_1")


def test_parts_of_two_versions_make_no_action(served: Platform, reader: ReadClient) -> None:
    served.on(ACTION, reply(document()), reply(document(version=5)))
    served.on(REQUEST, plain("before or after"), plain("after"))

    content = reader.action_content("custom_-_1")

    assert (content.version, content.templates["requestTemplate"]) == (5, "after")
    assert len(served.calls(ACTION)) == 3


def test_an_action_that_changes_all_the_time_is_not_believed(served: Platform, reader: ReadClient) -> None:
    served.on(ACTION, *(reply(document(version=version)) for version in range(9)))

    with pytest.raises(BadPayload, match="changed each time"):
        reader.action_content("custom_-_1")
    assert len(served.calls(ACTION)) == 4


def test_a_draft_that_goes_while_it_is_read_is_none(served: Platform, reader: ReadClient) -> None:
    served.on(DRAFT, reply(document(f"{PATH}/draft")), error(404))
    served.on(f"{DRAFT}/templates/requesttemplate.vm", error(404))

    assert reader.action_draft("custom_-_1") is None


def test_an_action_whose_template_is_missing_is_there_all_the_same(served: Platform, reader: ReadClient) -> None:
    served.on(SUCCESS, error(404, "not.found", "No such template."))

    with pytest.raises(BadPayload, match=r"lacks a part.*No such template"):
        reader.action_content("custom_-_1")


def test_an_action_that_goes_while_it_is_read_is_not_found(served: Platform, reader: ReadClient) -> None:
    served.on(ACTION, reply(document()), error(404))
    served.on(SUCCESS, error(404))

    with pytest.raises(NotFound):
        reader.action_content("custom_-_1")


def test_the_version_of_an_action_is_read_without_the_rest(served: Platform, reader: ReadClient) -> None:
    assert reader.action_version("custom_-_1") == 4
    assert [(request.call, request.query) for request in served.received[1:]] == [(ACTION, {})]


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": None},
        {"version": None},
        {"version": "4"},
        {"version": True},
        {"config": None},
        {"config": []},
        {"config": {"request": []}},
        {"config": {"response": {"successTemplateUri": 7}}},
    ],
)
def test_an_action_of_another_shape_is_not_believed(
    served: Platform, reader: ReadClient, wrong: dict[str, Any]
) -> None:
    served.on(ACTION, reply(document(**wrong)))

    with pytest.raises(BadPayload, match="not as documented"):
        reader.action_content("custom_-_1")


def test_an_action_nested_too_deeply_for_a_parser_is_not_believed(served: Platform, reader: ReadClient) -> None:
    served.on(ACTION, reply(body=b'{"a":' * 100_000 + b"1" + b"}" * 100_000))

    with pytest.raises(BadPayload, match="no object"):
        reader.action_content("custom_-_1")


@pytest.mark.parametrize("answer", [{}, {"function": None}, {"function": []}])
def test_a_function_of_another_shape_is_not_believed(served: Platform, reader: ReadClient, answer: object) -> None:
    served.on(ACTION, reply(document(category="Function Data Actions")))
    served.on(FUNCTION, reply(answer))

    with pytest.raises(BadPayload, match="The function is not as documented"):
        reader.action_content("custom_-_1")


def test_a_function_that_says_nothing_of_its_own_may_take_15_seconds(platform: Platform, reader: ReadClient) -> None:
    platform.on(FUNCTION, reply({"function": {"zipId": "z"}}))

    assert reader.function_limit_ms("custom_-_1") == 15_000


@pytest.mark.parametrize("identifier", ["custom_auth_-_1", "customAuth_-_1", "customauth_-_1"])
def test_authentication_actions_are_told_apart_however_they_are_written(identifier: str) -> None:
    assert data_action({"id": identifier}).kind == "custom_auth"


# Templates: text, and whatever else comes instead of it.

TEXTS = {
    "unicode": "Grüße 🚨 \u2028",
    "quotes and lines": '"a"\r\n\t\\n ${input.x}\n',
    "byte order mark": "\ufeff${x}",
    "looks like JSON": '{"a": 1}',
    "looks like HTML": "<html>${x}</html>",
    "blanks": "  \n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_template_arrives_to_the_byte(served: Platform, reader: ReadClient, text: str) -> None:
    served.on(REQUEST, plain(text))

    assert reader.action_content("custom_-_1").templates["requestTemplate"].encode() == text.encode()


@pytest.mark.parametrize("media_type", ["text/plain", "TEXT/PLAIN; charset=utf-8", "application/octet-stream"])
def test_a_template_may_come_as_any_plain_text(served: Platform, reader: ReadClient, media_type: str) -> None:
    served.on(REQUEST, plain("${x}", media_type))

    assert reader.action_content("custom_-_1").templates["requestTemplate"] == "${x}"


def test_a_template_that_is_empty_twice_is_empty(served: Platform, reader: ReadClient) -> None:
    served.on(REQUEST, plain(""))

    assert reader.action_content("custom_-_1").templates["requestTemplate"] == ""
    assert len(served.calls(REQUEST)) == 2


def test_a_template_that_is_empty_once_is_read_again(served: Platform, reader: ReadClient) -> None:
    served.on(REQUEST, plain(""), plain("${x}"))

    assert reader.action_content("custom_-_1").templates["requestTemplate"] == "${x}"


NO_TEXT = {
    "HTML": plain("<html>", "text/html"),
    "JSON": plain('{"a": 1}', "application/json"),
    "no type": plain("${x}", ""),
    "an image": plain("${x}", "image/png"),
    "not UTF-8": plain(b"\xff"),
    "a part": plain("${x}", status=206),
    "truncated": plain("${x}", length=100),
    "broken gzip": plain("${x}", headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("fault", NO_TEXT.values(), ids=NO_TEXT)
def test_what_is_no_plain_text_is_never_a_template(served: Platform, reader: ReadClient, fault: Reply) -> None:
    served.on(REQUEST, fault)

    with pytest.raises((BadPayload, Unavailable), match=r"requesttemplate\.vm"):
        reader.action_content("custom_-_1")
    assert len(served.calls(REQUEST)) == 5


@pytest.mark.parametrize("fault", NO_TEXT.values(), ids=NO_TEXT)
def test_a_template_is_read_again_when_something_else_came(served: Platform, reader: ReadClient, fault: Reply) -> None:
    served.on(REQUEST, fault, plain("${x}"))

    assert reader.action_content("custom_-_1").templates["requestTemplate"] == "${x}"


@pytest.mark.parametrize("name", ["..", "a%2fb", "a?b", "a b", "a\\b", "a\nb"])
def test_a_template_address_that_would_change_the_path_is_not_followed(
    served: Platform, reader: ReadClient, name: str
) -> None:
    request = {"requestTemplateUri": f"{PATH}/templates/{name}"}
    served.on(ACTION, reply(document(config={"request": request})))

    with pytest.raises(InvalidRequest, match="the name of a template"):
        reader.action_content("custom_-_1")
    assert [received.call for received in served.received[1:]] == [ACTION]


# The validation of a draft.


def test_a_valid_draft_has_no_problems(platform: Platform, reader: ReadClient) -> None:
    platform.on(VALIDATION, reply({"valid": True, "errors": []}))

    assert reader.draft_problems("custom_-_1") == ()


def test_a_draft_that_is_not_valid_says_why(platform: Platform, reader: ReadClient) -> None:
    errors = [{"message": "No code.", "code": "bad.request"}, {"message": "No name."}]
    platform.on(VALIDATION, reply({"valid": False, "errors": errors}))

    assert reader.draft_problems("custom_-_1") == ("No code. bad.request", "No name.")


def test_a_draft_that_is_not_valid_for_no_reason_is_not_valid_all_the_same(
    platform: Platform, reader: ReadClient
) -> None:
    platform.on(VALIDATION, reply({"valid": False}))

    assert reader.draft_problems("custom_-_1") == ("no reason given",)


def test_a_validation_that_does_not_say_whether_the_draft_is_valid_is_not_believed(
    platform: Platform, reader: ReadClient
) -> None:
    platform.on(VALIDATION, reply({"errors": []}))

    with pytest.raises(BadPayload, match="does not say whether the draft is valid"):
        reader.draft_problems("custom_-_1")


def test_the_words_of_a_validation_are_one_line_for_people(platform: Platform, reader: ReadClient) -> None:
    platform.on(VALIDATION, reply({"valid": False, "errors": [{"message": "No\ncode." + "x" * 600}]}))

    (problem,) = reader.draft_problems("custom_-_1")

    assert problem == "No code." + "x" * 492 + "..."


# Writes.


class Write(NamedTuple):
    """One of them: how it is sent and goes out, what the platform answers when all is well, and what it takes."""

    call: str
    send: Callable[[Any], object]
    body: bytes
    done: Reply
    permission: str


WRITES = {
    "patch": Write(
        PATCH,
        lambda client: WriteClient.patch_action(client, "custom_-_1", '{"b":1.0,"a" : "ü"}'.encode()),
        '{"b":1.0,"a" : "ü"}'.encode(),
        reply({"version": 5}),
        "integrations:action:edit",
    ),
    "make a draft": Write(
        MAKE,
        lambda client: WriteClient.create_draft(client, "custom_-_1"),
        b"null",
        reply({"id": "custom_-_1", "version": 4}),
        "integrations:action:edit",
    ),
    "put a function": Write(
        PUT,
        lambda client: WriteClient.put_draft_function(client, "custom_-_1", b'{"zipId" : "z"}'),
        b'{"zipId" : "z"}',
        reply({"function": {"timeoutSeconds": 7}}),
        "integrations:actionFunction:edit",
    ),
    "publish a draft": Write(
        PUBLISH,
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

    assert [request.body for request in platform.calls(write.call)] == [write.body]


@pytest.mark.parametrize("write", ["patch", "publish a draft"])
def test_what_goes_live_gives_its_version(platform: Platform, writer: WriteClient, write: str) -> None:
    platform.on(WRITES[write].call, WRITES[write].done)

    assert WRITES[write].send(writer) == 5


LOST_ANSWERS = {
    "reset": reset,
    "408": error(408),
    "500": error(500),
    "502": reply(body=b"<html>", status=502, media_type="text/html"),
    "503": error(503),
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
    platform.on(write.call, limited(Retry_After="3"), write.done)

    write.send(writer)

    assert len(platform.calls(write.call)) == 2


@every_write
def test_a_missing_permission_is_named_even_where_the_platform_does_not(
    platform: Platform, writer: WriteClient, write: Write
) -> None:
    platform.on(write.call, error(403, "missing.permissions", "No."))

    with pytest.raises(PermissionDenied) as caught:
        write.send(writer)
    assert caught.value.permission == write.permission


READS: dict[str, tuple[str, Callable[[ReadClient], object], str]] = {
    "action": (ACTION, lambda reader: reader.action_content("custom_-_1"), "integrations:action:view"),
    "template": (REQUEST, lambda reader: reader.action_content("custom_-_1"), "integrations:action:view"),
    "version": (ACTION, lambda reader: reader.action_version("custom_-_1"), "integrations:action:view"),
    "draft": (DRAFT, lambda reader: reader.action_draft("custom_-_1"), "integrations:action:view"),
    "function": (FUNCTION, lambda reader: reader.function_limit_ms("custom_-_1"), "integrations:actionFunction:view"),
    "validation": (VALIDATION, lambda reader: reader.draft_problems("custom_-_1"), "integrations:action:edit"),
}


@pytest.mark.parametrize("read", READS)
def test_a_missing_permission_to_read_is_named(served: Platform, reader: ReadClient, read: str) -> None:
    call, ask, permission = READS[read]
    served.on(call, error(403, "missing.permissions", "No."))

    with pytest.raises(PermissionDenied) as caught:
        ask(reader)
    assert caught.value.permission == permission


@pytest.mark.parametrize(
    ("status", "kind"), [(400, InvalidRequest), (404, NotFound), (409, Conflict), (410, Gone), (413, InvalidRequest)]
)
@every_write
def test_a_refusal_is_an_answer_and_says_what_it_is(
    platform: Platform, writer: WriteClient, write: Write, status: int, kind: type[GenesysError]
) -> None:
    platform.on(write.call, error(status, "version.mismatch", "The current version is 5."))

    with pytest.raises(kind, match=r"The current version is 5\. \[version\.mismatch\]"):
        write.send(writer)
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
def test_a_reader_cannot_change_an_action(platform: Platform, reader: ReadClient, write: Write) -> None:
    with pytest.raises(InvalidRequest, match="Not sent"):
        write.send(reader)
    assert platform.received == []


@pytest.mark.parametrize("bad", ["", "..", "a/b", "a?b", "a%2fb", "a b"])
def test_an_id_that_would_change_the_path_is_not_sent(platform: Platform, writer: WriteClient, bad: str) -> None:
    for call in (
        lambda: writer.action_content(bad),
        lambda: writer.action_draft(bad),
        lambda: writer.action_version(bad),
        lambda: writer.draft_problems(bad),
        lambda: writer.function_limit_ms(bad),
        lambda: writer.patch_action(bad, b"{}"),
        lambda: writer.create_draft(bad),
        lambda: writer.put_draft_function(bad, b"{}"),
        lambda: writer.publish_draft(bad, 5),
        lambda: writer.delete_draft(bad),
    ):
        with pytest.raises(InvalidRequest, match="Not sent"):
            call()
    assert platform.received == []


def test_an_action_itself_is_never_deleted(platform: Platform, writer: WriteClient) -> None:
    with pytest.raises(InvalidRequest, match="Not sent"):
        writer._sdk.integrations.delete_integrations_action("custom_-_1")
    assert platform.received == []


def test_a_body_is_told_by_no_error(platform: Platform, writer: WriteClient) -> None:
    platform.on(PATCH, error(400, "bad.request", "Wrong."))
    body = json.dumps({"config": {"request": {"headers": {"Authorization": "Bearer s3cr3t"}}}}).encode()

    with pytest.raises(InvalidRequest) as caught:
        writer.patch_action("custom_-_1", body)
    assert "s3cr3t" not in str(caught.value)
