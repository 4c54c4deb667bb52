"""Text fields of a run form: a regular expression says what is right, and has to say why something is wrong."""

import reprlib

from pydantic import WithJsonSchema

_LONGEST_QUOTED = 60
_MOST_BITS = 200


def typed_as(pattern: str, *examples: str) -> WithJsonSchema:
    """Describe a text for the run form: `pattern`, a regular expression without its ends, and a few examples.

    All that Prefect says of a text that it refuses is the pattern. The examples therefore stand in it, where they match
    nothing.
    """
    such_as = f"(such as {', '.join(examples)}){{0}}"
    return WithJsonSchema({"type": "string", "pattern": f"^{such_as}{pattern}$", "examples": list(examples)})


def quoted(given: object) -> str:
    """Repeat what somebody gave, in an error about it: as much as fits into a line beside a reason."""
    if isinstance(given, int) and given.bit_length() > _MOST_BITS:
        return f"a number of more than {_LONGEST_QUOTED} digits"  # which Python may refuse to write
    shown = repr(given[: _LONGEST_QUOTED + 1]) if isinstance(given, str) else reprlib.repr(given)
    return shown if len(shown) <= _LONGEST_QUOTED else f"{shown[: _LONGEST_QUOTED - 3]}..."
