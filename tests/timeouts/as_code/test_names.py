"""Which names in files are none yet."""

import unicodedata

import pytest

from timeouts.as_code.names import ByName, has_placeholder, may_be_same


@pytest.mark.parametrize(
    "text", ["{{flow_name}}", "{{prefix}}-Call-Flow", "${module.data_action.name}", "%{if var.a}x%{endif}"]
)
def test_what_a_template_or_terraform_fills_in_is_a_placeholder_wherever_it_stands(text: str) -> None:
    assert has_placeholder(text)


@pytest.mark.parametrize("text", ["<integrationName>", "<targetQueueName>", "<YOUR QUEUE>", " <name> "])
def test_a_text_that_is_nothing_but_one_in_angle_brackets_is_for_a_person_to_fill_in(text: str) -> None:
    assert has_placeholder(text)


@pytest.mark.parametrize(
    "text",
    ["Lookup <VIP>", "<VIP> lookup", "<old> to <new>", "Wait < 10 s", "a < b && c > d", "<>", "{one}", "5 %", ""],
)
def test_angle_brackets_within_a_name_are_a_part_of_it(text: str) -> None:
    assert not has_placeholder(text)


def test_an_accent_is_the_same_however_a_file_writes_it() -> None:
    apart = unicodedata.normalize("NFD", "Störung")
    known = ByName([apart, "STÖRUNG"], lambda name: name)

    assert known.named("Störung") == [apart]
    assert known.named("störung") == [apart, "STÖRUNG"]
    assert may_be_same(apart, "störung")


def test_a_category_that_a_person_fills_in_contradicts_none() -> None:
    assert may_be_same("<integrationName>", "CRM")
    assert not may_be_same("CRM <old>", "CRM")
