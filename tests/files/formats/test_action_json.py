"""Exports of actions: what is read of them, and how their limit is written in the manner of the file."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files.formats.action_file import FileAction
from files.formats.action_json import may_be_action, read_action
from files.formats.flow_file import UnreadableFile
from tests.files.conftest import limited, write_files
from tests.files.samples import action_export

BOM = b"\xef\xbb\xbf"


def the_action(body: bytes, name: str = "a.json") -> FileAction:
    found = read_action(body, name)
    assert found is not None
    (action,) = found.actions
    return action


def with_limit(body: bytes, limit_ms: int | None) -> bytes:
    found = read_action(body, "a.json")
    assert found is not None
    return found.with_limit("", limit_ms)


def export(config: str = '{"request": {}}', more: str = "") -> bytes:
    return f'{{"name": "A", "actionType": "custom", "config": {config}, "contract": {{}}{more}}}'.encode()


def test_the_moment_of_an_export_is_no_part_of_the_name() -> None:
    assert the_action(action_export("Look up - Exported 2021-04-15 @ 18:58")).name == "Look up"
    assert the_action(action_export("Look up - Exported 2021-06-21 @ 8:42")).name == "Look up"
    assert the_action(action_export("Look up - Exported yesterday")).name == "Look up - Exported yesterday"


@pytest.mark.parametrize(
    ("said", "kind"),
    [("custom", "custom"), ("customAuth", "custom_auth"), ("static", "static"), ("function", "function")],
)
def test_the_kind_is_what_the_file_says(said: str, kind: str) -> None:
    assert the_action(action_export(kind=said)).kind == kind


def test_a_kind_that_is_not_known_is_told() -> None:
    with pytest.raises(UnreadableFile, match="its actionType is 'quantum', which is not known"):
        read_action(action_export(kind="quantum"), "a.json")


def test_a_file_without_a_type_is_an_action_by_its_name() -> None:
    untyped = action_export().replace(b'"actionType": "custom",', b"")
    untyped = untyped.replace(b'"integrationType": "custom-rest-actions",', b"")

    assert the_action(untyped, "Look-up.custom.json").kind == "custom"
    assert the_action(untyped, "Login.customAuth.json").kind == "custom_auth"
    assert read_action(untyped, "a.json") is None


def test_an_export_that_lost_its_type_is_told_by_that_of_its_integration() -> None:
    untyped = action_export(timeout_seconds=3).replace(b'"actionType": "custom",', b"")

    assert may_be_action(untyped)
    assert (the_action(untyped).kind, the_action(untyped).limit_ms) == ("custom", 3_000)


def served(identifier: str = "custom_-_1") -> bytes:
    """Return an action as GET /integrations/actions/{id} serves it, with its config and contract."""
    return (
        f'{{"id": "{identifier}", "name": "A", "integrationId": "i", "category": "CRM", "contract": {{}}, "version": 3,'
        ' "secure": false, "config": {"request": {}, "timeoutSeconds": 3}}'
    ).encode()


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [("custom_-_1", "custom"), ("static_-_1", "static"), ("customAuth_-_1", "custom_auth"), ("", "custom")],
)
def test_an_action_as_the_platform_serves_it_is_one(identifier: str, kind: str) -> None:
    body = served(identifier)

    action = the_action(body)

    assert may_be_action(body)
    assert (action.name, action.category, action.platform_id) == ("A", "CRM", identifier)
    assert (action.kind, action.limit_ms) == (kind, 3_000)
    assert with_limit(body, 20_000) == body.replace(b": 3}", b": 20}")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (served().replace(b'"CRM"', b'"Function_Data-Actions (EU)"'), "a.json"),
        (action_export(timeout_seconds=5).replace(b"custom-rest-actions", b"function-data-actions"), "a.json"),
        (action_export(timeout_seconds=5, kind="function"), "a.json"),
        (served(), "Price.function.json"),
    ],
    ids=["category", "type of its integration", "type", "file"],
)
def test_a_function_data_action_whose_function_is_not_in_the_file_has_no_known_limit(body: bytes, name: str) -> None:
    """It was a custom action with the limit of its config, which steps wait for and which was raised above 15 s."""
    action = the_action(body, name)

    assert (action.kind, action.unknown_limit) == ("function", "its function is not in the file")


@pytest.mark.parametrize("identifier", ["static_-_1", "custom_auth_-_1"])
def test_the_category_makes_no_function_of_what_is_told_by_its_id(identifier: str) -> None:
    action = the_action(served(identifier).replace(b'"CRM"', b'"Function Data Actions"'))

    assert (action.kind == "function", action.unknown_limit) == (False, "")


def test_other_json_is_none_of_ours() -> None:
    assert not may_be_action(b'{"actionType": "x"}')
    assert read_action(b'{"properties": {"actionType": {}, "contract": {}, "config": {}}}', "a.json") is None
    assert read_action(b'{"config": {"actionType": "x", "note": {"contract": {}}}}', "a.json") is None
    assert read_action(b'["actionType", "contract"]', "a.json") is None


@pytest.mark.parametrize("around", ["[%s]", '{"entities": [%s]}', '{"config": {"all": [%s]}}', '[[{"a": %s}]]'])
@pytest.mark.parametrize("action", [export(), served()], ids=["exported", "served"])
def test_an_action_below_the_top_of_other_json_is_told(around: str, action: bytes) -> None:
    body = (around % action.decode()).encode()

    with pytest.raises(UnreadableFile, match=r"^it holds an action below its top, which is not read"):
        read_action(body, "a.json")


@pytest.mark.parametrize("said", ["config", "contract", "actionType", "integrationType", "integrationId"])
def test_what_is_called_an_action_and_lacks_a_part_of_one_is_told(said: str) -> None:
    with pytest.raises(UnreadableFile, match="it is no data action: it has no `config` and `contract`"):
        read_action(f'{{"name": "x", "{said}": {{}}}}'.encode(), "x.custom.json")


@pytest.mark.parametrize("body", [b'{"color": "red"}', b"{}", b"[]", b"3"])
@pytest.mark.parametrize("name", ["theme.custom.json", "appsettings.static.json"])
def test_json_of_other_programs_that_is_called_as_an_action_is_left_alone(body: bytes, name: str) -> None:
    assert read_action(body, name) is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff", "it is not UTF-8 from byte 0 on"),
        (action_export()[:-5], "it is not JSON: "),
        (export() + b"x", "it is not JSON: Extra data"),
        (export(more=', "config": {}'), "the key config stands more than once"),
        (export('{"timeoutSeconds": 1, "timeoutSeconds": 2}'), "the key config.timeoutSeconds stands more than once"),
        (export().replace(b'"A"', b'""'), "it has no name"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"a": [' + b"1," * 5_000_000, "it holds more than 4,000,000 values"),
    ],
)
def test_a_broken_action_is_told(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match="^" + reason):
        read_action(body, "a.custom.json")


@pytest.mark.parametrize("written", ['"{{timeout}}"', "true", "false", "-3", "[20]"])
def test_a_limit_that_is_no_number_is_not_known(written: str) -> None:
    assert "config.timeoutSeconds is " in the_action(export(f'{{"timeoutSeconds": {written}}}')).unknown_limit


@pytest.mark.parametrize("written", ["0", "0.0", "null"])
def test_0_and_null_are_no_limit_and_are_replaced(written: str) -> None:
    body = export(f'{{"timeoutSeconds": {written}}}')

    assert (the_action(body).limit_ms, the_action(body).unknown_limit) == (None, "")
    assert with_limit(body, None) == body
    assert with_limit(body, 9_000) == export('{"timeoutSeconds": 9}')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"request": {}, "timeoutSeconds": 3}', '{"request": {}, "timeoutSeconds": 20}'),
        ('{"request": {}}', '{"request": {}, "timeoutSeconds": 20}'),
        ('{"request":{},"response":{}}', '{"request":{},"response":{},"timeoutSeconds":20}'),
        ('{\n  "request" : {}\n  }', '{\n  "request" : {},\n  "timeoutSeconds" : 20\n  }'),
        ('{\r\n\t"a": 1,\r\n\t"b": {}\r\n}', '{\r\n\t"a": 1,\r\n\t"b": {},\r\n\t"timeoutSeconds": 20\r\n}'),
        ('{"a": 1\n, "b": 2}', '{"a": 1\n, "b": 2\n, "timeoutSeconds": 20}'),
        ("{}", '{"timeoutSeconds": 20}'),
        ('{"timeoutSeconds":null}', '{"timeoutSeconds":20}'),
    ],
)
def test_a_limit_is_written_as_the_other_members_are(before: str, after: str) -> None:
    assert with_limit(export(before), 20_000) == export(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a": 1, "timeoutSeconds": 3}', '{"a": 1}'),
        ('{"timeoutSeconds": 3, "a": 1}', '{"a": 1}'),
        ('{\n  "a": 1,\n  "timeoutSeconds": 3\n}', '{\n  "a": 1\n}'),
        ('{"timeoutSeconds": 3}', "{}"),
        ('{"a": 1}', '{"a": 1}'),
    ],
)
def test_no_limit_is_no_member(before: str, after: str) -> None:
    assert with_limit(export(before), None) == export(after)


def test_a_byte_order_mark_is_kept() -> None:
    assert with_limit(BOM + action_export(timeout_seconds=3), 20_000) == BOM + action_export(timeout_seconds=20)


def test_the_limit_of_a_function_is_that_of_the_function() -> None:
    body = export('{"timeoutSeconds": 5}', ', "function": {"timeoutSeconds": 5, "handler": "x"}')
    moved = export('{"timeoutSeconds": 9}', ', "function": {"timeoutSeconds": 9, "handler": "x"}')
    apart = export('{"timeoutSeconds": 20}', ', "function": {"timeoutSeconds": 5, "handler": "x"}')

    assert the_action(body).kind == "function"
    assert with_limit(body, 9_000) == moved
    assert with_limit(apart, 9_000) == apart.replace(b": 5,", b": 9,")


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=3), below, max_size=3),
    max_leaves=6,
)


@given(
    config=st.dictionaries(st.text(max_size=6).filter(lambda key: key != "timeoutSeconds"), _values, max_size=4),
    limit=st.none() | st.integers(1, 60),
    indent=st.sampled_from([None, 1, 4, "\t"]),
    crlf=st.booleans(),
)
def test_outside_of_the_limit_every_byte_stays_and_the_way_back_is_exact(
    config: dict[str, object], limit: int | None, indent: int | str | None, crlf: bool
) -> None:
    said = config if limit is None else {**config, "timeoutSeconds": limit}
    document = {"name": "A", "actionType": "custom", "config": said, "contract": {"timeoutSeconds": 7}}
    body = json.dumps(document, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    body = body.replace(b"\n", b"\r\n") if crlf else body

    after = with_limit(body, 61_000)

    assert json.loads(after) == {**document, "config": {**config, "timeoutSeconds": 61}}
    assert with_limit(after, 61_000) == after
    assert with_limit(after, None if limit is None else limit * 1_000) == body


def test_a_changed_limit_is_read_again_from_the_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.custom.json": action_export(timeout_seconds=3)})

    assert limited(tmp_path, "a.custom.json", 20_000) == action_export(timeout_seconds=20)
