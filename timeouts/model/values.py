"""The bases of every value that crosses a seam: frozen, strict about its keys, JSON in and out."""

from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

MANY = ConfigDict(extra="forbid", defer_build=True)
"""For pydantic's dataclasses with slots: what an org has tens of thousands of. A `Value` takes ten times as much."""


class Value(BaseModel):
    """A small frozen value. Unknown keys are refused, so that a stored document of another schema is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def to_json(self) -> bytes:
        """Write it as JSON in UTF-8, without a text in between: a large run's report has ten million characters."""
        return TypeAdapter(type(self)).dump_json(self)


def reasons_of(problem: ValidationError) -> str:
    """Say what does not fit, without repeating what was given: it may be a secret."""
    errors = problem.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(error["msg"].removeprefix("Value error, ") for error in errors)


def may_be_empty(schema: dict[str, Any]) -> None:
    """Describe an optional field by the kind that people fill in, for `json_schema_extra`.

    A choice between a kind and nothing makes a run form ask two questions for one value, and refuse a wrong value
    without its reason. A default of null would be filled in and sent back by the form, and refused for its kind.
    """
    schema |= schema.pop("anyOf")[0]
    schema.pop("default", None)
