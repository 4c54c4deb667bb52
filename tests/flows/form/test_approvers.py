"""The block of approvers: who may approve, by phrases that no error and no text ever shows."""

from collections.abc import Iterator

import pytest
from prefect.types import SecretDict

from flows.approval.approvers import NAME, GenesysTimeoutsApprovers, approvers_phrases
from genesys import ConfigurationProblem

PHRASES = {"Ana Duarte": "three slow herons", "Bo Lindqvist": "seven quiet lamps"}


@pytest.fixture
def _none_afterwards() -> Iterator[None]:
    yield
    GenesysTimeoutsApprovers.delete(NAME)


@pytest.mark.usefixtures("_none_afterwards")
def test_the_phrases_of_all_approvers_are_found_by_name() -> None:
    block = GenesysTimeoutsApprovers(phrases=SecretDict(PHRASES))
    block.save(NAME)

    assert {name: phrase.get_secret_value() for name, phrase in approvers_phrases().items()} == PHRASES
    assert not any(phrase in repr(block) + block.model_dump_json() for phrase in PHRASES.values())


def test_where_the_block_is_missing_it_is_said_how_to_make_it() -> None:
    with pytest.raises(ConfigurationProblem, match="no block 'approvers' of the type Genesys Timeouts Approvers"):
        approvers_phrases()


@pytest.mark.parametrize(
    ("phrases", "told"),
    [
        ({"Ana": "short"}, "too short a phrase: Ana"),
        ({"Ana": "three slow herons", "Bo": "three slow herons "}, "two approvers have the same phrase"),
    ],
)
def test_phrases_that_protect_nothing_are_refused_without_being_shown(phrases: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        GenesysTimeoutsApprovers(phrases=SecretDict(phrases))


@pytest.mark.usefixtures("_none_afterwards")
def test_a_block_that_was_filled_in_wrongly_in_the_ui_is_told_without_its_content(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    GenesysTimeoutsApprovers(phrases=SecretDict(PHRASES)).save(NAME)
    monkeypatch.setattr("flows.approval.approvers.SHORTEST_PHRASE", 100)

    with pytest.raises(ConfigurationProblem, match="cannot be used: too short a phrase: Ana Duarte") as told:
        approvers_phrases()

    assert "herons" not in str(told.value)
