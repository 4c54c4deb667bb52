"""An action is sent back whole, and compared whole: nothing but its limit may differ."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeouts.model.action_content import ActionContent, ContentComparison, compare_contents

REQUEST_TEMPLATE = '{"name": "${input.name}",\r\n\t"note": "Grüße 🚨 \u2028"}\n#if($x)$!{x}#end\n'
SUCCESS_TEMPLATE = '{"said": ${rawResult}, "quote": "\\"", "back": "\\\\"}'
SECRET = "s3cr3t-canary"


def action(**config: Any) -> dict[str, Any]:
    request = {
        "requestUrlTemplate": "https://crm.example/störung/${input.id}",
        "requestTemplateUri": "/api/v2/integrations/actions/custom_-_1/templates/requesttemplate.vm",
        "requestType": "POST",
        "headers": {"Authorization": f"Bearer {SECRET}", "X-A.B": "dotted", "X-Empty": ""},
    }
    response = {
        "successTemplateUri": "/api/v2/integrations/actions/custom_-_1/templates/successtemplate.vm",
        "translationMap": {"name": "$.name"},
        "translationMapDefaults": {},
    }
    return {
        "id": "custom_-_1",
        "name": "Kunde prüfen",
        "integrationId": "i-1",
        "category": "CRM",
        "contract": {"input": {"inputSchema": {"type": "object", "required": ["id"]}}},
        "version": 4,
        "secure": False,
        "config": {"timeoutSeconds": 3, "request": request, "response": response, **config},
        "selfUri": "/api/v2/integrations/actions/custom_-_1",
    }


TEMPLATES = {"requestTemplate": REQUEST_TEMPLATE, "successTemplate": SUCCESS_TEMPLATE}
FUNCTION = {"id": "f-1", "name": "fn", "dateCreated": "2026-01-01", "zipId": "zip-1", "timeoutSeconds": 5}


def custom(**config: Any) -> ActionContent:
    return ActionContent(action(**config), TEMPLATES)


def without_limit() -> ActionContent:
    document = action()
    del document["config"]["timeoutSeconds"]
    return ActionContent(document, TEMPLATES)


def function(**keys: Any) -> ActionContent:
    document = without_limit().document
    return ActionContent(document, TEMPLATES, {**FUNCTION, **keys})


def mirrored(seconds: int, **keys: Any) -> ActionContent:
    """A function data action whose config shows its function's limit."""
    return ActionContent(action(timeoutSeconds=seconds), TEMPLATES, {**FUNCTION, **keys})


def differences(wanted: ActionContent, found: ActionContent) -> ContentComparison:
    return compare_contents(wanted.fingerprints(), found.fingerprints())


def changed(content: ActionContent, path: str, value: Any) -> ActionContent:
    """The same content with one value of its document, its templates or its function set."""
    whole = json.loads(json.dumps({"action": content.document, "templates": content.templates}))
    whole["function"] = content.function and dict(content.function)
    *parents, last = path.split("/")
    at = whole
    for parent in parents:
        at = at[parent]
    at[last] = value
    return ActionContent(whole["action"], whole["templates"], whole["function"])


# Sending it back.


def test_the_whole_config_is_sent_back_with_the_templates_in_place_of_their_addresses() -> None:
    config = action()["config"]

    body = json.loads(custom().patch())

    assert list(body) == ["category", "name", "version", "config"]
    assert (body["category"], body["name"], body["version"]) == ("CRM", "Kunde prüfen", 4)
    assert list(body["config"]) == ["timeoutSeconds", "request", "response"]
    assert list(body["config"]["request"].items()) == [
        ("requestUrlTemplate", config["request"]["requestUrlTemplate"]),
        ("requestTemplate", REQUEST_TEMPLATE),
        ("requestType", "POST"),
        ("headers", config["request"]["headers"]),
    ]
    assert list(body["config"]["response"].items()) == [
        ("successTemplate", SUCCESS_TEMPLATE),
        ("translationMap", {"name": "$.name"}),
        ("translationMapDefaults", {}),
    ]


def test_a_key_that_nobody_knows_is_sent_back_where_it_stood() -> None:
    body = json.loads(custom(retryStrategy={"times": 2.5, "on": [None, True]}).patch())

    assert list(body["config"]) == ["timeoutSeconds", "request", "response", "retryStrategy"]
    assert body["config"]["retryStrategy"] == {"times": 2.5, "on": [None, True]}


def test_texts_go_out_in_utf_8_as_they_are() -> None:
    body = custom().patch()

    assert "https://crm.example/störung/${input.id}".encode() in body
    assert '"Kunde prüfen"'.encode() in body
    assert "Grüße 🚨 \u2028".encode() in body


def test_half_of_a_surrogate_pair_goes_out_as_the_escape_that_it_came_as() -> None:
    document = json.loads(rb'{"category": "\ud83d", "version": 4, "config": {}}')

    assert ActionContent(document, {}).patch() == rb'{"category": "\ud83d", "version": 4, "config": {}}'


def test_a_template_that_is_not_shown_is_not_made_up() -> None:
    document = {"name": "a", "version": 4, "config": {"request": {"requestType": "GET"}, "response": {}}}

    assert ActionContent(document, {}).patch() == (
        b'{"name": "a", "version": 4, "config": {"request": {"requestType": "GET"}, "response": {}}}'
    )


def test_an_empty_template_is_sent_back_as_an_empty_one() -> None:
    document = {"version": 4, "config": {"request": {"requestTemplateUri": "/x/requesttemplate.vm"}}}

    assert ActionContent(document, {"requestTemplate": ""}).patch() == (
        b'{"version": 4, "config": {"request": {"requestTemplate": ""}}}'
    )


@pytest.mark.parametrize("config", [{}, {"request": None, "response": None}], ids=["left out", "null"])
def test_a_template_is_sent_back_where_the_config_has_nothing_around_it(config: dict[str, Any]) -> None:
    document = {"version": 4, "config": config}

    assert json.loads(ActionContent(document, TEMPLATES).patch())["config"] == {
        "request": {"requestTemplate": REQUEST_TEMPLATE},
        "response": {"successTemplate": SUCCESS_TEMPLATE},
    }


def test_a_template_shown_as_text_too_is_sent_once_as_its_file_has_it() -> None:
    request = {"requestTemplate": "old", "requestTemplateUri": "/x/requesttemplate.vm"}
    document = {"version": 4, "config": {"request": request}}

    assert ActionContent(document, {"requestTemplate": "new"}).patch() == (
        b'{"version": 4, "config": {"request": {"requestTemplate": "new"}}}'
    )


def test_sending_back_leaves_the_content_as_it_was() -> None:
    content = custom()

    content.with_limit(10_000).patch()

    assert content.document == action()


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_every_text_comes_back_from_what_is_sent(template: str, headers: dict[str, str]) -> None:
    document = action(request={"headers": headers, "requestTemplateUri": "/x/requesttemplate.vm"})

    body = json.loads(ActionContent(document, {"requestTemplate": template}).patch())

    assert body["config"]["request"] == {"headers": headers, "requestTemplate": template}


def test_the_whole_function_is_sent_back_with_its_limit_alone_changed() -> None:
    assert function().with_limit(10_000).put_function() == (
        b'{"id": "f-1", "name": "fn", "dateCreated": "2026-01-01", "zipId": "zip-1", "timeoutSeconds": 10}'
    )


# The limit.


@pytest.mark.parametrize(
    ("seconds", "limit_ms"),
    [(3, 3_000), (2.5, 2_500), (None, None), ("3", None), (True, None), (0, None), (1e308, None)],
)
def test_a_limit_is_in_milliseconds_and_an_odd_one_is_none(seconds: object, limit_ms: int | None) -> None:
    assert custom(timeoutSeconds=seconds).limit_ms == limit_ms


def test_an_action_that_says_nothing_has_no_limit() -> None:
    assert without_limit().limit_ms is None


def test_another_limit_stands_where_the_old_one_stood() -> None:
    config = custom().with_limit(10_000).document["config"]

    assert (list(config), config["timeoutSeconds"]) == (["timeoutSeconds", "request", "response"], 10)


def test_a_first_limit_is_added() -> None:
    assert differences(without_limit().with_limit(3_000), custom()) == ((), ())


def test_a_limit_can_be_taken_away() -> None:
    content = custom().with_limit(None)

    assert "timeoutSeconds" not in json.loads(content.patch())["config"]
    assert content.limit_ms is None


@pytest.mark.parametrize(("seconds", "limit_ms"), [(5, 5_000), (None, 15_000)])
def test_the_limit_of_a_function_data_action_is_its_functions_and_15_seconds_where_that_says_nothing(
    seconds: int | None, limit_ms: int
) -> None:
    assert function(timeoutSeconds=seconds).limit_ms == limit_ms


def test_a_config_that_limits_a_function_further_counts() -> None:
    assert ActionContent(action(timeoutSeconds=4), TEMPLATES, FUNCTION).limit_ms == 4_000


@pytest.mark.parametrize("content", [custom(timeoutSeconds="3"), function(timeoutSeconds="3")])
@pytest.mark.parametrize("limit_ms", [None, 3_000, 15_000])
def test_a_limit_that_is_not_understood_is_none_that_was_wanted(content: ActionContent, limit_ms: int | None) -> None:
    assert not content.has_limit(limit_ms)


def test_another_limit_of_a_function_leaves_the_config_alone() -> None:
    content = function().with_limit(10_000)

    assert (content.limit_ms, content.document) == (10_000, function().document)


def test_a_function_without_a_limit_of_its_own_waits_15_seconds() -> None:
    content = function().with_limit(None)

    assert (content.limit_ms, content.has_limit(None), content.has_limit(15_000)) == (15_000, True, True)
    assert content.function == {**FUNCTION, "timeoutSeconds": 15}


def test_a_limit_that_a_config_only_shows_of_its_function_moves_with_it() -> None:
    assert differences(mirrored(5).with_limit(10_000), mirrored(10, timeoutSeconds=10)) == ((), ())
    assert mirrored(5).with_limit(10_000).limit_ms == 10_000


def test_a_limit_of_15_seconds_that_a_config_shows_of_a_silent_function_is_the_functions() -> None:
    assert differences(mirrored(15, timeoutSeconds=None).with_limit(10_000), mirrored(10, timeoutSeconds=10)) == (
        (),
        (),
    )


# Comparing.


@pytest.mark.parametrize("unset", [None, 0])
def test_a_limit_that_is_shown_as_unset_is_no_other_content_than_none(unset: object) -> None:
    silent, shown = ActionContent({"config": {}}, {}, {}), {"timeoutSeconds": unset}

    assert differences(custom().with_limit(None), custom(timeoutSeconds=unset)) == ((), ())
    assert differences(silent, ActionContent({"config": shown}, {}, shown)) == ((), ())
    assert differences(without_limit(), custom()).foreign == ("action.config.timeoutSeconds",)
    assert differences(without_limit(), custom(timeoutSeconds=False)).foreign == ("action.config.timeoutSeconds",)


@pytest.mark.parametrize(
    "path",
    [
        "action/version",
        "action/selfUri",
        "action/config/request/requestTemplateUri",
        "action/config/response/successTemplateUri",
        "action/config/request/requestUrlTemplate",
        "function/id",
        "function/name",
        "function/dateCreated",
    ],
)
def test_numbers_dates_names_and_addresses_of_the_servers_may_differ(path: str) -> None:
    assert differences(function(), changed(function(), path, "another")) == ((), ())


def test_addresses_of_schemas_are_a_drafts_own() -> None:
    def at(where: str) -> ActionContent:
        output = {"successSchemaUri": f"{where}/success", "errorSchemaUri": f"{where}/error", "successSchema": {}}
        return changed(custom(), "action/contract", {"input": {"inputSchemaUri": f"{where}/input"}, "output": output})

    assert differences(at("/schemas"), at("/draft/schemas")) == ((), ())


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("action/name", "action.name"),
        ("action/category", "action.category"),
        ("action/secure", "action.secure"),
        ("action/config/timeoutSeconds", "action.config.timeoutSeconds"),
        ("action/config/request/requestUrlTemplate", "action.config.request.requestUrlTemplate"),
        ("action/config/request/headers/Authorization", "action.config.request.headers.Authorization"),
        ("action/config/request/headers/X-A.B", 'action.config.request.headers["X-A.B"]'),
        ("action/config/request/headers/X-New", "action.config.request.headers.X-New"),
        ("action/config/response/translationMapDefaults/new", "action.config.response.translationMapDefaults.new"),
        ("action/contract/input/inputSchema/title", "action.contract.input.inputSchema.title"),
        ("templates/requestTemplate", "templates.requestTemplate"),
        ("templates/successTemplate", "templates.successTemplate"),
        ("function/zipId", "function.zipId"),
        ("function/timeoutSeconds", "function.timeoutSeconds"),
        ("function/runtime", "function.runtime"),
    ],
)
def test_what_people_made_is_foreign_when_it_differs_and_named_by_its_path(path: str, named: str) -> None:
    content = custom() if path.endswith("requestUrlTemplate") else ActionContent(action(), TEMPLATES, FUNCTION)

    found = differences(content, changed(content, path, "another"))

    assert named in found.foreign
    assert found.added == ()


@pytest.mark.parametrize(
    "path", ["action/status", "action/contract/input/inputSchemaFlattened", "function/description"]
)
def test_a_key_of_the_platforms_that_is_null_is_no_other_content_than_none(path: str) -> None:
    assert differences(function(), changed(function(), path, None)) == ((), ())
    assert differences(changed(function(), path, None), function()) == ((), ())
    assert differences(changed(function(), path, None), changed(function(), path, 1)) != ((), ())


@pytest.mark.parametrize(
    ("path", "null"),
    [
        ("action/contract/input/inputSchema/default", None),
        ("action/contract/input/inputSchema/required", ["id", None]),
        ("action/config/request/headers/X-New", None),
        ("action/config/response/translationMapDefaults/name", None),
        ("action/config/odd", [None]),
    ],
)
def test_null_is_peoples_work_in_schemas_headers_maps_and_lists(path: str, null: object) -> None:
    assert differences(custom(), changed(custom(), path, null)) != ((), ())


def test_what_is_gone_is_foreign() -> None:
    assert "action.config.request.headers.Authorization" in (
        differences(custom(), changed(custom(), "action/config/request/headers", {})).foreign
    )


def test_a_list_and_an_object_that_read_alike_differ() -> None:
    one, other = changed(custom(), "action/config/odd", ["x"]), changed(custom(), "action/config/odd", {"0": "x"})

    assert differences(one, other).foreign == ("action.config.odd[0]",)


def test_keys_with_dots_do_not_hide_one_another() -> None:
    one = changed(custom(), "action/contract", {"a": {"b": 1}, "a.b": 2})
    other = changed(custom(), "action/contract", {"a": {"b": 3}, "a.b": 2})

    assert differences(one, other) == ((), ("action.contract.a.b",))


def test_a_limit_that_should_be_gone_and_is_there_is_foreign() -> None:
    assert differences(custom().with_limit(None), custom()) == ((), ("action.config.timeoutSeconds",))


@pytest.mark.parametrize(
    ("path", "value", "added"),
    [
        ("action/config/lastSavedBy", "server", "action.config.lastSavedBy"),
        ("action/config/response/lastSavedBy", {"id": 1}, "action.config.response.lastSavedBy.id"),
        ("action/modified", ["now"], "action.modified[0]"),
    ],
)
def test_a_new_key_where_people_do_not_write_is_the_servers(path: str, value: object, added: str) -> None:
    assert differences(custom(), changed(custom(), path, value)) == ((added,), ())


def test_an_empty_object_that_the_server_fills_is_an_addition() -> None:
    empty = custom(extra={})

    assert differences(empty, changed(empty, "action/config/extra/by", "server")) == (("action.config.extra.by",), ())


def test_no_value_is_ever_a_part_of_a_comparison() -> None:
    content = custom()
    found = differences(content, changed(content, "action/config/request/headers/Authorization", f"Basic {SECRET}2"))

    assert SECRET not in repr((content.fingerprints(), found))


def test_the_words_of_headers_that_may_be_secrets_are_known() -> None:
    assert custom().secrets() == {SECRET}


@pytest.mark.parametrize("request_", [None, {}, {"headers": None}, {"headers": "odd"}])
def test_an_action_without_headers_has_no_secrets(request_: object) -> None:
    assert custom(request=request_).secrets() == frozenset()
