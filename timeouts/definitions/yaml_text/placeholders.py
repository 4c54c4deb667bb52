"""Templates: `{{placeholders}}` are no YAML, so a text of the same length without them is what gets parsed.

Source: docs/platform.md#yaml-timeouts (they stand anywhere and are replaced as text before an upload).
"""

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

_PLACEHOLDER = re.compile(r"\{\{[^{}\r\n]*\}\}")
_FIRST_PRIVATE, _LAST_PRIVATE = 0xE000, 0xF8FF


@dataclass(frozen=True, slots=True)
class Shadow:
    """A text of the same length, in which a character that the text does not use stands for each placeholder's."""

    text: str
    filler: str
    starts: Sequence[int]
    placeholders: Sequence[str]

    def restored(self, value: str, start: int) -> str:
        """Return what was parsed of text that begins at `start`, with its placeholders in place."""
        place = bisect.bisect_left(self.starts, start)
        restored, at = [], 0
        while (found := value.find(self.filler, at)) >= 0:
            restored += [value[at:found], self.placeholders[place]]
            at = found + len(self.placeholders[place])
            place += 1
        return "".join((*restored, value[at:]))

    def holds_placeholder(self, start: int, end: int) -> bool:
        """Return whether a placeholder stands in a part of the text."""
        place = bisect.bisect_left(self.starts, start)
        return place < len(self.starts) and self.starts[place] < end


def shadow_of(text: str) -> Shadow:
    """Return the shadow of a text; its `filler` is empty where the text is no template."""
    found = list(_PLACEHOLDER.finditer(text))
    private = (chr(code) for code in range(_FIRST_PRIVATE, _LAST_PRIVATE))
    filler = next((each for each in private if each not in text), "") if found else ""
    if not filler:
        return Shadow(text, "", (), ())
    shadow = _PLACEHOLDER.sub(lambda each: filler * len(each[0]), text)
    return Shadow(shadow, filler, [each.start() for each in found], [each[0] for each in found])
