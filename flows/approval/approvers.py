"""The Prefect block that holds who may approve, and their phrases."""

from collections.abc import Mapping
from typing import Any, Self, cast

from prefect.blocks.core import Block
from prefect.types import SecretDict
from pydantic import ConfigDict, Field, SecretStr, ValidationError, model_validator

from genesys import ConfigurationProblem
from timeouts.model.values import reasons_of
from timeouts.planning.approval import SHORTEST_PHRASE

NAME = "approvers"
"""The one document that counts: a run cannot choose its own approvers."""


_WHERE = f"'{NAME}' of the type Genesys Timeouts Approvers"


class GenesysTimeoutsApprovers(Block):
    """Who may approve plans of raise-approved. One document of this type counts: the one named `approvers`."""

    model_config = ConfigDict(hide_input_in_errors=True)

    _block_type_name = "Genesys Timeouts Approvers"
    _block_type_slug = "genesys-timeouts-approvers"

    phrases: SecretDict = Field(
        description='Each approver\'s name and phrase, such as {"Ana Duarte": "three words or more"}. '
        f"A phrase has {SHORTEST_PHRASE} characters or more, and no two are the same."
    )

    @model_validator(mode="after")
    def _are_usable(self) -> Self:
        said = {name: str(phrase).strip() for name, phrase in self._given().items()}
        short = sorted(name for name, phrase in said.items() if len(phrase) < SHORTEST_PHRASE)
        if short:
            raise ValueError(f"too short a phrase: {', '.join(short)}. Give {SHORTEST_PHRASE} characters or more")
        if len(set(said.values())) != len(said):
            raise ValueError("two approvers have the same phrase: give each their own")
        return self

    def by_name(self) -> dict[str, SecretStr]:
        """Return each approver's phrase."""
        return {name: SecretStr(str(phrase).strip()) for name, phrase in self._given().items()}

    def _given(self) -> Mapping[str, Any]:
        return self.phrases.get_secret_value()


def approvers_phrases() -> dict[str, SecretStr]:
    """Return the phrases of all approvers, by name; raises ConfigurationProblem, without them, where there are none."""
    try:
        phrases = cast("GenesysTimeoutsApprovers", GenesysTimeoutsApprovers.load(NAME)).by_name()
    except ValueError:  # Prefect's, for a block that does not exist
        raise ConfigurationProblem(
            f"Nobody can approve: there is no block {_WHERE}. Make it, with each approver's name and phrase."
        ) from None
    except RuntimeError as problem:  # Prefect's, for one whose content does not fit
        raise ConfigurationProblem(f"The block {_WHERE} cannot be used: {_reasons(problem)}.") from None
    if not phrases:
        raise ConfigurationProblem(f"Nobody can approve: the block {_WHERE} names nobody.")
    return phrases


def _reasons(problem: RuntimeError) -> str:
    """Say what does not fit, without what the block holds."""
    cause = problem.__cause__
    return reasons_of(cause) if isinstance(cause, ValidationError) else "its content does not fit"
