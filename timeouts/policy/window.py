"""When changes may be published. It reads no clock: what time it is, the caller says."""

import re
import typing

from pydantic import BeforeValidator, Field, PlainSerializer, field_validator, model_validator

from timeouts.model.form_text import typed_as
from timeouts.model.values import Value
from timeouts.planning.changes import Violation
from timeouts.policy.time_zones import A_PLACE, is_known, nearest_zones
from timeouts.text.bounds import quoted
from timeouts.text.nearest import did_you_mean

_MINUTES_OF_AN_HOUR = 60
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")

Day = typing.Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK: tuple[Day, ...] = typing.get_args(Day)


def _minute(text: object) -> int:
    found = _TIME_OF_DAY.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"{quoted(text)} is not a time of day: write one such as 22:00")
    return int(found[1]) * _MINUTES_OF_AN_HOUR + int(found[2])


def _time_of_day(minute: int) -> str:
    return f"{minute // _MINUTES_OF_AN_HOUR:02}:{minute % _MINUTES_OF_AN_HOUR:02}"


TimeOfDay = typing.Annotated[
    int,
    BeforeValidator(_minute),
    PlainSerializer(_time_of_day, return_type=str),
    typed_as("([01][0-9]|2[0-3]):[0-5][0-9]", "22:00"),
]
"""Typed as `22:00`, minutes since midnight inside."""


class Now(typing.NamedTuple):
    """A moment in the time zone of a window: the weekday (0 is Monday) and the minutes since midnight."""

    weekday: int
    minute: int


class Window(Value):
    """The hours in which changes may be published."""

    opens: TimeOfDay = Field(description="From this time on, such as 22:00.")
    closes: TimeOfDay = Field(
        description="Up to this time, such as 05:00; earlier than it opens means: of the next day."
    )
    time_zone: str = Field(max_length=100, description="Where these times hold, such as Europe/Berlin.")
    days: tuple[Day, ...] = Field(
        default=_WEEK, max_length=7, description="The days on which it opens; every day, where nothing is said."
    )

    @model_validator(mode="after")
    def _is_a_time(self) -> typing.Self:
        if self.opens == self.closes:
            raise ValueError("it opens and closes at the same time: leave the window out to publish at any time")
        if not self.days:
            raise ValueError("days is an empty list, so it never opens: name some, or leave the line out")
        return self

    @field_validator("time_zone")
    @classmethod
    def _is_a_time_zone(cls, time_zone: str) -> str:
        if not time_zone.strip():
            raise ValueError(f"time_zone is empty: {A_PLACE}")
        if not is_known(time_zone):
            hint = did_you_mean(nearest_zones(time_zone)) or f": {A_PLACE}"
            raise ValueError(f"{quoted(time_zone)} is no time zone that is known here{hint}")
        return time_zone

    @property
    def text(self) -> str:
        """The window as people read it."""
        days = "every day" if set(self.days) == set(_WEEK) else ", ".join(day for day in _WEEK if day in self.days)
        return f"{_time_of_day(self.opens)} to {_time_of_day(self.closes)} {self.time_zone}, {days}"


def is_open(window: Window, now: Now) -> bool:
    """Return whether changes may be published at a moment given in the window's own time zone."""
    today, yesterday = _WEEK[now.weekday], _WEEK[now.weekday - 1]
    if window.opens < window.closes:
        return today in window.days and window.opens <= now.minute < window.closes
    return (today in window.days and now.minute >= window.opens) or (
        yesterday in window.days and now.minute < window.closes
    )


def window_violations(window: Window | None, now: Now) -> tuple[Violation, ...]:
    """Return the violation of a window that is closed; none where it is open, or where there is no window."""
    if window is None or is_open(window, now):
        return ()
    time = f"{_WEEK[now.weekday]} {_time_of_day(now.minute)}"
    return (Violation(limit="window", text=f"it is {time}, changes are published from {window.text}"),)
