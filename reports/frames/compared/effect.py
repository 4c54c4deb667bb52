"""Whether what runs published helped: a sentence for each run, and one row for each action that it touched."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.words import became, joined, limit, utc
from timeouts.effect.effect import ActionEffect, Figures, RunEffect
from timeouts.effect.stretches import Stretches
from timeouts.effect.verdict import VERDICTS, Verdict
from timeouts.model.wording import duration_or
from timeouts.text.phrases import number_of

_TOO_FEW: Verdict = "too few calls to say"


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One action that a run touched; figures are those before and after, None where nothing was compared."""

    run: str
    effect: ActionEffect

    @property
    def name(self) -> str:
        """The action."""
        return self.effect.action.name

    @property
    def verdict(self) -> Verdict:
        """What the figures say."""
        return self.effect.verdict

    @property
    def changed(self) -> str:
        """What the run changed about it."""
        action = self.effect.action
        limits = became(limit(action.limit_before_ms), limit(action.limit_after_ms)) if action.is_limit_changed else ""
        return joined((limits and f"limit {limits}", number_of(action.steps, "step") if action.steps else ""))

    @property
    def compared(self) -> str:
        """Which hours were compared."""
        return "" if self.effect.stretches is None else _compared(self.effect.stretches)

    @property
    def sides(self) -> tuple[Figures, Figures] | None:
        """The figures before and after."""
        before, after = self.effect.before, self.effect.after
        return None if before is None or after is None else (before, after)


def effect_rows(effects: Iterable[RunEffect]) -> list[EffectRow]:
    """Return one row for each action that the runs touched: by run, what got worse first."""
    return [EffectRow(effect.changes.run_name, action) for effect in effects for action in effect.actions]


def effect_sentence(effect: RunEffect) -> str:
    """Say what became of the calls that a run was to help."""
    run = f"The run {effect.changes.run_name} of {utc(effect.changes.began_ms)}"
    touched = f"{run} touched {number_of(len(effect.actions), 'action')}"
    if effect.problem:
        return f"{touched}; whether it helped cannot be said, for the figures could not be read: {effect.problem}"
    counts = [(verdict, len(effect.of_verdict(verdict))) for verdict in VERDICTS]
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts if count and verdict != _TOO_FEW)
    few = len(effect.of_verdict(_TOO_FEW))
    doubtful = sum(not each.action.is_known for each in effect.actions)
    in_doubt = f"; of {doubtful} it is not known whether all of it went live" if doubtful else ""
    return f"{touched}{said and ': '}{said}{f'; too few calls to judge {few}' if few else ''}{in_doubt}"


def worse_sentence(effect: RunEffect) -> str:
    """Name the actions that lose more calls than before; '' where there are none. The way back is a next step."""
    worse = effect.of_verdict("more lost")
    if not worse:
        return ""
    return f"More calls are lost at {', '.join(each.action.name for each in worse)}."


def share(figures: Figures) -> str:
    """Return the share of calls lost in words."""
    return f"{figures.lost_share:.2%}" if figures.calls else ""


def longest(figures: Figures) -> str:
    """Return the longest duration in words."""
    return duration_or("", figures.longest_ms) if figures.calls else ""


def _compared(stretches: Stretches) -> str:
    hours = stretches.after.hours
    return f"{hours} h before {utc(stretches.before.until_ms)} and from {utc(stretches.after.from_ms)} on"
