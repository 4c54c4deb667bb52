"""Pictures for reports: durations of actions against their timeouts, waits before and after, and the calls lost.

matplotlib draws them, without its global state, and is imported only where a picture is made.
"""

import itertools
import typing
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.frames.actions import ActionRow, action_rows
from reports.frames.compared.effect import effect_rows
from reports.frames.waits import Waits, waits_after, waits_now
from reports.pictures.picture import INK, Format, Picture, canvas, rendered, short_name
from reports.report import Report
from timeouts.effect.effect import Figures, RunEffect
from timeouts.model.durations import format_duration
from timeouts.model.evidence import percentile_of
from timeouts.text.phrases import number_of

if typing.TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_ACTIONS = 16
_FAINT, _BEFORE, _AFTER, _MEAN, _P95 = "#cbd2d9", "#8a94a0", "#0b7a55", "#2f6fb0", "#9cc3e6"
_BINS_MS = (3_000, 5_000, 10_000, 15_000, 30_000, 60_000)
_VERDICTS, _BAR = {"more lost": "#b3261e", "fewer lost": _AFTER}, 0.36
_TICKS_MS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000)


def charts_of(report: Report, form: Format) -> list[Picture]:
    """Draw all pictures of a run that have something to show; the first one of a process takes a second to load.

    How long calls of the actions take, against the timeout now and as planned: the actions that change, then those that
    lost most calls, sixteen at most. And how many steps wait how long, before and after; only once where nothing moves.
    """
    pictures = []
    if bars := _bars(report):
        pictures.append(Picture("Durations of actions against their timeouts", form, _draw_durations(bars, form)))
    if waits := _waits(waits_now(report), waits_after(report)):
        pictures.append(Picture("Waits of all steps, before and after", form, _draw_waits(waits, form)))
    return pictures


def effect_chart(effects: Iterable[RunEffect], form: Format) -> Picture | None:
    """Draw the actions that were compared and called, what got worse first; None where there are none."""
    bars = [(row.name, row.verdict, *row.sides) for row in effect_rows(effects) if row.sides and _is_called(row.sides)]
    if not bars:
        return None
    shown = bars[:_MOST_ACTIONS]
    figure, axes = canvas(1.2 + 0.45 * len(shown), (2.6, 0.7, 0.9, 0.4))
    for place, (_, verdict, before, after) in enumerate(reversed(shown)):
        axes.barh(place + _BAR / 2, 100 * before.lost_share, _BAR, color=_BEFORE)
        axes.barh(place - _BAR / 2, 100 * after.lost_share, _BAR, color=_VERDICTS.get(verdict, _MEAN))
        widest = 100 * max(before.lost_share, after.lost_share)
        axes.annotate(verdict, (widest, place), (4, 0), textcoords="offset points", va="center", color=INK, fontsize=8)
    axes.set_yticks(range(len(shown)))
    axes.set_yticklabels([short_name(name) for name, *_ in reversed(shown)], parse_math=False)
    axes.set_xlabel("calls lost, in %: grey before, coloured after", color=INK)
    axes.set_title("Calls lost before and after", loc="left", color=INK)
    return Picture("Calls lost before and after", form, rendered(figure, form))


def _is_called(sides: tuple[Figures, Figures]) -> bool:
    return any(figures.calls for figures in sides)


@dataclass(frozen=True, slots=True)
class _Bar:
    """One action in the picture of durations; times in milliseconds, None where there is nothing to show."""

    name: str
    before_ms: int
    after_ms: int | None
    mean_ms: int | None = None
    p95_ms: int | None = None
    longest_ms: int | None = None


@dataclass(frozen=True, slots=True)
class _Waits:
    """Steps by bin: before, after (None where nothing moves), and how many whose wait is not known."""

    before: tuple[int, ...]
    after: tuple[int, ...] | None
    unknown: int


def _waits(before: Waits, after: Waits) -> _Waits | None:
    known = sum(wait_ms is not None for wait_ms in before.values())
    if not known:
        return None
    moved = _counts(after) if dict(before) != dict(after) else None
    return _Waits(_counts(before), moved, len(before) - known)


def _counts(waits: Waits) -> tuple[int, ...]:
    counts = Counter(_bin_of(wait_ms) for wait_ms in waits.values() if wait_ms is not None)
    return tuple(counts[place] for place in range(len(_BINS_MS) + 1))


def _draw_durations(bars: Sequence[_Bar], form: Format) -> bytes:
    figure, axes = canvas(1.3 + 0.3 * len(bars), (2.6, 0.85, 0.3, 0.4))
    for place, bar in enumerate(reversed(bars)):
        _draw(axes, place, bar)
    axes.set_yticks(range(len(bars)))
    axes.set_yticklabels([bar.name for bar in reversed(bars)], parse_math=False)
    axes.set_xscale("log")
    axes.set_xlim(_TICKS_MS[0], 70_000)
    axes.set_xticks(_TICKS_MS)
    axes.set_xticklabels([format_duration(tick) for tick in _TICKS_MS])
    axes.minorticks_off()
    axes.set_title("How long calls take, against their timeout", loc="left", color=INK)
    _legend_of_durations(axes, bars)
    return rendered(figure, form)


def _draw_waits(shows: _Waits, form: Format) -> bytes:
    figure, axes = canvas(2.9, (0.2, 0.35, 0.2, 0.4))
    names = _bin_names()
    series = [("now", shows.before, _BEFORE)]
    if shows.after is not None:
        series.append(("after", shows.after, _AFTER))
    width = 0.8 / len(series)
    for number, (name, heights, colour) in enumerate(series):
        places = [place - 0.4 + width * (number + 0.5) for place in range(len(names))]
        axes.bar(places, heights, width * 0.95, label=name, color=colour)
        for place, height in zip(places, heights, strict=True):
            if height:
                axes.annotate(str(height), (place, height), ha="center", va="bottom", fontsize=8, color=INK)
    axes.set_xticks(range(len(names)))
    axes.set_xticklabels(names)
    axes.set_yticks([])
    axes.margins(y=0.15)
    more = f" ({shows.unknown} more are computed or not understood)" if shows.unknown else ""
    axes.set_title(f"How long callers wait at {number_of(sum(shows.before), 'step')}{more}", loc="left", color=INK)
    if shows.after is not None:
        axes.legend(frameon=False, loc="upper left")
    return rendered(figure, form)


def _bars(report: Report) -> list[_Bar]:
    rows = [row for row in action_rows(report) if row.is_changed or row.figures is not None]
    rows.sort(key=lambda row: (not row.is_changed, -row.lost, row.use.name.casefold()))
    bars = [_bar(row) for row in rows]
    return [*_bars_of_a_part(report), *bars][:_MOST_ACTIONS]


def _bars_of_a_part(report: Report) -> list[_Bar]:
    """Return the bars of the actions that a plan changes where who uses them is not known."""
    if report.plan is None or report.is_whole:
        return []
    default_ms = report.suggested_default_ms
    return [
        _Bar(
            name=short_name(change.name),
            before_ms=default_ms if change.before_ms is None else change.before_ms,
            after_ms=change.after_ms,
        )
        for change in report.plan.action_changes
    ]


def _bar(row: ActionRow) -> _Bar:
    found = row.figures
    return _Bar(
        name=short_name(row.use.name),
        before_ms=row.use.waits_ms,
        after_ms=row.after_ms,
        mean_ms=None if found is None else found.mean_ms,
        p95_ms=None if found is None else percentile_of(found, 95).upto_ms,
        longest_ms=None if found is None else found.max_ms,
    )


def _draw(axes: "Axes", place: int, bar: _Bar) -> None:
    start_ms = _TICKS_MS[0]
    for until_ms, colour, height in ((bar.longest_ms, _FAINT, 0.5), (bar.p95_ms, _P95, 0.5), (bar.mean_ms, _MEAN, 0.5)):
        if until_ms is not None and until_ms > start_ms:
            axes.barh(place, until_ms - start_ms, height, left=start_ms, color=colour)
    axes.vlines(bar.before_ms, place - 0.4, place + 0.4, color=INK, linewidth=2)
    if bar.after_ms is not None:
        axes.vlines(bar.after_ms, place - 0.4, place + 0.4, color=_AFTER, linewidth=3)
        arrow = {"arrowstyle": "->", "color": _AFTER, "shrinkA": 2, "shrinkB": 3}
        axes.annotate("", (bar.after_ms, place), (bar.before_ms, place), arrowprops=arrow)


def _legend_of_durations(axes: "Axes", bars: Sequence[_Bar]) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415 - as in pictures.py
    from matplotlib.patches import Patch  # noqa: PLC0415 - as in pictures.py

    handles: list[Patch | Line2D] = [Line2D([], [], color=INK, linewidth=2, label="timeout now")]
    if any(bar.after_ms is not None for bar in bars):
        handles.append(Line2D([], [], color=_AFTER, linewidth=3, label="timeout after"))
    if any(bar.mean_ms is not None for bar in bars):
        handles += [
            Patch(color=_MEAN, label="mean"),
            Patch(color=_P95, label="p95"),
            Patch(color=_FAINT, label="longest"),
        ]
    axes.legend(
        handles=handles,
        frameon=False,
        ncols=len(handles),
        loc="upper center",
        bbox_to_anchor=(0.35, -0.3 / (0.3 * len(bars) + 0.05)),
    )


def _bin_of(wait_ms: int) -> int:
    return sum(wait_ms >= bound_ms for bound_ms in _BINS_MS)


def _bin_names() -> list[str]:
    between = [f"{format_duration(low)} to {format_duration(high)}" for low, high in itertools.pairwise(_BINS_MS)]
    return [f"under {format_duration(_BINS_MS[0])}", *between, f"{format_duration(_BINS_MS[-1])} and more"]
