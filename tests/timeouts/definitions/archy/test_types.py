"""Which type of Architect flow a text may hold, told before it is parsed."""

import pytest

from timeouts.definitions.archy import NotArchy, read_archy, type_in


@pytest.mark.parametrize(
    ("text", "of_type"),
    [
        ("# ours\n---\ninqueueCall:\n  name: x\n", "inqueuecall"),
        ('\ufeff"inboundCall" :\n', "inboundcall"),
        ('{"workflow": {"startUpRef": "x"}}', "workflow"),
        ("version: 3\ninboundCall:\n  name: x\n", "inboundcall"),
        ("x-defaults:\n  wait: 5\ninboundCall:\n  name: x\n", "inboundcall"),
        ("version: 3\nworkflow:\n  name: x\n  startUpRef: /workflow/states/state[x]\n", "workflow"),
        ("meta: 1\n---\ninboundCall:\n  name: x\n", "inboundcall"),
        ("--- {inboundCall: {name: x}}", "inboundcall"),
        ("meta: 1\n--- {inboundCall: {name: x}}", "inboundcall"),
        ("{\tinboundCall: {name: x}}", "inboundcall"),
        ('{\n  "version": 1,\n  "inboundCall": {}\n}', "inboundcall"),
        ('{"version": 1, "inboundCall": {}}', "inboundcall"),
        ("# ours\rinboundCall:\r  name: x\r", "inboundcall"),
        ("  version: 1\n  inboundCall:\n    name: x\n", "inboundcall"),
        ("{{header}}\ninboundCall:\n  name: x\n", "inboundcall"),
        ("botFlow:\n  name: x\n  startUpRef: /botFlow/bots/bot[x]\n", "bot"),
        ("", ""),
    ],
)
def test_of_which_type_a_text_is_can_be_told_without_parsing_it(text: str, of_type: str) -> None:
    assert type_in(text.encode()) == of_type


@pytest.mark.parametrize(
    "text",
    [
        "stages: [build]\nworkflow:\n  rules: []\n",
        "workflow:\n  rules:\n    - if: $X\nbuild: {}\n",
        "bot: discord\ntoken: x\n",
        "botFlow: {steps: []}\n",
        'voice: "alloy"\n',
        "voice: {name: alloy}\n",
        "{workflow: build}\n",
        "spec:\n  inputs: {}\n---\nworkflow:\n  rules: []\n",
        "replicas: 2\nbot:\n  image: bot:1\nvoice: {}\n",
        "my-routing:\n  inboundCall:\n    name: x\n",
        "apiVersion: v1\ndata:\n  flow.yaml: |\n    inboundCall:\n      name: x\n",
        "{{- if .Values.on }}\nkind: x\nspec:\n  inboundCall: 1\n{{- end }}\n",
        "list:\n- inboundCall: 1\n",
        "# inboundCall:\nkind: x\n",
        "---\n",
    ],
)
def test_other_yaml_is_told_without_parsing_it_whatever_stands_deeper_in_it(text: str) -> None:
    assert type_in(text.encode()) == ""


def test_a_type_in_brackets_within_other_yaml_is_told_by_parsing_it() -> None:
    text = b'{"routing": {"inboundCall": {}}}'
    assert type_in(text) == "inboundcall"
    with pytest.raises(NotArchy, match="none stands at its top"):
        read_archy(text)


def test_a_long_file_with_many_keys_that_may_be_types_is_searched_once() -> None:
    assert type_in(b"x: 1\n" + b"bot: 1\n" * 200_000 + b" " * 200_000) == ""
    assert type_in(b"{" + b"\n" * 200_000) == type_in(b" " * 200_000) == ""
    assert type_in(b"{" + b"bot: 1, " * 200_000) == ""
    assert type_in(b"{x: 1, " + b"bot: 1,         " * 200_000) == ""
