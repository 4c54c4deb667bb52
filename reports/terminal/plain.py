"""Text of the org's people in a terminal: what an Architect flow is called must not colour, move or hide anything."""

import re

from rich.text import Text

_MOVES_THINGS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters but the line feed, line separators, and what turns the direction of writing."""


def plain(text: str, style: str = "") -> Text:
    """Return text for a rich console as it stands: no markup, no emoji codes, no control characters."""
    return Text(_MOVES_THINGS.sub(" ", text), style=style)


def one_line(text: str) -> str:
    """Put a name that spreads over several lines in one."""
    return " ".join(text.split())
