"""Periods of days, as people type them (`14d`)."""

import re
import typing

from pydantic import BeforeValidator, PlainSerializer

from timeouts.model.form_text import typed_as
from timeouts.text.bounds import quoted

LONGEST_DAYS = 90
USUAL_DAYS = 14
"""Two whole weeks: every hour of the week twice, and nothing that nobody remembers."""

_TYPED = re.compile(r"([0-9]{1,3})\s*d", re.IGNORECASE)


class PeriodError(ValueError):
    """A period that cannot be used; the message says what was given and what would be right."""


def parse_days(text: object) -> int:
    """Return the days of what a person typed, such as `14d`. Raises `PeriodError`."""
    found = _TYPED.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None or not 1 <= int(found[1]) <= LONGEST_DAYS:
        raise PeriodError(f"{quoted(text)} is not a period: write whole days, 1d to {LONGEST_DAYS}d, such as 14d")
    return int(found[1])


def _or_none(text: object) -> object:
    return None if text == "" else text


Days = typing.Annotated[
    int,
    BeforeValidator(parse_days),
    PlainSerializer(lambda days: f"{days}d", return_type=str),
    typed_as("[1-9][0-9]? ?d", "14d"),
]
"""Typed as `14d`, whole days inside."""

DaysOrNone = typing.Annotated[
    Days | None,
    BeforeValidator(_or_none),
    typed_as("([1-9][0-9]? ?d)?", "14d"),
]
"""The same in a run form, where the field may stay empty."""

NO_DAYS: typing.Final = typing.cast("None", "")
"""The default of such a field, None once it is read: a form sends its defaults back, and null is refused for text."""
