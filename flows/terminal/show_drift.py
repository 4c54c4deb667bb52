"""What moved since the last audit, in the terminal: a sentence, and what affects callers; all of it is in artifacts."""

from rich.console import Console

from flows.terminal.layout import duration, more, place, row, say, table
from flows.terminal.plain import one_line
from timeouts.drift import Drift, StepDrift
from timeouts.drift_words import drift_sentence

_SHOWN = 15


def show_drift(out: Console, drift: Drift) -> None:
    """Say what moved; list the limits of actions and the steps that somebody changed, lowered waits first."""
    say(out, drift_sentence(drift), "yellow" if drift.is_found else "")
    if not drift.actions and not drift.steps:
        return
    affected = [step for step in drift.steps if not step.by_action]
    shown = table("What moved", "what", "Architect flow", "step or action", "before", "now", "published by")
    for action in drift.actions[:_SHOWN]:
        row(
            shown,
            "action limit",
            "",
            one_line(action.name),
            duration(action.before_ms, "-"),
            duration(action.after_ms, "-"),
            "",
        )
    published = {line.architect_flow_id: line.published_by for line in drift.architect_flows}
    for step in affected[: _SHOWN - len(drift.actions[:_SHOWN])]:
        row(shown, *_step(step, published.get(step.architect_flow_id, "")))
    out.print(shown)
    more(out, len(drift.actions) + len(affected), _SHOWN)


def _step(step: StepDrift, published_by: str) -> tuple[str, ...]:
    before = "" if step.before is None else duration(step.before_effective_ms, "?")
    after = "" if step.after is None else duration(step.after_effective_ms, "?")
    names = one_line(step.architect_flow_name), place(step.container, step.step_name)
    return step.move, *names, before, after, one_line(published_by)
