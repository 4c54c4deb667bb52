"""Effects of runs that were never made: one helped and hurt, one has nothing to compare, one has no figures."""

from reports.effect_report import EffectReport
from reports.report import Run
from tests.reports.made import ONE_REQUEST
from tests.timeouts.conftest import ORG
from timeouts.effect.changes import RunChanges, TouchedAction
from timeouts.effect.effect import ActionEffect, Figures, RunEffect
from timeouts.effect.stretches import Stretch, Stretches
from timeouts.effect.verdict import Verdict
from timeouts.model.durations import HOUR_MS

AT_MS = 1_795_000_000_000  # 2026-11-18 11:06:40 UTC
_HOUR = AT_MS // HOUR_MS * HOUR_MS
_DAY = Stretches(
    before=Stretch(from_ms=_HOUR - 24 * HOUR_MS, until_ms=_HOUR),
    after=Stretch(from_ms=_HOUR + HOUR_MS, until_ms=_HOUR + 25 * HOUR_MS),
)


def _compared(
    name: str, verdict: Verdict, before: tuple[int, int], after: tuple[int, int], why: str = ""
) -> ActionEffect:
    action = TouchedAction(
        action_id=name, name=name, limit_before_ms=5_000, limit_after_ms=10_000, is_limit_changed=True, steps=2
    )
    return ActionEffect(
        action=action,
        verdict=verdict,
        why=why,
        stretches=_DAY,
        before=Figures(calls=before[0], lost=before[1], at_limit=before[1], p95="over 5s", longest_ms=5_000),
        after=Figures(calls=after[0], lost=after[1], at_limit=None, p95="4s", longest_ms=9_500),
    )


def _withheld(name: str, why: str) -> ActionEffect:
    action = TouchedAction(action_id=name, name=name, limit_before_ms=None, limit_after_ms=None, steps=1)
    return ActionEffect(action=action, verdict="no verdict", why=why)


CHANGES = RunChanges(organization=ORG, run_id="run-7", run_name="bold-owl", began_ms=AT_MS, ended_ms=AT_MS)
HELPED_AND_HURT = RunEffect(
    changes=CHANGES,
    actions=(
        _compared("Pay | card", "more lost", (20_000, 200), (20_000, 1_500)),
        _compared("CRM [v2]", "fewer lost", (20_000, 1_200), (20_000, 100), "shortened, for the run x changed it, too"),
        _withheld("Booking", "the run y changed it, too, in the same hours"),
    ),
)
NO_FIGURES = RunEffect(
    changes=CHANGES.model_copy(update={"run_name": "calm-ant"}),
    actions=(_withheld("CRM [v2]", "its figures could not be read"),),
    problem="403: integrations:action:view",
)


def effect_report(effect: RunEffect) -> EffectReport:
    run = Run(id="run-9", name="kind-bat", kind="effect", mode="read only")
    return EffectReport(run=run, org=ORG, effect=effect, requests=ONE_REQUEST)
