"""What a program said last before it ended, out of all that it has said."""

import re

from timeouts.text.visible import one_line

_RAISED = re.compile(r"[\w.]+(Error|Exception|Problem)\b.*: ")


def last_raised(said: str) -> str:
    """Return in one line what was raised last, from below a traceback; '' where nothing was."""
    raised = [line for line in said.splitlines() if _RAISED.match(line)]
    return one_line(raised[-1]) if raised else ""


def last_words(said: str) -> str:
    """Return in one line what was raised last or, where nothing was, the last lines without an empty one between."""
    return last_raised(said) or one_line(said.rstrip().rpartition("\n\n")[2])
