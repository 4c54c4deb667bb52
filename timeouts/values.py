"""The bases of every value that crosses a seam: frozen, strict about its keys, JSON in and out."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A small frozen value. Unknown keys are refused, so that a stored document of another schema is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Asked(BaseModel):
    """A frozen value that people write, in a file or in the run form, where the docstrings of its fields are shown."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
