"""The window in which a plan may be published: which moment it is there, and whether it opens in time."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from reports.report import Report
from timeouts.model.durations import MINUTE_MS
from timeouts.planning.saved_plan import LIFETIME_MS
from timeouts.policy.window import Now, Window, is_open


def moment_in(window: Window, at_ms: int) -> Now:
    """Return a moment, in milliseconds since 1970, in the window's time zone."""
    local = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(window.time_zone))
    return Now(local.weekday(), local.hour * 60 + local.minute)


def window_to_wait_for(report: Report) -> Window | None:
    """Return the window that was closed, or that closed on the run; None where none stood in its way.

    No roll back waits for one.
    """
    if report.plan is None or report.plan.undoes:
        return None
    is_closed = any(each.limit == "window" for each in report.refusals) or any(
        each.is_left_by_window for each in report.outcomes
    )
    return report.plan.policy.window if is_closed else None


def opens_in_time(report: Report, now_ms: int | None = None) -> bool:
    """Return whether the window that a plan waits for, if any, opens before the plan expires.

    `now_ms`: milliseconds since 1970; None: at the end of the run.
    """
    window, until_ms = window_to_wait_for(report), report.plan_until_ms
    if window is None or until_ms is None:
        return True
    if now_ms is not None and is_open(window, moment_in(window, now_ms)):
        return True
    return opens_within(window, now_ms or max(report.run.began_ms or 0, until_ms - LIFETIME_MS), until_ms)


def opens_within(window: Window, from_ms: int, until_ms: int) -> bool:
    """Return whether it opens between two moments, in milliseconds since 1970 and at most some days apart."""
    minutes = (is_open(window, moment_in(window, at_ms)) for at_ms in range(from_ms, until_ms, MINUTE_MS))
    return any(now and not before for before, now in pairwise(minutes))
