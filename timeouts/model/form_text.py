"""Text fields of a run form: a regular expression says what is right, and has to say why something is wrong."""

from pydantic import WithJsonSchema


def typed_as(pattern: str, *examples: str) -> WithJsonSchema:
    """Describe a text for the run form: `pattern`, a regular expression without its ends, and a few examples.

    All that Prefect says of a text that it refuses is the pattern. The examples therefore stand in it, where they match
    nothing.
    """
    such_as = f"(such as {', '.join(examples)}){{0}}"
    return WithJsonSchema({"type": "string", "pattern": f"^{such_as}{pattern}$", "examples": list(examples)})
