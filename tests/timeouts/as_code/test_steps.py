"""Finding the steps of a file among those that are live: each stands in exactly one pair."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.as_code.org_and_files import S3, S10, S30
from tests.timeouts.conftest import reading, step
from timeouts.as_code.steps import pairs_of
from timeouts.model.steps import Reading, Step

STEPS = st.lists(
    st.builds(
        lambda number, name, container, kind: step(number, S3, name=name, container=container, kind=kind),
        st.integers(1, 5),
        st.sampled_from(["Ask", "Pay", "Look up", ""]),
        st.sampled_from(["Greeting", "Menu", ""]),
        st.sampled_from(["data", "secure", "bridge"]),
    ),
    max_size=8,
)
KINDS = st.sampled_from(["architect", "archy"])


def read(steps: list[Step], kind: str = "architect") -> Reading:
    return reading(*steps, kind=kind)


@given(STEPS, STEPS, KINDS)
def test_no_step_of_either_side_is_lost_or_taken_twice(in_file: list[Step], alive: list[Step], kind: str) -> None:
    pairs = list(pairs_of(read(in_file, kind), read(alive)))

    assert [each.live for each in pairs if each.live is not None] == alive
    assert sorted(map(repr, (each.file for each in pairs if each.file is not None))) == sorted(map(repr, in_file))


@given(STEPS, KINDS)
def test_an_architect_flow_and_itself_have_no_step_alone(steps: list[Step], kind: str) -> None:
    pairs = list(pairs_of(read(steps, kind), read(steps)))

    assert all(each.file is not None and each.live is not None for each in pairs)
    assert all(each.file == each.live for each in pairs if each.matched_by == "name")
    assert all(each.file.setting == each.live.setting for each in pairs if each.file and each.live)


@given(STEPS, STEPS)
def test_what_is_found_by_its_names_has_the_same_names(in_file: list[Step], alive: list[Step]) -> None:
    for pair in pairs_of(read(in_file, "archy"), read(alive)):
        if pair.file is not None and pair.live is not None:
            assert pair.file.kind == pair.live.kind
            assert pair.file.name in {pair.live.name, ""}


def test_a_step_of_its_container_is_taken_before_one_of_another_container() -> None:
    asked, menu = (step(number, S3, name="Ask", container=name) for number, name in ((1, "Greeting"), (2, "Menu")))

    assert [(each.file, each.matched_by) for each in pairs_of(read([menu], "archy"), read([asked, menu]))] == [
        (None, None),
        (menu, "name"),
    ]


def test_a_step_without_a_name_is_known_by_its_action() -> None:
    unnamed, usual = step(1, S3, name=""), step(2, S3, name="Call Data Action")
    other = step(3, S3, name="Call Data Action", action_name="Another")

    found = list(pairs_of(read([unnamed], "archy"), read([other, usual])))

    assert [each.file for each in found] == [None, unnamed]
    assert found[1].matched_by == "name"


def test_a_step_without_a_name_is_taken_in_its_container_whatever_the_order_of_the_containers() -> None:
    unnamed = [step(number, S3, name="", container=each) for number, each in enumerate(("Main", "Copy"), 1)]
    usual = [step(number, S3, name="Call Data Action", container=each) for number, each in enumerate(("Copy", "Main"))]

    found = list(pairs_of(read(unnamed, "archy"), read(usual)))

    assert [(each.file, each.matched_by) for each in found] == [(unnamed[1], "name"), (unnamed[0], "name")]


def test_which_of_several_is_meant_is_a_guess_where_the_live_ones_differ_and_no_matter_where_they_are_alike() -> None:
    in_file = [step(1, S30, name="Ask"), step(2, S3, name="Ask")]
    alike = [step(3, S10, name="Ask"), step(4, S10, name="Ask", tracking_id=9)]
    different = [alike[0], step(4, S3, name="Ask")]

    assert _found_by(in_file, alike) == ["alike", "alike"]
    assert _found_by(in_file, different) == ["order", "order"]
    assert _found_by(in_file, [*alike, step(5, S10, name="Ask")]) == ["order", "order", None]


def test_what_is_left_of_several_is_a_guess_elsewhere_too() -> None:
    in_file = [step(1, S30, name="Ask", container="Menu"), step(2, S3, name="Ask", container="Menu")]
    alive = [step(3, S10, name="Ask", container="Menu"), step(4, S10, name="Ask", container="Greeting")]

    assert _found_by(in_file, alive) == ["order", "order"]


@pytest.mark.parametrize("action_name", ["{{env}} lookup", "${dataAction}-data-action", "<action>"])
def test_a_step_whose_action_a_deploy_fills_in_is_known_by_its_own_name_in_its_container(action_name: str) -> None:
    """It was only in the file, and what is live of it only live: no raise told that a deploy undoes it."""
    asked, paid = (step(number, S3, name=name, container="Menu") for number, name in enumerate(("Ask", "Pay")))
    in_file = step(7, S10, name="Pay", container="Menu", action_name=action_name)

    assert _pairs([in_file], [asked, paid]) == [(None, None), (in_file, "name")]
    assert _found_by([in_file], [replace(paid, container="Greeting")]) == [None, None], "another one may be meant there"
    assert _found_by([in_file], [replace(paid, kind="secure")]) == [None, None]


def test_one_that_calls_the_very_action_is_taken_before_one_whose_action_is_filled_in() -> None:
    filled_in, said = step(1, S3, name="Ask", action_name="{{action}}"), step(2, S3, name="Ask", action_name="Look up")
    first, second = step(3, S3, name="Ask", action_name="Look up"), step(4, S3, name="Ask", action_name="Price")

    assert _pairs([filled_in, said], [first, second]) == [(said, "name"), (filled_in, "name")]


def test_a_step_whose_own_name_a_deploy_fills_in_is_known_by_its_action_as_one_without_a_name_is() -> None:
    in_file, alive = step(1, S3, name="{{prefix}} ask", container="Menu"), step(2, S3, name="CRM ask", container="Menu")

    assert _found_by([in_file], [alive]) == ["name"]
    assert _found_by([in_file], [replace(alive, container="Greeting")]) == ["name"]


def test_an_accent_is_the_same_however_a_file_writes_it() -> None:
    name, container, action_name = "Größe", "Menü", "Größe lesen"
    alive = step(1, S3, name=name, container=container, action_name=action_name)
    apart, place, called = (unicodedata.normalize("NFD", each) for each in (name, container, action_name))

    for written in (apart, ""):
        in_file = step(2, S3, name=written, container=place, action_name=called)
        assert _found_by([in_file], [alive]) == ["name"]


def _pairs(in_file: list[Step], alive: list[Step]) -> list[tuple[Step | None, str | None]]:
    return [(each.file, each.matched_by) for each in pairs_of(read(in_file, "archy"), read(alive))]


def _found_by(in_file: list[Step], alive: list[Step]) -> list[str | None]:
    return [each.matched_by for each in pairs_of(read(in_file, "archy"), read(alive))]
