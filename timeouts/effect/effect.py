"""What became of the calls of each action that a run touched: the figures before and after, and a verdict."""

from collections.abc import Mapping, Sequence

from timeouts.effect.changes import RunChanges, TouchedAction
from timeouts.effect.stretches import NoStretches, Stretch, Stretches
from timeouts.effect.verdict import LEAST_CALLS, VERDICTS, Verdict, verdict_of
from timeouts.model.evidence import ActionEvidence, ended_at, percentile_in_words
from timeouts.model.values import Value

_ONLY_STEPS = (
    "only timeouts of steps changed, and the platform's figures do not show that a step gave up before its action"
)

_IN_DOUBT = "whether all of it went live is not known"

FiguresOf = Mapping[Stretch, Sequence[ActionEvidence]]
"""The figures of all actions that were called in a stretch."""


class Figures(Value):
    """The calls of one action in one stretch.

    `lost`: those that failed, whatever the reason. `at_limit`: those that took as long as its limit lets them, None
    where it sets none. `p95`: in words, '' where it is not known. `longest_ms`: 0 where there was no call.
    """

    calls: int
    lost: int
    at_limit: int | None
    p95: str = ""
    longest_ms: int = 0

    @property
    def lost_share(self) -> float:
        """The share of the calls that were lost, 0 to 1."""
        return self.lost / self.calls if self.calls else 0.0


class ActionEffect(Value):
    """One action: what was compared, and what came of it.

    `why`: what has to be known of the verdict, or why there is none. The figures and the stretches are None where
    nothing was compared.
    """

    action: TouchedAction
    verdict: Verdict
    why: str = ""
    stretches: Stretches | None = None
    before: Figures | None = None
    after: Figures | None = None


class RunEffect(Value):
    """What became of the calls of all actions that a run touched, what got worse first.

    `problem` says why there are no figures, '' where there are.
    """

    changes: RunChanges
    actions: tuple[ActionEffect, ...] = ()
    problem: str = ""

    def of_verdict(self, verdict: Verdict) -> tuple[ActionEffect, ...]:
        """Return the actions with that verdict."""
        return tuple(each for each in self.actions if each.verdict == verdict)


def effect_of(
    changes: RunChanges, stretches: Mapping[str, Stretches | NoStretches], figures: FiguresOf, problem: str
) -> RunEffect:
    """Judge each action that a run touched. `stretches`: what to compare, by its id.

    `problem`: why the figures could not be read, '' where they were; then nothing is judged.
    """
    found = [_in_doubt(_effect(each, stretches[each.action_id], figures, problem)) for each in changes.actions]
    return RunEffect(changes=changes, actions=tuple(sorted(found, key=_worst_first)), problem=problem)


def limits_of(changes: RunChanges) -> tuple[int, ...]:
    """Return all limits that the touched actions had or have: calls that end there were cut off."""
    both = {limit for action in changes.actions for limit in (action.limit_before_ms, action.limit_after_ms)}
    return tuple(sorted(limit for limit in both if limit is not None))


def _effect(action: TouchedAction, compared: Stretches | NoStretches, figures: FiguresOf, problem: str) -> ActionEffect:
    if isinstance(compared, NoStretches):
        verdict: Verdict = "too few calls to say" if compared.is_early else "no verdict"
        return ActionEffect(action=action, verdict=verdict, why=compared.why)
    if problem:
        return ActionEffect(action=action, verdict="no verdict", why="its figures could not be read")
    before = _figures(action.action_id, figures[compared.before], action.limit_before_ms)
    after = _figures(action.action_id, figures[compared.after], action.limit_after_ms)
    verdict = verdict_of(before.calls, before.lost, after.calls, after.lost)
    notes = [_few(before, after), compared.note]
    if verdict == "no change" and not action.is_limit_changed:
        verdict, notes = "no verdict", [_ONLY_STEPS, *notes]
    why = "; ".join(filter(None, notes))
    return ActionEffect(action=action, verdict=verdict, why=why, stretches=compared, before=before, after=after)


def _in_doubt(effect: ActionEffect) -> ActionEffect:
    """Return it with a note where what is judged may not have gone live."""
    if effect.action.is_known:
        return effect
    return effect.model_copy(update={"why": "; ".join(filter(None, (_IN_DOUBT, effect.why)))})


def _few(before: Figures, after: Figures) -> str:
    if min(before.calls, after.calls) >= LEAST_CALLS:
        return ""
    return f"{before.calls} calls before and {after.calls} after, {LEAST_CALLS} are needed on either side"


def _figures(action_id: str, found: Sequence[ActionEvidence], limit_ms: int | None) -> Figures:
    evidence = next((each for each in found if each.action_id == action_id), None)
    if evidence is None:
        return Figures(calls=0, lost=0, at_limit=None if limit_ms is None else 0)
    return Figures(
        calls=evidence.calls,
        lost=evidence.lost,
        at_limit=None if limit_ms is None else ended_at(evidence, limit_ms),
        p95=percentile_in_words(evidence, 95, limit_ms),
        longest_ms=evidence.max_ms,
    )


def _worst_first(effect: ActionEffect) -> tuple[int, float, str]:
    """Return what sorts the verdicts as people read them; of one verdict, most calls first."""
    calls = 0 if effect.after is None else effect.after.calls
    return VERDICTS.index(effect.verdict), -calls, effect.action.name.casefold()
