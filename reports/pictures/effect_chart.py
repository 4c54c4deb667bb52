"""The picture of an effect: which share of the calls of each action was lost, before and after."""

from collections.abc import Iterable

from reports.frames.compared.effect import effect_rows
from reports.pictures.picture import INK, Format, Picture, canvas, rendered, short_name
from timeouts.effect.effect import Figures, RunEffect

_MOST_ACTIONS = 16
_BEFORE = "#8a94a0"
_AFTER = {"more lost": "#b3261e", "fewer lost": "#0b7a55"}
_UNDECIDED = "#2f6fb0"
_HEIGHT = 0.36


def effect_chart(effects: Iterable[RunEffect], form: Format) -> Picture | None:
    """Draw the actions that were compared and called, what got worse first; None where there are none."""
    bars = [(row.name, row.verdict, *row.sides) for row in effect_rows(effects) if row.sides and _is_called(row.sides)]
    if not bars:
        return None
    shown = bars[:_MOST_ACTIONS]
    figure, axes = canvas(1.2 + 0.45 * len(shown), (2.6, 0.7, 0.9, 0.4))
    for place, (_, verdict, before, after) in enumerate(reversed(shown)):
        axes.barh(place + _HEIGHT / 2, 100 * before.lost_share, _HEIGHT, color=_BEFORE)
        axes.barh(place - _HEIGHT / 2, 100 * after.lost_share, _HEIGHT, color=_AFTER.get(verdict, _UNDECIDED))
        widest = 100 * max(before.lost_share, after.lost_share)
        axes.annotate(verdict, (widest, place), (4, 0), textcoords="offset points", va="center", color=INK, fontsize=8)
    axes.set_yticks(range(len(shown)))
    axes.set_yticklabels([short_name(name) for name, *_ in reversed(shown)], parse_math=False)
    axes.set_xlabel("calls lost, in %: grey before, coloured after", color=INK)
    axes.set_title("Calls lost before and after", loc="left", color=INK)
    return Picture("Calls lost before and after", form, rendered(figure, form))


def _is_called(sides: tuple[Figures, Figures]) -> bool:
    return any(figures.calls for figures in sides)
