"""What can be typed after a run: whole commands, derived once from its report, for all views and for JSON.

A command says what was decided: the plan by its checksum, the waived limits, the org and the policy file as typed.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import TypeVar

from reports.commands.command_line import COMPARING, ENVIRONMENT, PROGRAM
from reports.commands.made_anew import by_policy_file, made_anew, words_of_raise
from reports.effect_report import EffectReport
from reports.frames.planned.other_runs import published_by
from reports.frames.planned.windows import opens_in_time, window_to_wait_for
from reports.report import NextStep, Report, Run, StepRecord
from reports.words import joined, utc
from timeouts.effect.effect import RunEffect
from timeouts.model.durations import format_duration
from timeouts.model.effective import wait_at_most
from timeouts.planning.plan import Plan
from timeouts.text.phrases import number_of

AnyReport = TypeVar("AnyReport", Report, EffectReport)

SHORT_WAIT_MS = 10_000
"""An audit that finds a shorter wait says how to raise it: long enough for most systems, far below a minute."""

PATCH = "timeouts.patch"
_IN_FILES = "Their next deploy would undo this. Write the change of the files as a patch; it changes nothing"
EVIDENCE_DAYS = "14d"

_PLAIN_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
"""A name as Prefect makes them: no shell reads more than words in it, and it is no beginning of an id by chance."""


def next_steps(report: Report | EffectReport, now_ms: int | None = None) -> tuple[NextStep, ...]:
    """Return what can be typed next, the likeliest first; none where nothing is to be done.

    `now_ms`: the time (milliseconds since 1970), for a run of long ago, whose plan may have expired; None: at its end.
    """
    if isinstance(report, EffectReport):
        return tuple(_after_effect(report))
    if report.plan is None or report.run.kind == "audit":
        return tuple(_after_audit(report))
    if report.plan.changes_nothing:
        steps = _with_nothing_to_do(report, report.plan)
    elif report.may_have_written:
        steps = _after_publishing(report, report.plan, now_ms)
    else:
        steps = _with_a_plan(report, report.plan, now_ms)
    return (*steps, *_to_put_the_rest_back(report, report.plan))


def with_next_steps(report: AnyReport, now_ms: int | None = None) -> AnyReport:
    """Return the report with what can be typed next, for a document that is written for people."""
    return report.model_copy(update={"next": next_steps(report, now_ms)})


def called(run: Run) -> str:
    """Return how a command line names a run: its name, or its id where a shell would read more in the name."""
    return name_for_commands(run.name, run.id)


def name_for_commands(name: str, run_id: str) -> str:
    """Return the name of a run where it is one of Prefect's, else its id."""
    return name if is_plain_name(name) else run_id


def is_plain_name(name: str) -> bool:
    """Tell whether the name of a run looks as Prefect makes them."""
    return _PLAIN_NAME.fullmatch(name) is not None


def command_of(run: Run, *words: str) -> str:
    """Return a command line of our program; it names the org, or the folders of files, as the run did."""
    compared = run.compared_options if words[0] in COMPARING else ()
    named = run.org_option or (ENVIRONMENT if compared else "")
    org = ("--org", named) if named else ()
    return shlex.join((PROGRAM, *words, *org, *run.files_options, *compared))


def is_short(step: StepRecord) -> bool:
    """Tell whether callers wait less than that at a step that can be raised: bridge steps are never changed.

    A wait that is not known counts as what it is at most.
    """
    most_ms = wait_at_most(step.effective_ms, step.setting, step.default_ms)
    return step.kind != "bridge" and most_ms is not None and most_ms < SHORT_WAIT_MS


def _waiting(steps: int) -> str:
    return f"{number_of(steps, 'step')} {'waits' if steps == 1 else 'wait'}"


def _after_effect(report: EffectReport) -> Iterator[NextStep]:
    effect = report.effect
    if effect.of_verdict("more lost"):
        yield _to_put_back(report.run, effect)
    elif effect.problem or effect.of_verdict("too few calls to say"):
        run = name_for_commands(effect.changes.run_name, effect.changes.run_id)
        yield NextStep(text="Later, when there are more calls", command=command_of(report.run, "effect", run))


def _to_put_back(run: Run, effect: RunEffect) -> NextStep:
    """Return the way back from what a run made worse."""
    worse = name_for_commands(effect.changes.run_name, effect.changes.run_id)
    text = f"More calls are lost since {worse} than before. Show what would be put back"
    return NextStep(text=text, command=command_of(run, "roll-back", worse))


def _to_put_the_rest_back(report: Report, plan: Plan) -> Iterator[NextStep]:
    """Return the ways back from what other runs published of the plan, which to roll one run back leaves."""
    of_plan, stay = ("the same plan", "as they are") if plan.undoes else ("this plan", "when this run is put back")
    for other in report.other_runs:
        name = name_for_commands(other.name, other.id)
        yield NextStep(
            text=f"{published_by(other, of_plan)}, which stay {stay}. Show what would be put back of those",
            command=command_of(report.run, "roll-back", name),
        )


def _to_raise(run: Run, short: Sequence[StepRecord]) -> Iterator[NextStep]:
    """Return the plans for steps that wait less: of the steps alone, and where limits of actions hold them, of both.

    Where such limits hold them all, a plan of the steps alone would change nothing.
    """
    least = format_duration(SHORT_WAIT_MS)
    by_both = command_of(run, "raise", "--to", least, "--levers", "step,action")
    waiting = f"{_waiting(len(short))} less than {least}"
    held = sum(step.action_limit_ms is not None and step.action_limit_ms < SHORT_WAIT_MS for step in short)
    if held == len(short):
        yield NextStep(
            text=f"{waiting}, for the limits of actions. Plan to raise those; this changes nothing", command=by_both
        )
        return
    yield NextStep(
        text=f"{waiting}. Plan to raise that; this changes nothing", command=command_of(run, "raise", "--to", least)
    )
    if held:
        yield NextStep(
            text=f"For {held} of them it is the action's limit that is too short. Plan to raise such limits, too",
            command=by_both,
        )


def _after_audit(report: Report) -> Iterator[NextStep]:
    run = report.run
    yield from (_to_put_back(run, effect) for effect in report.effects if effect.of_verdict("more lost"))
    yield from _to_see_more(report)
    if report.plan is not None:
        if not report.plan.changes_nothing and run.policy_option:
            again = command_of(run, *by_policy_file(report, report.plan))
            yield NextStep(text="Make this plan so that it can be applied", command=again)
    elif short := [step for step in report.steps if is_short(step)]:
        yield from _to_raise(run, short)
    if report.evidence is None and report.steps and not report.org.is_files:
        yield NextStep(
            text="See which actions lose calls", command=command_of(run, "audit", "--evidence", EVIDENCE_DAYS)
        )


def _to_see_more(report: Report) -> Iterator[NextStep]:
    """Say how to find out why not all was seen; of files, the report itself says it."""
    is_seen = report.coverage.complete and (report.coverage.read or report.run.kind != "audit")
    if not is_seen and not report.org.is_files:
        yield NextStep(text="Not everything was seen. Find out why", command=command_of(report.run, "doctor"))


def _with_nothing_to_do(report: Report, plan: Plan) -> Iterator[NextStep]:
    yield from _to_see_more(report)
    if plan.undoes or "action" in plan.policy.levers or not plan.action_advice:
        return
    steps = sum(advice.steps for advice in plan.action_advice)
    widened = plan.policy.model_copy(update={"levers": ("step", "action")})
    if words := words_of_raise(widened, report.run):
        yield NextStep(
            text=f"{_waiting(steps)} for the limits of actions. Plan with that lever, too",
            command=command_of(report.run, *words),
        )


def _with_a_plan(report: Report, plan: Plan, now_ms: int | None) -> Iterator[NextStep]:
    """Say how a plan is published that was only shown, or refused."""
    if _is_too_late(report, now_ms):
        why = "has expired. Make a new one"
        if not _has_expired(report, now_ms):
            why = f"expires before the window opens{_hours(report)}. Make a new one then"
        if words := made_anew(report, plan):
            yield NextStep(text=f"This plan {why}", command=command_of(report.run, *words))
        return
    what = f"{_verb(report)} exactly this plan"
    if plan.undoes:
        what = "Put it back"
    elif refused := ", ".join(refusal.limit for refusal in report.refusals if refusal.limit != "window"):
        what = f"{_verb(report)} this plan beyond its limits ({refused})"
    what += _once_open(report)
    yield _publishing(what, report, plan)
    if report.undone and (words := made_anew(report, plan)):
        yield NextStep(text=_IN_FILES, command=command_of(report.run, *words, "--patch", PATCH))


def _once_open(report: Report) -> str:
    """Return from when on it can be published; '' where no window stands in the way."""
    hours = _hours(report)
    return f" once the window is open{hours}" if hours else ""


def _hours(report: Report) -> str:
    window = window_to_wait_for(report)
    return "" if window is None else f" ({window.text})"


def _verb(report: Report) -> str:
    return "Write" if report.org.is_files else "Publish"


def _done(report: Report) -> str:
    return "written" if report.org.is_files else "live"


def _after_publishing(report: Report, plan: Plan, now_ms: int | None) -> Iterator[NextStep]:
    outcomes = {outcome.target.id: outcome for outcome in report.outcomes}
    planned = (*(each.target for each in plan.action_changes), *(each.target for each in plan.pins))
    cut_short = sum(each.is_cut_short for each in outcomes.values())
    missing = sum(target.id not in outcomes for target in planned)
    skipped = sum(each.outcome == "skipped" for each in outcomes.values()) - cut_short
    bad = len(report.failed)
    if any(outcome.is_for_lack_of_rights for outcome in report.outcomes):
        yield NextStep(text="The client lacks a permission. See which", command=command_of(report.run, "doctor"))
    if (bad or missing or cut_short) and not _is_too_late(report, now_ms):
        counts = ((bad, "failed or unknown"), (missing, "not started"), (cut_short, "interrupted"))
        left = joined((f"{count} {what}" for count, what in counts if count), ", ")
        text = f"{left}. Take that up{_once_open(report)}; what is {_done(report)} already stays"
        yield _publishing(text, report, plan)
    elif (bad or missing or cut_short or skipped) and (words := made_anew(report, plan)):
        count = bad + missing + cut_short + skipped
        left = f"{count} of the plan {'is' if count == 1 else 'are'} not {_done(report)}"
        text = f"{left}. Plan again once nothing is in the way"
        yield NextStep(text=text, command=command_of(report.run, *words))
    if not any(outcome.may_be_live for outcome in report.outcomes):
        return
    run = called(report.run)
    yield NextStep(
        text="Show what would be put back; with --apply, put it back", command=command_of(report.run, "roll-back", run)
    )
    if report.undone and (words := made_anew(report, plan)):
        yield NextStep(
            text=_IN_FILES, command=shlex.join((PROGRAM, *words, "--patch", PATCH, *report.run.compared_options))
        )
    if not plan.undoes and not report.org.is_files:
        yield NextStep(text="In a week, see whether it helped", command=command_of(report.run, "effect", run))


def _publishing(what: str, report: Report, plan: Plan) -> NextStep:
    """Return the command that publishes a plan: by its checksum or, for a roll back, by the run that it undoes."""
    if plan.undoes and report.run.undoes:
        return NextStep(text=what, command=command_of(report.run, "roll-back", report.run.undoes, "--apply"))
    text = joined((what, "" if report.plan_until_ms is None else f"until {utc(report.plan_until_ms)}"), ", ")
    return NextStep(text=text, command=command_of(report.run, "apply", plan.checksum, *_waivers(report, plan)))


def _is_too_late(report: Report, now_ms: int | None) -> bool:
    return _has_expired(report, now_ms) or not opens_in_time(report, now_ms)


def _has_expired(report: Report, now_ms: int | None) -> bool:
    return now_ms is not None and report.plan_until_ms is not None and now_ms >= report.plan_until_ms


def _waivers(report: Report, plan: Plan) -> tuple[str, ...]:
    """Return the waivers with which the plan is not refused: those that the run had, and those that it lacked.

    A window that is closed is waited for: only a run that went around it itself is offered to do so again.
    """
    limits = dict.fromkeys(each.limit for each in (*plan.violations, *report.refusals) if each.limit != "window")
    own = [name for name in report.run.waived if name == "window"]
    return tuple(word for limit in (*limits, *own) for word in ("--waive", limit))
