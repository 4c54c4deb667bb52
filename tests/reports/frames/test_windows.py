"""Whether a window opens before a plan expires."""

from typing import Any

import pytest

from reports.frames.planned.windows import opens_within
from timeouts.policy.window import Window

NIGHT = {"opens": "22:00", "closes": "05:00", "time_zone": "Europe/Berlin"}
DAY = NIGHT | {"opens": "09:00", "closes": "17:30"}


@pytest.mark.parametrize(
    ("asked", "hours", "opens"),
    [
        (NIGHT, 24, True),
        (NIGHT, 9, False),  # until 21:00
        (NIGHT | {"days": ["mon"]}, 24, True),
        (NIGHT | {"days": ["tue"]}, 24, False),
        (DAY, 24, True),  # it is open, and opens again
        (DAY, 12, False),
    ],
)
def test_a_window_opens_within_a_time_where_it_begins_in_it(asked: dict[str, Any], hours: int, opens: bool) -> None:
    monday_noon_ms = 1_798_455_600_000  # 2026-12-28 12:00 in Berlin

    found = opens_within(Window.model_validate(asked), monday_noon_ms, monday_noon_ms + hours * 3_600_000)

    assert opens == found
