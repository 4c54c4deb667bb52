"""Whole actions and their drafts: what is asked for, and what is believed."""

from collections.abc import Callable
from typing import Any

import pytest

from genesys import (
    BadPayload,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    ReadClient,
    Unavailable,
)
from genesys.parsing.actions import data_action
from tests.genesys.conftest import Platform, Reply, error, listing, reply

PATH = "/api/v2/integrations/actions/custom_-_1"
ACTION, DRAFT = f"GET {PATH}", f"GET {PATH}/draft"
REQUEST, SUCCESS = f"GET {PATH}/templates/requesttemplate.vm", f"GET {PATH}/templates/successtemplate.vm"
FUNCTION, VALIDATION = f"GET {PATH}/function", f"GET {PATH}/draft/validation"


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
    served.on("GET /api/v2/integrations/actions", listing())

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

    with pytest.raises(BadPayload, match="not an object"):
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


@pytest.mark.parametrize("odd", ["3", "", [3], {"s": 3}, True, False, -3, 10**7, float("nan")])
def test_a_limit_of_an_odd_type_is_unknown_and_not_taken_for_none(odd: object) -> None:
    action = data_action({"id": "custom_-_1", "config": {"timeoutSeconds": odd}})

    assert (action.limit_ms, action.unknown_limit) == (None, f"config.timeoutSeconds is {odd!r}")


@pytest.mark.parametrize("config", [{}, {"timeoutSeconds": None}, {"timeoutSeconds": 0}])
def test_an_action_that_sets_no_limit_has_none(config: object) -> None:
    action = data_action({"id": "custom_-_1", "config": config})

    assert (action.limit_ms, action.unknown_limit) == (None, "")


@pytest.mark.parametrize("shown", [{}, {"config": None}], ids=["left out", "null"])
def test_the_limit_of_an_action_whose_configuration_is_not_shown_is_unknown(shown: dict[str, Any]) -> None:
    """Its steps were told as waiting for a minute, or for their own time."""
    assert data_action({"id": "custom_-_1", **shown}).unknown_limit == "config is not shown"


@pytest.mark.parametrize(
    "other", [{"id": "static_-_1"}, {"id": "custom_auth_-_1"}, {"id": "custom_-_1", "category": "Function Data Action"}]
)
def test_what_needs_no_limit_in_its_configuration_needs_none_to_be_known(other: dict[str, Any]) -> None:
    assert data_action(other).unknown_limit == ""


def test_a_configuration_that_is_no_object_may_set_a_limit() -> None:
    assert data_action({"id": "custom_-_1", "config": "x"}).unknown_limit == "config is 'x'"


def test_a_function_whose_limit_is_of_an_odd_type_is_not_taken_for_one_of_15_seconds(
    platform: Platform, reader: ReadClient
) -> None:
    platform.on(FUNCTION, reply({"function": {"timeoutSeconds": "3"}}))

    with pytest.raises(BadPayload, match=r"The function is not as documented: function\.timeoutSeconds is '3'"):
        reader.function_limit_ms("custom_-_1")


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


@pytest.mark.parametrize("empty", [plain(""), plain("", "", status=204)], ids=["200", "204"])
def test_a_template_that_is_empty_twice_is_empty(served: Platform, reader: ReadClient, empty: Reply) -> None:
    served.on(REQUEST, empty)

    assert reader.action_content("custom_-_1").templates["requestTemplate"] == ""
    assert len(served.calls(REQUEST)) == 2


def test_a_template_that_is_empty_once_is_read_again(served: Platform, reader: ReadClient) -> None:
    served.on(REQUEST, plain(""), plain("${x}"))

    assert reader.action_content("custom_-_1").templates["requestTemplate"] == "${x}"


NO_TEXT = {
    "HTML": plain("<html>", "text/html"),
    "JSON": plain('{"a": 1}', "application/json"),
    "no type": plain("${x}", ""),
    "neither type nor body": plain("", ""),
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


VALIDATIONS: dict[str, tuple[object, tuple[str, ...]]] = {
    "a valid draft": ({"valid": True, "errors": []}, ()),
    "not valid, and why": (
        {"valid": False, "errors": [{"message": "No code.", "code": "bad.request"}, {"message": "No name."}]},
        ("No code. bad.request", "No name."),
    ),
    "not valid for no reason": ({"valid": False}, ("no reason given",)),
    "many words and lines": (
        {"valid": False, "errors": [{"message": "No\ncode." + "x" * 600}]},
        ("No code." + "x" * 312 + "… (608 characters) …" + "x" * 160,),
    ),
}


@pytest.mark.parametrize(("answer", "problems"), VALIDATIONS.values(), ids=VALIDATIONS)
def test_what_is_wrong_with_a_draft_is_said_in_one_line_a_problem(
    platform: Platform, reader: ReadClient, answer: object, problems: tuple[str, ...]
) -> None:
    platform.on(VALIDATION, reply(answer))

    assert reader.draft_problems("custom_-_1") == problems


def test_a_validation_that_does_not_say_whether_the_draft_is_valid_is_not_believed(
    platform: Platform, reader: ReadClient
) -> None:
    platform.on(VALIDATION, reply({"errors": []}))

    with pytest.raises(BadPayload, match="does not say whether the draft is valid"):
        reader.draft_problems("custom_-_1")


# Permissions.

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
