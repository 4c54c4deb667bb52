"""Finding the steps of a file among those that are live: each stands in exactly one pair."""

from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.as_code.org_and_files import S3
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
